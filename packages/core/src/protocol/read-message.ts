import type * as z from 'zod'
import { AxleError } from './errors.ts'

/** A message of the other side, if it has the form that is due. `what` begins the error's sentence. */
export function readMessage<T>(schema: z.ZodType<T>, message: unknown, what: string): T {
  const parsed = parse(schema, message, what)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new AxleError('AXLE_WIRE', `${what} has another form: ${issue?.path.join('.')}: ${issue?.message}.`, {
    cause: parsed.error,
  })
}

function parse<T>(schema: z.ZodType<T>, message: unknown, what: string) {
  try {
    return schema.safeParse(message)
  } catch (cause) {
    // JSON that is nested ten thousand levels deep parses; a schema that follows it runs out of stack.
    if (cause instanceof RangeError) throw new AxleError('AXLE_WIRE', `${what} is nested too deep.`, { cause })
    throw cause
  }
}
