import { createHash, randomBytes } from 'node:crypto'
import { type FileHandle, lstat, mkdir, open, readdir, rename, rm, utimes } from 'node:fs/promises'
import { dirname } from 'node:path'
import { AxleError } from '../../protocol/errors.ts'
import { STORE } from '../../protocol/layout.ts'
import type { Manifest } from '../../protocol/release.ts'
import { syncDirectory } from '../host/durable.ts'
import { fileError, isErrno } from '../host/errno.ts'
import type { LocalHost } from '../host/local-host.ts'
import { contentPath, folderOf, isFile, MODES, nameOf, RECEIVING } from './content-key.ts'
import { each } from './each.ts'
import { layOut } from './lay-out.ts'

const AT_ONCE = 16

/**
 * Contents of releases by their hash, as files that releases are hard links to: what did not change between two of them
 * is on the disk, and on the wire, once.
 */
export class ContentStore {
  readonly #host: LocalHost
  /** Contents that are written and not yet safe on the disk: fsyncs at the same time cost hardly more than one. */
  readonly #settling = new Set<Promise<void>>()
  readonly #failures: unknown[] = []

  constructor(host: LocalHost) {
    this.#host = host
  }

  /** Contents that are not here, each once, in the manifest's order. What is here is spared by prune() for its grace time. */
  async has(entries: Manifest): Promise<readonly string[]> {
    const wanted = new Set(entries.filter(isFile).map(({ sha256 }) => sha256))
    const names = new Map<string, ReadonlySet<string>>()
    await each(new Set(Array.from(wanted, folderOf)), AT_ONCE, async (folder) => {
      names.set(folder, new Set(await this.#list(folder)))
    })
    const present = (sha256: string) => MODES.filter((mode) => names.get(folderOf(sha256))?.has(nameOf(sha256, mode)))
    const now = new Date()
    await each(wanted, AT_ONCE, async (sha256) => {
      for (const mode of present(sha256)) {
        const path = this.#host.path(contentPath(sha256, mode))
        if ((await lstat(path)).nlink === 1) await utimes(path, now, now)
      }
    })
    return [...wanted].filter((sha256) => present(sha256).length === 0)
  }

  /** Takes one content in. It is whole and on the disk, or not in the store; settled() says when. */
  async receive(sha256: string, size: number, chunks: AsyncIterable<Uint8Array>): Promise<void> {
    while (this.#settling.size >= AT_ONCE) await Promise.race(this.#settling)
    const temporary = this.#host.path(`${RECEIVING}/${randomBytes(12).toString('hex')}`)
    let file: FileHandle | undefined
    try {
      await this.#makeFolder(RECEIVING)
      await this.#makeFolder(folderOf(sha256))
      file = await open(temporary, 'wx', 0o600)
      await copyChecked(file, sha256, size, chunks)
    } catch (error) {
      await file?.close()
      await rm(temporary, { force: true })
      throw fileError(error, 'Storing a file of the release')
    }
    this.#settle(file, temporary, this.#host.path(contentPath(sha256, '644')))
  }

  /** Until all that was received is safe on the disk. */
  async settled(): Promise<void> {
    await Promise.all(this.#settling)
    const [failure] = this.#failures.splice(0)
    if (failure !== undefined) throw fileError(failure, 'Storing a file of the release')
  }

  /** Makes `directory` from a manifest; it must not exist. All in it belongs to root. */
  async materialise(manifest: Manifest, directory: string): Promise<void> {
    await this.settled()
    await this.#host.checkSafe(directory)
    try {
      await layOut(this.#host, manifest, directory)
    } catch (error) {
      throw fileError(error, `Laying out ${directory}`)
    }
  }

  /** Removes contents that no release uses, and whose last release went longer ago than that. Returns how many. */
  async prune(olderThanMs: number): Promise<number> {
    const before = Date.now() - olderThanMs
    let removed = 0
    for (const folder of await this.#list(STORE)) {
      const names = await this.#list(`${STORE}/${folder}`)
      await each(names, AT_ONCE, async (name) => {
        const path = this.#host.path(`${STORE}/${folder}/${name}`)
        const { nlink, ctimeMs } = await lstat(path)
        // The ctime: that of a content whose last other link went is the moment it went.
        if (nlink > 1 || ctimeMs >= before) return
        await rm(path, { force: true })
        removed += 1
      })
    }
    return removed
  }

  #settle(file: FileHandle, temporary: string, path: string): void {
    const settling = settle(file, temporary, path)
      .catch((error: unknown) => {
        this.#failures.push(error)
      })
      .finally(() => this.#settling.delete(settling))
    this.#settling.add(settling)
  }

  async #makeFolder(folder: string): Promise<void> {
    const real = this.#host.path(folder)
    await this.#host.checkSafe(folder)
    try {
      await mkdir(real, { mode: 0o700 })
    } catch (error) {
      if (isErrno(error, 'EEXIST')) return
      if (!isErrno(error, 'ENOENT')) throw error
      // Closed to services: each could read the others' code here.
      await this.#host.makeDirectory(STORE, { mode: '700' })
      return this.#makeFolder(folder)
    }
    await syncDirectory(dirname(real))
  }

  async #list(folder: string): Promise<readonly string[]> {
    try {
      return await readdir(this.#host.path(folder))
    } catch (error) {
      if (isErrno(error, 'ENOENT')) return []
      throw error
    }
  }
}

async function copyChecked(
  file: FileHandle,
  sha256: string,
  size: number,
  chunks: AsyncIterable<Uint8Array>,
): Promise<void> {
  const hash = createHash('sha256')
  let received = 0
  for await (const chunk of chunks) {
    received += chunk.length
    if (received > size) break
    hash.update(chunk)
    // Not write(): that may stop half-way.
    await file.writeFile(chunk)
  }
  if (received !== size || hash.digest('hex') !== sha256) {
    throw new AxleError('AXLE_WIRE', `A file of the release arrived damaged (${sha256.slice(0, 12)})`, {
      hint: 'Deploy again.',
    })
  }
}

async function settle(file: FileHandle, temporary: string, path: string): Promise<void> {
  try {
    try {
      await file.chmod(0o644)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
  await syncDirectory(dirname(path))
}
