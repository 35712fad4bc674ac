import { Command, CommanderError } from 'commander'
import { EXIT } from '../protocol/exit.ts'
import { type CommandDefinition, HELP_GROUPS } from './commands/definition.ts'
import { COMMANDS, GROUPS } from './commands/table.ts'
import type { ConnectFactory } from './connect.ts'
import type { CliContext, Side } from './context.ts'
import { describe, exitCodes, termOf } from './help.ts'
import type { Initialize } from './initialize.ts'
import { Interrupted } from './io/interrupt.ts'
import { columnsOf, type Io, processIo, withoutColour } from './io/io.ts'
import { type Prompt, promptOf } from './io/prompt.ts'
import { Questions } from './io/questions.ts'
import type { OptionName } from './options/table.ts'

export interface ProgramSettings {
  readonly side: Side
  readonly version: string
  /** Called when a command runs, never for --help: what it loads is what is slow. */
  connect(): Promise<ConnectFactory>
  /** The same for `axle init`; absent on a host. */
  init?(): Promise<Initialize>
  /** Called for what goes to a host, before anything of the command loads, so that the way there can begin. */
  setOut?(where: Where, prompt: Prompt | undefined): Promise<void>
  readonly cwd?: string
  readonly io?: Io
}

/** Where a command line goes, unchecked. */
export interface Where {
  readonly cwd: string
  readonly config: string | undefined
  readonly host: string | undefined
  readonly identity: string | undefined
  readonly hostKey: string | undefined
}

export interface Program {
  /** Runs one command line (without `node` and the script). Answers with the exit code; never throws. */
  run(argv: readonly string[]): Promise<number>
}

export function createProgram(settings: ProgramSettings): Program {
  const given = settings.io ?? processIo()
  return {
    run: async (line) => {
      const argv = helpLast(line)
      const io = says(argv, '--no-color') ? withoutColour(given) : given
      const interrupt = new AbortController()
      const stopListening = io.onInterrupt(() => interrupt.abort())
      const questions = new Questions(promptOf(io, interrupt.signal), () => interrupt.abort())
      const context: CliContext = {
        side: settings.side,
        cwd: settings.cwd ?? process.cwd(),
        io,
        interrupted: interrupt.signal,
        prompt: questions.prompt,
        drawnBy: (screen) => questions.drawnBy(screen),
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
      .configureOutput({
        writeOut: (text) => io.stdout.write(text),
        writeErr: (text) => io.stderr.write(text),
        // What is wrong is said below, in the form of all failures.
        outputError: () => {},
        getOutHelpWidth: () => (io.stdout.isTTY === true ? columnsOf(io.stdout) : 80),
        getErrHelpWidth: () => (io.stderr.isTTY === true ? columnsOf(io.stderr) : 80),
      })
      .configureHelp({ subcommandTerm: termOf })
      .showSuggestionAfterError()
  const root = configure(new Command('axle'))
    .description(
      settings.side === 'client'
        ? 'Deploys services to plain Debian and Ubuntu hosts.'
        : 'Axle on this host: the same commands, without a way to go.',
    )
    .version(settings.version, '-v, --version', 'print the version')
    .usage('<command> [options]')
    .helpOption('-h, --help', 'print this')
    .commandsGroup(HELP_GROUPS.tools)
    .helpCommand('help [command]', 'print the help of a command')
    .addHelpText('after', `\n${exitCodes()}\n\nMore of one command: axle <command> --help`)
  const groups = new Map<string, Command>()
  const groupOf = (name: string): Command => {
    const made = groups.get(name)
    const group = GROUPS.find((one) => one.name === name)
    if (made !== undefined || group === undefined) return made ?? root
    const command = configure(root.command(name))
      .description(group.summary)
      .usage('<command> [options]')
      .helpOption('-h, --help', 'print this')
      .helpCommand(false)
      .helpGroup(HELP_GROUPS[group.group])
    groups.set(name, command)
    return command
  }
  for (const definition of COMMANDS) {
    if (definition.side !== undefined && definition.side !== settings.side) continue
    const words = definition.name.split(' ')
    const parent = words.length === 1 ? root : groupOf(words[0] ?? '')
    const command = configure(parent.command(words.at(-1) ?? definition.name))
    if (parent === root) command.helpGroup(HELP_GROUPS[definition.group])
    describe(command, definition, settings.side)
    command.action(async () => {
      const options = command.opts<Record<string, unknown>>()
      if (definition.local !== true) await settings.setOut?.(whereOf(context.cwd, options), context.prompt)
      const action = await definition.load()
      setExit(await action({ arguments: command.args, options }, context))
    })
  }
  return root
}

function whereOf(cwd: string, options: Readonly<Record<string, unknown>>): Where {
  const text = (name: OptionName) => {
    const value = options[name]
    return typeof value === 'string' ? value : undefined
  }
  return { cwd, config: text('config'), host: text('host'), identity: text('identity'), hostKey: text('hostKey') }
}

async function failedToRun(thrown: unknown, argv: readonly string[], io: Io): Promise<number> {
  if (thrown instanceof CommanderError && thrown.exitCode === 0) return EXIT.done
  // The help that somebody sees who typed too little; for a script it is wrong usage.
  if (thrown instanceof CommanderError && thrown.code === 'commander.help') return EXIT.usage
  if (thrown instanceof Interrupted) return EXIT.interrupted
  const { AxleError } = await import('../protocol/errors.ts')
  const asked = COMMANDS.findLast(({ name }) => `${argv.join(' ')} `.startsWith(`${name} `))
  const error =
    thrown instanceof CommanderError
      ? new AxleError('AXLE_USAGE', messageOf(thrown), { hint: `See what there is: ${helpLine(asked, argv)}` })
      : AxleError.wrap(thrown)
  const json = says(argv, '--json')
  const streams = typeof asked?.streams === 'string' ? says(argv, asked.streams) : asked?.streams === true
  if (json && streams && !says(argv, '--dry-run')) {
    const { createReporter } = await import('./render/reporter.ts')
    createReporter(io, { json }).failed(error, 'failed')
    return error.exit
  }
  const { printFailure } = await import('./render/print-failure.ts')
  return printFailure(error, { io, json, verbose: says(argv, '--verbose') })
}

/** Behind `--` stands somebody else's command line. */
function says(argv: readonly string[], flag: string): boolean {
  const end = argv.indexOf('--')
  return argv.slice(0, end === -1 ? argv.length : end).includes(flag)
}

/** `axle help env set` is `axle env set --help`. */
function helpLast(argv: readonly string[]): readonly string[] {
  const [first, ...rest] = argv
  return first === 'help' ? [...rest, '--help'] : argv
}

function messageOf(thrown: CommanderError): string {
  const text = thrown.message.replace(/^error: /, '')
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function helpLine(asked: CommandDefinition | undefined, argv: readonly string[]): string {
  const group = GROUPS.find(({ name }) => name === argv[0])
  return ['axle', asked?.name ?? group?.name, '--help'].filter((word) => word !== undefined).join(' ')
}
