import { definePlugin } from '@axle-ia/core'
import type * as z from 'zod'
import { createGateway } from './gateway.ts'
import { gatewayOptions, serviceOptions } from './options.ts'
import { reload } from './reload.ts'
import { hostResources, serviceResources } from './resources.ts'
import { stockSite } from './stock-site.ts'

export type NginxOptions = z.input<typeof gatewayOptions>
export type NginxServiceOptions = z.input<typeof serviceOptions>

declare module '@axle-ia/core' {
  interface ServiceExtensions {
    /** How the gateway treats requests to the service. */
    readonly nginx?: NginxServiceOptions
  }
}

/** nginx as the gateway: one domain, a route for each service, and a switch between slots that reloads nothing. */
export const nginx = definePlugin({
  name: 'nginx',
  core: '>=0.0.0',
  options: gatewayOptions,
  service: serviceOptions,
  kinds: [stockSite],
  contribute: ({ options, project, facts, gateway, services, of }) => ({
    resources: [
      ...hostResources({ options, project, facts, gateway, services }),
      ...services.flatMap((service) => serviceResources(service, gateway, of(service) ?? serviceOptions.parse({}))),
    ],
  }),
  handlers: { reload: ({ host, signal }) => reload(host, signal) },
  provides: { gateway: ({ host, options, gateway }) => createGateway(host, options, gateway.domain) },
})
