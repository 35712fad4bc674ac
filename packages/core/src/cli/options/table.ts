import type { Side } from '../context.ts'

export interface OptionDefinition {
  readonly flags: string
  readonly description: string
  readonly repeatable?: boolean
  /** Where it exists. Absent: on both sides. */
  readonly side?: Side
  /** What its value is, for completion. */
  readonly value?: 'file' | 'host'
}

/** Every option that a command can have. Values are checked in check.ts, which loads only when a command runs. */
export const OPTIONS = {
  service: { flags: '--service <name>', description: 'only this service (repeatable)', repeatable: true },
  json: { flags: '--json', description: 'print JSON' },
  quiet: { flags: '-q, --quiet', description: 'only failures, and the line that says how it ended' },
  verbose: { flags: '--verbose', description: 'more: debug messages, what is sent, times, causes of errors' },
  color: { flags: '--no-color', description: 'no colours, as NO_COLOR' },
  host: {
    flags: '--host <address>',
    description: "user@host, user@host:port or an alias of ~/.ssh/config, instead of the config's",
    side: 'client',
    value: 'host',
  },
  identity: { flags: '--identity <file>', description: 'private key to log in with', side: 'client', value: 'file' },
  hostKey: {
    flags: '--host-key <fingerprint>',
    description: "fingerprint that the host's key must have (SHA256:…)",
    side: 'client',
  },
  config: {
    flags: '--config <file>',
    description: 'the config, instead of axle.config.ts here',
    side: 'client',
    value: 'file',
  },
  project: { flags: '--project <name>', description: 'which of the projects on this host', side: 'host' },
  now: { flags: '--now', description: 'end a draining slot instead of waiting for it' },
  dryRun: { flags: '--dry-run', description: 'print the plan, change nothing' },
  attach: { flags: '--attach', description: 'follow the operation that runs, or show how the last one went' },
  detach: { flags: '--detach', description: 'leave once the host has accepted it (exit 0: accepted, and no more)' },
  wait: { flags: '--wait', description: 'wait in line for the operation under way, instead of exit 4' },
  restart: { flags: '--restart', description: 'then restart the service, through its other slot' },
  follow: { flags: '-f, --follow', description: 'go on as new lines come' },
  lines: { flags: '-n, --lines <number>', description: 'how many lines (default: 100)' },
  since: { flags: '--since <time>', description: 'as journalctl takes it: "10 min ago", "2026-01-31 12:00"' },
  name: { flags: '--name <name>', description: "the service's name (default: package.json's)" },
  domain: { flags: '--domain <name>', description: 'the domain that the gateway answers to' },
  yes: { flags: '-y, --yes', description: 'ask nothing, take the usual' },
  noInstall: { flags: '--no-install', description: 'do not install what the config imports' },
  previewConfig: { flags: '--dry-run', description: 'print the config, change nothing' },
  limit: { flags: '-n, --limit <number>', description: 'how many operations (default: 20)' },
} as const satisfies Record<string, OptionDefinition>

export type OptionName = keyof typeof OPTIONS

/** How a host is reached; on every command that goes to one. */
export const REACH: readonly OptionName[] = ['host', 'identity', 'hostKey', 'config', 'project']

/** What is shown, and how; on every command. */
export const SHOW: readonly OptionName[] = ['json', 'quiet', 'verbose', 'color']

export function definitionOf(name: OptionName): OptionDefinition {
  return OPTIONS[name]
}
