import * as z from 'zod'
import { AxleError } from '../../protocol/errors.ts'
import type { Host } from '../host/host.ts'

/** A versioned JSON file that several projects share. Read and written under the host lock. */
export async function readDocument<T>(
  host: Pick<Host, 'read'>,
  path: string,
  schema: z.ZodType<T>,
  empty: T,
): Promise<T> {
  const text = await host.read(path)
  if (text === undefined) return empty
  let raw: unknown
  try {
    raw = JSON.parse(text)
  } catch {
    throw new AxleError('AXLE_STATE', `${path} is damaged: it is not JSON.`, { where: path })
  }
  const version = z.object({ v: z.int() }).safeParse(raw)
  if (version.success && version.data.v > 1) {
    throw new AxleError(
      'AXLE_ENGINE_OLD',
      `${path} was written by a newer Axle (version ${version.data.v} of the file).`,
      { where: path },
    )
  }
  const parsed = schema.safeParse(raw)
  if (parsed.success) return parsed.data
  throw new AxleError(
    'AXLE_STATE',
    `${path} is damaged: ${parsed.error.issues[0]?.path.join('.')}: ${parsed.error.issues[0]?.message}.`,
    {
      where: path,
    },
  )
}

export async function writeDocument(host: Host, path: string, value: unknown): Promise<void> {
  await host.write(path, `${JSON.stringify(value, null, 2)}\n`, { mode: '644' })
}
