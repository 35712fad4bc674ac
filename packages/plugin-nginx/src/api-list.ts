import { canonicalJson, type DeployedService, type PlacedService, type ResolvedGateway } from '@axle-ia/core'

export interface ListedService {
  readonly name: string
  readonly route: string
}

/**
 * What "/" of a domain answers: the services of all projects that have a route there. Of the own project the config
 * counts, not what is deployed: a service that left it is going.
 */
export function listedServices(
  project: string,
  gateway: ResolvedGateway,
  deployed: readonly DeployedService[],
  services: readonly PlacedService[],
): readonly ListedService[] {
  const others = deployed.filter((one) => one.project !== project && one.domain === gateway.domain)
  return [...others, ...services]
    .flatMap(({ name, route }) => (route === undefined ? [] : [{ name, route }]))
    .sort((one, other) => (one.route < other.route ? -1 : one.route > other.route ? 1 : 0))
}

export function apiList(services: readonly ListedService[]): string {
  return `${canonicalJson({ status: 'ok', apis: services.map(({ name, route }) => ({ name, route })) })}\n`
}
