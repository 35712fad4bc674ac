import { AxleError, layout, type PlacedService } from '@axle-ia/core'
import type { ServiceSettings } from './options.ts'
import { block, comment, directive, escapePattern, join, type Node, pattern, render, variable, when } from './syntax.ts'

/** Names of services have no "_", so that no two of them become one variable. */
const own = (what: string, service: string) => variable(`axle_${what}_${service.replaceAll('-', '_')}`)

const onOff = (value: boolean): string => (value ? 'on' : 'off')

function headersToService(route: string): readonly Node[] {
  const header = (name: string, value: Parameters<typeof directive>[1]): Node =>
    directive('proxy_set_header', name, value)
  return [
    header('Host', variable('axle_host')),
    comment('The gateway faces the clients, so what they claim about themselves is replaced and not appended to.'),
    header('X-Real-IP', variable('remote_addr')),
    header('X-Forwarded-For', variable('remote_addr')),
    header('X-Forwarded-Proto', variable('scheme')),
    header('X-Forwarded-Host', variable('axle_host')),
    header('X-Forwarded-Port', variable('server_port')),
    header('X-Forwarded-Prefix', route.slice(0, -1)),
    header('X-Request-Id', variable('request_id')),
    header('Forwarded', ''),
    header('Proxy', ''),
    header('Upgrade', variable('http_upgrade')),
    header('Connection', variable('axle_connection')),
  ]
}

/** A service's part of its domain's server: which slot serves, and how a request gets there. */
export function routeFile(service: PlacedService, route: string, settings: ServiceSettings): string {
  const { name, ports } = service
  if (ports === undefined) throw new AxleError('AXLE_INTERNAL', `The service ${name} has a route and no ports.`)
  const [port, slot, rest] = [own('port', name), own('slot', name), own('rest', name)]
  const withoutSlash = route.slice(0, -1)
  return render([
    comment(`The service ${name}. Written by Axle; changes here are lost.`),
    comment('The flag decides, and it is looked at in the server: in a location nginx would not see it change.'),
    directive('set', port, String(ports.a)),
    directive('set', slot, 'a'),
    when(['-e', layout.service.flag(name)], [directive('set', port, String(ports.b)), directive('set', slot, 'b')]),
    comment('What follows the prefix, byte for byte as the client sent it.'),
    directive('set', rest, ''),
    when(
      [variable('request_uri'), '~', pattern(`^${escapePattern(withoutSlash)}(?<axle_captured>/.*)$`)],
      [directive('set', rest, variable('axle_captured'))],
    ),
    ...(withoutSlash === ''
      ? []
      : [
          block(
            'location',
            ['=', withoutSlash],
            [directive('return', '308', join(route, variable('is_args'), variable('args')))],
          ),
        ]),
    block(
      'location',
      ['^~', route],
      [
        comment('Another spelling of the prefix (such as %61 for a) has no rest that could be passed on unchanged.'),
        when([rest, '=', ''], [directive('return', '404')]),
        directive('set', variable('axle_service'), name),
        directive('set', variable('axle_slot'), slot),
        directive('root', join(`${layout.service.slots(name)}/`, slot)),
        directive('proxy_pass', join('http://127.0.0.1:', port, rest)),
        directive('proxy_http_version', '1.1'),
        comment('A request is never sent twice, and never to the other slot.'),
        directive('proxy_next_upstream', 'off'),
        directive('proxy_redirect', 'off'),
        directive('proxy_connect_timeout', '5s'),
        directive('proxy_read_timeout', settings.readTimeout),
        directive('proxy_send_timeout', settings.readTimeout),
        directive('client_max_body_size', settings.maxBody),
        directive('proxy_buffering', onOff(settings.buffering)),
        directive('proxy_request_buffering', onOff(settings.requestBuffering)),
        directive('proxy_hide_header', 'X-Axle-Release'),
        directive('proxy_hide_header', 'X-Request-Id'),
        directive('proxy_hide_header', 'X-Powered-By'),
        ...headersToService(route),
      ],
    ),
  ])
}
