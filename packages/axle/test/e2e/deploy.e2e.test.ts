import { useHost } from '@axle-ia/testbed/vitest'
import { describe, expect, test } from 'vitest'
import { API, configText, get, Project, serverText } from './project.ts'

const host = useHost()
let project: Project
host.beforeAll(async () => {
  project = await Project.create(host, { 'axle.config.ts': configText(API), 'server.js': serverText('one') })
}, 60_000)

const versionAt = async () => JSON.parse((await get(host, '/api/')).text).version

/** Workers of nginx: a reload makes new ones. */
const workers = async () => (await host.run(['pgrep', '-f', 'nginx: worker'])).trim()

describe('one service, by command line, on a real host', () => {
  test('deploy: the health path answers through the gateway, and a header names the release', async () => {
    const ran = await project.axle(['deploy'])
    expect(ran.screen).toContain('api')
    expect(ran.exitCode, ran.screen).toBe(0)
    const health = await get(host, '/api/health')
    expect(health).toMatchObject({ status: 200, release: expect.stringMatching(/^[0-9a-f]{12}$/) })
    expect(JSON.parse((await get(host, '/api/')).text).release).toBe(health.release)
    const root = await get(host, '/')
    expect(root.status).toBe(200)
    expect(root.text).toContain('/api/')
  })

  test('the same tree again: nothing to do, no restart, no reload', async () => {
    const before = await workers()
    const pid = await host.run(['systemctl', 'show', '-P', 'MainPID', 'api.service'])
    const ran = await project.axle(['deploy', '--json'])
    expect(ran.exitCode, ran.screen).toBe(0)
    const last = JSON.parse(ran.stdout.trim().split('\n').at(-1) ?? '{}')
    expect(last).toMatchObject({ type: 'result', outcome: 'unchanged' })
    expect(await workers()).toBe(before)
    expect(await host.run(['systemctl', 'show', '-P', 'MainPID', 'api.service'])).toBe(pid)
    expect((await project.axle(['deploy'])).screen.toLowerCase()).toContain('nothing to do')
  })

  test('one line changed: the new release answers; rollback: the old one does', async () => {
    const first = (await get(host, '/api/health')).release
    await project.write({ 'server.js': serverText('two') })
    const planned = await project.axle(['plan'])
    expect(planned.exitCode, planned.screen).toBe(0)
    expect(await versionAt()).toBe('one')
    expect((await project.axle(['deploy'])).exitCode).toBe(0)
    expect(await versionAt()).toBe('two')
    const back = await project.axle(['rollback'])
    expect(back.exitCode, back.screen).toBe(0)
    expect(await versionAt()).toBe('one')
    expect((await get(host, '/api/health')).release).toBe(first)
  })

  test('a release that never becomes healthy gets no traffic; its reason and last lines are on the screen; exit 1', async () => {
    await project.write({ 'server.js': serverText('broken', 500) })
    const ran = await project.axle(['deploy'])
    expect(ran.exitCode).toBe(1)
    expect(ran.screen).toContain('version broken starts')
    expect(ran.screen).toContain('500')
    expect(await versionAt()).toBe('one')
    await project.write({ 'server.js': serverText('one') })
  })

  test('status, health, history and logs, here and on the host itself', async () => {
    for (const words of [['status'], ['health'], ['history'], ['logs', '-n', '5']]) {
      const here = await project.axle(words)
      expect(here.exitCode, here.screen).toBe(0)
      const there = await host.exec(['axle', ...words])
      expect(there.exitCode, there.stdout + there.stderr).toBe(0)
    }
    const { stdout } = await project.axle(['status', '--json'])
    expect(JSON.parse(stdout)).toMatchObject({ project: 'demo', services: [{ service: 'api', healthy: true }] })
    const again = await host.exec(['axle', 'deploy'])
    expect(again.stdout + again.stderr).toMatch(/nothing to do|one/i)
  })

  test('the sandbox: exposure at most 1.5', async () => {
    const text = await host.run(['systemd-analyze', 'security', '--no-pager', 'api.service'])
    const exposure = Number(/exposure level for \S+ ([\d.]+)/.exec(text)?.[1] ?? /: ([\d.]+) /.exec(text)?.[1])
    expect(exposure).toBeLessThanOrEqual(1.5)
  })
})
