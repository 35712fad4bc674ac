import { AxleError } from '../../protocol/errors.ts'
import { type Hello, operationRequest } from '../../protocol/wire.ts'
import type { Background } from '../background/background.ts'
import { transientUnits } from '../background/transient-unit.ts'
import { openEngine } from '../open-engine.ts'
import type { Self } from '../self.ts'
import { answerQuery } from './answer.ts'
import { attach } from './attach.ts'
import { contextOf } from './context.ts'
import { execute } from './exec.ts'
import type { ViewerIo } from './io.ts'
import { refuseIfHeld, startOperation } from './start-operation.ts'

export interface Starting {
  readonly background: Background
  /** An operation whose engine waits already for what it is to do. */
  readonly standby?: string | undefined
}

/** Answers one viewer: a query at once; an operation by starting its engine and following it. Returns the exit code. */
export async function serveRequest(
  self: Self,
  hello: Hello,
  io: ViewerIo,
  { background, standby }: Starting = { background: transientUnits(self.host) },
): Promise<number> {
  const { request } = hello
  try {
    switch (request.verb) {
      case 'deploy':
      case 'rollback':
      case 'restart':
      case 'stop':
      case 'start':
        return await startOperation(self, hello, request, io, { background, standby })
      case 'attach':
        io.expectNothing()
        return await attach(self, hello.project, io, background)
      case 'env-set':
      case 'env-unset': {
        if (!request.restart) return await query(self, hello, io)
        // Refused as a whole: a value that is set, and a restart that is not to be had, would be half of what was asked.
        refuseIfHeld(self.host, hello.project)
        await query(self, hello, io)
        const restart = operationRequest.parse({ verb: 'restart', services: [request.service] })
        return await startOperation(self, hello, restart, io, { background })
      }
      default:
        return await query(self, hello, io)
    }
  } catch (thrown) {
    const error = AxleError.wrap(thrown)
    await io.send({ t: 'error', error: error.serialize() })
    return error.exit
  }
}

async function query(self: Self, hello: Hello, io: ViewerIo): Promise<number> {
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
