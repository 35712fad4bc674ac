import { AxleError } from '../../protocol/errors.ts'
import type { Io } from './io.ts'
import type { Prompt } from './prompt.ts'

/** A value that must stand in no command line: typed unseen on a terminal, otherwise all of stdin. */
export async function readSecret(io: Io, name: string, prompt: Prompt | undefined): Promise<string> {
  const value =
    prompt === undefined ? await readAll(io.stdin) : await prompt.secret(`Value of ${name} (it is not shown)`)
  if (value === '') {
    throw new AxleError('AXLE_USAGE', `The value of ${name} is empty.`, {
      hint: `Give it on stdin: axle env set ${name} < FILE. To take it away: axle env unset ${name}`,
    })
  }
  return value
}

async function readAll(stdin: NodeJS.ReadableStream): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of stdin) chunks.push(Buffer.from(chunk))
  // `echo value |` adds one line end that nobody means.
  return Buffer.concat(chunks)
    .toString('utf8')
    .replace(/\r?\n$/, '')
}
