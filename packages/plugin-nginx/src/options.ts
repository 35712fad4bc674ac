import * as z from 'zod'

/** What nginx takes as a time; the allow-list keeps anything else out of its configuration. */
const time = z.string().regex(/^[1-9][0-9]{0,5}(?:ms|s|m|h)$/, 'expected a time such as "60s" or "5m"')
const size = z
  .string()
  .regex(/^(?:0|[1-9][0-9]{0,5}[km]?)$/, 'expected a size such as "20m" or "512k"; "0" is no limit')

export const gatewayOptions = z.strictObject({
  listen: z.int().min(1).max(65_535).default(80).describe('Port of the gateway.'),
})
export type GatewayOptions = z.output<typeof gatewayOptions>

export const serviceOptions = z.strictObject({
  maxBody: size.default('1m').describe('Largest request body; above it the gateway answers 413.'),
  readTimeout: time
    .default('5m')
    .describe('How long the service may be silent: before it answers, and within a stream or a WebSocket.'),
  buffering: z
    .boolean()
    .default(false)
    .describe(
      'true: answers are collected before they are sent, so that a slow reader does not hold a connection of the service.',
    ),
  requestBuffering: z
    .boolean()
    .default(false)
    .describe(
      'true: the service sees a request once its whole body is there. An upload under way at a switch may then be lost.',
    ),
})
export type ServiceSettings = z.output<typeof serviceOptions>
