import semver from 'semver'
import * as z from 'zod'
import { AxleError } from '../../protocol/errors.ts'
import { canonicalJson, json } from '../../protocol/json.ts'
import { HOST_STATE } from '../../protocol/layout.ts'
import { type Resource, resourceKey } from '../../protocol/resource.ts'
import type { Host } from '../host/host.ts'
import { readDocument, writeDocument } from './document.ts'

export const CLAIMS = `${HOST_STATE}/claims.json`
export const claim = z.strictObject({
  inputs: json,
  projects: z.array(z.string()).min(1),
  /** Version of Axle that rendered what stands on the host, and what it rendered. */
  renderer: z.string(),
  spec: json,
})
export const claimsDocument = z.strictObject({ v: z.literal(1), claims: z.record(z.string(), claim) })
export type Claims = z.output<typeof claimsDocument>

export function readClaims(host: Pick<Host, 'read'>): Promise<Claims> {
  return readDocument(host, CLAIMS, claimsDocument, { v: 1, claims: {} })
}

export function writeClaims(host: Host, claims: Claims): Promise<void> {
  return writeDocument(host, CLAIMS, claims)
}

/**
 * Host-scoped resources as they should stand, given what other projects hold: the same inputs are shared, and rendered
 * by the newest; other inputs are an error that names the other project.
 */
export function settle(
  wanted: readonly Resource[],
  claims: Claims,
  project: string,
  renderer: string,
): readonly Resource[] {
  return wanted.map((resource) => {
    const held = claims.claims[resourceKey(resource)]
    const others = held?.projects.filter((name) => name !== project) ?? []
    if (held === undefined || others.length === 0) return resource
    if (canonicalJson(held.inputs) !== canonicalJson(resource.inputs ?? resource.spec)) {
      throw new AxleError(
        'AXLE_CLAIM',
        `${resourceKey(resource)} is wanted otherwise by project ${others.join(', ')}.`,
        {
          where: resource.id,
        },
      )
    }
    return semver.valid(held.renderer) !== null && semver.gt(held.renderer, renderer)
      ? { ...resource, spec: held.spec }
      : resource
  })
}

export function withClaim(claims: Claims, resource: Resource, project: string, renderer: string): Claims {
  const key = resourceKey(resource)
  const held = claims.claims[key]
  const projects = [...new Set([...(held?.projects ?? []), project])].sort()
  // A spec that a newer version rendered was kept (see settle): its version stays with it.
  const newer = held !== undefined && semver.valid(held.renderer) !== null && semver.gt(held.renderer, renderer)
  const by = newer && projects.length > 1 ? held.renderer : renderer
  const entry = { inputs: resource.inputs ?? resource.spec, projects, renderer: by, spec: resource.spec }
  return { v: 1, claims: { ...claims.claims, [key]: entry } }
}

export function isClaimed(claims: Claims, resource: Resource, project: string): boolean {
  return claims.claims[resourceKey(resource)]?.projects.includes(project) ?? false
}

/** Without this project's claim. `orphaned` = nobody holds it any more. */
export function withoutClaim(
  claims: Claims,
  resource: Resource,
  project: string,
): { claims: Claims; orphaned: boolean } {
  const key = resourceKey(resource)
  const held = claims.claims[key]
  if (held === undefined) return { claims, orphaned: true }
  const projects = held.projects.filter((name) => name !== project)
  const { [key]: _, ...rest } = claims.claims
  return projects.length === 0
    ? { claims: { v: 1, claims: rest }, orphaned: true }
    : { claims: { v: 1, claims: { ...rest, [key]: { ...held, projects } } }, orphaned: false }
}
