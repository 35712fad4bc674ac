import { readFile } from 'node:fs/promises'
import { arch, hostname, networkInterfaces } from 'node:os'
import { join } from 'node:path'
import * as z from 'zod'
import { AxleError } from '../../protocol/errors.ts'
import { HOST_STATE } from '../../protocol/layout.ts'
import { isErrno } from './errno.ts'
import type { DeployedService, Facts } from './host.ts'

export const deployedService = z.strictObject({
  name: z.string(),
  project: z.string(),
  domain: z.string().optional(),
  route: z.string().optional(),
  ports: z.strictObject({ a: z.int(), b: z.int() }).optional(),
})

/** `services.json`: what every project has deployed here. */
export const deployedServices = z.object({ v: z.literal(1), services: z.record(z.string(), deployedService) })
export const SERVICES_FILE = `${HOST_STATE}/services.json`

/** What is known of this machine without asking again. `root`: where a test's host has its files. */
export async function readFacts(root = '/'): Promise<Facts> {
  const release = parseOsRelease((await text(join(root, '/etc/os-release'))) ?? '')
  return {
    hostname: hostname(),
    os: {
      id: release.get('ID') ?? 'linux',
      version: release.get('VERSION_ID') ?? '',
      like: (release.get('ID_LIKE') ?? '').split(' ').filter((word) => word !== ''),
    },
    arch: architecture(),
    addresses: Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .filter((address) => !address.internal)
      .map((address) => address.address),
    services: await readServices(root),
  }
}

/** os-release(5): assignments, possibly in shell quotes. */
export function parseOsRelease(content: string): ReadonlyMap<string, string> {
  const lines = content.matchAll(/^([A-Z0-9_]+)=(?:"((?:\\.|[^"\\])*)"|'([^']*)'|(\S*))\s*$/gm)
  return new Map(
    Array.from(lines, ([, name = '', double, single, bare]) => [
      name,
      double === undefined ? (single ?? bare ?? '') : double.replaceAll(/\\(.)/g, '$1'),
    ]),
  )
}

async function readServices(root: string): Promise<readonly DeployedService[]> {
  const content = await text(join(root, SERVICES_FILE))
  if (content === undefined) return []
  try {
    const { services } = deployedServices.parse(JSON.parse(content))
    return Object.values(services).sort((a, b) => (a.name < b.name ? -1 : 1))
  } catch {
    // Said where it matters, and mended by the next operation: an engine that does not start could do neither.
    return []
  }
}

async function text(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOTDIR')) return undefined
    throw error
  }
}

function architecture(): Facts['arch'] {
  const found = arch()
  if (found === 'x64' || found === 'arm64') return found
  throw new AxleError('AXLE_HOST_UNSUITABLE', `Axle runs on x64 and arm64, and this machine is ${found}`)
}
