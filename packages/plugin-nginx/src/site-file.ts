import type { Facts, ResolvedGateway } from '@axle-ia/core'
import type { GatewayOptions } from './options.ts'
import { sitePaths } from './paths.ts'
import { block, comment, directive, join, type Node, render, variable } from './syntax.ts'

/** Answers of the gateway itself: nothing about what stands behind it. */
const ERRORS: readonly (readonly [status: number, message: string])[] = [
  [404, 'There is nothing here.'],
  [405, 'This method is not allowed here.'],
  [413, 'The request body is too large.'],
  [414, 'The address is too long.'],
  [500, 'The gateway failed.'],
  [502, 'The service does not answer.'],
  [503, 'The service is not available.'],
  [504, 'The service did not answer in time.'],
]

function errorPages(): readonly Node[] {
  return ERRORS.flatMap(([status, message]) => [
    directive('error_page', String(status), `@axle_${status}`),
    block(
      'location',
      [`@axle_${status}`],
      [
        directive('default_type', 'application/json'),
        directive(
          'return',
          String(status),
          join(`{"status":"error","code":${status},"message":"${message}","requestId":"`, variable('request_id'), '"}'),
        ),
      ],
    ),
  ])
}

/** The server of a domain; without one, the default server of its port. */
export function siteFile(
  gateway: ResolvedGateway,
  { listen }: GatewayOptions,
  facts: Pick<Facts, 'addresses'>,
): string {
  const { routes, content, accessLog } = sitePaths(gateway)
  const suffix = gateway.domain === undefined ? ['default_server'] : []
  // Where the kernel has no IPv6, listening on it keeps nginx from starting.
  const ipv6 = facts.addresses.some((address) => address.includes(':'))
  return render([
    comment('Written by Axle; changes here are lost.'),
    block(
      'server',
      [],
      [
        directive('listen', String(listen), ...suffix),
        ...(ipv6 ? [directive('listen', `[::]:${listen}`, ...suffix)] : []),
        directive('server_name', gateway.domain ?? '_'),
        directive('server_tokens', 'off'),
        directive('absolute_redirect', 'off'),
        comment('The flag files are looked at for each request: a cached answer would be the slot of before.'),
        directive('open_file_cache', 'off'),
        directive('access_log', accessLog, 'axle'),
        comment('An add_header below this level would switch off all of these.'),
        directive('add_header', 'X-Request-Id', variable('request_id'), 'always'),
        directive('add_header', 'X-Axle-Release', variable('axle_release'), 'always'),
        directive('add_header', 'X-Content-Type-Options', variable('axle_content_type_options'), 'always'),
        directive('add_header', 'X-Frame-Options', variable('axle_frame_options'), 'always'),
        directive('add_header', 'Referrer-Policy', variable('axle_referrer_policy'), 'always'),
        directive('set', variable('axle_service'), ''),
        directive('set', variable('axle_slot'), ''),
        comment('"/" is the list of APIs, unless a service has it as its route.'),
        directive('root', content),
        directive('index', 'index.json'),
        directive('default_type', 'application/json'),
        ...errorPages(),
        directive('include', `${routes}/*.conf`),
      ],
    ),
  ])
}
