import { layout, type ResolvedGateway } from '@axle-ia/core'

/** Name of the gateway without a domain: a domain has a dot, so the two never meet. */
const DEFAULT_SITE = 'axle-default'

export const ETC = '/etc/nginx'
export const HTTP_FILE = `${ETC}/conf.d/axle.conf`
export const ROUTES = `${ETC}/axle`
export const CONTENT = `${layout.STATE}/gateway`

export interface SitePaths {
  readonly name: string
  readonly available: string
  readonly enabled: string
  /** One file a service, included by the site. */
  readonly routes: string
  /** What the gateway itself serves: the list of APIs. */
  readonly content: string
  readonly index: string
  readonly accessLog: string
}

export function sitePaths(gateway: ResolvedGateway): SitePaths {
  const name = gateway.domain ?? DEFAULT_SITE
  return {
    name,
    available: `${ETC}/sites-available/${name}`,
    enabled: `${ETC}/sites-enabled/${name}`,
    routes: `${ROUTES}/${name}`,
    content: `${CONTENT}/${name}`,
    index: `${CONTENT}/${name}/index.json`,
    accessLog: `/var/log/nginx/axle-${name}.access.log`,
  }
}

export const routeFile = (gateway: ResolvedGateway, service: string): string =>
  `${sitePaths(gateway).routes}/${service}.conf`
