import { constants } from 'node:fs'
import { chmod, lchown, lstat, mkdir, open, readdir, readlink, rename, rmdir, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { AxleError } from '../../protocol/errors.ts'
import { linkDurably, syncDirectory, writeDurably } from './durable.ts'
import { fileError, isErrno } from './errno.ts'
import type { Argv, Facts, FileStat, Host, RunOptions, RunResult, StreamOptions, WriteOptions } from './host.ts'
import { ancestors, checkPlainPath, checkSafePath } from './safe-path.ts'

export interface LocalHostOptions {
  readonly facts: Facts
  /** All paths are below this folder: a test's host. Default: "/". Programs that are run know nothing of it. */
  readonly root?: string
  /** Who is trusted beside root to own folders. Default: only root. */
  readonly uid?: number
}

/** The machine that the engine runs on. */
export class LocalHost implements Host {
  readonly facts: Facts
  readonly #root: string
  readonly #uid: number

  constructor(options: LocalHostOptions) {
    this.facts = options.facts
    this.#root = options.root ?? '/'
    this.#uid = options.uid ?? 0
  }

  /** Where an absolute path of the host really is: for what must open a file itself, such as SQLite. */
  path(absolute: string): string {
    checkPlainPath(absolute)
    return join(this.#root, absolute)
  }

  /** Refuses a path where somebody but root could plant something (AXLE_UNSAFE_PATH). */
  checkSafe(path: string): Promise<void> {
    return checkSafePath(path, { root: this.#root, uid: this.#uid })
  }

  async run(argv: Argv, options: RunOptions = {}): Promise<RunResult> {
    const { runCommand } = await programs()
    return runCommand(argv, options.cwd === undefined ? options : { ...options, cwd: this.path(options.cwd) })
  }

  query(argv: Argv, options?: RunOptions): Promise<RunResult> {
    return this.run(argv, options)
  }

  async *stream(argv: Argv, options?: StreamOptions): AsyncIterable<string> {
    const { streamCommand } = await programs()
    yield* streamCommand(argv, options)
  }

  async stat(path: string): Promise<FileStat | undefined> {
    const real = this.path(path)
    try {
      const found = await lstat(real)
      return {
        type: found.isFile() ? 'file' : found.isDirectory() ? 'directory' : found.isSymbolicLink() ? 'link' : 'other',
        mode: (found.mode & 0o7777).toString(8),
        uid: found.uid,
        gid: found.gid,
        size: found.size,
        ...(found.isSymbolicLink() ? { target: await readlink(real) } : {}),
      }
    } catch (error) {
      if (isErrno(error, 'ENOENT', 'ENOTDIR')) return undefined
      throw fileError(error, `Looking at ${path}`)
    }
  }

  async read(path: string): Promise<string | undefined> {
    try {
      // O_NONBLOCK: opening a FIFO would otherwise wait for a writer.
      const handle = await open(this.path(path), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
      try {
        if (!(await handle.stat()).isFile())
          throw new AxleError('AXLE_RESOURCE', `${path} is not a file`, { where: path })
        return await handle.readFile('utf8')
      } finally {
        await handle.close()
      }
    } catch (error) {
      if (isErrno(error, 'ENOENT', 'ENOTDIR')) return undefined
      if (isErrno(error, 'ELOOP')) throw new AxleError('AXLE_UNSAFE_PATH', `${path} is a link`, { where: path })
      throw fileError(error, `Reading ${path}`)
    }
  }

  async list(path: string): Promise<readonly string[]> {
    if ((await this.stat(path))?.type !== 'directory') return []
    return (await readdir(this.path(path))).sort()
  }

  async write(path: string, content: string | Uint8Array, options: WriteOptions): Promise<void> {
    const attributes = { mode: octal(options.mode), uid: options.uid, gid: options.gid }
    await this.#change(`Writing ${path}`, [path], () => writeDurably(this.path(path), content, attributes))
  }

  /** Folders above it that are not there are made too, 0755. One that is there gets the mode and owner. */
  async makeDirectory(path: string, options: WriteOptions): Promise<void> {
    await this.#change(`Making the folder ${path}`, [path], async () => {
      for (const folder of ancestors(path)) {
        if (await this.#makeOne(folder)) await chmod(this.path(folder), 0o755)
      }
      const made = await this.#makeOne(path)
      if (!made && (await this.stat(path))?.type !== 'directory') {
        throw new AxleError('AXLE_NOT_OURS', `${path} is there already, and is not a folder`, { where: path })
      }
      await this.#attributes(path, options)
    })
  }

  async setAttributes(path: string, options: WriteOptions): Promise<void> {
    await this.#change(`Setting owner and mode of ${path}`, [path], async () => {
      if ((await this.stat(path))?.type === 'link')
        throw new AxleError('AXLE_UNSAFE_PATH', `${path} is a link`, { where: path })
      await this.#attributes(path, options)
    })
  }

  async link(path: string, target: string): Promise<void> {
    await this.#change(`Linking ${path}`, [path], () => linkDurably(this.path(path), target))
  }

  async remove(path: string, options: { readonly recursive?: boolean } = {}): Promise<void> {
    await this.#change(`Removing ${path}`, [path], async () => {
      const real = this.path(path)
      const found = await this.stat(path)
      if (found === undefined) return
      // GNU rm walks by file descriptors: a user of the folder cannot lead it elsewhere with a link, as with fs.rm.
      if (found.type === 'directory' && options.recursive === true)
        await (await programs()).runCommand(['rm', '-rf', '--one-file-system', '--', real])
      else if (found.type === 'directory') await rmdir(real)
      else await unlink(real)
      await syncDirectory(dirname(real))
    })
  }

  async rename(from: string, to: string): Promise<void> {
    await this.#change(`Renaming ${from} to ${to}`, [from, to], async () => {
      await rename(this.path(from), this.path(to))
      await syncDirectory(dirname(this.path(to)))
      if (dirname(from) !== dirname(to)) await syncDirectory(dirname(this.path(from)))
    })
  }

  async #change(doing: string, paths: readonly string[], act: () => Promise<void>): Promise<void> {
    try {
      for (const path of paths) await this.checkSafe(path)
      await act()
    } catch (error) {
      throw fileError(error, doing)
    }
  }

  async #makeOne(path: string): Promise<boolean> {
    try {
      await mkdir(this.path(path), 0o700)
      await syncDirectory(dirname(this.path(path)))
      return true
    } catch (error) {
      if (isErrno(error, 'EEXIST')) return false
      throw error
    }
  }

  async #attributes(path: string, { mode, uid, gid }: WriteOptions): Promise<void> {
    // -1 leaves as it is. The owner first: chown(2) clears setuid and setgid.
    if (uid !== undefined || gid !== undefined) await lchown(this.path(path), uid ?? -1, gid ?? -1)
    await chmod(this.path(path), octal(mode))
  }
}

/** What runs programs, loaded with the first of them: who only receives and stores needs none. */
const programs = () => import('./command.ts')

function octal(mode: string): number {
  if (!/^[0-7]{3,4}$/.test(mode)) throw new AxleError('AXLE_RESOURCE', `${JSON.stringify(mode)} is not an octal mode`)
  return Number.parseInt(mode, 8)
}
