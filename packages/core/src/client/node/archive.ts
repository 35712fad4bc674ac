import { mkdir, mkdtemp, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod'
import { AxleError } from '../../protocol/errors.ts'
import { cacheFolder } from '../cache/folder.ts'
import { hashFile } from '../files/hash.ts'
import { npm } from './npm.ts'

export type Architecture = 'x64' | 'arm64'

export interface NodeArchive {
  readonly file: string
  readonly size: number
  readonly sha256: string
}

const packed = z.array(z.object({ filename: z.string() })).min(1)

/** Node as a tar archive: `package/bin/node` in it. From the npm registry, whose integrity check npm makes itself. */
export async function nodeArchive(
  version: string,
  architecture: Architecture,
  source: { readonly cwd: string; readonly cache?: string },
): Promise<NodeArchive> {
  const folder = join(source.cache ?? cacheFolder(), 'node')
  const name = `node-linux-${architecture}`
  const file = join(folder, `${name}-${version}.tgz`)
  if ((await stat(file).catch(() => undefined)) === undefined) {
    await mkdir(folder, { recursive: true })
    const temporary = await mkdtemp(join(folder, 'packing-'))
    try {
      const text = await npm(
        ['pack', `${name}@${version}`, '--pack-destination', temporary, '--json', '--ignore-scripts'],
        source.cwd,
      )
      await rename(join(temporary, filenameIn(text)), file)
    } finally {
      await rm(temporary, { recursive: true, force: true })
    }
  }
  return { file, ...(await hashFile(file)) }
}

function filenameIn(text: string): string {
  try {
    const [first] = packed.parse(JSON.parse(text))
    if (first !== undefined) return first.filename
  } catch {
    // Falls through: an answer in another form is as useless as none.
  }
  throw new AxleError('AXLE_TOOL_MISSING', 'npm pack answered in a form that this version of Axle does not know.', {
    output: text.slice(-2000),
  })
}
