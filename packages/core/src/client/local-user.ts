import { homedir, userInfo } from 'node:os'

/** Who runs this. A container may run it as a user of whom its /etc/passwd knows nothing. */
export function localUser(environment: NodeJS.ProcessEnv = process.env, ask = userInfo): { name: string; uid: number } {
  try {
    const { username, uid } = ask()
    return { name: username, uid }
  } catch {
    const uid = process.getuid?.() ?? -1
    const named = [environment.USER, environment.LOGNAME].find((name) => name !== undefined && name !== '')
    return { name: named ?? String(uid), uid }
  }
}

/** Who has no home has one that is not there, as Debian's `nobody`: nothing is found in it, and nothing kept. */
export function homeFolder(ask = homedir): string {
  try {
    return ask()
  } catch {
    return '/nonexistent'
  }
}
