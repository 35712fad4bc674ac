import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { diskTree } from './tree.ts'

// Root reads everything.
it.skipIf(process.getuid?.() === 0)('a folder that cannot be read is passed over', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'axle-tree-'))
  try {
    await writeFile(join(folder, 'server.js'), '')
    await mkdir(join(folder, 'data'))
    await chmod(join(folder, 'data'), 0)
    expect((await diskTree(folder)).paths).toEqual(['server.js'])
  } finally {
    await chmod(join(folder, 'data'), 0o700)
    await rm(folder, { recursive: true })
  }
})
