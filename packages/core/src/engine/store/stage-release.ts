import { AxleError } from '../../protocol/errors.ts'
import { service as layout } from '../../protocol/layout.ts'
import { type ReleaseRecord, releaseRecord } from '../../protocol/release.ts'
import type { LocalHost } from '../host/local-host.ts'
import { ContentStore } from './content-store.ts'

export interface Staging {
  readonly record: ReleaseRecord
  /** The group of the service's user, once there is one: only it may look into the release. */
  readonly gid?: number | undefined
  /** The store that received the contents, if this process did. */
  readonly store?: ContentStore
}

export interface Staged {
  /** False: the release was there already. */
  readonly staged: boolean
}

/** Puts a release on the host, whole or not at all. Nothing runs it yet. */
export async function stageRelease(
  host: LocalHost,
  { record, gid, store = new ContentStore(host) }: Staging,
): Promise<Staged> {
  const service = record.service.name
  const target = layout.release(service, record.id)
  const attributes = gid === undefined ? { mode: '755' } : { mode: '750', uid: 0, gid }
  if ((await host.stat(target)) !== undefined) {
    await readRelease(host, service, record.id)
    await host.setAttributes(target, attributes)
    return { staged: false }
  }
  const releases = layout.releases(service)
  const temporary = `${releases}/.${record.id}.tmp`
  await host.makeDirectory(layout.directory(service), { mode: '755' })
  await host.makeDirectory(releases, { mode: '755' })
  await host.remove(temporary, { recursive: true })
  await host.makeDirectory(temporary, { mode: '700' })
  await store.materialise(record.files, `${temporary}/app`)
  await host.write(`${temporary}/release.json`, `${JSON.stringify(record)}\n`, { mode: '644' })
  await host.setAttributes(temporary, attributes)
  // One call for the whole tree, where an fsync for each folder would be hundreds.
  await host.run(['sync', '-f', host.path(temporary)])
  await host.rename(temporary, target)
  return { staged: true }
}

/** What a release on the host was made of. */
export async function readRelease(host: LocalHost, service: string, release: string): Promise<ReleaseRecord> {
  const path = layout.record(service, release)
  const content = await host.read(path)
  if (content === undefined) {
    throw new AxleError('AXLE_UNKNOWN', `${service} has no release ${release} on this host`, {
      hint: 'See: axle history',
    })
  }
  try {
    const record = releaseRecord.parse(JSON.parse(content))
    if (record.id === release && record.service.name === service) return record
  } catch (error) {
    throw new AxleError('AXLE_STATE', `${path} cannot be read`, { where: path, cause: error })
  }
  throw new AxleError('AXLE_STATE', `${path} is the record of another release`, { where: path })
}
