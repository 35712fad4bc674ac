/** How far an upload has come, in bytes. */
export interface Progress {
  readonly what: 'node' | 'engine' | 'files'
  readonly sent: number
  readonly total: number
}
