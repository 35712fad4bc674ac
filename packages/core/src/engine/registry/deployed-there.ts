import { AXLE, service as at, project as projectAt } from '../../protocol/layout.ts'
import type { ReleaseRecord } from '../../protocol/release.ts'
import type { ResolvedConfig } from '../../protocol/service.ts'
import type { DeployedService } from '../host/host.ts'
import type { LocalHost } from '../host/local-host.ts'
import { flagSlot, occupant } from '../release/live.ts'
import { ProjectFiles } from '../serve/project-files.ts'
import { lookIntoState } from '../state/look-into-state.ts'
import { readRelease } from '../store/stage-release.ts'
import { portOf } from './services.ts'

type Old = ReadonlyMap<string, DeployedService>

/**
 * Services of every project that have a release in their live slot: by what the projects were last told, and where that
 * cannot be read, by all else that knows of them. Nobody's name and ports are free because a file of theirs is damaged.
 */
export async function deployedThere(host: LocalHost, old: Old): Promise<readonly DeployedService[]> {
  const found = new Map<string, DeployedService>()
  for (const project of await host.list(`${AXLE}/projects`)) {
    // A project that was only ever planned has none.
    if ((await host.stat(projectAt.run(project))) === undefined) continue
    const config = await lastConfig(host, project)
    const names = config?.services.map((one) => one.name) ?? (await namesOf(host, project, old))
    for (const name of names) {
      if (found.has(name) || (await host.stat(at.current(name))) === undefined) continue
      const before = old.get(name)?.project === project ? old.get(name) : undefined
      const record = await liveRecord(host, name)
      if (record === undefined) {
        if (before !== undefined) found.set(name, before)
        continue
      }
      const { port, route } = record.service
      const domain = config === undefined ? before?.domain : config.gateway.domain
      const taken = new Set([...found.values(), ...others(old, name)].flatMap(portsOf))
      const b = port === undefined ? undefined : await portOfSlotB(host, name, before, taken)
      found.set(name, {
        name,
        project,
        ...(domain === undefined ? {} : { domain }),
        ...(route === undefined ? {} : { route }),
        ...(port === undefined || b === undefined ? {} : { ports: { a: port, b } }),
      })
    }
  }
  return [...found.values()]
}

const portsOf = ({ ports }: DeployedService): readonly number[] => (ports === undefined ? [] : [ports.a, ports.b])
const others = (old: Old, name: string) => [...old.values()].filter((one) => one.name !== name)

async function lastConfig(host: LocalHost, project: string): Promise<ResolvedConfig | undefined> {
  const files = new ProjectFiles(host, project)
  try {
    return await files.readConfig((await files.readLatest()).config)
  } catch {
    return undefined
  }
}

/** Its services, without its config: its state, what was written down, and releases that its operations made say so. */
async function namesOf(host: LocalHost, project: string, old: Old): Promise<readonly string[]> {
  const written = [...old.values()].filter((one) => one.project === project).map((one) => one.name)
  const names = new Set([...(lookIntoState(host.path(projectAt.state(project)))?.services ?? []), ...written])
  for (const name of await host.list('/opt')) {
    const operation = (await liveRecord(host, name))?.operation
    if (operation !== undefined && (await host.stat(projectAt.operation(project, operation))) !== undefined)
      names.add(name)
  }
  return [...names]
}

async function liveRecord(host: LocalHost, name: string): Promise<ReleaseRecord | undefined> {
  const held = await occupant(host, name, await flagSlot(host, name))
  return held === undefined ? undefined : readRelease(host, name, held).catch(() => undefined)
}

/** As its environment file says, or what was written down; where slot b was never used, the port that it would be given. */
async function portOfSlotB(
  host: LocalHost,
  name: string,
  before: DeployedService | undefined,
  taken: ReadonlySet<number>,
): Promise<number> {
  const port = /^PORT="?(\d+)"?$/m.exec((await host.read(at.slotEnv(name, 'b'))) ?? '')?.[1]
  return port === undefined ? (before?.ports?.b ?? portOf(taken, name)) : Number(port)
}
