import {
  block,
  comment,
  directive,
  join,
  type Node,
  pattern,
  render,
  renderWord,
  variable,
  type Word,
} from './syntax.ts'

/** Fields of the access log, in JSON by nginx's own escaping. Queries stay out: they carry tokens. */
const LOG_FIELDS: readonly (readonly [field: string, variable: string])[] = [
  ['time', 'time_iso8601'],
  ['request_id', 'request_id'],
  ['remote', 'remote_addr'],
  ['host', 'host'],
  ['method', 'request_method'],
  ['path', 'uri'],
  ['protocol', 'server_protocol'],
  ['status', 'status'],
  ['bytes', 'bytes_sent'],
  ['service', 'axle_service'],
  ['slot', 'axle_slot'],
  ['release', 'axle_release'],
  ['request_time', 'request_time'],
  ['upstream_status', 'upstream_status'],
  ['upstream_time', 'upstream_response_time'],
  ['user_agent', 'http_user_agent'],
]

/** A row of a map: the key takes the place of a directive's name. */
const entry = (key: Word, value: Word): Node => directive(renderWord(key), value)

function map(from: string, to: string, cases: readonly Node[]): Node {
  return block('map', [variable(from), variable(to)], cases)
}

/** Where the service sends the header itself, nothing is added: its word counts. */
function unlessGiven(header: string, to: string, value: string): Node {
  return map(`upstream_http_${header}`, to, [entry('default', ''), entry('', value)])
}

/** What nginx allows at http level only, once for all sites. All names begin with `axle_`. */
export function httpFile(): string {
  const log = LOG_FIELDS.flatMap(([field, name], index) => [
    `${index === 0 ? '{' : ','}"${field}":"`,
    variable(name),
    '"',
  ])
  return render([
    comment('Written by Axle; changes here are lost.'),
    directive('log_format', 'axle', 'escape=json', join(...log, '}')),
    map('http_upgrade', 'axle_connection', [entry('default', 'upgrade'), entry('', '')]),
    comment('A request without a Host header has the name of the server.'),
    map('http_host', 'axle_host', [entry('default', variable('http_host')), entry('', variable('host'))]),
    comment("The release is read off the slot's link at each request: no reload when it changes."),
    map('realpath_root', 'axle_release', [
      entry('default', ''),
      entry(pattern('~/releases/(?<axle_release_id>[0-9a-f]{12})$'), variable('axle_release_id')),
    ]),
    unlessGiven('x_content_type_options', 'axle_content_type_options', 'nosniff'),
    unlessGiven('x_frame_options', 'axle_frame_options', 'SAMEORIGIN'),
    unlessGiven('referrer_policy', 'axle_referrer_policy', 'strict-origin-when-cross-origin'),
  ])
}
