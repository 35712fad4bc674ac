import * as z from 'zod'
import { EXIT } from '../../protocol/exit.ts'
import type { Action } from '../context.ts'
import { checkArgument, checkOptions } from '../options/check.ts'
import { SCHEMA_NAMES } from '../schema/names.ts'
import { jsonSchema } from '../schema/printed.ts'

export const schemaAction: Action = async (invocation, { io }) => {
  checkOptions(invocation)
  const name = checkArgument('Name', invocation.arguments[0], z.enum(SCHEMA_NAMES).optional())
  const printed =
    name === undefined ? Object.fromEntries(SCHEMA_NAMES.map((one) => [one, jsonSchema(one)])) : jsonSchema(name)
  io.stdout.write(`${JSON.stringify(printed, undefined, 2)}\n`)
  return EXIT.done
}
