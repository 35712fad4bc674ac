import type { Manifest } from '../../protocol/release.ts'
import type { OperationRequest } from '../../protocol/wire.ts'

/** What an operation is to bring about. */
export type Wish =
  | { readonly kind: 'deploy'; readonly manifests: Readonly<Record<string, Manifest>> }
  | { readonly kind: 'rollback'; readonly release: string | undefined }
  /** Of the releases that are live. */
  | { readonly kind: 'restart' | 'stop' | 'start' }

/** Whether it may put another release in place: only then does it touch what services share. */
export function changesReleases(wish: Wish): boolean {
  return wish.kind === 'deploy' || wish.kind === 'rollback'
}

export function wishOf(request: OperationRequest, manifests: Readonly<Record<string, Manifest>>): Wish {
  switch (request.verb) {
    case 'deploy':
      return { kind: 'deploy', manifests }
    case 'rollback':
      return { kind: 'rollback', release: request.release }
    default:
      return { kind: request.verb }
  }
}
