import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, it } from 'vitest'
import { bundleEngine } from '../../core/src/client/bundle/bundle.ts'

const packages = resolve(import.meta.dirname, '../..')

it('the engine with the usual plugins is at most 1 MB: that much travels to a host with each new version', async () => {
  const root = await mkdtemp(join(tmpdir(), 'axle-size-'))
  try {
    await mkdir(join(root, 'node_modules/@axle-ia'), { recursive: true })
    await symlink(join(packages, 'axle'), join(root, 'node_modules/axle'))
    await symlink(join(packages, 'core'), join(root, 'node_modules/@axle-ia/core'))
    const file = join(root, 'axle.config.ts')
    await writeFile(
      file,
      `import { defineConfig, defineService } from '@axle-ia/core'
       import { recommended } from 'axle'
       export default defineConfig({ services: [defineService({ name: 'api', start: 'node server.js', port: 8000 })], plugins: [recommended()] })`,
    )
    const { bundle } = await bundleEngine({ file, form: 'config' })
    expect(bundle.size).toBeLessThanOrEqual(1_000_000)
    expect(bundle.size).toBeGreaterThan(100_000)
  } finally {
    await rm(root, { recursive: true, force: true })
  }
})
