import * as z from 'zod'

/** An error as it crosses the wire and the disk. Apart from the class, so that what throws loads no zod. */
export const serializedError = z.strictObject({
  code: z.string(),
  message: z.string(),
  /** What to do next. */
  hint: z.string().optional(),
  /** Where: a path in the config (`services[1].route`), a file, a host. */
  where: z.string().optional(),
  /** Who threw it: `plugin/hook`, a resource, a host. */
  stamp: z.record(z.string(), z.string()).optional(),
  /** Last lines of the command's or the service's output. */
  output: z.string().optional(),
  exit: z.int(),
})
export type SerializedError = z.output<typeof serializedError>
