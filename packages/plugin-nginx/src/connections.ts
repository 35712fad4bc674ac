/** ESTABLISHED in the tables of /proc/net (include/net/tcp_states.h). */
const ESTABLISHED = '01'

/**
 * Open connections to a local port, by the text of /proc/net/tcp or tcp6. Each stands there twice, once from either end:
 * the one whose local port it is counts.
 */
export function countEstablished(table: string, port: number): number {
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  return table.split('\n').filter((line) => {
    const [, local, , state] = line.trim().split(/\s+/)
    return state === ESTABLISHED && local?.endsWith(wanted) === true
  }).length
}
