import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'

const packages = fileURLToPath(new URL('../../../', import.meta.url))

export const PUBLISHED = ['core', 'plugin-systemd', 'plugin-nginx', 'axle'] as const
export type Published = (typeof PUBLISHED)[number]

/** Packs as a release does (pnpm rewrites workspace: and exports), into `destination`. */
export async function pack(destination: string): Promise<Readonly<Record<Published, string>>> {
  for (const name of PUBLISHED) {
    await execa('pnpm', ['pack', '--pack-destination', destination], { cwd: join(packages, name) })
  }
  const files = await readdir(destination)
  const tarball = (start: RegExp) => {
    const file = files.find((one) => start.test(one))
    if (file === undefined) throw new Error(`no tarball ${start} in ${files.join(', ')}`)
    return join(destination, file)
  }
  return {
    core: tarball(/^axle-ia-core-/),
    'plugin-systemd': tarball(/^axle-ia-plugin-systemd-/),
    'plugin-nginx': tarball(/^axle-ia-plugin-nginx-/),
    axle: tarball(/^axle-\d/),
  }
}
