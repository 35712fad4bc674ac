import { execFileSync, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { AxleError } from '../../protocol/errors.ts'
import { hashFile } from '../files/hash.ts'
import { boot } from './boot.ts'
import { bootCommand } from './command.ts'
import { bootScript } from './script.ts'

let root: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'axle-boot-'))
  await mkdir(join(root, 'run/systemd/system'), { recursive: true })
  await mkdir(join(root, 'etc'))
  await writeFile(join(root, 'etc/debian_version'), '12')
  // A "Node" that shows how it was called, and repeats what it is told.
  await mkdir(join(root, 'archive/package/bin'), { recursive: true })
  await writeFile(join(root, 'archive/package/bin/node'), '#!/bin/sh\necho "$3 $HOME"\nexec cat\n', { mode: 0o755 })
  execFileSync('tar', ['-czf', join(root, 'node.tgz'), '-C', join(root, 'archive'), 'package'])
})
afterEach(() => rm(root, { recursive: true, force: true }))

const bytes = Buffer.from('the engine\n'.repeat(20_000))
const sha256 = createHash('sha256').update(bytes).digest('hex')
const engine = sha256.slice(0, 16)
const place = () => join(root, 'opt/axle/projects/shop')

async function run(given: { sha256?: string; bytes?: Buffer; noise?: string } = {}) {
  const script = bootScript(root)
  const child = spawn('dash', ['-c', `${given.noise ?? ''}${script}`, 'axle-boot', engine, 'shop', 'ask', '24.1.0'])
  const exited = once(child, 'exit')
  const sent: string[] = []
  try {
    const output = await boot(
      { input: child.stdin, output: child.stdout, ended: async () => new AxleError('AXLE_WIRE', 'ended') },
      {
        bundle: {
          hash: engine,
          size: bytes.length,
          sha256: given.sha256 ?? sha256,
          read: async () => given.bytes ?? bytes,
        },
        nodes: ['24.1.0'],
        archive: async () => ({ file: join(root, 'node.tgz'), ...(await hashFile(join(root, 'node.tgz'))) }),
        onProgress: ({ what }) => sent.push(what),
      },
    )
    child.stdin.end('frames follow\n')
    let text = ''
    for await (const chunk of output) text += Buffer.from(chunk).toString('utf8')
    return { text, sent: [...new Set(sent)] }
  } finally {
    // What it has to clear away it clears away before it ends.
    child.stdin.end()
    await exited
  }
}

it('brings what lacks, once, and becomes the engine', async () => {
  const first = await run()
  expect(first.sent).toEqual(['node', 'engine'])
  expect(first.text).toBe('serve /root\nframes follow\n')
  expect(await readFile(join(place(), `engine-${engine}.cjs`))).toEqual(bytes)
  expect(await readdir(place())).toEqual([`engine-${engine}.cjs`])
  expect(await readdir(join(root, 'opt/axle/node'))).toEqual(['24.1.0'])
  expect((await run()).sent).toEqual([])
})

it('is not disturbed by what a login shell prints', async () => {
  expect((await run({ noise: 'echo Welcome; ' })).text).toContain('frames follow')
})

it('keeps nothing of what arrived damaged', async () => {
  const damaged = Buffer.alloc(bytes.length, 'x')
  await expect(run({ bytes: damaged })).rejects.toMatchObject({ code: 'AXLE_WIRE' })
  expect(await readdir(place())).toEqual([])
})

it('takes no engine by the name of another', async () => {
  await expect(run({ sha256: '0'.repeat(64) })).rejects.toMatchObject({ code: 'AXLE_WIRE' })
  await expect(readdir(place())).rejects.toMatchObject({ code: 'ENOENT' })
})

it('says when the host does not suit', async () => {
  await rm(join(root, 'run'), { recursive: true })
  await expect(run()).rejects.toMatchObject({ code: 'AXLE_HOST_UNSUITABLE' })
})

it.each([
  ['Fedora', 'fedora', '40', false],
  ['Debian GNU/Linux 11 (bullseye)', 'debian', '11', true],
  ['Ubuntu 20.04.6 LTS', 'ubuntu', '20.04', true],
])('refuses %s, and says what it needs', async (name, id, version, isFamily) => {
  if (!isFamily) await rm(join(root, 'etc/debian_version'))
  await writeFile(join(root, 'etc/os-release'), `PRETTY_NAME="${name}"\nID=${id}\nVERSION_ID="${version}"\n`)
  await expect(run()).rejects.toMatchObject({
    code: 'AXLE_HOST_UNSUITABLE',
    message: expect.stringMatching(`it runs .*${name.replaceAll(/[()]/g, '.')}.* needs Debian 12`),
  })
})

it.each([
  ['debian', 'VERSION_ID="13"'],
  ['debian', ''],
  ['ubuntu', 'VERSION_ID="22.04"'],
  ['linuxmint', 'VERSION_ID="21"'],
])('takes %s %s', async (id, version) => {
  await writeFile(join(root, 'etc/os-release'), `ID=${id}\n${version}\n`)
  expect((await run()).text).toContain('frames follow')
})

it('does not wait for a host that waits for what cannot be read here', async () => {
  const child = spawn('dash', ['-c', bootScript(root), 'axle-boot', engine, 'shop', 'ask', '24.1.0'])
  try {
    await expect(
      boot(
        { input: child.stdin, output: child.stdout, ended: async () => new AxleError('AXLE_WIRE', 'ended') },
        {
          bundle: { hash: engine, size: bytes.length, sha256, read: async () => bytes },
          nodes: ['24.1.0'],
          archive: async () => ({ file: join(root, 'removed.tgz'), size: 1, sha256 }),
        },
      ),
    ).rejects.toMatchObject({ code: 'AXLE_FILES', message: expect.stringContaining('ENOENT') })
  } finally {
    child.stdin.end()
    await once(child, 'exit')
  }
})

it('is one command line of fixed text and names', () => {
  expect(bootScript()).not.toMatch(/['\\]/)
  expect(() => bootCommand({ engine: 'abc', project: "x'; reboot", nodes: [] })).toThrow()
})
