/** The workstation's side: what the command line needs of it. */
export { connectTo } from './connect.ts'
export { type Prepared, prepare } from './prepare.ts'
export type { Progress } from './progress.ts'
export { leave } from './way/way.ts'
