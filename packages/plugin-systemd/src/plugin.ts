import { definePlugin } from '@axle-ia/core'
import * as z from 'zod'
import { serviceResources } from './resources.ts'
import { serviceOptions } from './service-options.ts'
import { createSupervisor } from './supervisor.ts'

export type SystemdServiceOptions = z.input<typeof serviceOptions>

declare module '@axle-ia/core' {
  interface ServiceExtensions {
    /** Limits that systemd puts on the service. */
    readonly systemd?: SystemdServiceOptions
  }
}

/** Runs each slot of a service as a systemd unit of its own, as a user of its own, in a sandbox. */
export const systemd = definePlugin({
  name: 'systemd',
  core: '>=0.0.0',
  options: z.strictObject({}),
  service: serviceOptions,
  contribute: ({ services, of }) => ({
    resources: services.flatMap((service) => serviceResources(service, of(service) ?? {})),
  }),
  provides: { supervisor: ({ host }) => createSupervisor(host) },
})
