import { placeIn, type Source } from './sources.ts'

export interface FoundHealth {
  readonly path: string
  readonly place: string
  /** The route belongs to a router, which may be mounted under a prefix that the text does not show. */
  readonly prefixed: boolean
}

/** Best first: what says "ready" most plainly. */
const PATHS = [
  '/healthz',
  '/health',
  '/api/health',
  '/api/healthz',
  '/readyz',
  '/ready',
  '/health/ready',
  '/health/live',
  '/livez',
  '/live',
  '/healthcheck',
  '/health-check',
  '/api/healthcheck',
  '/_health',
  '/up',
  '/ping',
] as const

/** What asks somebody else, or itself in a check. */
const ASKS = /\bfetch\(|\baxios\b|\bexpect\(|\brequest\(|\bgot\(|\bhref=|HEALTHCHECK/

/** A file that is a route, in frameworks that take routes from file names. */
const ROUTE_FILES: readonly RegExp[] = [
  /^(?:src\/)?app\/(.+)\/route\.[jt]s$/,
  /^(?:src\/)?pages\/(.+?)(?:\.get)?\.[jt]s$/,
  /^(?:server|src)\/routes\/(.+?)(?:\.get)?\.[jt]s$/,
  /^routes\/(.+?)(?:\.get)?\.[jt]s$/,
  /^server\/(api\/.+?)(?:\.get)?\.[jt]s$/,
  /^src\/routes\/(.+)\/\+server\.[jt]s$/,
  /^app\/routes\/(.+?)\.tsx?$/,
]

export function findHealth(sources: readonly Source[], filesAreRoutes: boolean): FoundHealth | undefined {
  const candidates = sources.flatMap((source) => [
    ...(filesAreRoutes ? routeOfFile(source) : []),
    ...routesOfNest(source, sources),
    ...routesInText(source),
  ])
  return PATHS.map((path) => candidates.find((one) => one.path.replace(/^\/v\d+(?=\/)/, '') === path)).find(
    (one) => one !== undefined,
  )
}

function routeOfFile({ path }: Source): readonly FoundHealth[] {
  return ROUTE_FILES.flatMap((pattern) => {
    const name = pattern.exec(path)?.[1]
    // Groups such as (public) are no part of the path; Remix writes "." for "/".
    const route = name?.replaceAll(/\([^)]*\)\/?/g, '').replaceAll('.', '/')
    return route === undefined ? [] : [{ path: `/${route}`, place: path, prefixed: false }]
  })
}

function routesOfNest(source: Source, all: readonly Source[]): readonly FoundHealth[] {
  return [...source.text.matchAll(/@Controller\(\s*['"]\/?([\w/-]+)['"]/g)].map((match) => {
    const prefix = all
      .map(({ text }) => /setGlobalPrefix\(\s*['"]\/?([\w/-]+)['"]/.exec(text)?.[1])
      .find((one) => one !== undefined)
    return {
      path: `/${prefix === undefined ? '' : `${prefix}/`}${match[1]}`,
      place: placeIn(source, match.index),
      prefixed: false,
    }
  })
}

function routesInText(source: Source): readonly FoundHealth[] {
  return [...source.text.matchAll(/(['"`])(\/[\w/-]+)\1/g)].flatMap((match) => {
    const start = source.text.lastIndexOf('\n', match.index) + 1
    const before = source.text.slice(start, match.index)
    if (ASKS.test(before)) return []
    return [
      {
        path: match[2] ?? '',
        place: placeIn(source, match.index),
        prefixed: /\b\w*[rR]outer?s?\.\w+\(\s*$/.test(before),
      },
    ]
  })
}
