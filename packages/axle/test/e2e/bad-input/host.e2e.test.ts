import { join } from 'node:path'
import { useHost } from '@axle-ia/testbed/vitest'
import { describe, expect, test } from 'vitest'
import { API, configText, get, serverText } from '../project.ts'
import { changedSince, digest } from './digest.ts'
import { firstRows, laterRows, OTHER, SHIFTED_CLOCK } from './host-rows.ts'
import { onHost } from './on-host.ts'
import { holds, projectOf } from './row.ts'

const host = useHost({ needs: ['disposable'] })

describe('where nothing was deployed', () => onHost(host, firstRows))

describe('where something serves', () => {
  test('a clock that is off: a warning, and exit 0', async () => {
    await using project = await projectOf({ files: { 'clock.cjs': SHIFTED_CLOCK, '.axleignore': 'clock.cjs\n' } }, host)
    const env = { NODE_OPTIONS: `--require=${join(project.directory, 'clock.cjs')}` }
    const ran = await project.axle(['deploy', '--json'], { env })
    expect(ran.exitCode, ran.screen).toBe(0)
    const warnings = ran.stdout.split('\n').filter((line) => line.includes('"level":"warning"'))
    expect(warnings).toEqual([expect.stringMatching("2 hours ahead of the host's.*timedatectl")])
  })

  test('a second project beside it', async () => {
    await using project = await projectOf({ files: { 'axle.config.ts': OTHER } }, host)
    const ran = await project.axle(['deploy', '--json'])
    expect(ran.exitCode, ran.screen).toBe(0)
    // Clocks that agree are no matter for a warning.
    expect(ran.stdout).not.toContain('"level":"warning"')
  })

  onHost(host, laterRows)

  test('the port of slot b of a service: exit 2, AXLE_CONFIG_INVALID', async () => {
    const { services } = JSON.parse(await host.readFile('/var/lib/axle/host/ports.json'))
    const { b } = services.api.ports
    const second = `defineService({ name: 'second', start: 'node server.js', port: ${b} })`
    const files = { 'axle.config.ts': configText(`${API}, ${second}`), 'server.js': serverText('one') }
    await using project = await projectOf({ files }, host)
    const before = await digest(host)
    const ran = await project.axle(['deploy', '--json'])
    const says = ['services.second.port', `${b} is the port of slot b of api`, 'choose']
    holds({ name: 'slot b', exit: 2, code: 'AXLE_CONFIG_INVALID', says }, ran)
    expect(await changedSince(before, host)).toEqual([])
    expect((await get(host, '/api/health')).status).toBe(200)
  })
})
