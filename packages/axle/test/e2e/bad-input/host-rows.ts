import type { FileHost } from '@axle-ia/testbed/vitest'
import { API, configText, serverText } from '../project.ts'
import type { Row } from './row.ts'

const QUICK = API.replace("within: '5s'", "within: '1s'")
const config = (text: string) => ({ 'axle.config.ts': text })
const called = (name: string) => config(configText(API.replace("'api'", `'${name}'`)))
/** A server that listens as it is told. */
const listening = (where: string) => ({
  ...config(configText(QUICK)),
  'server.js': serverText('one').replace('.listen(Number(process.env.PORT), process.env.HOST)', where),
})

const notOurs = { exit: 1, code: 'AXLE_NOT_OURS' } as const
const unhealthy = { exit: 1, code: 'AXLE_UNHEALTHY' } as const
const says =
  (...argv: readonly string[]) =>
  async (host: FileHost) =>
    void (await host.run(argv))

/** What a host refuses, or an app does wrong there, before anything of the project was ever deployed. */
export const firstRows: readonly Row[] = [
  {
    name: 'a missing secret',
    files: config(configText(API.replace('start:', "env: { KEY: secret(), TOKEN: secret('API_TOKEN') }, start:"))),
    exit: 2,
    code: 'AXLE_SECRET_MISSING',
    says: ['KEY, API_TOKEN', 'axle env set KEY --service api', 'axle env set API_TOKEN --service api'],
  },
  {
    name: 'the name of an existing user',
    files: called('www-data'),
    ...notOurs,
    says: ['user www-data', 'rename the service'],
  },
  {
    name: 'the name of an existing group',
    files: called('docker'),
    arrange: says('groupadd', '--system', 'docker'),
    restore: says('groupdel', 'docker'),
    ...notOurs,
    says: ['group docker', 'groupdel docker'],
  },
  {
    name: 'the name of an existing unit',
    files: called('cron'),
    ...notOurs,
    says: ['cron.service', '/lib/systemd/system/cron.service'],
  },
  {
    name: 'the name of a unit that somebody wrote by hand',
    files: called('theirs'),
    arrange: (host) => host.writeFile('/etc/systemd/system/theirs.service', '[Service]\nExecStart=/bin/true\n'),
    restore: says('rm', '/etc/systemd/system/theirs.service'),
    ...notOurs,
    says: ['theirs.service', '/etc/systemd/system/theirs.service'],
  },
  {
    name: 'the name of an existing folder',
    files: called('folder'),
    arrange: says('mkdir', '/opt/folder'),
    restore: says('rmdir', '/opt/folder'),
    ...notOurs,
    says: ['/opt/folder', 'did not make it'],
  },
  {
    name: 'the name of an existing folder of data',
    files: called('folder'),
    arrange: says('mkdir', '/var/lib/folder'),
    restore: says('rmdir', '/var/lib/folder'),
    ...notOurs,
    says: ['/var/lib/folder', 'did not make it'],
  },
  {
    name: 'a port taken by someone else',
    arrange: async (host) => {
      await host.run(['systemd-run', '--quiet', '--unit=taker', 'python3', '-m', 'http.server', '8100'])
      await host.run(['sh', '-c', 'until ss -Hltn "sport = :8100" | grep -q .; do sleep 0.05; done'])
    },
    restore: says('systemctl', 'stop', 'taker'),
    exit: 1,
    code: 'AXLE_PORT_TAKEN',
    says: ['8100', /python3 \(pid \d+\)/, 'choose another port'],
  },
  {
    name: 'an app that listens elsewhere than $PORT',
    files: listening('.listen(3000)'),
    ...unhealthy,
    says: ['it listens on 3000, not on $PORT (8100)', 'Change .listen(3000) to .listen(process.env.PORT)'],
  },
  {
    name: 'an app that listens on another address',
    files: listening(".listen(process.env.PORT, '127.0.0.2')"),
    ...unhealthy,
    says: ['it listens on 127.0.0.2 alone, and is asked at 127.0.0.1', '.listen(process.env.PORT, process.env.HOST)'],
  },
  {
    name: 'an app that listens on IPv6 alone',
    files: listening(".listen(process.env.PORT, '::1')"),
    ...unhealthy,
    says: ['it listens on [::1] alone', '.listen(process.env.PORT, process.env.HOST)'],
  },
  {
    name: 'an app that listens on nothing',
    files: { ...listening(''), 'server.js': 'setInterval(() => {}, 1000)\n' },
    ...unhealthy,
    says: ['it listens on no port, and is asked on $PORT (8100)', 'leave port out'],
  },
  {
    name: 'an app that ends',
    files: { ...config(configText(QUICK)), 'server.js': "console.error('no database'); process.exit(3)\n" },
    ...unhealthy,
    says: ['exit code 3', 'no database'],
  },
  {
    name: 'an app that is never healthy',
    files: { ...config(configText(QUICK)), 'server.js': serverText('one', 503) },
    ...unhealthy,
    says: ['503 from http://127.0.0.1:8100/health'],
    never: ['listens on'],
  },
  {
    name: 'a start that is no program',
    files: config(
      configText(QUICK.replace("'node server.js'", "'no-such-program', runtime: command()")).replace(
        'secret }',
        'command }',
      ),
    ),
    ...unhealthy,
    says: ['no-such-program'],
  },
]

/** Where `api` of project `demo` serves, and `web` of project `other`. */
export const OTHER = configText(
  `defineService({ name: 'web', start: 'node server.js', port: 8200, route: '/web/', health: { path: '/health' }, drain: '1s' })`,
).replace("'demo'", "'other'")
const claimed = (api: string) => ({ ...config(configText(api)), 'server.js': serverText('two') })
const claim = { exit: 2, code: 'AXLE_CLAIM' } as const
const MEMINFO = 'MemTotal: 1024000 kB\nMemFree: 9000 kB\nMemAvailable: 10240 kB\n'

/** What only shows where something serves already. */
export const laterRows: readonly Row[] = [
  {
    name: "another project's port",
    files: claimed(API.replace('8100', '8200')),
    ...claim,
    says: ['port 8200', 'web of project other'],
  },
  {
    name: "another project's route",
    files: claimed(API.replace('/api/', '/web/')),
    ...claim,
    says: ['route /web/', 'web of project other'],
  },
  { name: "another project's service name", files: called('web'), ...claim, says: ['web', 'project other'] },
  {
    name: 'memory too small for two',
    files: claimed(API),
    // As a container's host does it (lxcfs): the file says what may be used.
    arrange: async (host) => {
      await host.writeFile('/root/meminfo', MEMINFO)
      await host.run(['mount', '--bind', '/root/meminfo', '/proc/meminfo'])
    },
    restore: says('umount', '/proc/meminfo'),
    exit: 1,
    code: 'AXLE_MEMORY',
    says: [/api uses \d+ MB of memory/, 'the host has 11 MB left', 'overlap: false'],
  },
]

/** Two hours ahead, seen by the client's process alone. */
export const SHIFTED_CLOCK = `
const real = Date
const ahead = 7_200_000
globalThis.Date = class extends real {
  constructor(...given) { if (given.length === 0) super(real.now() + ahead); else super(...given) }
  static now() { return real.now() + ahead }
}
`
