import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { PlacedService } from '@axle-ia/core'
import { httpFile } from '../src/http-file.ts'
import { type ServiceSettings, serviceOptions } from '../src/options.ts'
import { HTTP_FILE, routeFile as routePath, sitePaths } from '../src/paths.ts'
import { routeFile } from '../src/route-file.ts'
import { siteFile } from '../src/site-file.ts'
import { facts } from './fixtures.ts'

export const hasNginx = spawnSync('nginx', ['-v']).status === 0

const ROOTS = ['/etc/nginx/', '/var/lib/axle', '/var/log/nginx', '/opt/'] as const

export interface PrivateNginx {
  readonly port: number
  /** Where a path of the host is in this test. */
  at(path: string): string
  stop(): Promise<void>
}

/** A real nginx with the rendered files, whose paths lie below a folder of its own. For tests. */
export async function startNginx(
  port: number,
  services: readonly (readonly [service: PlacedService, settings: Partial<ServiceSettings>])[],
  extra = '',
): Promise<PrivateNginx> {
  const root = await mkdtemp(join(tmpdir(), 'axle-nginx-'))
  const at = (path: string): string => join(root, path)
  const moved = (text: string): string =>
    ROOTS.reduce((result, prefix) => result.replaceAll(prefix, `${root}${prefix}`), text)
  const site = sitePaths({})
  const put = async (path: string, text: string): Promise<void> => {
    await mkdir(dirname(at(path)), { recursive: true })
    await writeFile(at(path), text)
  }
  await put(HTTP_FILE, moved(httpFile()))
  await put(site.available, moved(siteFile({}, { listen: port }, facts)))
  await put(site.index, '{"status":"ok","apis":[]}\n')
  for (const [service, settings] of services) {
    if (service.route === undefined) continue
    await put(routePath({}, service.name), moved(routeFile(service, service.route, serviceOptions.parse(settings))))
    for (const slot of ['a', 'b']) {
      const release = (slot === 'a' ? 'a' : 'b').repeat(12)
      await mkdir(at(`/opt/${service.name}/releases/${release}`), { recursive: true })
      await mkdir(at(`/opt/${service.name}/slots`), { recursive: true })
      await symlink(`../releases/${release}`, at(`/opt/${service.name}/slots/${slot}`))
    }
  }
  await mkdir(at('/var/lib/axle/switch'), { recursive: true })
  await mkdir(at('/var/log/nginx'), { recursive: true })
  const file = at('/nginx.conf')
  await writeFile(
    file,
    `daemon off; user root; worker_processes 2; pid ${at('/nginx.pid')}; error_log ${at('/error.log')};
events { worker_connections 1024; }
http { ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${at(`/${name}`)};`).join(' ')}
include ${at(HTTP_FILE)}; include ${at(site.available)}; ${extra} }\n`,
  )
  const child = spawn('nginx', ['-p', root, '-e', at('/error.log'), '-c', file], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString()
  })
  await listening(port, child, () => said)
  return {
    port,
    at,
    stop: async () => {
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGTERM')
      await ended
      await rm(root, { recursive: true, force: true })
    },
  }
}

async function listening(port: number, child: ChildProcess, said: () => string): Promise<void> {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`nginx ended: ${said()}`)
    const up = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => resolve(true)).once('error', () => resolve(false))
      socket.once('connect', () => socket.destroy())
    })
    if (up) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
