import { setTimeout as sleep } from 'node:timers/promises'
import { AxleError, type Host } from '@axle-ia/core'

const PID_FILE = '/run/nginx.pid'
const NEW_WORKERS_MS = 10_000
const POLL_MS = 20

/** The first place that nginx's own words name. */
export function placeOf(output: string): string | undefined {
  return / in (\/\S+:\d+)/.exec(output)?.[1]
}

async function workers(host: Host): Promise<readonly string[] | undefined> {
  const pid = (await host.read(PID_FILE))?.trim()
  if (pid === undefined || !/^\d+$/.test(pid)) return undefined
  const children = await host.read(`/proc/${pid}/task/${pid}/children`)
  return children?.trim().split(/\s+/)
}

/**
 * A worker that has its order to stop takes that as its title, and closes its sockets at once. Until then it goes on
 * accepting, and answers by the old configuration.
 */
async function accepts(host: Host, pid: string): Promise<boolean> {
  const title = await host.read(`/proc/${pid}/cmdline`).catch(() => undefined)
  return title !== undefined && title !== '' && !title.includes('shutting down')
}

async function test(host: Host, signal: AbortSignal): Promise<void> {
  const { exitCode, stderr } = await host.run(['nginx', '-t', '-q'], { accept: 'any', signal })
  if (exitCode === 0) return
  const where = placeOf(stderr)
  throw new AxleError(
    'AXLE_COMMAND',
    `nginx refuses its configuration${where === undefined ? '' : ` (${where})`}: it goes on with the one before.`,
    {
      output: stderr.trim(),
      ...(where === undefined ? {} : { where }),
      hint: "Mend the file that nginx names. If it is another site's: nginx would not start again with it either.",
    },
  )
}

/**
 * Reloads nginx once its configuration is known to be good, and starts it where it does not run. `systemctl reload` only
 * sends a signal: it has happened when there are new workers, and the old ones accept nothing any more.
 */
export async function reload(host: Host, signal: AbortSignal): Promise<void> {
  await test(host, signal)
  const { stdout } = await host.query(['systemctl', 'is-active', 'nginx.service'], { accept: 'any', signal })
  if (stdout.trim() !== 'active') {
    await host.run(['systemctl', 'start', 'nginx.service'], { signal })
    return
  }
  const before = await workers(host)
  await host.run(['systemctl', 'reload', 'nginx.service'], { signal })
  if (before === undefined) return
  const old = new Set(before)
  const end = performance.now() + NEW_WORKERS_MS
  while (performance.now() < end) {
    const now = await workers(host)
    if (now === undefined) return
    const accepting = await Promise.all(before.map((pid) => accepts(host, pid)))
    if (now.some((pid) => !old.has(pid)) && !accepting.includes(true)) return
    await sleep(POLL_MS, undefined, { signal })
  }
  throw new AxleError(
    'AXLE_COMMAND',
    'nginx did not take its new configuration: its workers were not replaced within 10 s.',
    {
      where: '/var/log/nginx/error.log',
      hint: 'The last lines of that file say why, such as an address that another program listens on.',
    },
  )
}
