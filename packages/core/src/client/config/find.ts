import { stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { AxleError } from '../../protocol/errors.ts'

const NAMES = ['axle.config.ts', 'axle.config.mts', 'axle.config.js', 'axle.config.mjs'] as const

/** The config's absolute path: what `named` says, or one of the usual names in `cwd`. */
export async function findConfig(cwd: string, named?: string): Promise<string> {
  if (named !== undefined) {
    const file = resolve(cwd, named)
    if (await isFile(file)) return file
    throw new AxleError('AXLE_CONFIG_NOT_FOUND', `There is no file ${file}.`, {
      hint: 'Check what --config says.',
      where: file,
    })
  }
  for (const name of NAMES) {
    const file = join(cwd, name)
    if (await isFile(file)) return file
  }
  throw new AxleError('AXLE_CONFIG_NOT_FOUND', `There is no ${NAMES.join(', ')} in ${cwd}.`)
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() ?? false
}
