import { randomBytes } from 'node:crypto'
import { lstatSync } from 'node:fs'
import { lstat, mkdir, readdir, rm, utimes } from 'node:fs/promises'
import { dirname } from 'node:path'
import { STORE } from '../../protocol/layout.ts'
import type { Manifest } from '../../protocol/release.ts'
import { syncDirectory } from '../host/durable.ts'
import { fileError, isErrno } from '../host/errno.ts'
import type { LocalHost } from '../host/local-host.ts'
import { contentPath, folderOf, isFile, MODES, nameOf, RECEIVING } from './content-key.ts'
import { each } from './each.ts'
import { layOut } from './lay-out.ts'
import { settle, type Written } from './settle.ts'
import { writeChecked } from './write-checked.ts'

const AT_ONCE = 16
/** How much may be received before it is settled. */
const MOST_FILES = 2_000
const MOST_BYTES = 64 * 1024 * 1024

/**
 * Contents of releases by their hash, as files that releases are hard links to: what did not change between two of them
 * is on the disk, and on the wire, once.
 */
export class ContentStore {
  readonly #host: LocalHost
  readonly #folders = new Set<string>()
  /** Written, and not yet safe on the disk. */
  #written: Written[] = []
  #bytes = 0
  #settling: Promise<void> = Promise.resolve()
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
    for (const sha256 of wanted) {
      for (const mode of present(sha256)) {
        const path = this.#host.path(contentPath(sha256, mode))
        // In this thread: for 20,000 of them a thread's way there and back costs ten times the look.
        if (lstatSync(path).nlink === 1) await utimes(path, now, now)
      }
    }
    return [...wanted].filter((sha256) => present(sha256).length === 0)
  }

  /** Takes one content in. It is whole and on the disk, or not in the store; settled() says when. */
  async receive(sha256: string, size: number, chunks: AsyncIterable<Uint8Array>): Promise<void> {
    const temporary = this.#host.path(`${RECEIVING}/${randomBytes(12).toString('hex')}`)
    try {
      await this.#makeFolder(RECEIVING)
      await this.#makeFolder(folderOf(sha256))
      await writeChecked(temporary, sha256, size, chunks)
    } catch (error) {
      await rm(temporary, { force: true })
      throw fileError(error, 'Storing a file of the release')
    }
    this.#written.push({ temporary, path: this.#host.path(contentPath(sha256, '644')) })
    this.#bytes += size
    if (this.#written.length < MOST_FILES && this.#bytes < MOST_BYTES) return
    // One round at a time, beside what is received meanwhile: the sender waits when the disk is behind.
    await this.#settling
    this.#settle()
  }

  /** Until all that was received is safe on the disk. */
  async settled(): Promise<void> {
    await this.#settling
    this.#settle()
    await this.#settling
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

  #settle(): void {
    const written = this.#written
    this.#written = []
    this.#bytes = 0
    if (written.length === 0) return
    this.#settling = settle(this.#host, written).catch((error: unknown) => {
      this.#failures.push(error)
    })
  }

  async #makeFolder(folder: string): Promise<void> {
    if (this.#folders.has(folder)) return
    const real = this.#host.path(folder)
    await this.#host.checkSafe(folder)
    try {
      await mkdir(real, { mode: 0o700 })
      await syncDirectory(dirname(real))
    } catch (error) {
      if (isErrno(error, 'EEXIST')) {
        this.#folders.add(folder)
        return
      }
      if (!isErrno(error, 'ENOENT')) throw error
      // Closed to services: each could read the others' code here.
      await this.#host.makeDirectory(STORE, { mode: '700' })
      return this.#makeFolder(folder)
    }
    this.#folders.add(folder)
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
