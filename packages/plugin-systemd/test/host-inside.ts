import type { Argv, Facts, FileStat, Host } from '@axle-ia/core'
import type { TestHost } from '@axle-ia/testbed/vitest'

const facts: Facts = {
  hostname: 'h',
  os: { id: 'debian', version: '12', like: [] },
  arch: 'x64',
  addresses: [],
  services: [],
}

/** As much of a Host as a supervisor uses, on a testbed host. `ran` is what was run there. */
export function hostInside(target: TestHost, ran: Argv[]): Host {
  const unused = async (): Promise<never> => {
    throw new Error('the supervisor does not need this')
  }
  const run: Host['run'] = async (argv, options = {}) => {
    ran.push(argv)
    const result = await target.exec(argv, options.input === undefined ? {} : { input: options.input })
    const accept = options.accept ?? [0]
    if (accept !== 'any' && !accept.includes(result.exitCode))
      throw new Error(`${argv.join(' ')}: ${result.exitCode} ${result.stderr}`)
    return result
  }
  return {
    facts,
    run,
    query: run,
    stream: async function* (argv) {
      for (const line of (await target.run(argv)).split('\n')) if (line !== '') yield line
    },
    stat: async (path): Promise<FileStat | undefined> => {
      const { exitCode, stdout } = await target.exec(['readlink', '--', path])
      if (exitCode === 0) return { type: 'link', mode: '777', uid: 0, gid: 0, size: 0, target: stdout.trim() }
      const there = (await target.exec(['test', '-e', path])).exitCode === 0
      return there ? { type: 'file', mode: '644', uid: 0, gid: 0, size: 0 } : undefined
    },
    link: async (path, to) => {
      await target.run(['ln', '-sfn', to, path])
    },
    remove: async (path) => {
      await target.run(['rm', '-f', '--', path])
    },
    read: unused,
    list: unused,
    write: unused,
    makeDirectory: unused,
    setAttributes: unused,
    rename: unused,
  }
}
