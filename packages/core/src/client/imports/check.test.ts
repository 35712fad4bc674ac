import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { collect } from '../files/collect.ts'
import { checkImports } from './check.ts'

let root: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'axle-imports-'))
})
afterEach(() => rm(root, { recursive: true, force: true }))

async function check(files: Record<string, string>, include: string[] = [], entry = 'main.js'): Promise<void> {
  const all = {
    'node_modules/dep/package.json': '{"name":"dep","main":"index.js"}',
    'node_modules/dep/index.js': 'module.exports = 1',
    ...files,
  }
  for (const [path, text] of Object.entries(all)) {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), text)
  }
  const { manifest } = await collect(root, include)
  await checkImports({ service: 'shop', root, manifest, entry })
}

it('names an import that resolves on this machine only, and the file that makes it', async () => {
  await expect(check({ 'main.js': 'import "./lib/x.js"', 'lib/x.js': 'import dep from "dep"' })).rejects.toMatchObject({
    code: 'AXLE_IMPORT_MISSING',
    where: 'lib/x.js',
    message: 'shop: lib/x.js imports "dep", which is not in the release.',
  })
})

it.each<[string, string]>([
  ['one that does not resolve anywhere', 'import "nothing"'],
  ['a plain require', 'require("dep")'],
  ['a dynamic import', 'await import("dep")'],
  ['a file that is not there', 'import "./gone.js"'],
])('refuses %s', async (_, code) => {
  await expect(check({ 'main.js': code })).rejects.toMatchObject({ code: 'AXLE_IMPORT_MISSING' })
})

it.each<[string, string]>([
  ['builtins', 'import fs from "node:fs"; import path from "path"; import { DatabaseSync } from "node:sqlite"'],
  ['a require that may fail', 'let d; try { d = require("dep") } catch { d = undefined }'],
  ['data', 'import x from "./x.json" with { type: "json" }'],
])('is content with %s', async (_, code) => {
  await check({ 'main.js': code, 'x.json': '{}' })
})

it('is content with what a package asks for at run time and nobody has installed', async () => {
  const optional = { 'node_modules/dep/index.js': 'exports.load = () => need(() => require("optional"))' }
  await check({ 'main.js': 'import dep from "dep"', ...optional }, ['node_modules'])
  const here = {
    'node_modules/optional/package.json': '{"name":"optional","main":"i.js"}',
    'node_modules/optional/i.js': '',
  }
  await expect(
    check({ 'main.js': 'import dep from "dep"', ...optional, ...here }, ['node_modules/dep']),
  ).rejects.toMatchObject({ code: 'AXLE_IMPORT_MISSING', where: 'node_modules/dep/index.js' })
})

it('is content once the dependency travels', async () => {
  await check({ 'main.js': 'import dep from "dep"' }, ['node_modules'])
})

it('says what start names when it is not in the release', async () => {
  await expect(check({ 'a.js': '' }, [], 'dist/server.js')).rejects.toMatchObject({
    code: 'AXLE_FILES',
    where: 'dist/server.js',
  })
})
