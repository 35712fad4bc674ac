import { expect, it } from 'vitest'
import { homeFolder, localUser } from './local-user.ts'

const unknown = (): never => {
  throw new Error('ENOENT: no such file or directory, uv_os_get_passwd')
}

it('a user of whom /etc/passwd knows nothing has a name all the same, and no home', () => {
  expect(localUser({ USER: 'ci', LOGNAME: 'other' }, unknown).name).toBe('ci')
  expect(localUser({ USER: '', LOGNAME: 'other' }, unknown).name).toBe('other')
  expect(localUser({}, unknown)).toEqual({ name: String(process.getuid?.()), uid: process.getuid?.() })
  expect(homeFolder(unknown)).toBe('/nonexistent')
})
