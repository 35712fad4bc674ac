/**
 * Hosts live in 198.18.0.0/16, the first half of the range that RFC 2544 sets aside for test beds: no real
 * network has it. (The second half, 198.19.0.0/16, is left to whatever else a test brings up.)
 */
export const network = '198.18.0.0/16'
export const gateway = '198.18.0.1'
export const prefixLength = 16

const perBlock = 250

/** The address of the host with this number; 0 is 198.18.1.2. */
export function addressOf(index: number): string {
  return `198.18.${1 + Math.floor(index / perBlock)}.${2 + (index % perBlock)}`
}

/** The smallest number that is free. */
export function freeIndex(taken: ReadonlySet<number>): number {
  let index = 0
  while (taken.has(index)) index += 1
  return index
}
