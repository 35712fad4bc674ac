import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { API, configText } from '../project.ts'
import type { Row } from './row.ts'

const config = (text: string) => ({ 'axle.config.ts': text })
const services = (...list: readonly string[]) => config(configText(list.join(', ')))
const service = (fields: string) => services(`defineService({ name: 'api', start: 'node server.js', ${fields} })`)
const named = (name: string) => services(`defineService({ name: ${JSON.stringify(name)}, start: 'node server.js' })`)
const OTHER = `defineService({ name: 'web', start: 'node server.js', port: 8200, route: '/web/' })`

const invalid = { exit: 2, code: 'AXLE_CONFIG_INVALID' } as const
const NAME_RULE = 'expected lower-case letters, digits and "-"'

/** Mistakes that are found on this machine, before any host is asked. */
export const configRows: readonly Row[] = [
  {
    name: 'no config',
    files: { 'axle.config.ts': null },
    exit: 2,
    code: 'AXLE_CONFIG_NOT_FOUND',
    says: ['axle.config.ts', '--config', 'axle.config.mjs'],
  },
  {
    name: '--config names what is not there',
    words: ['deploy', '--json', '--config', 'other/axle.config.ts'],
    exit: 2,
    code: 'AXLE_CONFIG_NOT_FOUND',
    says: ['other/axle.config.ts', '--config'],
  },
  {
    name: '--config names a folder',
    words: ['deploy', '--json', '--config', 'sub'],
    prepare: async (directory) => void (await mkdir(join(directory, 'sub'))),
    exit: 2,
    code: 'AXLE_CONFIG_NOT_FOUND',
    says: ['/sub is a folder', '--config'],
  },
  {
    name: 'two configs in one folder',
    files: { 'axle.config.js': 'export default 1' },
    ...invalid,
    says: ['axle.config.ts', 'axle.config.js', '--config'],
  },
  {
    name: 'a syntax error',
    files: config('const a = 1\nconst b = {'),
    exit: 2,
    code: 'AXLE_CONFIG_LOAD',
    says: ['axle.config.ts:2:12: '],
  },
  {
    name: 'a throw',
    files: config("const a: number = 1\n\nthrow new Error('no luck')\nexport default a"),
    exit: 2,
    code: 'AXLE_CONFIG_LOAD',
    says: ['axle.config.ts:3: no luck'],
  },
  {
    name: 'a throw in a module that the config imports',
    files: { 'services/api.ts': "throw new Error('no luck')", ...config("import './services/api.ts'") },
    exit: 2,
    code: 'AXLE_CONFIG_LOAD',
    says: ['services/api.ts:1: no luck'],
  },
  {
    name: 'a package that is not installed',
    files: config("import x from 'not-installed'\nexport default x"),
    exit: 2,
    code: 'AXLE_CONFIG_LOAD',
    says: ["'not-installed'", 'npm install'],
  },
  {
    name: 'a default export missing',
    files: config('export const config = 1'),
    ...invalid,
    says: ['axle.config.ts', 'no default export', 'export default defineConfig'],
  },
  {
    name: 'a default export that is no config',
    files: config('export default { services: [] }'),
    ...invalid,
    says: ['axle.config.ts', 'export default defineConfig'],
  },
  {
    name: 'a default export that is a promise',
    files: config(`${configText(API).replace('export default', 'const made =')}\nexport default Promise.resolve(made)`),
    ...invalid,
    says: ['axle.config.ts', 'promise', 'export default defineConfig'],
  },
  {
    name: 'a default export that is a function',
    files: config(`${configText(API).replace('export default', 'const made =')}\nexport default () => made`),
    ...invalid,
    says: ['axle.config.ts', 'a function', 'export default defineConfig'],
  },
  {
    name: 'a value that the schema refuses',
    files: service("drain: 'soon'"),
    ...invalid,
    says: ['services[0].drain', '"30s"', '"soon"'],
  },
  {
    name: 'a value of the wrong type',
    files: service("port: '8100'"),
    ...invalid,
    says: ['services[0].port', 'expected number'],
  },
  {
    name: 'an unknown key',
    files: service("colour: 'red'"),
    ...invalid,
    says: ['services[0].colour', 'remove the key'],
  },
  { name: 'a misspelt key', files: service("drian: '5s'"), ...invalid, says: ['services[0].drian', '"drain"'] },
  {
    name: 'an unknown key at the top',
    files: config(configText(API).replace('services:', 'servers: [], services:')),
    ...invalid,
    says: ['servers', 'remove it'],
  },
  {
    name: 'several mistakes at once',
    files: service("port: 80, drain: 'soon', route: 'api'"),
    ...invalid,
    says: ['3 mistakes', 'services[0].port', 'services[0].drain', 'services[0].route'],
  },
  {
    name: 'a key of an absent plugin',
    files: config(configText(`defineService({ name: 'api', start: 'node server.js', backup: {} })`)),
    ...invalid,
    says: ['services[0].backup', 'add backup() to plugins'],
  },
  {
    name: "a value that a plugin's schema refuses",
    files: service("port: 8100, route: '/api/', nginx: { maxBody: 20, colour: 'red' }"),
    ...invalid,
    says: ['services[0].nginx.maxBody', 'services[0].nginx.colour'],
  },
  {
    name: 'two plugins in one role',
    files: config(
      configText(API, "import { systemd } from '@axle-ia/plugin-systemd'").replace(
        '[recommended()]',
        '[recommended(), { ...systemd() }]',
      ),
    ),
    ...invalid,
    says: ['plugins', 'systemd()', 'keep one'],
  },
  {
    name: 'no plugin in a role',
    files: config(
      configText(API, "import { systemd } from '@axle-ia/plugin-systemd'").replace('[recommended()]', '[systemd()]'),
    ),
    exit: 2,
    code: 'AXLE_ROLE',
    says: ['plugins', 'gateway', 'nginx()'],
  },
  {
    name: 'a plugin whose factory was not called',
    files: config(configText(API).replace('[recommended()]', '[recommended]')),
    ...invalid,
    says: ['plugins[0]', 'has its factory been called?'],
  },
  { name: 'no service at all', files: services(), ...invalid, says: ['services', 'defineService'] },
  {
    name: 'two services with one name',
    files: services(API, OTHER.replace("'web'", "'api'")),
    ...invalid,
    says: ['services[1].name', 'services[0]'],
  },
  {
    name: 'two services with one port',
    files: services(API, OTHER.replace('8200', '8100')),
    ...invalid,
    says: ['services[1].port', '8100', 'services[0] (api)'],
  },
  {
    name: 'two services with one route',
    files: services(API, OTHER.replace('/web/', '/api/')),
    ...invalid,
    says: ['services[1].route', '/api/', 'services[0] (api)'],
  },
  ...['../etc', 'my api', '"api"', "a'pi", 'api\n', '%n', 'Api', 'a/b', '-api', 'a'.repeat(31)].map(
    (name): Row => ({
      name: `a service called ${JSON.stringify(name)}`,
      files: named(name),
      ...invalid,
      says: ['services[0].name', NAME_RULE, JSON.stringify(name)],
    }),
  ),
  ...['nginx', 'backups', 'axle', 'axle-web', 'api-a'].map(
    (name): Row => ({
      name: `a service called ${name}, which is not for services`,
      files: named(name),
      ...invalid,
      says: ['services[0].name'],
    }),
  ),
  {
    name: 'a project called ../etc',
    files: config(configText(API).replace("'demo'", "'../etc'")),
    ...invalid,
    says: ['project', NAME_RULE, '"../etc"'],
  },
  {
    name: "a project named by package.json's name, which cannot be one",
    files: { 'package.json': '{ "name": "@me/My App" }', ...config(configText(API).replace("project: 'demo', ", '')) },
    ...invalid,
    says: ['project', 'My App', 'package.json'],
  },
  {
    name: 'package.json is not JSON',
    files: { 'package.json': '{ "name": ' },
    exit: 2,
    code: 'AXLE_CONFIG_LOAD',
    says: ['package.json:1:11', 'JSON'],
  },
  {
    name: 'a config that waits at its top level',
    files: config(`await 1\n${configText(API)}`),
    exit: 2,
    code: 'AXLE_CONFIG_LOAD',
    says: ['axle.config.ts:1:1', 'await'],
  },
  {
    name: 'a config that prints: standard output stays the answer alone',
    files: config(`console.log('hello')\n${configText(API)}`),
    exit: 2,
    code: 'AXLE_USAGE',
    says: ['No host'],
  },
  { name: 'a port out of range', files: service('port: 65536'), ...invalid, says: ['services[0].port', '65535'] },
  { name: 'a port that needs root', files: service('port: 80'), ...invalid, says: ['services[0].port', '1024'] },
  { name: 'a value too large', files: service('keep: 1000'), ...invalid, says: ['services[0].keep', '100', '1000'] },
  { name: 'a port that is no whole number', files: service('port: 8100.5'), ...invalid, says: ['services[0].port'] },
  {
    name: 'a route without a port',
    files: service("route: '/api/'"),
    ...invalid,
    says: ['services[0].route', 'add port'],
  },
  {
    name: 'a route that does not end with a slash',
    files: service("port: 8100, route: '/api'"),
    ...invalid,
    says: ['services[0].route', '"/api/"'],
  },
  {
    name: 'a start that needs a shell',
    files: services(`defineService({ name: 'api', start: 'node a.js && node b.js' })`),
    ...invalid,
    says: ['services[0].start', '&&', 'no shell'],
  },
  {
    name: 'after names a service that is not there',
    files: service("after: ['db']"),
    ...invalid,
    says: ['services[0].after[0]', '"db"'],
  },
  {
    name: 'after goes round in a circle',
    files: services(
      `defineService({ name: 'one', start: 'node server.js', after: ['two'] })`,
      `defineService({ name: 'two', start: 'node server.js', after: ['one'] })`,
    ),
    ...invalid,
    says: ['services[0].after', 'one → two → one'],
  },
  {
    name: 'a variable that Axle sets itself',
    files: service("env: { PORT: '1' }"),
    ...invalid,
    says: ['services[0].env.PORT'],
  },
  {
    name: 'a variable whose name is none',
    files: service("env: { 'MY-VAR': '1' }"),
    ...invalid,
    says: ['services[0].env["MY-VAR"]'],
  },
  {
    name: 'a hook that does not exist',
    files: service("hooks: { 'deploy:verfy': () => {} }"),
    ...invalid,
    says: ['services[0].hooks["deploy:verfy"]', '"deploy:verify"'],
  },
  {
    name: 'a range of Node that no version satisfies',
    files: {
      'axle.config.ts': configText(API.replace('start:', "runtime: node({ version: '99' }), start:")).replace(
        'secret }',
        'node }',
      ),
    },
    ...invalid,
    says: ['services[0].runtime', '99'],
  },
  {
    name: 'a version of Node that is none',
    files: {
      'axle.config.ts': configText(API.replace('start:', "runtime: node({ version: 'newest' }), start:")).replace(
        'secret }',
        'node }',
      ),
    },
    ...invalid,
    says: ['services[0].runtime', '"newest"'],
  },
  {
    name: 'a host named twice',
    files: config(configText(API).replace('services:', "hosts: ['root@192.0.2.1', 'deploy@192.0.2.1:22'], services:")),
    ...invalid,
    says: ['hosts[1]', '192.0.2.1:22', 'remove one'],
  },
  {
    name: 'host and hosts',
    files: config(configText(API).replace('services:', "host: 'a.example', hosts: ['b.example'], services:")),
    ...invalid,
    says: ['hosts', 'keep one'],
  },
  {
    name: 'a malformed host',
    files: config(configText(API).replace('services:', "host: 'a b.example', services:")),
    ...invalid,
    says: ['host', 'user@host'],
  },
  {
    name: 'a malformed --host',
    words: ['deploy', '--json', '--host', 'root@a b'],
    exit: 2,
    code: 'AXLE_USAGE',
    says: ['--host', '"root@a b"', 'user@host'],
  },
  {
    name: 'a --host with a port out of range',
    words: ['deploy', '--json', '--host', 'root@192.0.2.1:70000'],
    exit: 2,
    code: 'AXLE_USAGE',
    says: ['--host', '70000'],
  },
  {
    name: 'a malformed --host-key',
    words: ['deploy', '--json', '--host', 'root@192.0.2.1', '--host-key', 'abc'],
    exit: 2,
    code: 'AXLE_USAGE',
    says: ['--host-key', '"abc"', 'SHA256:'],
  },
  { name: 'no host at all', exit: 2, code: 'AXLE_USAGE', says: ['No host', '--host'] },
  {
    name: 'a --service that the config does not have',
    words: ['deploy', '--json', '--service', 'web'],
    exit: 2,
    code: 'AXLE_UNKNOWN',
    says: ['web', 'There are: api'],
  },
]
