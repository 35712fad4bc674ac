import { Argument, type Command, Option } from 'commander'
import { type CommandDefinition, EXIT_WORDS } from './commands/definition.ts'
import type { Side } from './context.ts'
import { definitionOf, type OptionName, REACH, SHOW } from './options/table.ts'

/** Puts a command's arguments, options and help on it. */
export function describe(command: Command, definition: CommandDefinition, side: Side): void {
  command.description(definition.summary).helpOption('-h, --help', 'print this')
  for (const { name, description, choices } of definition.arguments ?? []) {
    const argument = new Argument(name, description)
    command.addArgument(choices === undefined ? argument : argument.choices(choices))
  }
  addOptions(command, definition.options, side, 'Options:')
  if (definition.local !== true) addOptions(command, REACH, side, 'The host:')
  addOptions(command, SHOW, side, 'Output:')
  const examples = definition.examples.map((line) => `  ${side === 'host' ? withoutHost(line) : line}`)
  command.addHelpText('after', `\nExample${examples.length > 1 ? 's' : ''}:\n${examples.join('\n')}`)
  const codes = [0, 2, ...(definition.local === true ? [] : [1, 3, 130]), ...(definition.exits ?? [])]
  const own = definition.passesExit === true ? '\n  else that of the command' : ''
  command.addHelpText('after', `\n${exitCodes((code) => codes.includes(code), definition.exitWords)}${own}`)
}

/** How a command stands in a list of commands: that it has options goes without saying. */
export function termOf(command: Command): string {
  const words = command.registeredArguments.map((one) => {
    const name = `${one.name()}${one.variadic ? '...' : ''}`
    return one.required ? `<${name}>` : `[${name}]`
  })
  return [command.name(), ...(command.commands.length > 0 ? ['<command>'] : words)].join(' ')
}

export function exitCodes(
  counts: (code: number) => boolean = () => true,
  own: CommandDefinition['exitWords'] = {},
): string {
  const lines = Object.entries({ ...EXIT_WORDS, ...own })
    .filter(([code]) => counts(Number(code)))
    .map(([code, words]) => `  ${code.padEnd(4)} ${words}`)
  return ['Exit codes:', ...lines].join('\n')
}

/** What completion and --help offer of a command, in the order of --help. */
export function optionsOf(definition: CommandDefinition, side: Side): readonly OptionName[] {
  const all = [...definition.options, ...(definition.local === true ? [] : REACH), ...SHOW]
  return all.filter((name) => isThere(name, side))
}

function addOptions(command: Command, names: readonly OptionName[], side: Side, heading: string): void {
  for (const name of names.filter((one) => isThere(one, side))) {
    const { flags, description, repeatable } = definitionOf(name)
    const option = new Option(flags, description).helpGroup(heading)
    if (repeatable === true) {
      option.argParser((value: string, before: readonly string[] | undefined) => [...(before ?? []), value])
    }
    command.addOption(option)
  }
}

function isThere(name: OptionName, side: Side): boolean {
  const { side: only } = definitionOf(name)
  return only === undefined || only === side
}

function withoutHost(example: string): string {
  return example.replace(/ --host \S+/, '')
}
