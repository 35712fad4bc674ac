import { isErrno } from '../../engine/host/errno.ts'
import { AxleError } from '../../protocol/errors.ts'

/** Why a file or folder of the release cannot be read. */
export function unreadable(path: string, cause: unknown): AxleError {
  // Node puts U+FFFD where a name's bytes are no text: there is nothing of the name that it then shows.
  if (path.includes('\uFFFD') && isErrno(cause, 'ENOENT')) {
    return new AxleError('AXLE_FILES', `${path} has a name that is not UTF-8.`, {
      where: path,
      hint: 'Rename it, or leave out its folder with .axleignore.',
      cause,
    })
  }
  const why = isErrno(cause, 'EACCES', 'EPERM')
    ? 'you may not read it'
    : isErrno(cause, 'ENOENT')
      ? 'it went away while it was being read'
      : cause instanceof Error
        ? cause.message
        : String(cause)
  return new AxleError('AXLE_FILES', `${path} cannot be read: ${why}.`, { where: path, cause })
}
