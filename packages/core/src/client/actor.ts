import { hostname } from 'node:os'
import { execa } from 'execa'
import type { Actor } from '../protocol/events.ts'
import { localUser } from './local-user.ts'

/** Who asks, from where, with which commit: for the lock's message, the history and the record. */
export async function whoAsks(folder: string): Promise<Actor> {
  const [commit, changes] = await Promise.all([
    git(folder, ['rev-parse', 'HEAD']),
    git(folder, ['status', '--porcelain', '--', '.']),
  ])
  return {
    user: localUser().name,
    host: hostname(),
    ...(commit === undefined ? {} : { commit: commit.trim() }),
    ...(commit === undefined || changes === undefined ? {} : { dirty: changes.trim() !== '' }),
  }
}

/** Without git, or outside a repository, there is no commit to tell: no mistake. */
async function git(cwd: string, args: readonly string[]): Promise<string | undefined> {
  const result = await execa('git', args, {
    cwd,
    reject: false,
    timeout: 5_000,
    stdin: 'ignore',
    env: { GIT_OPTIONAL_LOCKS: '0' },
  })
  return result.failed ? undefined : result.stdout
}
