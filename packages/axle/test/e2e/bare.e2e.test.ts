import { useHost } from '@axle-ia/testbed/vitest'
import { expect, test } from 'vitest'
import { API, configText, Project, serverText } from './project.ts'

const host = useHost({ needs: ['bare'] })

test('a host without nginx is refused by name, before anything is changed', async () => {
  await using project = await Project.create(host, {
    'axle.config.ts': configText(API),
    'server.js': serverText('one'),
  })
  const ran = await project.axle(['deploy'])
  expect(ran.exitCode, ran.screen).toBe(2)
  expect(ran.screen).toContain('The program nginx is not on this host')
  expect((await host.run(['ls', '/opt'])).trim()).toBe('axle')
  for (const path of ['/etc/nginx', '/usr/local/bin/axle'])
    expect((await host.exec(['test', '-e', path])).exitCode).toBe(1)
})
