import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { KEPT_TURNS, type Memory, type Turn } from './memory.ts'

export interface Store extends AsyncDisposable {
  /** Opens the same store again: as another release would, beside the first. */
  open(): Memory
}

const turn = (n: number): Turn => ({ userInput: `question ${n}`, reply: `réponse ${n} ✓ "'\\`, at: new Date(n * 1000) })

/** What every memory has to do: the same suite runs against each of them. */
export function memoryContract(name: string, start: () => Promise<Store>): void {
  describe(`${name} memory`, () => {
    let store: Store
    let memory: Memory
    let other: Memory

    beforeAll(async () => {
      store = await start()
      memory = store.open()
      other = store.open()
    }, 60_000)

    afterAll(async () => {
      await memory.close()
      await other.close()
      await store[Symbol.asyncDispose]()
    })

    it('knows nothing of a stranger', async () => {
      expect(await memory.recent('stranger', 5)).toEqual([])
    })

    it('gives back the newest turns of a user, oldest first, and of nobody else', async () => {
      for (const n of [1, 2, 3]) await memory.remember('ann', turn(n))
      await memory.remember('bob', turn(9))
      expect(await memory.recent('ann', 2)).toEqual([turn(2), turn(3)])
    })

    it('sees at once what the other release wrote', async () => {
      await other.remember('cy', turn(1))
      await memory.remember('cy', turn(2))
      expect(await other.recent('cy', 5)).toEqual([turn(1), turn(2)])
    })

    it('loses none of the first turns of a user that come at once', async () => {
      await Promise.all([1, 2, 3, 4, 5, 6].map((n) => (n % 2 ? memory : other).remember('dan', turn(n))))
      expect(await memory.recent('dan', 10)).toHaveLength(6)
    })

    it.each(['$where', "'; DROP TABLE turns; --", 'a.b', '__proto__', 'é✓'])(
      'takes %j for a user like any other',
      async (id) => {
        await memory.remember(id, turn(1))
        expect(await memory.recent(id, 5)).toEqual([turn(1)])
      },
    )

    it(`keeps the newest ${KEPT_TURNS} turns of a user`, async () => {
      for (let n = 1; n <= KEPT_TURNS + 3; n += 1) await memory.remember('eve', turn(n))
      const kept = await memory.recent('eve', KEPT_TURNS + 50)
      expect(kept).toHaveLength(KEPT_TURNS)
      expect(kept[0]).toEqual(turn(4))
    })

    it('passes its check, and fails it when closed', async () => {
      await expect(memory.check()).resolves.toBeUndefined()
      const closed = store.open()
      await closed.close()
      await expect(closed.check()).rejects.toThrow()
    })
  })
}
