/** The workstation's side: what the command line needs of it. */
export { connectTo, targetOf } from './connect.ts'
export { type Prepared, prepare } from './prepare.ts'
export type { Progress } from './progress.ts'
export { settle } from './way/way.ts'
