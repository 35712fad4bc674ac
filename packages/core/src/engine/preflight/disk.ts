import { stat, statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import { AxleError } from '../../protocol/errors.ts'
import { service as at, STORE } from '../../protocol/layout.ts'
import type { Manifest } from '../../protocol/release.ts'
import type { Target } from '../deploy/target.ts'
import type { LocalHost } from '../host/local-host.ts'
import { foldersOf } from '../store/lay-out.ts'

/** Room that an operation leaves, or needs besides: bytes, and files. */
export interface Spare {
  readonly bytes: number
  readonly files: number
}

/** What a deploy leaves for logs, records and the system itself. */
const SPARE: Spare = { bytes: 64 * 1024 * 1024, files: 200 }
/** What any operation writes: an environment, links, units, its own record. */
export const LITTLE: Spare = { bytes: 64 * 1024, files: 20 }
const RELEASES = '/opt'

/** What is about to be written below a folder. */
export interface Need {
  readonly path: string
  readonly bytes: number
  readonly files: number
}

/** A file system, and what is free on it. Some count no inodes: there is always room for one more file. */
export interface Room {
  readonly device: number
  readonly bytes: number
  readonly files: number | undefined
}

/** The first file system that is too small. Needs on the same one add up. Pure. */
export function lackOfRoom(
  needs: readonly (Need & { readonly room: Room })[],
  spare: Spare = SPARE,
): AxleError | undefined {
  for (const [, [first, ...others]] of Map.groupBy(needs, ({ room }) => room.device)) {
    if (first === undefined) continue
    const { path, room } = first
    const bytes = others.reduce((sum, one) => sum + one.bytes, first.bytes) + spare.bytes
    const files = others.reduce((sum, one) => sum + one.files, first.files) + spare.files
    if (room.bytes < bytes) {
      return new AxleError('AXLE_DISK_FULL', `${path} has ${mb(room.bytes)} free, and this needs ${mb(bytes)}.`, {
        where: path,
        hint: `See what takes the room: df -h ${path}. Old releases go with a lower keep.`,
      })
    }
    if (room.files !== undefined && room.files < files) {
      return new AxleError(
        'AXLE_DISK_FULL',
        `${path} has room for ${room.files} more files (inodes), and this needs ${files}.`,
        { where: path, hint: `See where the many files are: du --inodes -xs ${path}/*, and df -i ${path}` },
      )
    }
  }
  return undefined
}

const mb = (bytes: number): string => `${Math.ceil(bytes / 1e6)} MB`

/** Throws AXLE_DISK_FULL where this is too much for the host. */
export async function checkRoom(host: LocalHost, needs: readonly Need[], spare: Spare = SPARE): Promise<void> {
  const rooms = await Promise.all(needs.map(async (need) => ({ ...need, room: await roomAt(host.path(need.path)) })))
  const lack = lackOfRoom(rooms, spare)
  if (lack !== undefined) throw lack
}

/** What contents that are about to come take in the store. */
export function needOfContents(files: Manifest, missing: readonly string[]): Need {
  const wanted = new Set(missing)
  const sizes = new Map(files.flatMap((one) => ('sha256' in one ? [[one.sha256, one.size] as const] : [])))
  const bytes = [...wanted].reduce((sum, sha256) => sum + (sizes.get(sha256) ?? 0), 0)
  return { path: STORE, bytes, files: wanted.size }
}

/** What a release takes besides: folders, and its files once more where links cannot reach the store. */
export async function needOfRelease(host: LocalHost, files: Manifest): Promise<Need> {
  const [releases, store] = await Promise.all([RELEASES, STORE].map((path) => roomAt(host.path(path))))
  const folders = foldersOf(files).length
  if (releases?.device === store?.device) return { path: RELEASES, bytes: 0, files: folders }
  const bytes = files.reduce((sum, one) => sum + ('size' in one ? one.size : 0), 0)
  return { path: RELEASES, bytes, files: files.length + folders }
}

/** What a target takes: nothing, where its release is laid out already. */
export async function needOfTarget(host: LocalHost, { service, release, files }: Target): Promise<Need> {
  const there = (await host.stat(at.release(service.name, release))) !== undefined
  return needOfRelease(host, there ? [] : files)
}

async function roomAt(path: string): Promise<Room> {
  // What is not there yet will be made on the file system of the folder above it.
  const found = await stat(path).catch(() => undefined)
  if (found === undefined) return roomAt(dirname(path))
  const { bavail, bsize, files, ffree } = await statfs(path)
  return { device: found.dev, bytes: bavail * bsize, files: files === 0 ? undefined : ffree }
}
