import { stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import * as z from 'zod'

/** Name, size and time of change of a file; of a folder, whose time changes with the names in it, the size is 0. */
const seen = z.tuple([z.string(), z.number(), z.number()])
export const inputs = z.array(seen)
/** All that decided about a bundle. */
export type Inputs = z.output<typeof inputs>

/** Folders count too: a new file in one may be what an import finds from then on. */
export async function lookAt(files: Iterable<string>): Promise<Inputs> {
  const all = new Set(files)
  for (const file of [...all]) all.add(dirname(file))
  return Promise.all([...all].sort().map(lookAtOne))
}

export async function stillSo(before: Inputs): Promise<boolean> {
  const now = await Promise.all(before.map(([path]) => lookAtOne(path)))
  return now.every(([, size, time], index) => size === before[index]?.[1] && time === before[index]?.[2])
}

async function lookAtOne(path: string): Promise<Inputs[number]> {
  const found = await stat(path).catch(() => undefined)
  return found === undefined ? [path, -1, -1] : [path, found.isDirectory() ? 0 : found.size, found.mtimeMs]
}
