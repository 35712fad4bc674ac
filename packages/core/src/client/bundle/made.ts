import { createHash } from 'node:crypto'
import type { Bundle } from './bundle.ts'

export function bundleOf(bytes: Uint8Array): Bundle {
  const sha256 = digest(bytes)
  return { hash: sha256.slice(0, 16), sha256, size: bytes.length, read: async () => bytes }
}

export function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
