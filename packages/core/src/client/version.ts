import { createRequire } from 'node:module'

/** Version of this package, from its own package.json: by name, because sources and build lie at different depths. */
export function coreVersion(): string {
  const manifest: unknown = createRequire(import.meta.url)('@axle-ia/core/package.json')
  if (typeof manifest === 'object' && manifest !== null && 'version' in manifest) return String(manifest.version)
  return '0.0.0'
}
