import * as z from 'zod'
import { event } from '../../protocol/events.ts'
import { plan } from '../../protocol/plan.ts'
import { serializedError } from '../../protocol/serialized-error.ts'
import { resolvedConfig } from '../../protocol/service.ts'
import { envAnswer, healthAnswer, historyAnswer, logLine, statusAnswer } from '../../protocol/wire.ts'
import { initialized } from '../initialize.ts'
import { execLine } from './exec-line.ts'
import type { SchemaName } from './names.ts'

/** What `--json` prints, by the name of its schema. */
const PRINTED = {
  event: event.describe(
    'One line of --json of deploy, rollback, restart, stop, start, and env set or unset --restart. The last has type "result".',
  ),
  plan: plan.describe('plan --json, and --dry-run --json of deploy, rollback, restart, stop and start.'),
  status: statusAnswer.describe('status --json.'),
  health: healthAnswer.describe('health --json.'),
  history: historyAnswer.describe('history --json.'),
  logs: logLine.describe('One line of logs --json.'),
  'env-list': z.strictObject({ services: z.array(envAnswer) }).describe('env list --json.'),
  'env-set': envAnswer.describe('env set --json and env unset --json without --restart: the names after the change.'),
  exec: execLine.describe('One line of exec --json. The last is the exit code.'),
  init: initialized.describe('init --json.'),
  failure: z
    .strictObject({ error: serializedError })
    .describe('What a command whose --json is not events prints where it fails; exec and logs as their last line.'),
  config: resolvedConfig.describe(
    'A config as it is sent to the host, /opt/axle/projects/<project>/config-<hash>.json.',
  ),
} as const satisfies Record<SchemaName, z.ZodType>

/** JSON Schema, draft 2020-12. */
export function jsonSchema(name: SchemaName): Readonly<Record<string, unknown>> {
  const { $schema, ...rest } = z.toJSONSchema(PRINTED[name], {
    target: 'draft-2020-12',
    io: 'output',
    // A list with a first element, as the words of a command, has one; zod leaves that out.
    override: ({ jsonSchema: made }) => {
      if (made.prefixItems !== undefined) made.minItems ??= made.prefixItems.length
    },
  })
  return { $schema, $id: `urn:axle:schema:1:${name}`, title: name, ...rest }
}
