import type { ContributeEvent, Json, PlacedService, ResolvedGateway, ResourceInput } from '@axle-ia/core'
import { apiList, listedServices } from './api-list.ts'
import { httpFile } from './http-file.ts'
import type { GatewayOptions, ServiceSettings } from './options.ts'
import { CONTENT, HTTP_FILE, ROUTES, routeFile as routePath, sitePaths } from './paths.ts'
import { routeFile } from './route-file.ts'
import { siteFile } from './site-file.ts'
import { STOCK_SITE, stockSite } from './stock-site.ts'

const RELOAD = ['nginx/reload']

type HostEvent = Pick<
  ContributeEvent<GatewayOptions, ServiceSettings>,
  'options' | 'project' | 'facts' | 'gateway' | 'services'
>

/** What projects on a host share: claims on the same input, whatever version of this plugin renders it. */
export function hostResources({ options, project, facts, gateway, services }: HostEvent): readonly ResourceInput[] {
  const site = sitePaths(gateway)
  const inputs: Json = { site: site.name, listen: options.listen }
  const directory = (path: string, needs: readonly string[] = []): ResourceInput => ({
    kind: 'directory',
    id: path,
    scope: 'host',
    phase: 'before',
    spec: { mode: '755' },
    needs: needs.map((one) => `directory:${one}`),
  })
  const file = (
    path: string,
    content: string,
    about: Pick<ResourceInput, 'inputs' | 'needs' | 'notify'>,
  ): ResourceInput => ({
    kind: 'file',
    id: path,
    scope: 'host',
    phase: 'switch',
    spec: { content, mode: '644' },
    ...about,
  })
  const stock: readonly ResourceInput[] =
    gateway.domain === undefined && options.listen === 80
      ? [{ kind: `nginx/${stockSite.name}`, id: STOCK_SITE, scope: 'host', phase: 'switch', spec: {}, notify: RELOAD }]
      : []
  return [
    directory(ROUTES),
    directory(site.routes, [ROUTES]),
    directory(CONTENT),
    directory(site.content, [CONTENT]),
    file(HTTP_FILE, httpFile(), { inputs: {}, notify: RELOAD }),
    // nginx reads it for each request: a change of the list needs no reload.
    file(site.index, apiList(listedServices(project, gateway, facts.services, services)), {
      inputs: {},
      needs: [`directory:${site.content}`],
    }),
    ...stock,
    file(site.available, siteFile(gateway, options, facts), {
      inputs,
      needs: [`file:${HTTP_FILE}`, `directory:${site.routes}`],
      notify: RELOAD,
    }),
    {
      kind: 'link',
      id: site.enabled,
      scope: 'host',
      phase: 'switch',
      spec: { target: site.available },
      inputs,
      needs: [`file:${site.available}`, ...stock.map(({ kind, id }) => `${kind}:${id}`)],
      notify: RELOAD,
    },
  ]
}

export function serviceResources(
  service: PlacedService,
  gateway: ResolvedGateway,
  settings: ServiceSettings,
): readonly ResourceInput[] {
  const { name, route, ports } = service
  if (route === undefined || ports === undefined) return []
  return [
    {
      kind: 'file',
      id: routePath(gateway, name),
      scope: 'service',
      service: name,
      phase: 'switch',
      spec: { content: routeFile(service, route, settings), mode: '644' },
      needs: [`directory:${sitePaths(gateway).routes}`],
      notify: RELOAD,
    },
  ]
}
