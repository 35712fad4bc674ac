import { useHost } from '@axle-ia/testbed/vitest'
import { describe, expect, test } from 'vitest'
import { get, type Project, serverText } from '../project.ts'
import { changedSince, digest } from './digest.ts'
import { onHost } from './on-host.ts'
import { holds, projectOf, type Row } from './row.ts'

const host = useHost({ needs: ['disposable'] })
const FOLDER = '/opt/axle/projects/demo'
const SHARED = '/var/lib/axle/host'
let project: Project

host.beforeAll(async () => {
  project = await projectOf({}, host)
  for (const version of ['one', 'two']) {
    await project.write({ 'server.js': serverText(version) })
    const ran = await project.axle(['deploy'])
    expect(ran.exitCode, ran.screen).toBe(0)
  }
}, 120_000)

const python = (script: string) => host.run(['python3', '-c', script])
const schema = (version: number) =>
  python(
    `import sqlite3; c = sqlite3.connect('${FOLDER}/state.db'); c.execute('PRAGMA user_version = ${version}'); c.commit()`,
  )
const version = (to: number) => host.run(['sed', '-i', `s/"v": [0-9]*/"v": ${to}/`, `${SHARED}/ports.json`])

const old = { exit: 2, code: 'AXLE_ENGINE_OLD' } as const
const newer: readonly Row[] = [
  {
    name: 'an engine older than the state',
    arrange: async () => void (await schema(99)),
    restore: async () => void (await schema(1)),
    ...old,
    says: [`${FOLDER}/state.db`, 'newer Axle', 'Update @axle-ia/core'],
  },
  {
    name: 'an engine older than what projects share',
    arrange: async () => void (await version(2)),
    restore: async () => void (await version(1)),
    ...old,
    says: [`${SHARED}/ports.json`, 'newer Axle', 'Update @axle-ia/core'],
  },
]
describe('written by a newer Axle', () => onHost(host, newer))

/** A file, how it is damaged, and the question that shows it. */
const damages = [
  ['state.db of garbage', `${FOLDER}/state.db`, 'garbage', 'status'],
  ['state.db cut off', `${FOLDER}/state.db`, 'cut', 'status'],
  ['state.db of nothing', `${FOLDER}/state.db`, 'empty', 'status'],
  ['ports.json of garbage', `${SHARED}/ports.json`, 'garbage', 'plan'],
  ['services.json of garbage', `${SHARED}/services.json`, 'garbage', 'plan'],
  ['services.json of another form', `${SHARED}/services.json`, 'form', 'plan'],
  ['claims.json cut off', `${SHARED}/claims.json`, 'cut', 'plan'],
] as const

const DAMAGE = {
  garbage: 'printf garbage-garbage-garbage > "$1"; rm -f "$1-wal" "$1-shm"',
  cut: 'sqlite=$1-wal; [ ! -e "$sqlite" ] || rm "$sqlite" "$1-shm"; truncate -s 50% "$1" 2>/dev/null || truncate -s $(($(stat -c %s "$1") / 2)) "$1"',
  empty: ': > "$1"; rm -f "$1-wal" "$1-shm"',
  form: 'printf \'{"v":1,"services":[]}\' > "$1"',
} as const
const damage = (path: string, how: keyof typeof DAMAGE) => host.run(['sh', '-c', DAMAGE[how], 'sh', path])

describe('a corrupt state file: named by a question, rebuilt by the next deploy, and the old one kept', () => {
  test.each(damages)('%s', async (_, path, how, question) => {
    const before = await digest(host)
    const content = path.endsWith('.json') ? JSON.parse(await host.readFile(path)) : undefined
    await damage(path, how)
    holds(
      { name: path, exit: 1, code: 'AXLE_STATE', says: [path, 'axle deploy'] },
      await project.axle([question, '--json']),
    )
    expect((await get(host, '/api/health')).status).toBe(200)

    const ran = await project.axle(['deploy', '--json'])
    expect(ran.exitCode, ran.screen).toBe(0)
    expect(ran.stdout).toContain(`${path} `)
    expect(ran.stdout).toContain('it was rebuilt from what is on the host')
    if (how !== 'empty') expect(await host.run(['sh', '-c', `ls ${path}.damaged-*`])).toContain(path)
    if (content !== undefined) expect(JSON.parse(await host.readFile(path))).toEqual(content)
    expect(await changedSince(before, host)).toEqual([])
    expect((await get(host, '/api/health')).status).toBe(200)
    await host.run(['sh', '-c', `rm -f ${path}.damaged-*`])
  })

  test('a release from before can still be gone back to, and a deploy after that changes what it should', async () => {
    const back = await project.axle(['rollback'])
    expect(back.exitCode, back.screen).toBe(0)
    expect((await get(host, '/api/')).text).toContain('"version":"one"')
    await project.write({ 'server.js': serverText('three') })
    const ran = await project.axle(['deploy'])
    expect(ran.exitCode, ran.screen).toBe(0)
    expect((await get(host, '/api/')).text).toContain('"version":"three"')
  })

  test('all of them at once', async () => {
    const before = await digest(host)
    for (const name of ['ports.json', 'services.json']) await damage(`${SHARED}/${name}`, 'garbage')
    await damage(`${FOLDER}/state.db`, 'garbage')
    const ran = await project.axle(['deploy'])
    expect(ran.exitCode, ran.screen).toBe(0)
    expect(await changedSince(before, host)).toEqual([])
  })

  test('latest.json: a question on the host names it, and a deploy from the workstation writes it anew', async () => {
    const content = await host.readFile(`${FOLDER}/latest.json`)
    await damage(`${FOLDER}/latest.json`, 'garbage')
    const there = await host.exec(['axle', 'status'])
    expect(there.exitCode).toBe(1)
    expect(there.stdout + there.stderr).toContain(`${FOLDER}/latest.json`)
    expect(there.stdout + there.stderr).toContain('from the workstation')
    const ran = await project.axle(['deploy'])
    expect(ran.exitCode, ran.screen).toBe(0)
    expect(JSON.parse(await host.readFile(`${FOLDER}/latest.json`))).toEqual(JSON.parse(content))
    expect((await host.exec(['axle', 'status'])).exitCode).toBe(0)
  })
})
