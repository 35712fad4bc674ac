import type { Host } from '@axle-ia/core'
import type { TestHost } from '@axle-ia/testbed/vitest'
import { facts } from './fixtures.ts'

/** As much of a Host as the gateway uses, on a testbed host. */
export function hostInside(target: TestHost): Host {
  const unused = async (): Promise<never> => {
    throw new Error('the gateway does not need this')
  }
  const run: Host['run'] = async (argv, options = {}) => {
    const result = await target.exec(argv)
    const accept = options.accept ?? [0]
    if (accept !== 'any' && !accept.includes(result.exitCode))
      throw new Error(`${argv.join(' ')}: ${result.exitCode} ${result.stderr}`)
    return result
  }
  return {
    facts,
    run,
    query: run,
    stream: async function* () {
      yield await unused()
    },
    stat: async (path) => {
      const { exitCode, stdout } = await target.exec(['readlink', '--', path])
      if (exitCode === 0) return { type: 'link', mode: '777', uid: 0, gid: 0, size: 0, target: stdout.trim() }
      const there = (await target.exec(['test', '-e', path])).exitCode === 0
      return there ? { type: 'file', mode: '644', uid: 0, gid: 0, size: 0 } : undefined
    },
    read: async (path) => {
      const { exitCode, stdout } = await target.exec(['cat', '--', path])
      return exitCode === 0 ? stdout : undefined
    },
    link: async (path, to) => {
      await target.run(['ln', '-sfn', to, path])
    },
    remove: async (path) => {
      await target.run(['rm', '-f', '--', path])
    },
    list: unused,
    write: unused,
    makeDirectory: unused,
    setAttributes: unused,
    rename: unused,
  }
}
