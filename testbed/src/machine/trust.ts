import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'

/** What this machine needs to reach the internet, and a host on it needs as well. */
export interface Trust {
  readonly authorities: readonly { readonly name: string; readonly pem: string }[]
  readonly aptOptions: readonly string[]
}

const authoritiesFolder = '/usr/local/share/ca-certificates'
const proxyKeys = ['Acquire::http::Proxy', 'Acquire::https::Proxy']

export async function machineTrust(): Promise<Trust> {
  return { authorities: localAuthorities(), aptOptions: await aptProxies() }
}

function localAuthorities(): Trust['authorities'] {
  let names: string[]
  try {
    names = readdirSync(authoritiesFolder)
  } catch {
    return []
  }
  return names
    .filter((name) => name.endsWith('.crt'))
    .sort()
    .map((name) => ({ name, pem: readFileSync(join(authoritiesFolder, name), 'utf8') }))
}

async function aptProxies(): Promise<string[]> {
  const { stdout } = await execa('apt-config', ['dump', '--format', '%f "%v";%n', ...proxyKeys])
  return stdout.split('\n').filter((line) => line !== '' && !line.endsWith('"";'))
}

/** Node and pip bring their own list of authorities and must be told of the system's. */
export const bundleEnvironment: Readonly<Record<string, string>> = {
  NODE_EXTRA_CA_CERTS: '/etc/ssl/certs/ca-certificates.crt',
  PIP_CERT: '/etc/ssl/certs/ca-certificates.crt',
}
