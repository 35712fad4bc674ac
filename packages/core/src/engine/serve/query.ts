import type { Hello } from '../../protocol/wire.ts'
import { openEngine } from '../open-engine.ts'
import type { Self } from '../self.ts'
import { answerQuery } from './answer.ts'
import { contextOf } from './context.ts'
import { execute } from './exec.ts'
import type { ViewerIo } from './io.ts'

/** What an engine answers at once, without an operation. */
export async function query(self: Self, hello: Hello, io: ViewerIo): Promise<number> {
  const { request } = hello
  if (request.verb !== 'exec') io.expectNothing()
  const { config, manifests } = await contextOf(self, hello)
  const engine = await openEngine(self, config)
  try {
    if (request.verb === 'exec') return await execute(engine, request, hello.actor, io)
    return await answerQuery(engine, request, manifests, io)
  } finally {
    engine.state.close()
  }
}
