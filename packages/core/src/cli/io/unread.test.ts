import { execFileSync } from 'node:child_process'
import { expect, it } from 'vitest'

/** A real process whose host says many lines, and how its command ended. */
const script = (line: string, messages: string) => `
  import { createProgram } from ${JSON.stringify(new URL('../program.ts', import.meta.url).href)}
  const program = createProgram({ side: 'client', version: '0.0.0', connect: async () => async () => ({
    project: 'shop', services: ['api'], close: () => {},
    open: async () => ({ close: async () => {}, input: { send: async () => {}, end: async () => {} },
      messages: (async function* () { ${messages} })() }),
  }) })
  process.exit(await program.run(${JSON.stringify(line.split(' '))}))`

const ended = (line: string, messages: string): string =>
  execFileSync(
    'bash',
    [
      '-c',
      '"$1" --input-type=module -e "$2" < /dev/null | true; echo "${PIPESTATUS[0]}"',
      'bash',
      process.execPath,
      script(line, messages),
    ],
    { encoding: 'utf8' },
  ).trim()

const wait = 'await new Promise((resolve) => setTimeout(resolve, 20));'

it('whose reader has enough of an operation still hears how it ended', () => {
  const steps = `for (let seq = 0; seq < 5; seq += 1) { ${wait} yield { t: 'event', event: { v: 1, op: 'o', seq, time: '', type: 'step', step: 'start', state: 'started' } } } yield { t: 'end', exit: 5 }`
  expect(ended('deploy', steps)).toBe('5')
})

it('whose reader has enough of logs, which have no end, is done; of a command, has left it', () => {
  const lines = `for (;;) { ${wait} yield { t: 'line', line: { service: 'api', time: '', message: 'x' } } }`
  expect(ended('logs --follow', lines)).toBe('0')
  const output = `for (;;) { ${wait} yield { t: 'output', stream: 'stdout', size: 1 }; yield { t: 'bytes', bytes: Buffer.from('y') } }`
  expect(ended('exec -- yes', output)).toBe('130')
})
