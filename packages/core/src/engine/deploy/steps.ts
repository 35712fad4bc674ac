import type { Step } from './step.ts'
import { apply } from './steps/apply.ts'
import { halt } from './steps/halt.ts'
import { record } from './steps/record.ts'
import { replace } from './steps/replace.ts'
import { stage } from './steps/stage.ts'
import { free, start, stopOld } from './steps/start.ts'
import { switchOver } from './steps/switch.ts'
import { gateway, verify } from './steps/verify.ts'
import type { Target } from './target.ts'

/**
 * The transaction of one service, as data. A rollback, a restart and a repair run the same steps; each step knows what of it is
 * already so. (`apply` stands before `stage`, because a release's folder belongs to the group that a resource makes.)
 */
const DEPLOY: readonly Step[] = [free, apply, stage, stopOld, start, verify, switchOver, gateway, replace, record]

/** Steps of a release that is live already, but for something around it. */
const REPAIR: readonly Step[] = [free, apply, start, verify, switchOver, gateway, replace, record]

export const STEPS: Readonly<Record<Exclude<Target['action'], 'unchanged'>, readonly Step[]>> = {
  deploy: DEPLOY,
  repair: REPAIR,
  stop: [halt],
}
