/** The workstation's side: what the command line needs of it. */
export type { BuildLine } from './build.ts'
export { clientConnect } from './client-connect.ts'
export type { HostTarget } from './config/hosts.ts'
export { type ConnectOptions, connectTo, targetOf } from './connect.ts'
export { type Prepared, type PrepareOptions, prepare } from './prepare.ts'
export type { Progress } from './progress.ts'
