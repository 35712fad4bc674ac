import * as z from 'zod'

/** What a command said on the host, as it came; then its exit code. */
export const execLine = z.union([
  z.strictObject({ stream: z.enum(['stdout', 'stderr']), base64: z.string().meta({ contentEncoding: 'base64' }) }),
  z.strictObject({ exit: z.int().nonnegative() }),
])
export type ExecLine = z.output<typeof execLine>
