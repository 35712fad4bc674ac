import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { API, configText } from '../project.ts'
import { config, invalid, service, services } from './configs.ts'
import type { Row } from './row.ts'

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
]
