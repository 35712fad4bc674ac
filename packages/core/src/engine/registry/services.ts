import * as z from 'zod'
import { AxleError } from '../../protocol/errors.ts'
import { HOST_STATE } from '../../protocol/layout.ts'
import type { PlacedService, ResolvedConfig, ResolvedService } from '../../protocol/service.ts'
import { SERVICES_FILE, deployedServices as servicesSchema } from '../host/facts.ts'
import type { DeployedService, Host } from '../host/host.ts'
import { readDocument, writeDocument } from './document.ts'

const ports = z.strictObject({ a: z.int(), b: z.int() })
export const placeEntry = z.strictObject({
  project: z.string(),
  ports: ports.optional(),
  route: z.string().optional(),
  domain: z.string().optional(),
})
export const portsDocument = z.strictObject({ v: z.literal(1), services: z.record(z.string(), placeEntry) })
export type PortsDocument = z.output<typeof portsDocument>

export const PORTS = `${HOST_STATE}/ports.json`
/** Slot b's ports: below the kernel's own ephemeral range (ip_local_port_range begins at 32768). */
const FIRST = 20_000
const LAST = 29_999

export function portOf(taken: ReadonlySet<number>, name: string): number {
  // From the name, so that a rebuilt registry finds the same ports again wherever it can.
  const span = LAST - FIRST + 1
  const seed = [...name].reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) % span, 7)
  for (let step = 0; step < span; step++) {
    const candidate = FIRST + ((seed + step) % span)
    if (!taken.has(candidate)) return candidate
  }
  throw new AxleError('AXLE_HOST_UNSUITABLE', `All ports from ${FIRST} to ${LAST} are taken by services.`)
}

function refuse(service: ResolvedService, what: string, other: string, project: string): AxleError {
  return new AxleError(
    'AXLE_CLAIM',
    `Service ${service.name} wants ${what}, which ${other} of project ${project} has on this host.`,
  )
}

/** Gives each service its ports. Pure: what is taken stays as it is, and a conflict names the other. */
export function place(
  config: ResolvedConfig,
  document: PortsDocument,
): { placed: readonly PlacedService[]; document: PortsDocument } {
  const services = { ...document.services }
  const own = new Set(config.services.map((service) => service.name))
  const foreign = Object.entries(services).filter(([name, entry]) => entry.project !== config.project || !own.has(name))
  const placed = config.services.map((service): PlacedService => {
    const held = services[service.name]
    if (held !== undefined && held.project !== config.project)
      throw refuse(service, 'its name', service.name, held.project)
    const second = Object.entries(document.services).find(
      ([name, entry]) => name !== service.name && entry.ports?.b === service.port && entry.project === config.project,
    )
    if (service.port !== undefined && second !== undefined) {
      const place = `services.${service.name}.port`
      throw new AxleError(
        'AXLE_CONFIG_INVALID',
        `${place}: ${service.port} is the port of slot b of ${second[0]} on this host: choose another port.`,
        { where: place, hint: `Ports from ${FIRST} to ${LAST} are given to slots b: choose one outside of these.` },
      )
    }
    for (const [name, entry] of foreign) {
      if (entry.project === config.project) continue
      if (service.route !== undefined && entry.route === service.route && entry.domain === config.gateway.domain) {
        throw refuse(service, `the route ${service.route}`, name, entry.project)
      }
      if (service.port !== undefined && (entry.ports?.a === service.port || entry.ports?.b === service.port)) {
        throw refuse(service, `port ${service.port}`, name, entry.project)
      }
    }
    if (service.port === undefined) {
      services[service.name] = { project: config.project }
      return { ...service, project: config.project }
    }
    const others = Object.entries(services).filter(([name]) => name !== service.name)
    const taken = new Set([
      ...others.flatMap(([, entry]) => (entry.ports === undefined ? [] : [entry.ports.a, entry.ports.b])),
      ...config.services.flatMap((one) => one.port ?? []),
    ])
    const b = held?.ports !== undefined && !taken.has(held.ports.b) ? held.ports.b : portOf(taken, service.name)
    const given = { a: service.port, b }
    services[service.name] = {
      project: config.project,
      ports: given,
      ...(service.route === undefined ? {} : { route: service.route }),
      ...(config.gateway.domain === undefined ? {} : { domain: config.gateway.domain }),
    }
    return { ...service, project: config.project, ports: given }
  })
  return { placed, document: { v: 1, services } }
}

export async function placeServices(
  host: Host,
  config: ResolvedConfig,
  write: boolean,
): Promise<readonly PlacedService[]> {
  const before = await readDocument(host, PORTS, portsDocument, { v: 1, services: {} })
  const { placed, document } = place(config, before)
  if (write && JSON.stringify(document) !== JSON.stringify(before)) await writeDocument(host, PORTS, document)
  return placed
}

/** Gives back names, routes and ports that a project's services were given and that nothing of it uses. */
export async function releasePlaces(host: Host, project: string, deployed: ReadonlySet<string>): Promise<void> {
  const before = await readDocument(host, PORTS, portsDocument, { v: 1, services: {} })
  const kept = Object.entries(before.services).filter(
    ([name, entry]) => entry.project !== project || deployed.has(name),
  )
  if (kept.length < Object.keys(before.services).length) {
    await writeDocument(host, PORTS, { v: 1, services: Object.fromEntries(kept) })
  }
}

export async function deployedServices(host: Pick<Host, 'read'>): Promise<readonly DeployedService[]> {
  const document = await readDocument(host, SERVICES_FILE, servicesSchema, { v: 1, services: {} })
  return Object.values(document.services)
}

/** Says that a service serves on this host: what `/` of the gateway lists. */
export async function registerService(host: Host, service: PlacedService, domain: string | undefined): Promise<void> {
  const document = await readDocument(host, SERVICES_FILE, servicesSchema, { v: 1, services: {} })
  const entry = { name: service.name, project: service.project, domain, route: service.route, ports: service.ports }
  const next = { v: 1, services: { ...document.services, [service.name]: entry } }
  if (JSON.stringify(next) !== JSON.stringify(document)) await writeDocument(host, SERVICES_FILE, next)
}
