import { createHash } from 'node:crypto'
import { copyFile, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { useHost } from '@axle-ia/testbed/vitest'
import { execa } from 'execa'
import { expect, test } from 'vitest'
import { bootCommand } from '../../src/client/boot/command.ts'
import { prepare } from '../../src/client/index.ts'
import { nodeArchive } from '../../src/client/node/archive.ts'
import { PROTOCOL } from '../../src/protocol/wire.ts'
import { bytes, message, mutate, type Raw } from './mutate.ts'
import { fuzz, type Random } from './random.ts'

const host = useHost()
const core = fileURLToPath(new URL('../..', import.meta.url))
const content = (text: string) => {
  const sha256 = createHash('sha256').update(text).digest('hex')
  return {
    sha256,
    size: text.length,
    frames: [message({ t: 'blob', sha256, size: text.length }), bytes(Buffer.from(text))],
  }
}
const one = content('console.log(1)\n')
const two = content('x'.repeat(3_000))

let hello: Readonly<Record<string, unknown>>
let command: string
host.beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'axle-fuzzed-'))
  await mkdir(join(folder, 'node_modules/@axle-ia'), { recursive: true })
  await symlink(core, join(folder, 'node_modules/@axle-ia/core'))
  await copyFile(join(core, 'test/fuzz/project/axle.config.ts'), join(folder, 'axle.config.ts'))
  await writeFile(join(folder, 'package.json'), '{ "name": "fuzzed", "type": "module" }')
  const { bundle, nodes, resolved } = await prepare({ cwd: folder, files: false, build: false })
  hello = {
    t: 'hello',
    protocol: PROTOCOL,
    project: 'fuzzed',
    actor: { user: 'u', host: 'h' },
    request: { verb: 'deploy', now: false },
    config: resolved.config,
    manifests: {
      api: [
        { path: 'a/server.js', mode: '644', sha256: one.sha256, size: one.size },
        { path: 'b', mode: '644', sha256: two.sha256, size: two.size },
      ],
    },
  }
  command = bootCommand({ engine: bundle.hash, project: 'fuzzed', verb: 'operate', nodes })
  const parts: Buffer[] = []
  for (const version of nodes) {
    const { file, size, sha256 } = await nodeArchive(version, 'x64', { cwd: folder })
    parts.push(Buffer.from(`node ${version} ${size} ${sha256}\n`), await readFile(file))
  }
  parts.push(Buffer.from(`engine ${bundle.hash} ${bundle.size} ${bundle.sha256}\n`), Buffer.from(await bundle.read()))
  await rm(folder, { recursive: true })
  await converse(Buffer.concat([...parts, Buffer.from('go\n')]))
}, 300_000)

/** The boot command over ssh, with these bytes as all that the viewer says. */
async function converse(said: Buffer): Promise<{ exitCode: number; answer: string }> {
  const { user, address, port, identity, knownHosts } = host
  const words = ['-p', String(port), '-i', identity, '-o', 'BatchMode=yes', '-o', `UserKnownHostsFile=${knownHosts}`]
  const { exitCode, stdout } = await execa('ssh', [...words, `${user}@${address}`, command], {
    input: said,
    reject: false,
    encoding: 'buffer',
  })
  return { exitCode: exitCode ?? -1, answer: Buffer.from(stdout).toString('latin1') }
}

/** What must not change: /etc, /opt without Axle's own, units, users. And what must not stay. */
async function look(): Promise<{ outside: string; left: string }> {
  const hashed =
    'find /etc /opt /usr/local /root /home -path /opt/axle -prune -o -type f -print0 | sort -z | xargs -0 sha256sum | sha256sum'
  const { stdout: outside } = await host.exec(['sh', '-c', `${hashed}; find /opt -maxdepth 1 | sort`])
  const names =
    'find /var/lib/axle/store/receiving /opt/axle -name receiving -o -path "*/receiving/*" -o -name ".incoming-*"'
  const { stdout } = await host.exec(['sh', '-c', `${names}; pgrep -af "engine-.* serve" || true`])
  const left = stdout
    .split('\n')
    .filter((line) => line !== '' && !line.endsWith('/receiving') && !line.includes('pgrep'))
  return { outside, left: left.join('\n') }
}

const conversation = (): readonly Raw[] => [message(hello), ...one.frames, ...two.frames, message({ t: 'sent' })]

async function refused(said: Buffer): Promise<void> {
  const { exitCode, answer } = await converse(said)
  expect([1, 2, 3, 4, 130], answer).toContain(exitCode)
  expect(answer).toMatch(/"t":"error"|AXLE1-ERROR|^AXLE1 \S+( \S+)*\n$/)
  expect(answer).not.toContain('AXLE_INTERNAL')
}

test('mutated conversations with the real engine: an error, an exit code, nothing left, nothing touched', async () => {
  const before = await look()
  const go = Buffer.from('go\n')
  await fuzz('a deploy, real engine', 25, async (random: Random) => {
    const said = Buffer.concat(mutate(conversation().slice(0, -1), random))
    await refused(Buffer.concat([go, said]))
  })
  expect(await look()).toEqual(before)
}, 600_000)

test('mutated boots: refused in words, and nothing of what came is kept', async () => {
  const before = await look()
  const sum = createHash('sha256').update('x').digest('hex')
  const boots = [
    'rubbish\n',
    `engine ../../x 1 ${sum}\nx`,
    `engine abc 5 ${sum}\nx`,
    `engine abc -1 ${sum}\nx`,
    `engine abc 99999999999999999999 ${sum}\nx`,
    `engine abc 1 ${'0'.repeat(64)}\nx`,
    `node ../../../etc 1 ${sum}\nx`,
    `node 1.2.3 1 ${sum}\nx`,
    `${'x'.repeat(100_000)}\n`,
    'engine',
    '\0\0\0\n',
  ]
  for (const boot of boots) {
    const { exitCode, answer } = await converse(Buffer.from(boot))
    expect(exitCode, boot.slice(0, 50)).not.toBe(0)
    expect(answer, boot.slice(0, 50)).toMatch(/^AXLE1 /)
    expect((await look()).left, boot.slice(0, 50)).toBe(before.left)
  }
  expect(await look()).toEqual(before)
}, 120_000)
