import { expect, it } from 'vitest'
import { sudoRefusal, wantsPassword } from './sudo.ts'

it.each([
  ['sudo: a password is required', 'wants the password of deploy'],
  ['sudo: interactive authentication is required', 'wants the password of deploy'],
  ['Sorry, try again.\nSorry, try again.\nsudo: 3 incorrect password attempts', 'it allows 3 tries'],
  ['sudo: 1 incorrect password attempt', 'it allows 1 try'],
  ['deploy is not in the sudoers file.', 'may not become root'],
  ['Sorry, user deploy is not allowed to execute /bin/sh as root on h.', 'may not become root'],
  ['sudo: sorry, you must have a tty to run sudo', 'requiretty'],
  ['sudo: unknown user', 'refuses deploy'],
])('%j', (output, words) => {
  expect(sudoRefusal(output, 'deploy')).toMatchObject({ code: 'AXLE_RIGHTS', message: expect.stringContaining(words) })
})

it('tells what only a password would solve from the rest', () => {
  expect(sudoRefusal('node: not found', 'deploy')).toBeUndefined()
  expect(wantsPassword(sudoRefusal('sudo: a password is required', 'deploy'))).toBe(true)
  expect(wantsPassword(sudoRefusal('sudo: 3 incorrect password attempts', 'deploy'))).toBe(false)
})
