/** Numbers that a seed decides (mulberry32): a failure is repeated by its seed. */
export class Random {
  #state: number

  constructor(seed: number) {
    this.#state = seed >>> 0
  }

  /** 0 up to, and without, `below`. */
  below(below: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * below)
  }

  pick<T>(items: readonly T[]): T {
    const item = items[this.below(items.length)]
    if (item === undefined) throw new Error('there is nothing to pick from')
    return item
  }
}

const number = (name: string, otherwise: number): number => {
  const given = Number(process.env[name])
  return Number.isSafeInteger(given) && given >= 0 && process.env[name] !== undefined ? given : otherwise
}

/** AXLE_FUZZ_SEED repeats a run, AXLE_FUZZ_ROUNDS makes it longer. */
export const seed = number('AXLE_FUZZ_SEED', Math.floor(Math.random() * 2 ** 31))
export const rounds = (usual: number): number => number('AXLE_FUZZ_ROUNDS', usual)

/** Runs each round with a seed of its own, and puts that into what it throws. */
export async function fuzz(name: string, usual: number, round: (random: Random) => Promise<void>): Promise<void> {
  const many = rounds(usual)
  process.stderr.write(`fuzz: ${name}: ${many} rounds, AXLE_FUZZ_SEED=${seed}\n`)
  for (let index = 0; index < many; index += 1) {
    const own = (seed + index) % 2 ** 31
    try {
      await round(new Random(own))
    } catch (cause) {
      throw new Error(`${name}: repeat this with AXLE_FUZZ_SEED=${own} AXLE_FUZZ_ROUNDS=1`, { cause })
    }
  }
}
