import { AxleError, type Host, type HostReader, layout } from '@axle-ia/core'
import { unitName } from './unit.ts'

const WANTS = `${layout.UNIT_DIRECTORY}/multi-user.target.wants`
const SLOTS = ['a', 'b'] as const

const aliasPath = (service: string): string => `${layout.UNIT_DIRECTORY}/${service}.service`
const bootPath = (service: string, slot: string): string => `${WANTS}/${unitName(service, slot)}`

/** Makes `path` a link to `target`. Says whether anything changed. */
async function ensureLink(host: Host, path: string, target: string): Promise<boolean> {
  const found = await host.stat(path)
  if (found?.type === 'link' && found.target === target) return false
  await host.link(path, target)
  return true
}

/** Folders of units that packages bring (systemd.unit(5), table 1). */
const VENDOR = ['/usr/lib/systemd/system', '/lib/systemd/system', '/usr/local/lib/systemd/system'] as const

function isOurs(service: string, target: string | undefined): boolean {
  return SLOTS.some((slot) => target === unitName(service, slot))
}

/** Refuses where a unit of the service's name exists that Axle did not make: it would be overwritten, or hidden. */
export async function checkName(host: HostReader, service: string): Promise<void> {
  const paths = [aliasPath(service), ...VENDOR.map((folder) => `${folder}/${service}.service`)]
  for (const path of paths) {
    const found = await host.stat(path)
    if (found === undefined || isOurs(service, found.target)) continue
    throw new AxleError('AXLE_NOT_OURS', `There is a unit ${service}.service on the host, and Axle did not make it.`, {
      where: path,
    })
  }
}

async function ensureAbsent(host: Host, path: string): Promise<boolean> {
  if ((await host.stat(path)) === undefined) return false
  await host.remove(path)
  return true
}

async function reloadIf(host: Host, changes: readonly boolean[]): Promise<void> {
  if (changes.includes(true)) await host.run(['systemctl', 'daemon-reload'])
}

/**
 * `<service>.service` is another name of the live slot's unit, and that unit starts with the host. Written as links
 * rather than by `systemctl enable`: what is the case already costs no process.
 */
export async function adoptUnit(host: Host, service: string, slot: string): Promise<void> {
  await checkName(host, service)
  const unit = unitName(service, slot)
  const changes = [
    await ensureLink(host, bootPath(service, slot), `../${unit}`),
    await ensureLink(host, aliasPath(service), unit),
  ]
  // The other slot's link goes last: in between both would start at boot, and never neither.
  for (const other of SLOTS) if (other !== slot) changes.push(await ensureAbsent(host, bootPath(service, other)))
  await reloadIf(host, changes)
}

export async function disownUnits(host: Host, service: string): Promise<void> {
  const alias = await host.stat(aliasPath(service))
  const paths = SLOTS.map((slot) => bootPath(service, slot))
  if (isOurs(service, alias?.target)) paths.push(aliasPath(service))
  const changes: boolean[] = []
  for (const path of paths) changes.push(await ensureAbsent(host, path))
  await reloadIf(host, changes)
}
