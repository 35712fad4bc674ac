import { once } from 'node:events'
import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { Agent, request, type Server } from 'node:http'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { block, directive, render } from '../src/syntax.ts'
import { bodyOf, portOf, raw as rawTo, startApp, statusOf } from './app.ts'
import { placed } from './fixtures.ts'
import { hasNginx, type PrivateNginx, startNginx } from './private-nginx.ts'

const PORT = 18_480
const MARK = '---'
const TEXTS = fc.sample(
  fc.string({ unit: fc.constantFrom(...'{};"\'\\ #~^*()[]?|.=@%&<>-abtrn/é漢'), minLength: 1, maxLength: 30 }),
  { numRuns: 300, seed: 7 },
)

const raw = (target: string, lines?: string, method?: string): Promise<string> => rawTo(PORT, target, lines, method)

describe.skipIf(!hasNginx)('a real nginx with the rendered files', () => {
  let a: Server
  let b: Server
  let nginx: PrivateNginx
  let flag: string

  beforeAll(async () => {
    ;[a, b] = await Promise.all([startApp('a'), startApp('b')])
    const ports = { a: portOf(a), b: portOf(b) }
    const echo = TEXTS.map((text, index) =>
      block('location', ['=', `/${index}`], [directive('return', '200', `${MARK}${text}`)]),
    )
    nginx = await startNginx(
      PORT,
      [
        [placed({ ports }), {}],
        [placed({ name: 'v1.0'.replace('.', '-'), route: '/v1.0/deep/', ports }), { maxBody: '1k' }],
        [placed({ name: 'down', route: '/down/', ports: { a: 9, b: 9 } }), {}],
      ],
      render([block('server', [], [directive('listen', String(PORT + 1)), ...echo])]),
    )
    flag = nginx.at('/var/lib/axle/switch/pay-api')
  })
  afterAll(async () => {
    await nginx.stop()
    a.closeAllConnections()
    b.closeAllConnections()
    a.close()
    b.close()
  })

  test.each([
    ['/pay/', '/'],
    ['/pay/a%2Fb', '/a%2Fb'],
    ['/pay//a//b', '//a//b'],
    ['/pay/?q=1&r=%20', '/?q=1&r=%20'],
    ['/pay/x?', '/x?'],
    ['/pay/a%20b', '/a%20b'],
    ['/pay/%E6%BC%A2', '/%E6%BC%A2'],
    ['/pay/a/../b', '/a/../b'],
    ['/pay/%25%32%46', '/%25%32%46'],
    ['/pay/pay/x', '/pay/x'],
    ["/pay/a;b=c,d:e@f!$&'()*+~", "/a;b=c,d:e@f!$&'()*+~"],
    ['/pay/%24%7Bport%7D/$axle_port_pay_api', '/%24%7Bport%7D/$axle_port_pay_api'],
    ['http://shop.test/pay/absolute?x=//', '/absolute?x=//'],
    ['/v1.0/deep/x', '/x'],
  ])('the prefix of %s goes, and %s arrives', async (target, arrives) => {
    const answer = await raw(target)
    expect(statusOf(answer)).toBe(200)
    expect(bodyOf(answer).url).toBe(arrives)
  })

  test('any path arrives byte for byte', async () => {
    const part = fc.string({
      unit: fc.constantFrom(..."abz09-._~!$&'()*+,;=:@/?", '%2F', '%00', '%25', '%7e'),
      maxLength: 20,
    })
    let compared = 0
    await fc.assert(
      fc.asyncProperty(part, async (rest) => {
        const answer = await raw(`/pay/${rest}`)
        // A path that leaves the prefix by "..", or has a NUL, is not the service's: nginx refuses it itself.
        if (statusOf(answer) !== 200 || !answer.includes('"slot"'))
          return void expect([200, 400, 404]).toContain(statusOf(answer))
        compared += 1
        expect(bodyOf(answer).url).toBe(`/${rest}`)
      }),
      { numRuns: 300 },
    )
    expect(compared).toBeGreaterThan(150)
  })

  test("other spellings of the prefix are nobody's", async () => {
    for (const target of ['/p%61y/x', '//pay/x', '/other/../pay/x', '/v1x0/deep/x', '/payx', '/pay/../../x']) {
      expect([400, 404]).toContain(statusOf(await raw(target)))
    }
  })

  test('without its last slash it is sent on, with the query', async () => {
    const answer = await raw('/pay?x=%2F')
    expect(statusOf(answer)).toBe(308)
    expect(answer).toContain('Location: /pay/?x=%2F\r\n')
  })

  test('headers to the service: claims of the client are replaced', async () => {
    const answer = await raw(
      '/pay/x',
      'Host: shop.test:99\r\nX-Forwarded-For: 6.6.6.6\r\nX-Real-IP: 6.6.6.6\r\nX-Forwarded-Proto: evil\r\nForwarded: for=6.6.6.6\r\nX-Request-Id: mine\r\n',
    )
    const { headers } = bodyOf(answer)
    expect(headers).toMatchObject({
      host: 'shop.test:99',
      'x-forwarded-for': '127.0.0.1',
      'x-real-ip': '127.0.0.1',
      'x-forwarded-proto': 'http',
      'x-forwarded-host': 'shop.test:99',
      'x-forwarded-prefix': '/pay',
    })
    expect(headers.forwarded).toBeUndefined()
    expect(headers['x-request-id']).toMatch(/^[0-9a-f]{32}$/)
    expect(answer).toContain(`X-Request-Id: ${headers['x-request-id']}\r\n`)
  })

  test("headers to the client: the release, once; the app's own word on framing counts", async () => {
    const answer = await raw('/pay/missing')
    expect(statusOf(answer)).toBe(404)
    expect(bodyOf(answer).slot).toBe('a')
    expect(answer.match(/x-axle-release: .*/gi)).toEqual(['X-Axle-Release: aaaaaaaaaaaa'])
    expect(answer).toMatch(/X-Content-Type-Options: nosniff/)
    expect(answer).not.toMatch(/Server: nginx\//)
    expect((await raw('/pay/framed')).match(/x-frame-options: .*/gi)).toEqual(['x-frame-options: DENY'])
  })

  test('what the gateway answers itself is JSON, and says nothing of what is behind', async () => {
    expect(bodyOf(await raw('/'))).toEqual({ status: 'ok', apis: [] })
    for (const [target, status] of [
      ['/nothing', 404],
      ['/down/x', 502],
    ] as const) {
      const answer = await raw(target)
      expect(statusOf(answer)).toBe(status)
      expect(answer).toContain('Content-Type: application/json')
      expect(bodyOf(answer)).toMatchObject({ status: 'error', code: status })
      expect(answer).not.toMatch(/127\.0\.0\.1|X-Axle-Release/)
    }
    expect(statusOf(await raw('/v1.0/deep/x', 'Host: x\r\nContent-Length: 2000\r\n', 'POST'))).toBe(413)
  })

  test('a WebSocket talks both ways', async () => {
    const socket = connect(PORT, '127.0.0.1')
    socket.write('GET /pay/ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n')
    const [head] = (await once(socket, 'data')) as [Buffer]
    expect(head.toString()).toContain('101 Switching Protocols')
    socket.write('hello')
    const [said] = (await once(socket, 'data')) as [Buffer]
    expect(said.toString()).toBe('echo hello')
    socket.destroy()
  })

  test('an event of a stream arrives when it is sent', async () => {
    const started = performance.now()
    const response = await fetch(`http://127.0.0.1:${PORT}/pay/stream`)
    const reader = response.body?.getReader()
    const first = await reader?.read()
    expect(new TextDecoder().decode(first?.value)).toBe('data: first\n\n')
    expect(performance.now() - started).toBeLessThan(700)
    await reader?.cancel()
  })

  test('the flag decides at the next request; 0 of many POSTs fail while it flips', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 20 })
    const counts = { a: 0, b: 0, failed: 0, mixed: 0 }
    const post = () =>
      new Promise<void>((resolve) => {
        const outgoing = request({ port: PORT, path: '/pay/x', method: 'POST', agent }, (incoming) => {
          let text = ''
          incoming
            .on('data', (chunk) => (text += chunk))
            .on('end', () => {
              if (incoming.statusCode !== 200) counts.failed += 1
              else {
                const slot: 'a' | 'b' = JSON.parse(text).slot
                counts[slot] += 1
                if (incoming.headers['x-axle-release'] !== slot.repeat(12)) counts.mixed += 1
              }
              resolve()
            })
        })
        outgoing.on('error', () => {
          counts.failed += 1
          resolve()
        })
        outgoing.end('body')
      })
    let running = true
    const clients = Array.from({ length: 20 }, async () => {
      while (running) await post()
    })
    let flips = 0
    for (; flips < 40; flips += 1) {
      if (flips % 2 === 0) {
        await writeFile(`${flag}.new`, '')
        await rename(`${flag}.new`, flag)
      } else await rm(flag)
      await sleep(20)
      const answer = await raw('/pay/after')
      expect(bodyOf(answer).slot).toBe(flips % 2 === 0 ? 'b' : 'a')
    }
    running = false
    await Promise.all(clients)
    agent.destroy()
    process.stdout.write(`flag flips: ${flips}, ${JSON.stringify(counts)}\n`)
    expect(counts).toMatchObject({ failed: 0, mixed: 0 })
    expect(Math.min(counts.a, counts.b)).toBeGreaterThan(100)
  })

  test('the access log is JSON with slot, release and times, without queries', async () => {
    await raw('/pay/logged?token=secret', 'Host: x\r\nUser-Agent: "quo\\ted"\r\n')
    const text = await readFile(nginx.at('/var/log/nginx/axle-axle-default.access.log'), 'utf8')
    const lines = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(lines.findLast((line) => line.path === '/pay/logged')).toMatchObject({
      service: 'pay-api',
      slot: 'a',
      release: 'aaaaaaaaaaaa',
      status: '200',
      user_agent: '"quo\\ted"',
    })
    expect(text).not.toContain('secret')
  })

  test('nginx reads each text as it was meant', async () => {
    const read = await Promise.all(
      TEXTS.map(async (_text, index) => (await fetch(`http://127.0.0.1:${PORT + 1}/${index}`)).text()),
    )
    expect(read).toEqual(TEXTS.map((text) => `${MARK}${text}`))
  })
})
