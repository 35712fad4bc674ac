import type { Listener } from './listeners.ts'

/** Addresses on which a request to 127.0.0.1 arrives. */
const REACHED: ReadonlySet<string> = new Set(['0.0.0.0', '127.0.0.1', '::'])

export interface Misplaced {
  readonly what: string
  readonly hint: string
}

/**
 * An app that runs and does not answer listens somewhere else, most of the time: where, and what to change. Pure.
 * `runtime` is the service's kind of runtime, for a line in its own language.
 */
export function misplaced(
  port: number,
  runtime: string,
  listeners: readonly Pick<Listener, 'address' | 'port'>[],
): Misplaced | undefined {
  const here = listeners.filter((one) => one.port === port)
  if (here.some(({ address }) => REACHED.has(address))) return undefined
  const isNode = runtime === 'node'
  if (here.length > 0) {
    const places = here.map((one) => (one.address.includes(':') ? `[${one.address}]` : one.address)).join(', ')
    return {
      what: `it listens on ${places} alone, and is asked at 127.0.0.1`,
      hint: isNode
        ? 'Change the address to $HOST: .listen(process.env.PORT, process.env.HOST)'
        : 'Let it listen on the address in $HOST.',
    }
  }
  const ports = [...new Set(listeners.map((one) => one.port))].sort((a, b) => a - b)
  const [first] = ports
  if (first === undefined) {
    return {
      what: `it listens on no port, and is asked on $PORT (${port})`,
      hint: isNode
        ? 'Let it listen: .listen(process.env.PORT). A service that listens on nothing is a worker: leave port out.'
        : 'Let it listen on $PORT. A service that listens on nothing is a worker: leave port out.',
    }
  }
  return {
    what: `it listens on ${ports.join(', ')}, not on $PORT (${port})`,
    hint: isNode
      ? `Change .listen(${first}) to .listen(process.env.PORT)`
      : `Let it listen on $PORT in place of ${first}, such as by an option of its command: start: '… --port $PORT'`,
  }
}
