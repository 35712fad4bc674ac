import type { ExecOptions, ExecResult } from '../host/inside.ts'

/** A booted host, as a test sees it. */
export interface TestHost {
  readonly name: string
  readonly address: string
  readonly port: number
  readonly user: string
  /** The private key file that opens it. */
  readonly identity: string
  /** SHA256:… of its ed25519 host key. */
  readonly hostKey: string
  /** A known_hosts file that holds its keys and no other. */
  readonly knownHosts: string
  /** Runs a command as root. A failing one is a result, not an exception. */
  exec(argv: readonly string[], options?: ExecOptions): Promise<ExecResult>
  /** The same, but a failing command throws; returns its stdout without the last newline. */
  run(argv: readonly string[], options?: ExecOptions): Promise<string>
  readFile(path: string): Promise<string>
  writeFile(path: string, content: string | Uint8Array, mode?: string): Promise<void>
  /** Cuts the power. */
  kill(): Promise<void>
  /** Boots it again: same disk, keys and address. */
  boot(): Promise<void>
}

/** The part that differs between a testbed host and one reached over ssh. */
export type Reach = Omit<TestHost, 'run' | 'readFile' | 'writeFile'>

const write = 'umask 077 && mkdir -p -m 755 "$(dirname "$1")" && cat > "$1" && chmod "$2" "$1"'

export function testHost(reach: Reach): TestHost {
  const run: TestHost['run'] = async (argv, options) => {
    const { stdout, stderr, exitCode } = await reach.exec(argv, options)
    if (exitCode === 0) return stdout.replace(/\n$/, '')
    throw new Error(`${argv.join(' ')} ended with ${exitCode} on ${reach.name}\n${stderr || stdout}`)
  }
  return {
    ...reach,
    run,
    readFile: async (path) => {
      const { stdout, stderr, exitCode } = await reach.exec(['cat', '--', path])
      if (exitCode !== 0) throw new Error(`cannot read ${path} on ${reach.name}: ${stderr.trim()}`)
      return stdout
    },
    writeFile: async (path, content, mode = '0644') => {
      await run(['sh', '-c', write, 'sh', path, mode], { input: content })
    },
  }
}
