import { expect, test } from 'vitest'
import { addressOf, freeIndex } from './address.ts'

test('addresses differ, stay inside the range and avoid the ends of a block', () => {
  const addresses = Array.from({ length: 5000 }, (_, index) => addressOf(index))
  expect(new Set(addresses).size).toBe(5000)
  for (const address of addresses) {
    const [a, b, c, d] = address.split('.').map(Number)
    expect([a, b]).toEqual([198, 18])
    expect(c).toBeGreaterThan(0)
    expect(c).toBeLessThan(255)
    expect(d).toBeGreaterThan(1)
    expect(d).toBeLessThan(255)
  }
})

test('a freed number is given again', () => {
  expect(freeIndex(new Set())).toBe(0)
  expect(freeIndex(new Set([0, 1, 3]))).toBe(2)
})
