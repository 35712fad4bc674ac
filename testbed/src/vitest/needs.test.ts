import { expect, test } from 'vitest'
import { externalTarget, whyUnavailable } from './needs.ts'

const host = { AXLE_TEST_HOST: 'ops@server.example' }

test('AXLE_TEST_HOST is user@address with an optional port', () => {
  expect(externalTarget({})).toBeUndefined()
  expect(externalTarget(host)).toEqual({ user: 'ops', address: 'server.example', port: 22 })
  expect(externalTarget({ AXLE_TEST_HOST: 'root@[fd00::1]:2222' })).toEqual({
    user: 'root',
    address: 'fd00::1',
    port: 2222,
  })
  for (const wrong of ['server', '-oProxyCommand=x@y', 'root@', 'root@a b', 'root@a:x']) {
    expect(() => externalTarget({ AXLE_TEST_HOST: wrong })).toThrow(/expected user@address/)
  }
})

test('what a host of one’s own cannot give is named', () => {
  expect(whyUnavailable([], 1, host)).toBeUndefined()
  expect(whyUnavailable(['kill'], 1, host)).toMatch(/needs: kill/)
  expect(whyUnavailable(['boot'], 1, host)).toMatch(/needs: boot/)
  expect(whyUnavailable(['bare'], 1, host)).toMatch(/needs: bare/)
  expect(whyUnavailable([], 2, host)).toMatch(/second host/)
})

test('a destructive file runs on a host of one’s own only with permission', () => {
  expect(whyUnavailable(['disposable'], 1, host)).toMatch(/AXLE_TEST_HOST_DISPOSABLE=1/)
  expect(whyUnavailable(['disposable'], 1, { ...host, AXLE_TEST_HOST_DISPOSABLE: '1' })).toBeUndefined()
})
