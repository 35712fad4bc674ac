import { codeOf } from '@axle-ia/core'
import { useHost } from '@axle-ia/testbed/vitest'
import { beforeEach, expect, test } from 'vitest'
import * as z from 'zod'
import { nginx } from '../src/index.ts'
import { reload } from '../src/reload.ts'
import { STOCK_SITE, stockSite } from '../src/stock-site.ts'
import { facts, placed } from './fixtures.ts'
import { hostInside } from './host-inside.ts'

const target = useHost()
const signal = new AbortController().signal
const wanted = [{ id: STOCK_SITE, spec: {} }]
const contentOf = z.object({ content: z.string() })
const linkOf = z.object({ target: z.string() })

const resources =
  codeOf(nginx()).contribute({ project: 'shop', facts, gateway: {}, services: [placed()] }).resources ?? []
const get = (path: string) => target.run(['curl', '-s', '-i', `http://127.0.0.1${path}`])

beforeEach(async () => {
  await target.run(['rm', '-f', '/etc/nginx/sites-enabled/other'])
})

test("Debian's welcome page gives way, and the gateway answers at once after the reload", async () => {
  const host = hostInside(target)
  const inspection = await stockSite.inspect(host, wanted)
  expect(inspection.comparisons.get(STOCK_SITE)).toEqual({
    changes: [{ aspect: 'enabled', from: "Debian's untouched welcome page", to: 'no' }],
  })
  await inspection.sync(host, [STOCK_SITE], signal)
  for (const { kind, id, spec } of resources) {
    if (kind === 'directory') await target.run(['install', '-d', '-m', '755', id])
    if (kind === 'file') await target.writeFile(id, contentOf.parse(spec).content)
    if (kind === 'link') await target.run(['ln', '-s', linkOf.parse(spec).target, id])
  }
  await target.run(['chmod', '755', '/var/lib/axle', '/var/lib/axle/gateway'])
  await reload(host, signal)
  expect(await get('/')).toContain('{"apis":[{"name":"pay-api","route":"/pay/"}],"status":"ok"}')
  expect(await get('/pay/x')).toContain('502 Bad Gateway')
  expect((await stockSite.inspect(host, wanted)).comparisons.get(STOCK_SITE)).toHaveProperty('same')
})

test('once a reload is over, no worker answers by the configuration before, 30 times in a row', async () => {
  for (let turn = 0; turn < 30; turn++) {
    await target.writeFile('/etc/nginx/sites-enabled/other', `server { listen 8098; return 200 'turn ${turn}'; }\n`)
    await reload(hostInside(target), signal)
    const answers = await target.run(['sh', '-c', 'for i in 1 2 3 4 5; do curl -s http://127.0.0.1:8098/; echo; done'])
    expect(new Set(answers.trim().split('\n'))).toEqual(new Set([`turn ${turn}`]))
  }
})

test("another site's broken file is named, and what serves goes on", async () => {
  await target.writeFile('/etc/nginx/sites-enabled/other', 'server {\n  nonsense on;\n}\n')
  await expect(reload(hostInside(target), signal)).rejects.toMatchObject({
    code: 'AXLE_COMMAND',
    where: '/etc/nginx/sites-enabled/other:2',
    output: expect.stringContaining('unknown directive "nonsense"'),
  })
  expect(await get('/')).toContain('200 OK')
})

test('a reload that nginx cannot carry out is an error, not a silence', async () => {
  await target.exec(['systemd-run', '--quiet', '--unit=squatter', 'python3', '-m', 'http.server', '8099'])
  await target.run(['sh', '-c', 'until curl -so /dev/null http://127.0.0.1:8099/; do sleep 0.1; done'])
  await target.writeFile('/etc/nginx/sites-enabled/other', 'server { listen 8099; }\n')
  await expect(reload(hostInside(target), signal)).rejects.toMatchObject({ code: 'AXLE_COMMAND' })
  await target.exec(['systemctl', 'stop', 'squatter'])
})

test('nginx that does not run is started', async () => {
  await target.run(['systemctl', 'stop', 'nginx'])
  await reload(hostInside(target), signal)
  expect(await get('/')).toContain('200 OK')
})

test('when the last gateway goes, the welcome page is back; one that somebody wrote is never switched off', async () => {
  const host = hostInside(target)
  await stockSite.remove(host, wanted, signal)
  expect(await target.run(['readlink', STOCK_SITE])).toBe('/etc/nginx/sites-available/default')
  await target.run(['sh', '-c', 'echo "# mine" >> /etc/nginx/sites-available/default'])
  const inspection = await stockSite.inspect(host, wanted)
  await expect(inspection.sync(host, [STOCK_SITE], signal)).rejects.toMatchObject({
    code: 'AXLE_NOT_OURS',
    where: STOCK_SITE,
  })
})
