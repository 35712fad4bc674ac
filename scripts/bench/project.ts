import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { BenchHost } from './bench-host.ts'

/** Where Axle's built packages are: this repository's, or another checkout's. */
export type Packages = string

/** A project on disk that uses the built packages, as if they were installed. */
export async function makeProject(folder: string, packages: Packages, files: Readonly<Record<string, string>>) {
  await mkdir(join(folder, 'node_modules/@axle-ia'), { recursive: true })
  await symlink(join(packages, 'axle'), join(folder, 'node_modules/axle'))
  for (const one of ['core', 'plugin-systemd', 'plugin-nginx'])
    await symlink(join(packages, one), join(folder, 'node_modules/@axle-ia', one))
  for (const [path, text] of Object.entries(files)) await writeFile(join(folder, path), text)
}

export function deployArgv(packages: Packages, host: BenchHost, address = host): [string, ...string[]] {
  const reach = ['--host', `${host.user}@${address.address}:${address.port}`, '--identity', host.identity]
  const bin = resolve(packages, 'axle/dist/bin.js')
  return [process.execPath, bin, 'deploy', '--json', ...reach, '--host-key', host.hostKey]
}
