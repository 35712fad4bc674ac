import { createHash } from 'node:crypto'
import { canonicalJson } from '../../protocol/json.ts'
import type { Manifest } from '../../protocol/release.ts'
import type { Resource } from '../../protocol/resource.ts'
import type { ResolvedService } from '../../protocol/service.ts'

/** Everything that a release is made of. Equal identity means: nothing to do. */
export interface ReleaseParts {
  readonly files: Manifest
  readonly service: ResolvedService
  readonly resources: readonly Resource[]
  /** Host-keyed digest of its secrets' values, so that a new value is a new release and the id tells nothing about it. */
  readonly secrets: string
}

export function releaseIdentity(parts: ReleaseParts): string {
  const { project: _, ports: __, ...service }: ResolvedService & { project?: string; ports?: unknown } = parts.service
  return createHash('sha256')
    .update(canonicalJson({ ...parts, service }))
    .digest('hex')
    .slice(0, 12)
}
