import { type Argv, layout, type Slot } from '@axle-ia/core'
import { type Setting, sandbox } from './sandbox.ts'
import { usualEnvironment, writablePaths } from './unit.ts'

/**
 * `argv` as the service's user, in the sandbox of its slots, with the caller's streams and its exit code. The slot's
 * environment stays out: it holds secrets, and a hook is given what it needs.
 */
export function confine(service: string, argv: Argv): Argv {
  const folder = ['WorkingDirectory', layout.service.data(service)] as const
  return runCommand([...sandbox(service, writablePaths(service)), folder], [], argv)
}

/** Seconds between SIGTERM and SIGKILL for a command whose viewer has gone. */
const STOP_SECONDS = '5'

/**
 * For systemd a program that ends by SIGTERM has ended well, and one that is not there is the exit code 203. A shell
 * says both as people know it, 128 + n and 127. Its text is this; the words of the command are its arguments.
 */
const AS_SHELLS_SAY = '"$@"; exit $?'

/** `argv` beside the slot's own process: as its user, in its folder, with its environment, in its sandbox. */
export function inside(slot: Slot, argv: Argv, as: { readonly unit: string; readonly description: string }): Argv {
  const { service, name } = slot
  const settings: readonly Setting[] = [
    ...sandbox(service.name, writablePaths(service.name)),
    ['WorkingDirectory', `${layout.service.slot(service.name, name)}/app`],
    ['EnvironmentFile', layout.service.slotEnv(service.name, name)],
    ...usualEnvironment(service),
    // A pipeline's next program may end first, as head(1) does.
    ['IgnoreSIGPIPE', 'no'],
    ['LimitNOFILE', '65536'],
    ['TimeoutStopSec', STOP_SECONDS],
  ]
  return runCommand(
    settings,
    [`--unit=${as.unit}`, `--description=${as.description}`],
    ['/bin/sh', '-c', AS_SHELLS_SAY, 'sh', ...argv],
  )
}

function runCommand(settings: readonly Setting[], options: readonly string[], [program, ...rest]: Argv): Argv {
  return [
    'systemd-run',
    '--quiet',
    '--collect',
    '--wait',
    '--pipe',
    '--service-type=exec',
    ...options,
    ...settings.flatMap(([name, value]) => ['-p', `${name}=${value}`]),
    '--',
    program,
    // systemd expands variables in arguments that come over D-Bus too, but no specifiers.
    ...rest.map((word) => word.replaceAll('$', '$$$$')),
  ]
}
