import { constants } from 'node:fs'
import { chmod, copyFile, link, mkdir, open, rename, rm, symlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { AxleError } from '../../protocol/errors.ts'
import type { Manifest, ManifestFile } from '../../protocol/release.ts'
import { syncDirectory, temporaryName } from '../host/durable.ts'
import { isErrno } from '../host/errno.ts'
import type { LocalHost } from '../host/local-host.ts'
import { contentPath, isFile, MODES } from './content-key.ts'
import { each } from './each.ts'

const AT_ONCE = 16

/**
 * The tree of a manifest: folders first, links last. So no file is ever written through a link, whatever the manifest
 * says; one that wants a link where it has a folder is refused by the system.
 */
export async function layOut(host: LocalHost, manifest: Manifest, directory: string): Promise<void> {
  const target = host.path(directory)
  try {
    await makeFolder(target)
    for (const folder of foldersOf(manifest)) await makeFolder(join(target, folder))
    await each(manifest.filter(isFile), AT_ONCE, (file) => placeFile(host, file, join(target, file.path)))
    for (const entry of manifest) if (!isFile(entry)) await symlink(entry.link, join(target, entry.path))
  } catch (error) {
    if (!isErrno(error, 'EEXIST')) throw error
    throw new AxleError('AXLE_FILES', `${directory} is there already, or its files name one place twice`, {
      cause: error,
    })
  }
}

/** Every folder that has something in it, outermost first. */
export function foldersOf(manifest: Manifest): readonly string[] {
  const folders = new Set<string>()
  for (const { path } of manifest) {
    for (let folder = dirname(path); folder !== '.' && !folders.has(folder); folder = dirname(folder))
      folders.add(folder)
  }
  return [...folders].sort()
}

async function makeFolder(path: string): Promise<void> {
  await mkdir(path)
  // Not by mkdir's mode: the umask takes from it.
  await chmod(path, 0o755)
}

async function placeFile(host: LocalHost, file: ManifestFile, target: string): Promise<void> {
  const source = host.path(contentPath(file.sha256, file.mode))
  try {
    return await link(source, target)
  } catch (error) {
    // Another file system, or as many links as the file system allows.
    if (isErrno(error, 'EXDEV', 'EMLINK')) return copy(source, target, file.mode)
    if (!isErrno(error, 'ENOENT')) throw error
  }
  await makeVariant(host, file)
  await placeFile(host, file, target)
}

/** A hard link has its file's mode, so a content that is wanted with two modes is stored twice. */
async function makeVariant(host: LocalHost, { sha256, mode, path }: ManifestFile): Promise<void> {
  const wanted = host.path(contentPath(sha256, mode))
  for (const other of MODES) {
    if (other === mode) continue
    const temporary = temporaryName(wanted)
    try {
      await copy(host.path(contentPath(sha256, other)), temporary, mode)
      await rename(temporary, wanted)
      return await syncDirectory(dirname(wanted))
    } catch (error) {
      await rm(temporary, { force: true })
      if (!isErrno(error, 'ENOENT')) throw error
    }
  }
  throw new AxleError('AXLE_STATE', `The host does not have the content of ${path}`, {
    hint: 'Deploy again: what is missing is sent.',
  })
}

async function copy(source: string, target: string, mode: ManifestFile['mode']): Promise<void> {
  await copyFile(source, target, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE)
  const file = await open(target, 'r')
  try {
    await file.chmod(Number.parseInt(mode, 8))
    await file.sync()
  } finally {
    await file.close()
  }
}
