import { hash, randomBytes } from 'node:crypto'
import type { BigIntStats } from 'node:fs'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod'

/** What changes when a file does: size, mtime, ctime, inode and device, and its hash. */
const entry = z.tuple([z.string(), z.string().regex(/^[0-9a-f]{64}$/)])
const document = z.strictObject({ v: z.literal(1), root: z.string(), files: z.record(z.string(), entry) })

/** Two seconds: the coarsest time of a file system that anybody has (FAT's). */
const GRAIN = 2_000_000_000n

/**
 * Hashes of a folder's files from the last time, so that a deploy of what did not change reads no contents. An entry holds
 * as long as the file's stat is the same; as in git's index, one that was hashed within the grain of its own times is not
 * kept, because a write right after would show in none of them.
 */
export class KnownHashes {
  readonly #root: string
  readonly #file: string | undefined
  readonly #before: ReadonlyMap<string, readonly [string, string]>
  readonly #now = new Map<string, readonly [string, string]>()
  #changed = false

  private constructor(root: string, file: string | undefined, before: ReadonlyMap<string, readonly [string, string]>) {
    this.#root = root
    this.#file = file
    this.#before = before
  }

  static none(): KnownHashes {
    return new KnownHashes('', undefined, new Map())
  }

  /** Those of `root`, kept in a folder of the user's. One that cannot be read is none. */
  static async open(root: string, folder: string): Promise<KnownHashes> {
    const file = join(folder, `${hash('sha256', root, 'hex').slice(0, 32)}.json`)
    try {
      const { root: of, files } = document.parse(JSON.parse(await readFile(file, 'utf8')))
      return new KnownHashes(root, file, new Map(of === root ? Object.entries(files) : []))
    } catch {
      return new KnownHashes(root, file, new Map())
    }
  }

  find(path: string, stat: BigIntStats): string | undefined {
    const known = this.#before.get(path)
    if (known === undefined || known[0] !== identity(stat)) return undefined
    this.#now.set(path, known)
    return known[1]
  }

  /** `stat` is from before the content was read, `since` the moment just before that. */
  note(path: string, stat: BigIntStats, sha256: string, since: bigint): void {
    this.#changed = true
    const fresh = [stat.mtimeNs, stat.ctimeNs].some((time) => time + GRAIN >= since)
    if (!fresh) this.#now.set(path, [identity(stat), sha256])
  }

  /** Whole or not at all. Where it cannot be written, the next deploy takes longer, and that is all. */
  async save(): Promise<void> {
    if (this.#file === undefined || (!this.#changed && this.#now.size === this.#before.size)) return
    const temporary = `${this.#file}.${randomBytes(6).toString('hex')}`
    const files = Object.fromEntries(this.#now)
    try {
      await mkdir(join(this.#file, '..'), { recursive: true, mode: 0o700 })
      await writeFile(temporary, JSON.stringify({ v: 1, root: this.#root, files }), { mode: 0o600, flag: 'wx' })
      await rename(temporary, this.#file)
    } catch {
      await rm(temporary, { force: true }).catch(() => undefined)
    }
  }
}

function identity({ size, mtimeNs, ctimeNs, ino, dev }: BigIntStats): string {
  return [size, mtimeNs, ctimeNs, ino, dev].join(' ')
}
