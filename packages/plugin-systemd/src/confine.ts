import { type Argv, layout } from '@axle-ia/core'
import { sandbox } from './sandbox.ts'
import { writablePaths } from './unit.ts'

/**
 * `argv` as the service's user, in the sandbox of its slots, with the caller's streams and its exit code. The slot's
 * environment stays out: it holds secrets, and a hook is given what it needs.
 */
export function confine(service: string, [program, ...rest]: Argv): Argv {
  const settings = [
    ...sandbox(service, writablePaths(service)),
    ['WorkingDirectory', layout.service.data(service)] as const,
  ]
  return [
    'systemd-run',
    '--quiet',
    '--collect',
    '--wait',
    '--pipe',
    '--service-type=exec',
    ...settings.flatMap(([name, value]) => ['-p', `${name}=${value}`]),
    '--',
    program,
    // systemd expands variables in arguments that come over D-Bus too, but no specifiers.
    ...rest.map((word) => word.replaceAll('$', '$$$$')),
  ]
}
