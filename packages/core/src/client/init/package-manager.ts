import { createRequire } from 'node:module'
import { join } from 'node:path'
import { execa } from 'execa'
import { resolveCommand } from 'package-manager-detector/commands'
import { detect } from 'package-manager-detector/detect'
import { AxleError } from '../../protocol/errors.ts'

export type Argv = readonly [string, ...string[]]

/** The project's own package manager: command lines as words. */
export interface PackageManager {
  readonly name: string
  run(script: string): Argv
  /** Runs a command of an installed package. */
  execute(words: readonly string[]): Argv
  addForDevelopment(packages: readonly string[]): Argv
}

/** By lockfile or `packageManager`, from the folder upwards; npm where nothing says. */
export async function packageManagerOf(folder: string): Promise<PackageManager> {
  const found = await detect({ cwd: folder })
  const agent = found?.agent ?? 'npm'
  const words = (command: 'run' | 'add' | 'execute-local', args: string[]): Argv => {
    const resolved = resolveCommand(agent, command, args) ?? resolveCommand('npm', command, args)
    return resolved === null ? ['npm', ...args] : [resolved.command, ...resolved.args]
  }
  return {
    name: found?.name ?? 'npm',
    run: (script) => words('run', [script]),
    execute: (line) => (agent === 'npm' ? ['npx', ...line] : words('execute-local', [...line])),
    addForDevelopment: (packages) => words('add', ['-D', ...packages]),
  }
}

/** What a config imports, less what resolves from the folder already. */
export function notInstalled(folder: string, packages: readonly string[]): readonly string[] {
  const { resolve } = createRequire(join(folder, 'axle.config.js'))
  return packages.filter((name) => {
    try {
      resolve(`${name}/package.json`)
      return false
    } catch {
      return true
    }
  })
}

export async function install(folder: string, [program, ...args]: Argv, signal: AbortSignal): Promise<void> {
  const result = await execa(program, args, {
    cwd: folder,
    all: true,
    reject: false,
    stdin: 'ignore',
    cancelSignal: signal,
  })
  if (!result.failed) return
  const line = [program, ...args].join(' ')
  throw new AxleError(
    'AXLE_INSTALL',
    `${line} failed${result.exitCode === undefined ? '' : ` with exit code ${result.exitCode}`}.`,
    {
      where: folder,
      hint: `axle.config.ts is written and complete. Install what it imports by hand: ${line}`,
      output: result.all.split('\n').slice(-20).join('\n'),
    },
  )
}
