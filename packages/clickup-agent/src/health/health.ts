import type { Logger } from '../log/logger.ts'
import { type Dependency, HealthProblem } from './dependency.ts'

export type DependencyState = 'ok' | 'failing' | 'not configured'

export interface DependencyReport {
  readonly state: DependencyState
  readonly required: boolean
  readonly detail?: string
}

export interface HealthReport {
  /** degraded = an optional dependency fails; the service does what it is there for. */
  readonly status: 'ok' | 'degraded' | 'failing'
  readonly dependencies: Readonly<Record<string, DependencyReport>>
}

export interface HealthOptions {
  readonly dependencies: readonly Dependency[]
  readonly log: Logger
  readonly timeoutMs?: number
}

interface Remembered {
  readonly report: Promise<DependencyReport>
  /** Unset while the check is under way: those who ask meanwhile share it. */
  until: number
}

/** A failure is asked about again soon, so that an end of it shows soon. */
const FRESH_AFTER_FAILURE_MS = 1000
const TIMEOUT_MS = 3000

function timeout(signal: AbortSignal, ms: number): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(new HealthProblem(`no answer within ${ms} ms`)), { once: true })
  })
}

export class Health {
  readonly #options: HealthOptions
  readonly #remembered = new Map<string, Remembered>()

  constructor(options: HealthOptions) {
    this.#options = options
  }

  async report(): Promise<HealthReport> {
    const entries = await Promise.all(
      this.#options.dependencies.map(async (dependency) => [dependency.name, await this.#of(dependency)] as const),
    )
    const failing = entries.filter(([, { state }]) => state === 'failing')
    const broken = failing.some(([, { required }]) => required)
    return {
      status: broken ? 'failing' : failing.length > 0 ? 'degraded' : 'ok',
      dependencies: Object.fromEntries(entries),
    }
  }

  #of(dependency: Dependency): Promise<DependencyReport> {
    const known = this.#remembered.get(dependency.name)
    if (known !== undefined && performance.now() < known.until) return known.report
    const entry: Remembered = { report: this.#check(dependency), until: Number.POSITIVE_INFINITY }
    this.#remembered.set(dependency.name, entry)
    void entry.report.then(({ state }) => {
      const { freshMs } = dependency
      entry.until = performance.now() + (state === 'failing' ? Math.min(freshMs, FRESH_AFTER_FAILURE_MS) : freshMs)
    })
    return entry.report
  }

  async #check({ name, required, missing, check }: Dependency): Promise<DependencyReport> {
    if (missing.length > 0) return { state: 'not configured', required: false, detail: `${missing.join(', ')} not set` }
    const ms = this.#options.timeoutMs ?? TIMEOUT_MS
    const signal = AbortSignal.timeout(ms)
    try {
      // The race is for a driver that does not take a signal.
      await Promise.race([check(signal), timeout(signal, ms)])
      return { state: 'ok', required }
    } catch (err) {
      this.#options.log.warn({ err, dependency: name }, 'a dependency fails its check')
      return { state: 'failing', required, ...(err instanceof HealthProblem && { detail: err.message }) }
    }
  }
}
