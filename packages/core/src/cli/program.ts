import { Argument, Command, CommanderError, Option } from 'commander'
import { EXIT } from '../protocol/exit.ts'
import type { CommandDefinition } from './commands/definition.ts'
import { COMMANDS, GROUPS } from './commands/table.ts'
import type { ConnectFactory } from './connect.ts'
import type { CliContext, Side } from './context.ts'
import type { Initialize } from './initialize.ts'
import { Interrupted } from './io/interrupt.ts'
import { type Io, processIo } from './io/io.ts'
import { promptOf } from './io/prompt.ts'
import { definitionOf, type OptionName, REACH } from './options/table.ts'

export interface ProgramSettings {
  readonly side: Side
  readonly version: string
  /** Called when a command runs, never for --help: what it loads is what is slow. */
  connect(): Promise<ConnectFactory>
  /** The same for `axle init`; absent on a host. */
  init?(): Promise<Initialize>
  readonly cwd?: string
  readonly io?: Io
}

export interface Program {
  /** Runs one command line (without `node` and the script). Answers with the exit code; never throws. */
  run(argv: readonly string[]): Promise<number>
}

export function createProgram(settings: ProgramSettings): Program {
  const io = settings.io ?? processIo()
  return {
    run: async (argv) => {
      const interrupt = new AbortController()
      const stopListening = io.onInterrupt(() => interrupt.abort())
      const context: CliContext = {
        side: settings.side,
        cwd: settings.cwd ?? process.cwd(),
        io,
        interrupted: interrupt.signal,
        prompt: promptOf(io, interrupt.signal),
        connect: () => settings.connect(),
        ...(settings.init === undefined ? {} : { init: settings.init }),
      }
      let exit: number = EXIT.done
      const root = build(settings, context, (code) => {
        exit = code
      })
      try {
        await root.parseAsync([...argv], { from: 'user' })
        return exit
      } catch (thrown) {
        return await failedToRun(thrown, argv, io)
      } finally {
        stopListening()
      }
    },
  }
}

function build(settings: ProgramSettings, context: CliContext, setExit: (code: number) => void): Command {
  const { io } = context
  const configure = (command: Command) =>
    command
      .exitOverride()
      .configureOutput({ writeOut: (text) => io.stdout.write(text), writeErr: () => {} })
      .showSuggestionAfterError()
  const root = configure(new Command('axle'))
    .description(
      settings.side === 'client'
        ? 'Deploys services to plain Debian and Ubuntu hosts.'
        : 'Axle on this host: the same commands, without a way to go.',
    )
    .version(settings.version, '-v, --version', 'print the version')
    .usage('<command> [options]')
  const groups = new Map(
    GROUPS.map((group) => [
      group.name,
      configure(root.command(group.name)).description(group.summary).usage('<command> [options]'),
    ]),
  )
  for (const definition of COMMANDS) {
    if (definition.side !== undefined && definition.side !== settings.side) continue
    const words = definition.name.split(' ')
    const parent = words.length > 1 ? groups.get(words[0] ?? '') : root
    const command = configure((parent ?? root).command(words.at(-1) ?? definition.name))
    describe(command, definition, settings.side)
    command.action(async () => {
      const action = await definition.load()
      setExit(await action({ arguments: command.args, options: command.opts<Record<string, unknown>>() }, context))
    })
  }
  return root
}

function describe(command: Command, definition: CommandDefinition, side: Side): void {
  command.description(definition.summary)
  for (const argument of definition.arguments ?? []) {
    command.addArgument(new Argument(argument.name, argument.description))
  }
  for (const name of [...definition.options, ...(definition.reach === false ? [] : REACH)])
    addOption(command, name, side)
  const examples = definition.examples.map((line) => `  ${side === 'host' ? withoutHost(line) : line}`)
  command.addHelpText('after', `\nExample${examples.length > 1 ? 's' : ''}:\n${examples.join('\n')}`)
}

function addOption(command: Command, name: OptionName, side: Side): void {
  const definition = definitionOf(name)
  if (definition.side !== undefined && definition.side !== side) return
  const option = new Option(definition.flags, definition.description)
  if (definition.repeatable === true) {
    option.argParser((value: string, before: readonly string[] | undefined) => [...(before ?? []), value])
  }
  command.addOption(option)
}

function withoutHost(example: string): string {
  return example.replace(/ --host \S+/, '')
}

async function failedToRun(thrown: unknown, argv: readonly string[], io: Io): Promise<number> {
  if (thrown instanceof CommanderError && thrown.exitCode === 0) return EXIT.done
  if (thrown instanceof Interrupted) return EXIT.interrupted
  const { AxleError } = await import('../protocol/errors.ts')
  const asked = COMMANDS.findLast(({ name }) => `${argv.join(' ')} `.startsWith(`${name} `))
  const error =
    thrown instanceof CommanderError
      ? new AxleError('AXLE_USAGE', messageOf(thrown), { hint: `See what there is: ${helpLine(asked, argv)}` })
      : AxleError.wrap(thrown)
  const json = argv.includes('--json')
  const streams = typeof asked?.streams === 'string' ? argv.includes(asked.streams) : asked?.streams === true
  if (json && streams && !argv.includes('--dry-run')) {
    const { createReporter } = await import('./render/reporter.ts')
    createReporter(io, { json }).failed(error, 'failed')
    return error.exit
  }
  const { printFailure } = await import('./render/print-failure.ts')
  return printFailure(error, { io, json })
}

/** Commander throws `help` where a command is missing. */
function messageOf(thrown: CommanderError): string {
  if (thrown.code === 'commander.help') return 'A command is missing.'
  const text = thrown.message.replace(/^error: /, '')
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function helpLine(asked: CommandDefinition | undefined, argv: readonly string[]): string {
  const group = GROUPS.find(({ name }) => name === argv[0])
  return ['axle', asked?.name ?? group?.name, '--help'].filter((word) => word !== undefined).join(' ')
}
