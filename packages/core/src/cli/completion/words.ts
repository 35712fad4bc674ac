import { COMMANDS, GROUPS } from '../commands/table.ts'
import type { Side } from '../context.ts'
import { optionsOf } from '../help.ts'
import { definitionOf } from '../options/table.ts'

export interface CompletedWord {
  readonly word: string
  readonly description: string
}

export interface CompletedOption {
  /** `-n`, `--lines` */
  readonly flags: readonly string[]
  readonly description: string
  /** What follows it; absent: nothing. */
  readonly value?: 'file' | 'host' | 'text'
  readonly repeatable: boolean
}

/** What can stand behind the words of `path`. */
export interface Completed {
  /** `` for `axle` itself, then `deploy`, `env`, `env set`. */
  readonly path: string
  readonly words: readonly CompletedWord[]
  readonly options: readonly CompletedOption[]
}

const HELP: CompletedOption = { flags: ['-h', '--help'], description: 'print the help', repeatable: false }
const VERSION: CompletedOption = { flags: ['-v', '--version'], description: 'print the version', repeatable: false }

/** All that can be completed, from the tables of commands and options. Names of services would need the config: not here. */
export function wordsOf(side: Side): readonly Completed[] {
  const groups = GROUPS.map(({ name, summary }) => ({ word: name, description: summary }))
  const commands = COMMANDS.filter((one) => one.side === undefined || one.side === side)
  const top = commands.filter(({ name }) => !name.includes(' '))
  return [
    {
      path: '',
      words: [
        ...top.map(({ name, summary }) => ({ word: name, description: summary })),
        ...groups,
        { word: 'help', description: 'print the help of a command' },
      ],
      options: [HELP, VERSION],
    },
    ...GROUPS.map(({ name: group }) => ({
      path: group,
      words: commands
        .filter(({ name }) => name.startsWith(`${group} `))
        .map(({ name, summary }) => ({ word: name.slice(group.length + 1), description: summary })),
      options: [HELP],
    })),
    ...commands.map((command) => ({
      path: command.name,
      words: (command.arguments?.[0]?.choices ?? []).map((word) => ({ word, description: '' })),
      options: [...optionsOf(command, side).map((name) => optionOf(name)), HELP],
    })),
  ]
}

function optionOf(name: Parameters<typeof definitionOf>[0]): CompletedOption {
  const { flags, description, value, repeatable = false } = definitionOf(name)
  return {
    flags: flags.split(/,? /).filter((word) => word.startsWith('-')),
    description,
    repeatable,
    ...(flags.includes('<') ? { value: value ?? 'text' } : {}),
  }
}
