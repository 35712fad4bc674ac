export type { ExecOptions, ExecResult } from '../host/inside.ts'
export type { Need } from './needs.ts'
export type { TestHost } from './test-host.ts'
export { type FileHost, type UseHostOptions, useHost } from './use-host.ts'
