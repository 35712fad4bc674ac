import { createHash } from 'node:crypto'

export interface Bundle {
  /** 16 hex digits: the name of its place on the host. */
  readonly hash: string
  readonly sha256: string
  /** Bytes. */
  readonly size: number
  read(): Promise<Uint8Array>
}

export function bundleOf(bytes: Uint8Array): Bundle {
  const sha256 = digest(bytes)
  return { hash: sha256.slice(0, 16), sha256, size: bytes.length, read: async () => bytes }
}

export function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
