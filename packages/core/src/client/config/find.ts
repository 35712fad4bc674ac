import { stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { AxleError } from '../../protocol/errors.ts'

const NAMES = ['axle.config.ts', 'axle.config.mts', 'axle.config.js', 'axle.config.mjs'] as const

/** The config's absolute path: what `named` says, or the one of the usual names that is in `cwd`. */
export async function findConfig(cwd: string, named?: string): Promise<string> {
  if (named !== undefined) {
    const file = resolve(cwd, named)
    const found = await typeOf(file)
    if (found === 'file') return file
    throw new AxleError(
      'AXLE_CONFIG_NOT_FOUND',
      found === 'folder' ? `${file} is a folder, and no config.` : `There is no file ${file}.`,
      { hint: `Check what --config says: a file, such as --config ${join(named, NAMES[0])}`, where: file },
    )
  }
  const types = await Promise.all(NAMES.map((name) => typeOf(join(cwd, name))))
  const [first, second] = NAMES.filter((_, index) => types[index] === 'file')
  if (first === undefined) {
    throw new AxleError('AXLE_CONFIG_NOT_FOUND', `There is no ${NAMES.join(', ')} in ${cwd}.`, { where: cwd })
  }
  if (second === undefined) return join(cwd, first)
  // Whichever was taken, somebody would wonder one day why the other changes nothing.
  throw new AxleError('AXLE_CONFIG_INVALID', `There are both ${first} and ${second} in ${cwd}.`, {
    hint: `Remove one of them, or say which is meant: --config ${first}`,
    where: cwd,
  })
}

async function typeOf(path: string): Promise<'file' | 'folder' | undefined> {
  const found = await stat(path).catch(() => undefined)
  if (found?.isFile()) return 'file'
  return found?.isDirectory() ? 'folder' : undefined
}
