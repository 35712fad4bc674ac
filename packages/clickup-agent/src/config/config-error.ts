export interface ConfigProblem {
  readonly variable: string
  readonly problem: string
}

/** The environment is not usable. Its message names variables and what was expected of them, never a value: a value may be a secret. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly problems: readonly ConfigProblem[]

  constructor(problems: readonly ConfigProblem[]) {
    const lines = problems.map(({ variable, problem }) => `  ${variable}: ${problem}`)
    super(`The environment is not usable:\n${lines.join('\n')}`)
    this.problems = problems
  }
}
