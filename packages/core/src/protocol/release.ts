import * as z from 'zod'
import { resource } from './resource.ts'
import { resolvedService } from './service.ts'

export const sha256 = z.string().regex(/^[0-9a-f]{64}$/)
export const releaseId = z.string().regex(/^[0-9a-f]{12}$/, 'expected a release: 12 hex digits')

/** Path inside a release: relative, "/" between parts, no part "." or ".." or empty, no control characters. */
export const releasePath = z
  .string()
  .min(1)
  .max(4096)
  .refine(
    (path) =>
      !path.startsWith('/') &&
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
      !/[\u0000-\u001f\u007f]/.test(path) &&
      path.split('/').every((part) => part !== '' && part !== '.' && part !== '..'),
    'expected a relative path inside the release',
  )

/** Only the executable bit of a file's mode is kept: the owner is always root. */
export const fileMode = z.enum(['644', '755'])

export const manifestFile = z.strictObject({ path: releasePath, mode: fileMode, sha256, size: z.int().nonnegative() })
export const manifestLink = z.strictObject({ path: releasePath, link: z.string().min(1).max(4096) })
/** What a release is made of, sorted by path (code units). */
export const manifest = z.array(z.union([manifestFile, manifestLink]))
export type ManifestFile = z.output<typeof manifestFile>
export type ManifestEntry = z.output<typeof manifest>[number]
export type Manifest = readonly ManifestEntry[]

/** `release.json`: all that a rollback replays. */
export const releaseRecord = z.strictObject({
  v: z.literal(1),
  id: releaseId,
  service: resolvedService,
  files: manifest,
  /** Rendered, with slot, port and release left open. */
  resources: z.array(resource),
  /** ISO 8601. */
  createdAt: z.iso.datetime(),
  operation: z.string(),
  axle: z.string(),
})
export type ReleaseRecord = z.output<typeof releaseRecord>
