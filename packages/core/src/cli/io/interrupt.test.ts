import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, it } from 'vitest'

/** A real process whose host accepts a deploy and then says nothing more. */
const script = `
  import { createProgram } from ${JSON.stringify(new URL('../program.ts', import.meta.url).href)}
  const program = createProgram({ side: 'client', version: '0.0.0', connect: async () => async () => ({
    project: 'shop', services: ['api'], close: () => {},
    open: async () => ({ close: async () => {}, messages: (async function* () {
      yield { t: 'accepted', op: 'op1', unit: 'axle-shop-op1' }
      process.stdout.write('accepted\\n')
      await new Promise((resolve) => setTimeout(resolve, 60_000))
    })() }),
  }) })
  process.exit(await program.run(['deploy']))`

it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  '%s ends the viewer with 130 and says that the deploy goes on',
  async (signal) => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let out = ''
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString()
      if (out === 'accepted\n') child.kill(signal)
    })
    const [exit] = await once(child, 'close')
    expect(exit).toBe(130)
    expect(out).toContain('the deploy goes on on the host')
  },
)
