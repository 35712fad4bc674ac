import { afterAll, beforeAll, beforeEach, inject } from 'vitest'
import { identify, type ProcessId } from '../machine/owner.ts'
import { externalHost } from './external.ts'
import { localHost, removeLocalHost } from './local.ts'
import { externalTarget, type Need, whyUnavailable } from './needs.ts'
import type { TestHost } from './test-host.ts'

export interface UseHostOptions {
  readonly needs?: readonly Need[]
}

export interface FileHost extends TestHost {
  /** Why this file has no host (its tests are skipped with this reason); undefined when it has one. */
  readonly unavailable: string | undefined
  /** Vitest's beforeAll, left out where the file has no host. */
  beforeAll(prepare: () => Promise<void>, timeout?: number): void
}

// Building an image and booting; nothing in it should come near.
const patience = 600_000
let hostsOfThisFile = 0

/** One booted host for this test file (or describe block). Call it at the top, like a hook. */
export function useHost(options: UseHostOptions = {}): FileHost {
  const needs = options.needs ?? []
  hostsOfThisFile += 1
  const unavailable = whyUnavailable(needs, hostsOfThisFile, process.env)
  let host: TestHost | undefined

  beforeEach((context) => {
    if (unavailable !== undefined) context.skip(unavailable)
  })
  if (unavailable === undefined) {
    beforeAll(async () => {
      host = await makeHost(needs)
    }, patience)
    afterAll(async () => {
      if (host !== undefined && externalTarget(process.env) === undefined) await removeLocalHost(host)
    }, patience)
  }

  const present = (): TestHost => {
    if (host !== undefined) return host
    throw new Error(
      `there is no host here: ${unavailable ?? 'it is made in beforeAll, ask for it in a test or a later hook'}`,
    )
  }
  return {
    unavailable,
    beforeAll: (prepare, timeout) => {
      if (unavailable === undefined) beforeAll(prepare, timeout)
    },
    get name() {
      return present().name
    },
    get address() {
      return present().address
    },
    get port() {
      return present().port
    },
    get user() {
      return present().user
    },
    get identity() {
      return present().identity
    },
    get hostKey() {
      return present().hostKey
    },
    get knownHosts() {
      return present().knownHosts
    },
    exec: (argv, execOptions) => present().exec(argv, execOptions),
    run: (argv, execOptions) => present().run(argv, execOptions),
    readFile: (path) => present().readFile(path),
    writeFile: (path, content, mode) => present().writeFile(path, content, mode),
    kill: () => present().kill(),
    boot: () => present().boot(),
  }
}

async function makeHost(needs: readonly Need[]): Promise<TestHost> {
  const target = externalTarget(process.env)
  if (target !== undefined) return externalHost(target, process.env)
  return localHost(needs.includes('bare') ? 'bare' : 'standard', ownerOfThisRun())
}

/** The run as a whole, told by the global set-up; without that, this worker. */
function ownerOfThisRun(): ProcessId {
  const owner = inject('axleTestbedRun') ?? identify(process.pid)
  if (owner === undefined) throw new Error('cannot read /proc/self/stat')
  return owner
}

declare module 'vitest' {
  interface ProvidedContext {
    axleTestbedRun?: ProcessId
  }
}
