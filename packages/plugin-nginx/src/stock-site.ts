import { createHash } from 'node:crypto'
import { AxleError, defineKind, type HostReader } from '@axle-ia/core'
import * as z from 'zod'
import { ETC } from './paths.ts'

export const STOCK_SITE = `${ETC}/sites-enabled/default`
const STOCK_FILE = `${ETC}/sites-available/default`
const PACKAGES = ['nginx-common', 'nginx'] as const

type Site = 'stock' | 'changed'

/** The checksum that dpkg recorded for a configuration file of nginx's packages. */
async function recordedSum(host: HostReader): Promise<string | undefined> {
  const { stdout } = await host.query(['dpkg-query', '--show', '--showformat=${Conffiles}\n', ...PACKAGES], {
    accept: 'any',
  })
  for (const line of stdout.split('\n')) {
    const [path, sum] = line.trim().split(/\s+/)
    if (path === STOCK_FILE) return sum
  }
  return undefined
}

async function siteOn(host: HostReader): Promise<Site | undefined> {
  const found = await host.stat(STOCK_SITE)
  if (found === undefined) return undefined
  if (found.type !== 'link' || (found.target !== STOCK_FILE && found.target !== '../sites-available/default'))
    return 'changed'
  const text = await host.read(STOCK_FILE)
  // dpkg keeps MD5 sums: this tells an untouched file from one that somebody edited, and guards nothing.
  const sum = text === undefined ? undefined : createHash('md5').update(text).digest('hex')
  return sum !== undefined && sum === (await recordedSum(host)) ? 'stock' : 'changed'
}

/**
 * Debian's welcome page is port 80's default server. A gateway without a domain is that too, and nginx takes only one.
 * So its link is taken out, as a change that the plan states, and put back when the last such gateway goes. Only as long
 * as the page is exactly what the package brought: a site that somebody wrote is never switched off.
 */
export const stockSite = defineKind({
  name: 'stock-site',
  version: 1,
  absence: true,
  spec: z.strictObject({}),
  observe: async (host, wanted) => {
    const site = await siteOn(host)
    return new Map(site === undefined ? [] : wanted.map(({ id }) => [id, site] as const))
  },
  compare: (_spec, seen) =>
    seen === undefined
      ? { same: "nginx's welcome page is not enabled" }
      : {
          changes: [
            {
              aspect: 'enabled',
              from: seen === 'stock' ? "Debian's untouched welcome page" : 'a site of its own',
              to: 'no',
            },
          ],
        },
  sync: async (host, wanted) => {
    for (const { seen } of wanted) {
      if (seen === 'changed') {
        throw new AxleError(
          'AXLE_NOT_OURS',
          `${STOCK_SITE} is not what Debian's package brought, so it is not switched off.`,
          {
            where: STOCK_SITE,
            hint: "Give the gateway a domain in axle.config.ts, or remove that link by hand: without a domain, the gateway is port 80's default server.",
          },
        )
      }
      await host.remove(STOCK_SITE)
    }
  },
  remove: async (host) => {
    if ((await host.stat(STOCK_SITE)) !== undefined || (await host.stat(STOCK_FILE)) === undefined) return
    await host.link(STOCK_SITE, STOCK_FILE)
  },
})
