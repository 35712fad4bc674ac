export interface EntryInput {
  /** Absolute paths. */
  readonly file: string
  readonly host: string
  readonly core: string
  readonly form: 'config' | 'service'
}

/** The first module of the engine's bundle: what starts on the host, and the config, evaluated once somebody needs it. */
export function entryOf({ file, host, core, form }: EntryInput): string {
  const named = (module: string) => `await import(${JSON.stringify(module)})`
  const lines =
    form === 'config'
      ? [`return (${named(file)}).default`]
      : // As the client reads it: a service of its own, with the recommended plugins around it.
        [
          `const { default: exported } = ${named(file)}`,
          `const { defineConfig } = ${named(core)}`,
          `const { recommended } = ${named('axle')}`,
          'return defineConfig({ services: [exported], plugins: recommended() })',
        ]
  return [`import { startHost } from ${JSON.stringify(host)}`, 'startHost(async () => {', ...lines, '})', ''].join('\n')
}
