import * as z from 'zod'
import { defineKind } from '../../../define/kind.ts'
import { AxleError } from '../../../protocol/errors.ts'
import { UNIT_DIRECTORY } from '../../../protocol/layout.ts'
import type { Argv, Host, HostReader } from '../../host/host.ts'
import { contentChange, difference, shortHash } from './content.ts'

const MODE = '644'
const NAME = /^[A-Za-z0-9:_.\\@-]+\.(?:service|socket|timer|path|target|mount|slice)$/
/** What `disable --now` may take: a unit gets 90 s to stop by systemd's default. */
const WITHIN = 120_000

const spec = z.strictObject({ content: z.string(), enabled: z.boolean().exactOptional() })
type Spec = z.output<typeof spec>

interface SeenUnit {
  /** `undefined` where the name is taken by something that is no file: a mask, or a folder. */
  readonly content: string | undefined
  readonly enabled: boolean
}

function pathOf(name: string): string {
  if (NAME.test(name)) return `${UNIT_DIRECTORY}/${name}`
  throw new AxleError('AXLE_RESOURCE', `${JSON.stringify(name)} is not the name of a unit`, { where: name })
}

function changesOf({ content, enabled }: Spec, seen: SeenUnit | undefined) {
  return [
    ...(seen?.content === content ? [] : [contentChange(MODE, seen?.content, content)]),
    ...(enabled === undefined
      ? []
      : difference('enabled', seen === undefined ? undefined : yes(seen.enabled), yes(enabled))),
  ]
}

const yes = (is: boolean): string => (is ? 'yes' : 'no')

/** A unit of systemd's, in /etc/systemd/system. Starting it is not this kind's business; a removed one is stopped. */
export const unitKind = defineKind<Spec, SeenUnit>({
  name: 'unit',
  version: 1,
  spec,
  observe: async (host, wanted) => {
    const found = await Promise.all(
      wanted.map(async (one) => {
        const stat = await host.stat(pathOf(one.id))
        return { ...one, stat, content: stat?.type === 'file' ? await host.read(pathOf(one.id)) : undefined }
      }),
    )
    const there = found.filter(({ stat }) => stat !== undefined)
    const asked = there.filter(({ spec }) => spec.enabled !== undefined).map(({ id }) => id)
    const enabled = await enabledOf(host, asked)
    return new Map(there.map(({ id, content }) => [id, { content, enabled: enabled.has(id) }]))
  },
  compare: (wanted, seen) => {
    const changes = changesOf(wanted, seen)
    return changes.length > 0 ? { changes } : { same: `the unit is as wanted (${shortHash(wanted.content)})` }
  },
  sync: async (host, batch, signal) => {
    const differing = batch.map((one) => ({
      ...one,
      aspects: new Set(changesOf(one.spec, one.seen).map(({ aspect }) => aspect)),
    }))
    const rewritten = differing.filter(({ aspects }) => aspects.has('content'))
    for (const { id, spec } of rewritten) await host.write(pathOf(id), spec.content, { mode: MODE })
    signal.throwIfAborted()
    if (rewritten.length > 0) await host.run(['systemctl', 'daemon-reload'])
    // "reenable" where it is enabled already: what [Install] says may have changed with the content.
    const named = (is: (one: (typeof differing)[number]) => boolean) => differing.filter(is).map(({ id }) => id)
    await systemctl(
      host,
      ['enable'],
      named(({ spec, seen }) => spec.enabled === true && seen?.enabled !== true),
    )
    await systemctl(
      host,
      ['reenable'],
      named(({ spec, seen, aspects }) => spec.enabled === true && seen?.enabled === true && aspects.has('content')),
    )
    await systemctl(
      host,
      ['disable'],
      named(({ spec, seen }) => spec.enabled === false && seen?.enabled === true),
    )
  },
  remove: async (host, recorded) => {
    const names = await Promise.all(
      recorded.map(async ({ id }) => ((await host.stat(pathOf(id))) === undefined ? [] : [id])),
    ).then((found) => found.flat())
    if (names.length === 0) return
    await systemctl(host, ['disable', '--now'], names)
    for (const name of names) await host.remove(pathOf(name))
    await host.run(['systemctl', 'daemon-reload'])
    // A failed unit is remembered although its file is gone. One that is not loaded is refused, and nothing is lost.
    await host.run(['systemctl', 'reset-failed', ...names], { accept: 'any' })
  },
})

async function systemctl(host: Host, verb: readonly string[], names: readonly string[]): Promise<void> {
  const argv: Argv = ['systemctl', ...verb, ...names]
  if (names.length > 0) await host.run(argv, { within: WITHIN })
}

/** One `is-enabled` for all: it prints a line a unit, in their order. */
async function enabledOf(host: HostReader, names: readonly string[]): Promise<ReadonlySet<string>> {
  if (names.length === 0) return new Set()
  const { stdout, stderr } = await host.query(['systemctl', 'is-enabled', ...names], { accept: 'any' })
  const lines = stdout.trimEnd().split('\n')
  if (lines.length !== names.length) {
    // A unit it cannot read has no line, and the others would be told apart wrongly.
    if (names.length > 1) {
      const each = await Promise.all(names.map((name) => enabledOf(host, [name])))
      return new Set(each.flatMap((set) => [...set]))
    }
    throw new AxleError('AXLE_RESOURCE', `systemctl is-enabled ${names.join(' ')} gave no answer`, { output: stderr })
  }
  return new Set(names.filter((_, index) => lines[index] === 'enabled'))
}
