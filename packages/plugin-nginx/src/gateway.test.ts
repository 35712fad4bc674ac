import { expect, test } from 'vitest'
import { countEstablished } from './connections.ts'
import { publicAddress } from './gateway.ts'
import { placeOf } from './reload.ts'

const TABLE = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F40 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1
   1: 0100007F:1F40 0100007F:C350 01 00000000:00000000 00:00000000 00000000     0        0 2
   2: 0100007F:C350 0100007F:1F40 01 00000000:00000000 00:00000000 00000000     0        0 3
   3: 0100007F:1F40 0100007F:C351 06 00000000:00000000 00:00000000 00000000     0        0 4
`

test('a connection counts once, and only while it is established', () => {
  expect(countEstablished(TABLE, 8000)).toBe(1)
  expect(countEstablished(TABLE, 8001)).toBe(0)
})

test('the address that people see', () => {
  expect(publicAddress(['fe80::1', '2001:db8::1', '169.254.1.1', '198.18.0.2'])).toBe('198.18.0.2')
  expect(publicAddress(['fe80::1', '2001:db8::1'])).toBe('2001:db8::1')
  expect(publicAddress([])).toBe('127.0.0.1')
})

test("the place in nginx's words", () => {
  expect(placeOf('nginx: [emerg] unknown directive "x" in /etc/nginx/sites-enabled/other:3\nnginx: … failed')).toBe(
    '/etc/nginx/sites-enabled/other:3',
  )
})
