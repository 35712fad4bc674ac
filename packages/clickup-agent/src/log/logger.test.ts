import { expect, it } from 'vitest'
import { createLogger } from './logger.ts'
import { redactor } from './redact.ts'

function linesOf(secrets: readonly string[], write: (log: ReturnType<typeof createLogger>) => void): string {
  let lines = ''
  const destination = {
    write: (line: string) => {
      lines += line
    },
  }
  write(createLogger({ level: 'info', environment: 'test', redact: redactor(secrets), destination }))
  return lines
}

it('masks a secret in a message, a field, an error and its cause, and in its encoded forms', () => {
  const secret = 'sk-"can&ary/42'
  const lines = linesOf([secret], (log) => {
    log.info({ url: `https://x/?key=${encodeURIComponent(secret)}` }, `the key is ${secret}`)
    log.error({ err: new Error(`refused: ${secret}`, { cause: new Error(secret) }) }, 'failed')
    log.info({ basic: Buffer.from(secret).toString('base64'), deep: { a: [secret] } })
  })
  expect(lines).not.toMatch(/can&ary|can%26ary/)
  expect(lines).not.toContain(Buffer.from(secret).toString('base64'))
  expect(lines.match(/\[redacted\]/g)?.length).toBeGreaterThanOrEqual(6)
  for (const line of lines.trim().split('\n')) expect(() => JSON.parse(line)).not.toThrow()
})

it('masks the whole of a connection string, not only the password inside it', () => {
  const lines = linesOf(['mongodb://app:hunter22@db/x', 'hunter22'], (log) =>
    log.info('to mongodb://app:hunter22@db/x as hunter22'),
  )
  expect(lines).toContain('to [redacted] as [redacted]')
})

it('hides headers that carry credentials, by name', () => {
  const lines = linesOf([], (log) => log.info({ headers: { authorization: 'Bearer abc', cookie: 'a=b' } }, 'x'))
  expect(lines).not.toMatch(/abc|a=b/)
})
