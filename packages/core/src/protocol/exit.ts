/** Exit codes of the command line (docs/cli.md). */
export const EXIT = {
  done: 0,
  failed: 1,
  usage: 2,
  unreachable: 3,
  locked: 4,
  unhealthy: 5,
  interrupted: 130,
} as const

export type Exit = (typeof EXIT)[keyof typeof EXIT]
