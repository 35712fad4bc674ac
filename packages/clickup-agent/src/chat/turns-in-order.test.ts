import { expect, it } from 'vitest'
import { gate } from '../testing/gate.ts'
import { MAX_WAITING_TURNS, TooManyTurnsError, TurnsInOrder } from './turns-in-order.ts'

it("runs one user's turns in order and another's beside them", async () => {
  const turns = new TurnsInOrder()
  const done: string[] = []
  const hold = gate()
  const first = turns.run('a', async () => {
    await hold.opened
    done.push('a1')
  })
  const second = turns.run('a', async () => void done.push('a2'))
  await turns.run('b', async () => void done.push('b1'))
  expect(done).toEqual(['b1'])
  hold.open()
  await Promise.all([first, second])
  expect(done).toEqual(['b1', 'a1', 'a2'])
})

it('goes on after a turn that failed', async () => {
  const turns = new TurnsInOrder()
  const failing = turns.run('a', () => Promise.reject(new Error('no')))
  const next = turns.run('a', async () => 'yes')
  await expect(failing).rejects.toThrow('no')
  expect(await next).toBe('yes')
})

it('refuses a user who has too many waiting, until some are done', async () => {
  const turns = new TurnsInOrder()
  const hold = gate()
  const waiting = Array.from({ length: MAX_WAITING_TURNS + 1 }, () => turns.run('a', () => hold.opened))
  await expect(turns.run('a', async () => {})).rejects.toBeInstanceOf(TooManyTurnsError)
  expect(await turns.run('b', async () => 'other users go on')).toBe('other users go on')
  hold.open()
  await Promise.all(waiting)
  expect(await turns.run('a', async () => 'again')).toBe('again')
})
