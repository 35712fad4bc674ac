import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises'
import * as z from 'zod'
import { isMissingFile, TestbedError } from '../errors/testbed-error.ts'
import { processSchema } from '../machine/owner.ts'
import { hostsFolder, placesOf } from '../places.ts'

const recordSchema = z.object({
  version: z.literal(1),
  name: z.string(),
  image: z.enum(['bare', 'standard']),
  imageKey: z.string(),
  index: z.number().int(),
  address: z.string(),
  /** SHA256:… of the ed25519 host key; null until the host is made. */
  hostKey: z.string().nullable(),
  /** The test run that the host belongs to; null = made by hand, nobody's to clean up. */
  owner: processSchema.nullable(),
  /** systemd-nspawn of the last boot; the host is up while that process lives. */
  supervisor: processSchema.nullable(),
})
export type HostRecord = z.infer<typeof recordSchema>

/** Names become folders, host names and arguments. */
const namePattern = /^[a-z][a-z0-9-]{0,40}$/

export function checkName(name: string): void {
  if (namePattern.test(name)) return
  throw new TestbedError(`"${name}" cannot be a host's name`, {
    why: 'a name is lower-case letters, digits and dashes, and starts with a letter',
    fix: 'choose one such as "demo" or "web-1"',
  })
}

export async function readRecord(name: string): Promise<HostRecord | undefined> {
  let text: string
  try {
    text = await readFile(placesOf(name).record, 'utf8')
  } catch (error) {
    if (isMissingFile(error)) return undefined
    throw error
  }
  const parsed = recordSchema.safeParse(JSON.parse(text))
  if (parsed.success) return parsed.data
  throw new TestbedError(`the record of the host ${name} is not readable`, {
    why: z.prettifyError(parsed.error),
    fix: `if it stems from another version of the testbed, end its processes and remove ${placesOf(name).folder}`,
  })
}

/** Whole or not at all: the reader may be another process. */
export async function writeRecord(record: HostRecord): Promise<void> {
  const { folder, record: file } = placesOf(record.name)
  await mkdir(folder, { recursive: true })
  await writeFile(`${file}.draft`, `${JSON.stringify(record, null, 2)}\n`)
  await rename(`${file}.draft`, file)
}

export async function allRecords(): Promise<HostRecord[]> {
  await mkdir(hostsFolder, { recursive: true })
  const records = await Promise.all((await readdir(hostsFolder)).sort().map(readRecord))
  return records.filter((record) => record !== undefined)
}
