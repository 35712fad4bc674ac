import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { AxleError } from '../../protocol/errors.ts'
import { Interrupted } from './interrupt.ts'
import type { Io } from './io.ts'

/** A value that must stand in no command line: typed unseen on a terminal, otherwise all of stdin. */
export async function readSecret(io: Io, name: string, signal: AbortSignal): Promise<string> {
  const value = io.stdin.isTTY ? await ask(io, name, signal) : await readAll(io.stdin)
  if (value === '') {
    throw new AxleError('AXLE_USAGE', `The value of ${name} is empty.`, {
      hint: `Give it on stdin: axle env set ${name} < FILE. To take it away: axle env unset ${name}`,
    })
  }
  return value
}

async function ask(io: Io, name: string, signal: AbortSignal): Promise<string> {
  io.stderr.write(`Value of ${name} (it is not shown): `)
  // readline edits the line; what it would echo goes nowhere.
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
  const lines = createInterface({ input: io.stdin, output: nowhere, terminal: true, historySize: 0 })
  const interrupted = new AbortController()
  lines.once('SIGINT', () => interrupted.abort())
  try {
    return await lines.question('', { signal: AbortSignal.any([signal, interrupted.signal]) })
  } catch (error) {
    if (signal.aborted || interrupted.signal.aborted) throw new Interrupted()
    throw error
  } finally {
    lines.close()
    io.stderr.write('\n')
  }
}

async function readAll(stdin: NodeJS.ReadableStream): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of stdin) chunks.push(Buffer.from(chunk))
  // `echo value |` adds one line end that nobody means.
  return Buffer.concat(chunks)
    .toString('utf8')
    .replace(/\r?\n$/, '')
}
