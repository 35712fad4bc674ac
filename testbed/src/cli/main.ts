import { parseArgs } from 'node:util'
import { TestbedError } from '../errors/testbed-error.ts'
import { execAttached, isUp } from '../host/inside.ts'
import { allRecords, type HostRecord } from '../host/record.ts'
import { boot, down, existing, kill, up } from '../host/testbed.ts'
import { describeHost, describeHosts, summarize } from './describe.ts'

const usage = `Disposable real Debian hosts on this machine.

  npm run testbed -- up NAME [--bare] [--json]   make a host (or boot it again) and print how to reach it
  npm run testbed -- list [--json]               the hosts there are
  npm run testbed -- exec NAME -- COMMAND…       run a command as root in a host
  npm run testbed -- kill NAME                   cut its power
  npm run testbed -- boot NAME                   boot it again: same disk, keys and address
  npm run testbed -- down NAME                   end it and forget it

  --bare   only systemd, sshd, sudo, python3 and ca-certificates
  --json   one JSON object on stdout (npm's own lines go away with: npm run --silent testbed -- …)
`

// stdout is for results: a program may read it.
const say = (line: string): void => void process.stderr.write(`testbed: ${line}\n`)
const print = (text: string): void => void process.stdout.write(`${text}\n`)

async function main(argv: readonly string[]): Promise<number> {
  const { own, command } = splitAtDashes(argv)
  const { values, positionals } = parse(own)
  const [verb, name, ...rest] = positionals
  if (values.help === true || verb === undefined) {
    print(usage)
    return values.help === true ? 0 : 2
  }
  if (rest.length > 0) throw wrongUsage(`"${rest[0]}" is one argument too many`)
  const json = values.json === true
  if (verb === 'list') return list(json)
  if (name === undefined) throw wrongUsage(`${verb} needs the name of a host`)
  switch (verb) {
    case 'up':
      return printHost(() => up(name, { image: values.bare === true ? 'bare' : 'standard', say }), json)
    case 'boot':
      return printHost(() => boot(name), json)
    case 'exec':
      if (command.length === 0) throw wrongUsage('exec needs a command after --')
      return execAttached(await existing(name), command)
    case 'kill':
      await kill(name)
      say(`${name} has lost its power; boot ${name} brings it back`)
      return 0
    case 'down':
      say((await down(name)) ? `${name} is gone` : `there is no host ${name}`)
      return 0
    default:
      throw wrongUsage(`there is no command "${verb}"`)
  }
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: { bare: { type: 'boolean' }, json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
    })
  } catch (error) {
    throw wrongUsage(error instanceof Error ? error.message : String(error))
  }
}

async function list(json: boolean): Promise<number> {
  const records = (await allRecords()).filter((record) => record.hostKey !== null)
  const hosts = records.map((record) => ({ ...summarize(record), up: isUp(record) }))
  print(json ? JSON.stringify(hosts, null, 2) : describeHosts(hosts))
  return 0
}

async function printHost(make: () => Promise<HostRecord>, json: boolean): Promise<number> {
  const started = performance.now()
  const host = summarize(await make())
  const ms = Math.round(performance.now() - started)
  print(json ? JSON.stringify({ ...host, ms }) : describeHost(host, ms))
  return 0
}

function splitAtDashes(argv: readonly string[]): { own: string[]; command: string[] } {
  const at = argv.indexOf('--')
  return at === -1 ? { own: [...argv], command: [] } : { own: argv.slice(0, at), command: argv.slice(at + 1) }
}

function wrongUsage(why: string): TestbedError {
  return new TestbedError('wrong usage', { why, fix: 'npm run testbed -- --help' })
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  process.stderr.write(`testbed: ${error instanceof TestbedError ? error.message : String(error)}\n`)
  process.exitCode = 1
}
