import { EXIT, type Exit } from './exit.ts'

export interface CatalogueEntry {
  readonly title: string
  readonly exit: Exit
  /** What to do next, where the thrower knows nothing better. */
  readonly hint: string
}

/**
 * Every error that a user can see. Names are permanent: scripts match them. Each has a section in docs/errors.md, and a
 * test says so. The message says what happened and why; the hint says what to do, as a command or a line to change.
 */
export const CATALOGUE = {
  // config and usage: nothing was touched
  AXLE_USAGE: { title: 'Wrong usage', exit: EXIT.usage, hint: 'Run the command with --help.' },
  AXLE_CONFIG_NOT_FOUND: {
    title: 'No config',
    exit: EXIT.usage,
    hint: 'Make one with: npx axle init. Or name one with --config.',
  },
  AXLE_INIT: {
    title: 'No config was written',
    exit: EXIT.usage,
    hint: 'Mend what is named above, and run axle init again.',
  },
  AXLE_INSTALL: {
    title: 'The packages that the config imports could not be installed',
    exit: EXIT.failed,
    hint: 'Install them by hand; the config is written.',
  },
  AXLE_CONFIG_LOAD: {
    title: 'The config does not load',
    exit: EXIT.usage,
    hint: 'Mend the place named above; the config is TypeScript that is evaluated on this machine.',
  },
  AXLE_CONFIG_INVALID: {
    title: 'The config is not valid',
    exit: EXIT.usage,
    hint: 'Mend the places named above.',
  },
  AXLE_ROLE: {
    title: 'A role has no provider, or two',
    exit: EXIT.usage,
    hint: 'Keep exactly one supervisor and one gateway in plugins.',
  },
  AXLE_PLUGIN: {
    title: 'A plugin does not fit',
    exit: EXIT.usage,
    hint: 'Install a version of the plugin that supports this version of @axle-ia/core.',
  },
  AXLE_BUILD: { title: 'The build failed', exit: EXIT.usage, hint: 'Run the build by hand, mend it, deploy again.' },
  AXLE_FILES: {
    title: 'The files of the release cannot be used',
    exit: EXIT.usage,
    hint: 'Mend the file named above, or leave it out with .axleignore.',
  },
  AXLE_IMPORT_MISSING: {
    title: 'An import would not resolve on the host',
    exit: EXIT.usage,
    hint: "Bundle dependencies in the build, or add 'node_modules' to the service's include.",
  },
  AXLE_SECRET_MISSING: {
    title: 'Secrets without a value',
    exit: EXIT.usage,
    hint: 'Set each with: axle env set NAME',
  },
  AXLE_UNKNOWN: { title: 'No such thing', exit: EXIT.usage, hint: 'See what there is with: axle status' },
  AXLE_BINDING: {
    title: 'Config and bundle do not belong together',
    exit: EXIT.usage,
    hint: 'Deploy again from the workstation, so that both are sent afresh.',
  },
  AXLE_ENGINE_OLD: {
    title: 'The engine is older than the state',
    exit: EXIT.usage,
    hint: 'Update @axle-ia/core in this project to at least the version that wrote the state.',
  },
  AXLE_CLAIM: {
    title: 'Another project holds it',
    exit: EXIT.usage,
    hint: 'Choose another value, or make both projects say the same.',
  },
  AXLE_TOOL_MISSING: {
    title: 'A program is missing',
    exit: EXIT.usage,
    hint: 'Install it, then try again.',
  },

  // the way to the host
  AXLE_SSH_CONFIG: {
    title: 'The SSH config cannot be followed',
    exit: EXIT.usage,
    hint: 'Mend the line named above, or name address, port and --identity on the command line.',
  },
  AXLE_UNREACHABLE: {
    title: 'The host cannot be reached',
    exit: EXIT.unreachable,
    hint: 'Check the address and port, and that sshd runs there.',
  },
  AXLE_HOST_KEY: {
    title: 'The host cannot be trusted',
    exit: EXIT.unreachable,
    hint: 'Compare the fingerprint with the one the host shows on its own console.',
  },
  AXLE_AUTHENTICATION: {
    title: 'The host refused the login',
    exit: EXIT.unreachable,
    hint: 'Name the private key with --identity, or load it into your agent.',
  },
  AXLE_RIGHTS: {
    title: 'No rights on the host',
    exit: EXIT.unreachable,
    hint: 'Log in as root, or as a user who may use sudo.',
  },
  AXLE_WIRE: {
    title: 'The host answered something that is not the protocol',
    exit: EXIT.unreachable,
    hint: 'Check that the login shell prints nothing when it is not interactive.',
  },
  AXLE_CONNECTION_LOST: {
    title: 'The connection was lost',
    exit: EXIT.interrupted,
    hint: 'What was under way goes on on the host: see axle status.',
  },
  AXLE_INTERRUPTED: {
    title: 'Interrupted',
    exit: EXIT.interrupted,
    hint: 'What the host had accepted goes on there: see axle status.',
  },

  // the host
  AXLE_HOST_UNSUITABLE: {
    title: 'The host does not suit',
    exit: EXIT.failed,
    hint: 'Axle needs Debian 12 or newer, or Ubuntu 22.04 or newer, with systemd.',
  },
  AXLE_LOCKED: {
    title: 'Another operation is under way',
    exit: EXIT.locked,
    hint: 'Stand in line with --wait, follow it with: axle deploy --attach, or look: axle status',
  },
  AXLE_NOT_OURS: {
    title: 'It exists and is not ours',
    exit: EXIT.failed,
    hint: 'Axle never takes over what it did not make: rename the service, or remove the thing by hand.',
  },
  AXLE_PORT_TAKEN: {
    title: 'A port is taken',
    exit: EXIT.failed,
    hint: 'Stop that program, or choose another port for the service.',
  },
  AXLE_DISK_FULL: {
    title: 'Not enough disk',
    exit: EXIT.failed,
    hint: 'Make room on the host; old releases go with a lower keep.',
  },
  AXLE_MEMORY: {
    title: 'Not enough memory',
    exit: EXIT.failed,
    hint: 'Free some memory on the host, or set overlap: false on the service: the old release then stops first.',
  },
  AXLE_UNSAFE_PATH: {
    title: 'A path that others can change',
    exit: EXIT.failed,
    hint: 'Root writes only where nobody else can: choose a path whose folders belong to root.',
  },
  AXLE_COMMAND: { title: 'A command failed', exit: EXIT.failed, hint: 'Its last lines are above.' },
  AXLE_HOOK: { title: 'A hook refused', exit: EXIT.failed, hint: 'The hook named above says why.' },
  AXLE_TIMEOUT: { title: 'It took too long', exit: EXIT.failed, hint: 'Look at the logs: axle logs' },
  AXLE_UNHEALTHY: {
    title: 'The new release did not become healthy',
    exit: EXIT.failed,
    hint: 'Its last log lines are above; mend what they say, then deploy again.',
  },
  AXLE_GATEWAY: {
    title: 'The gateway does not show the release',
    exit: EXIT.failed,
    hint: 'Look at the gateway: its error log, and its configuration test.',
  },
  AXLE_RESOURCE: { title: 'A resource could not be changed', exit: EXIT.failed, hint: 'The reason is above.' },
  AXLE_STATE: {
    title: 'State on the host cannot be read',
    exit: EXIT.failed,
    hint: 'What runs is not affected. The next axle deploy from the workstation rebuilds the file named above from what is on the host.',
  },
  AXLE_ENGINE_DIED: {
    title: 'The engine ended without a result',
    exit: EXIT.failed,
    hint: 'See axle status, and journalctl -u on the unit named above; then deploy again.',
  },
  AXLE_CHECK: { title: 'A check failed', exit: EXIT.failed, hint: 'The check named above says why.' },
  AXLE_INTERNAL: {
    title: 'A bug in Axle',
    exit: EXIT.failed,
    hint: 'Please report it with the lines above.',
  },
} as const satisfies Record<string, CatalogueEntry>

export type ErrorCode = keyof typeof CATALOGUE
