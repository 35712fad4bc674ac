import { createServer } from 'node:net'
import { expect, test } from 'vitest'
import { LocalHost } from '../host/local-host.ts'
import { testFacts } from '../host/test-host.ts'
import { listenersIn, listenersOf } from './listeners.ts'
import { misplaced } from './misplaced.ts'

const HEADER = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n'
const row = (address: string, state = '0A') => `   0: ${address} 00000000:0000 ${state} 0:0 00:0 0 0 0 1234 1\n`

test('sockets that listen, with addresses as people write them', () => {
  const places = (text: string) => listenersIn(HEADER + text).map(({ address, port }) => `${address} ${port}`)
  expect(places(row('0100007F:1F90') + row('0200007F:0050') + row('00000000:0BB8'))).toEqual([
    '127.0.0.1 8080',
    '127.0.0.2 80',
    '0.0.0.0 3000',
  ])
  expect(places(row(`${'0'.repeat(32)}:1F90`))).toEqual([':: 8080'])
  expect(places(row(`${'0'.repeat(24)}01000000:1F90`))).toEqual(['::1 8080'])
  expect(places(row('B80D0120000000000000000001000000:1F90'))).toEqual(['2001:db8::1 8080'])
  expect(places(row('0100007F:1F90', '01'))).toEqual([])
})

test('what a process listens on', async () => {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const found = await listenersOf(new LocalHost({ facts: testFacts }), [process.pid])
  server.close()
  expect(found).toContainEqual(
    expect.objectContaining({ address: '127.0.0.1', port: typeof address === 'object' ? address?.port : 0 }),
  )
})

test('names the port found, the one wanted, and the line to change', () => {
  const on = (...places: [string, number][]) =>
    misplaced(
      8100,
      'node',
      places.map(([address, port]) => ({ address, port })),
    )
  expect(on(['0.0.0.0', 8100])).toBeUndefined()
  expect(on(['::', 8100], ['::', 9000])).toBeUndefined()
  expect(on(['::', 3000])).toEqual({
    what: 'it listens on 3000, not on $PORT (8100)',
    hint: 'Change .listen(3000) to .listen(process.env.PORT)',
  })
  expect(on(['127.0.0.2', 8100])?.what).toBe('it listens on 127.0.0.2 alone, and is asked at 127.0.0.1')
  expect(on(['::1', 8100])?.what).toContain('[::1]')
  expect(on()?.what).toContain('it listens on no port')
  expect(misplaced(8100, 'command', [{ address: '::', port: 3000 }])?.hint).toContain('$PORT')
})
