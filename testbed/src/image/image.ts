import { existsSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { TestbedError } from '../errors/testbed-error.ts'
import { withLock } from '../lock/lock.ts'
import { machineTrust, type Trust } from '../machine/trust.ts'
import { imagesFolder } from '../places.ts'
import { finishRoot } from './finish.ts'
import { type ImageKind, imageKey, packagesOf, sources, suite } from './recipe.ts'

export interface Image {
  readonly key: string
  /** A whole root, the read-only lower of every host made from it. */
  readonly root: string
}

export const rootOfImage = (key: string): string => join(imagesFolder, key)

/** The image of this kind, built now if this machine has none by this recipe. */
export async function ensureImage(kind: ImageKind, say: (line: string) => void): Promise<Image> {
  const trust = await machineTrust()
  const key = imageKey(kind, trust)
  const root = rootOfImage(key)
  if (existsSync(root)) return { key, root }
  return withLock(`image-${key}`, async () => {
    // Another process may have built it while this one waited.
    if (!existsSync(root)) await build(kind, root, trust, say)
    return { key, root }
  })
}

async function build(kind: ImageKind, root: string, trust: Trust, say: (line: string) => void): Promise<void> {
  const started = performance.now()
  say(`building the ${kind} image, once (about a minute)`)
  await mkdir(imagesFolder, { recursive: true })
  // Under the lock a leftover can only be a killed build's.
  const draft = `${root}.draft`
  await rm(draft, { recursive: true, force: true })
  await bootstrap(kind, draft, trust)
  await finishRoot(draft, trust)
  await rename(draft, root)
  say(`built the ${kind} image in ${((performance.now() - started) / 1000).toFixed(1)} s`)
}

async function bootstrap(kind: ImageKind, draft: string, trust: Trust): Promise<void> {
  const result = await execa(
    'mmdebstrap',
    [
      '--mode=root',
      '--variant=minbase',
      '--format=directory',
      `--include=${packagesOf[kind].join(',')}`,
      ...trust.aptOptions.map((option) => `--aptopt=${option}`),
      suite,
      draft,
      ...sources,
    ],
    { reject: false, stdin: 'ignore', all: true },
  )
  if (result.exitCode !== 0) {
    throw new TestbedError(`mmdebstrap could not build the ${kind} image`, {
      why: (result.all ?? result.shortMessage ?? '').split('\n').slice(-15).join('\n       '),
      fix: 'check that this machine reaches deb.debian.org (apt-get update), then run the same again',
    })
  }
}
