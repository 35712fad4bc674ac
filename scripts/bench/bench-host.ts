import { spawnSync } from 'node:child_process'
import { resolve } from 'node:path'

export const root = resolve(import.meta.dirname, '../..')
const testbed = resolve(root, 'testbed/src/cli/main.ts')
export interface BenchHost {
  readonly address: string
  readonly port: number
  readonly user: string
  readonly identity: string
  readonly hostKey: string
}

function isBenchHost(value: unknown): value is BenchHost {
  if (typeof value !== 'object' || value === null || typeof Reflect.get(value, 'port') !== 'number') return false
  return ['address', 'user', 'identity', 'hostKey'].every((key) => typeof Reflect.get(value, key) === 'string')
}

function call(args: readonly string[]): string {
  const { status, stdout } = spawnSync(process.execPath, [testbed, ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 64 * 1024 * 1024,
  })
  if (status !== 0) throw new Error(`testbed ${args.join(' ')}: exit code ${status}`)
  return stdout
}

export function bringUp(name: string): BenchHost {
  const host: unknown = JSON.parse(call(['up', name, '--json']))
  if (!isBenchHost(host)) throw new Error(`the testbed did not say how to reach ${name}`)
  return host
}
export const takeDown = (name: string): void => void call(['down', name])
export const onHost = (name: string, argv: readonly string[]): string => call(['exec', name, '--', ...argv])
