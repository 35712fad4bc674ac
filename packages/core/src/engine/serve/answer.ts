import { AxleError } from '../../protocol/errors.ts'
import { EXIT } from '../../protocol/exit.ts'
import type { Manifest } from '../../protocol/release.ts'
import type { Request } from '../../protocol/wire.ts'
import type { Wish } from '../deploy/wish.ts'
import type { Engine } from '../engine.ts'
import type { ViewerIo } from './io.ts'
import { env } from './queries/env.ts'
import { health } from './queries/health.ts'
import { history } from './queries/history.ts'
import { logs } from './queries/logs.ts'
import { plan } from './queries/plan.ts'
import { status } from './queries/status.ts'

export async function answerQuery(
  engine: Engine,
  request: Request,
  manifests: Readonly<Record<string, Manifest>>,
  io: ViewerIo,
): Promise<number> {
  switch (request.verb) {
    case 'plan':
    case 'preview': {
      const wish = request.verb === 'plan' ? ({ kind: 'deploy', manifests } as const) : previewed(request)
      await io.send({ t: 'answer', answer: { verb: 'plan', answer: await plan(engine, wish, request.services) } })
      return EXIT.done
    }
    case 'status': {
      const answer = await status(engine, request.services)
      await io.send({ t: 'answer', answer: { verb: 'status', answer } })
      return answer.services.every((service) => service.healthy) ? EXIT.done : EXIT.unhealthy
    }
    case 'health': {
      const answer = await health(engine, request.services)
      await io.send({ t: 'answer', answer: { verb: 'health', answer } })
      return answer.healthy ? EXIT.done : EXIT.unhealthy
    }
    case 'history':
      await io.send({ t: 'answer', answer: { verb: 'history', answer: history(engine, request) } })
      return EXIT.done
    case 'logs':
      await logs(engine, request, io)
      return EXIT.done
    case 'env-list':
    case 'env-set':
    case 'env-unset':
      await io.send({ t: 'answer', answer: { verb: 'env', answer: await env(engine, request) } })
      return EXIT.done
    default:
      throw new AxleError('AXLE_INTERNAL', `${request.verb} is no query.`)
  }
}

function previewed({ of, release }: Extract<Request, { verb: 'preview' }>): Wish {
  return of === 'rollback' ? { kind: of, release } : { kind: of }
}
