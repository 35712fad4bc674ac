import { API, configText } from '../project.ts'
import { config, invalid, NAME_RULE, named, OTHER, service, services } from './configs.ts'
import type { Row } from './row.ts'

/** Mistakes in services, in their names above all, and in the command line. */
export const serviceRows: readonly Row[] = [
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
