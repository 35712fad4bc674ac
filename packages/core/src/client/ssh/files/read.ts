import { glob, readFile, stat } from 'node:fs/promises'
import { isAbsolute, join } from 'node:path'
import { AxleError } from '../../../protocol/errors.ts'
import { homeFolder, localUser } from '../../local-user.ts'
import { parseSshConfig, type Section, type Setting } from './parse.ts'

/** A section whose `Include` lines are the files that they name. */
export interface ReadSection extends Omit<Section, 'settings'> {
  readonly lines: readonly (Setting | { readonly included: readonly ReadSection[] })[]
}

const DEEPEST = 16

/** The user's file, then the machine's: the first value that is found for a setting counts. */
export async function readSshConfig(): Promise<readonly ReadSection[]> {
  const user = { folder: join(homeFolder(), '.ssh'), own: true }
  const machine = { folder: '/etc/ssh', own: false }
  const both = await Promise.all([
    readOne(join(user.folder, 'config'), user, 0),
    readOne(join(machine.folder, 'ssh_config'), machine, 0),
  ])
  return both.flat()
}

interface Place {
  /** What relative names in `Include` are relative to. */
  readonly folder: string
  /** Then nobody else may be able to change it, as for ssh(1). */
  readonly own: boolean
}

async function readOne(file: string, place: Place, depth: number): Promise<readonly ReadSection[]> {
  if (depth > DEEPEST)
    throw new AxleError('AXLE_SSH_CONFIG', `Include goes ${DEEPEST} files deep at ${file}.`, {
      where: file,
      hint: 'One of the files includes itself: take that line out.',
    })
  const text = await textOf(file, place)
  if (text === undefined) return []
  return Promise.all(
    parseSshConfig(text, file).map(async ({ settings, ...section }) => ({
      ...section,
      lines: await Promise.all(
        settings.map(async (setting) =>
          /^include$/i.test(setting.name) ? { included: await include(setting, place, depth + 1) } : setting,
        ),
      ),
    })),
  )
}

async function textOf(file: string, { own }: Place): Promise<string | undefined> {
  try {
    if (own) await nobodyElses(file)
    return await readFile(file, 'utf8')
  } catch (cause) {
    if (cause instanceof AxleError) throw cause
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    throw new AxleError('AXLE_SSH_CONFIG', `${file} cannot be read (${String(code)}).`, { where: file, cause })
  }
}

/** Who can write there decides where we connect to and which host key is believed. */
async function nobodyElses(file: string): Promise<void> {
  if (process.platform === 'win32') return
  const { uid, mode } = await stat(file)
  if ((uid === 0 || uid === localUser().uid) && (mode & 0o022) === 0) return
  throw new AxleError('AXLE_SSH_CONFIG', `Others can change ${file}: ssh(1) refuses it, too.`, {
    where: file,
    hint: `It must be yours, and only you may write to it: chmod 600 ${file}`,
  })
}

async function include({ words }: Setting, place: Place, depth: number): Promise<readonly ReadSection[]> {
  const files: string[] = []
  // The library leaves one word whole, blanks and all, only where it was quoted.
  for (const word of words) {
    const path = word.startsWith('~/') ? join(homeFolder(), word.slice(2)) : word
    const pattern = isAbsolute(path) ? path : join(place.folder, path)
    if (!/[*?[{]/.test(pattern)) files.push(pattern)
    else {
      const found: string[] = []
      for await (const file of glob(pattern)) found.push(file)
      files.push(...found.sort())
    }
  }
  return (await Promise.all(files.map((file) => readOne(file, place, depth)))).flat()
}
