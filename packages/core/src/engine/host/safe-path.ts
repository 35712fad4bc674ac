import { lstat } from 'node:fs/promises'
import { join } from 'node:path'
import { AxleError } from '../../protocol/errors.ts'
import { isErrno } from './errno.ts'

const WRITABLE_BY_OTHERS = 0o022

/** Refuses what is not one plain absolute path: "..", "//" or a NUL would name another place than the text shows. */
export function checkPlainPath(path: string): void {
  const parts = path.split('/').slice(1)
  const plain =
    path.startsWith('/') && !path.includes('\0') && parts.every((part) => part !== '' && part !== '.' && part !== '..')
  if (plain || path === '/') return
  throw new AxleError('AXLE_UNSAFE_PATH', `${JSON.stringify(path)} is not a plain absolute path`, { where: path })
}

/** Folders above `path`, outermost first, without "/". */
export function ancestors(path: string): readonly string[] {
  const parts = path.split('/').slice(1, -1)
  return parts.map((_, index) => `/${parts.slice(0, index + 1).join('/')}`)
}

/**
 * Every folder above `path` is a real one, and nobody but root can change what is in it. Once that holds nobody can make
 * it untrue, so there is no race between this look and what is done next. The sticky bit helps nothing: in /tmp anybody
 * can still plant a name before we do. Folders that are not there yet are no danger.
 */
export async function checkSafePath(
  path: string,
  place: { readonly root: string; readonly uid: number },
): Promise<void> {
  checkPlainPath(path)
  for (const folder of ancestors(path)) {
    const why = await unsafe(join(place.root, folder), place.uid)
    if (why === 'absent') return
    if (why !== undefined) {
      throw new AxleError('AXLE_UNSAFE_PATH', `Root does not act on ${path}: ${folder} ${why}`, { where: folder })
    }
  }
}

async function unsafe(folder: string, uid: number): Promise<string | undefined> {
  try {
    const stat = await lstat(folder)
    if (stat.isSymbolicLink()) return 'is a link'
    if (!stat.isDirectory()) return 'is not a folder'
    if (stat.uid !== 0 && stat.uid !== uid) return `belongs to user ${stat.uid}`
    if ((stat.mode & WRITABLE_BY_OTHERS) !== 0)
      return `can be written by others (mode ${(stat.mode & 0o7777).toString(8)})`
    return undefined
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return 'absent'
    throw error
  }
}
