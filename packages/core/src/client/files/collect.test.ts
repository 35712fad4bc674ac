import { execFileSync } from 'node:child_process'
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { collect } from './collect.ts'

let root: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'axle-collect-'))
  await mkdir(join(root, '.git'))
})
afterEach(() => rm(root, { recursive: true, force: true }))

async function tree(files: Record<string, string>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), text)
  }
}
const paths = async (folder = root, include: string[] = []) =>
  (await collect(folder, include)).manifest.map(({ path }) => path)

it('takes what git does not ignore, what include names, and nothing that .axleignore excludes', async () => {
  await tree({
    '.gitignore': 'dist\n*.log\n',
    '.axleignore': 'docs\n*.map\n.axleignore\n.gitignore\n',
    'a.js': '',
    'b.log': '',
    'docs/x.md': '',
    'dist/server.js': '1',
    'dist/server.js.map': '',
    'dist/deep/c.log': '',
    'node_modules/x/index.js': '',
    'src/.gitignore': '!keep.log\nsecret\n',
    'src/keep.log': '',
    'src/secret': '',
  })
  expect(await paths()).toEqual(['a.js', 'src/keep.log'])
  expect(await paths(root, ['dist'])).toEqual(['a.js', 'dist/deep/c.log', 'dist/server.js', 'src/keep.log'])
  expect(await paths(root, ['./dist/*.js', 'node_modules/x/'])).toEqual([
    'a.js',
    'dist/server.js',
    'node_modules/x/index.js',
    'src/keep.log',
  ])
})

it('knows the rules of the folders above, up to the top of the repository', async () => {
  await tree({ '.gitignore': 'dist\n', 'packages/app/main.js': '', 'packages/app/dist/x.js': '' })
  expect(await paths(join(root, 'packages/app'))).toEqual(['main.js'])
})

it('keeps the executable bit, and finds contents by hash', async () => {
  await tree({ run: 'x', plain: 'x' })
  await chmod(join(root, 'run'), 0o700)
  const { manifest, contents } = await collect(root)
  expect(manifest).toMatchObject([
    { path: 'plain', mode: '644', size: 1 },
    { path: 'run', mode: '755' },
  ])
  expect(contents.size).toBe(1)
})

it('keeps links within, and refuses those that lead out', async () => {
  await tree({ 'a/x': '1' })
  await symlink('a/x', join(root, 'link'))
  expect((await collect(root)).manifest).toContainEqual({ path: 'link', link: 'a/x' })
  await symlink('../../etc/passwd', join(root, 'a/out'))
  await expect(collect(root)).rejects.toMatchObject({ code: 'AXLE_FILES', where: 'a/out' })
  await rm(join(root, 'a/out'))
  await symlink(join(root, 'a/x'), join(root, 'absolute'))
  await expect(collect(root)).rejects.toMatchObject({ code: 'AXLE_FILES', where: 'absolute' })
})

it('refuses pipes, odd names, and an empty source', async () => {
  await expect(collect(root)).rejects.toMatchObject({ code: 'AXLE_FILES' })
  await expect(collect(join(root, 'nowhere'))).rejects.toMatchObject({ code: 'AXLE_FILES' })
  execFileSync('mkfifo', [join(root, 'pipe')])
  await expect(collect(root)).rejects.toMatchObject({ code: 'AXLE_FILES', where: 'pipe' })
  await rm(join(root, 'pipe'))
  await tree({ 'a\nb': '' })
  await expect(collect(root)).rejects.toMatchObject({ code: 'AXLE_FILES' })
})

it('leaves out what build tools keep in node_modules, whatever include says', async () => {
  await tree({
    'a.js': '',
    '.cache/own': '',
    'node_modules/.cache/babel/x': '',
    'node_modules/.vite/y': '',
    'node_modules/x/node_modules/.cache/z': '',
    'node_modules/x/index.js': '',
  })
  expect(await paths(root, ['node_modules'])).toEqual(['.cache/own', 'a.js', 'node_modules/x/index.js'])
})
