import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'

/** A real host on this machine, the ClickUp agent on it, and what to try next. Running it again changes nothing that is right. */

const NAME = 'quickstart'
const root = resolve(import.meta.dirname, '..')
const agent = resolve(root, 'packages/clickup-agent')

interface TestHost {
  readonly address: string
  readonly user: string
  readonly identity: string
  readonly hostKey: string
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

/** Ends the quickstart: what is missing, and how to get it. */
function stop(what: string, todo: string): never {
  process.stderr.write(`✗ ${what}\n→ ${todo}\n`)
  process.exit(1)
}

function checkMachine(): void {
  if (process.platform !== 'linux' || !isDebian()) {
    stop(
      'The quickstart needs Debian or Ubuntu: it boots a Debian host of its own.',
      'Elsewhere, deploy to a server that you have: cd packages/clickup-agent && npx axle deploy --host root@ADDRESS',
    )
  }
  if (process.getuid?.() !== 0)
    stop('The quickstart needs root, to boot a host with a network of its own.', 'sudo npm run quickstart')
}

function isDebian(): boolean {
  if (!existsSync('/etc/os-release')) return false
  return /^(ID|ID_LIKE)=.*(debian|ubuntu)/m.test(readFileSync('/etc/os-release', 'utf8'))
}

/** The testbed says on stderr what it does; stdout is one JSON object. */
function bringUpHost(): TestHost {
  const run = spawnSync(process.execPath, [resolve(root, 'testbed/src/cli/main.ts'), 'up', NAME, '--json'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  if (run.status !== 0)
    stop('The host did not come up.', 'The reason is above; npm run testbed -- list shows the hosts there are.')
  const host: unknown = JSON.parse(run.stdout)
  if (!isTestHost(host))
    stop('The testbed did not say how to reach its host.', 'npm run testbed -- up quickstart --json')
  return host
}

function isTestHost(value: unknown): value is TestHost {
  const keys = ['address', 'user', 'identity', 'hostKey']
  return typeof value === 'object' && value !== null && keys.every((key) => typeof Reflect.get(value, key) === 'string')
}

function deploy(bin: string, reach: readonly string[]): void {
  const run = spawnSync(process.execPath, [bin, 'deploy', ...reach], { cwd: agent, stdio: 'inherit' })
  if (run.status !== 0)
    stop('The deploy did not succeed.', 'The reason is above. Mend it and run the quickstart again.')
}

async function show(url: string): Promise<void> {
  const response = await fetch(url, { signal: AbortSignal.timeout(10_000) })
  const release = response.headers.get('x-axle-release')
  say(`GET ${url} → ${response.status}${release === null ? '' : `, release ${release}`}`)
  say(`  ${(await response.text()).trim()}`)
  if (!response.ok) stop(`${url} answered ${response.status}.`, `npm run testbed -- exec ${NAME} -- axle status`)
}

checkMachine()
const bin = resolve(root, 'packages/core/dist/bin.js')
if (!existsSync(bin)) stop('Axle is not built.', 'npm run build')

say(`1. A Debian host named ${NAME} (the first time, its image is made: a minute or two)`)
const host = bringUpHost()
const reach = ['--host', `${host.user}@${host.address}`, '--identity', host.identity, '--host-key', host.hostKey]
say(`   ${host.user}@${host.address} is up\n`)

say('2. axle deploy, in packages/clickup-agent')
deploy(bin, reach)

say('\n3. What the gateway answers')
const gateway = `http://${host.address}/`
await show(gateway)
await show(`${gateway}clickup-agent/health`)

const line = (command: string) => `   npx axle ${command} ${reach.join(' ')}`
say(`
Try next, in packages/clickup-agent:
  the same again: nothing to do
${line('deploy')}
  a second release: change a line in src/, then the same
  back to the release before
${line('rollback')}
  a broken release: throw an error in the first line of src/server.ts, deploy; the release before goes on
Look:
${line('status')}
${line('logs -f')}
Take it down:
   npm run testbed -- down ${NAME}
Gateway: ${gateway}`)
