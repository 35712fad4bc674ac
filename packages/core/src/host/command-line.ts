import { execa } from 'execa'
import type { Connect, Heard, Session, Target } from '../cli/connect.ts'
import { createProgram } from '../cli/program.ts'
import { deployedServices } from '../engine/registry/services.ts'
import type { Self } from '../engine/self.ts'
import type { ViewerIo } from '../engine/serve/io.ts'
import { ProjectFiles } from '../engine/serve/project-files.ts'
import { serveRequest } from '../engine/serve/serve.ts'
import { AxleError } from '../protocol/errors.ts'
import { AXLE, project as at } from '../protocol/layout.ts'
import { type Hello, PROTOCOL, type RequestInput, request as requestSchema } from '../protocol/wire.ts'
import { Mailbox } from './mailbox.ts'

/** What either side may be ahead of the other, in messages. */
const AHEAD = 64

function openSession(self: Self, project: string, input: RequestInput): Session {
  const left = new AbortController()
  const mailbox = new Mailbox<Heard>(AHEAD)
  const typed = new Mailbox<Uint8Array>(AHEAD)
  const io: ViewerIo = {
    send: (message) => mailbox.put(message),
    output: async (stream, bytes) => {
      await mailbox.put({ t: 'output', stream, size: bytes.length })
      await mailbox.put({ t: 'bytes', bytes })
    },
    input: () => typed,
    async *blobs() {
      // Here nothing is missing: what the host was sent last is on its disk.
    },
    // In the same process it leaves by close().
    expectNothing: () => {},
    signal: left.signal,
  }
  const user = process.env.SUDO_USER ?? 'root'
  const hello: Hello = {
    t: 'hello',
    protocol: PROTOCOL,
    project,
    actor: { user, host: self.host.facts.hostname },
    request: requestSchema.parse(input),
  }
  void serveRequest(self, hello, io).then(async (exit) => {
    await mailbox.put({ t: 'end', exit })
    mailbox.close()
  })
  return {
    messages: mailbox,
    input: { send: (bytes) => typed.put(bytes), end: async () => typed.close() },
    close: async () => {
      left.abort()
      mailbox.close()
      typed.close()
    },
  }
}

async function connect(self: Self, project: string, target: Target): Promise<Connect> {
  const files = new ProjectFiles(self.host, project)
  const config = await files.readConfig((await files.readLatest()).config)
  return {
    project,
    services: config.services.map((service) => service.name),
    open: async (request) => {
      target.signal.throwIfAborted()
      return openSession(self, project, request)
    },
    close: () => {},
  }
}

/** A folder alone is left by a mere plan: what was deployed has something to run. */
async function deployedProjects(self: Self): Promise<readonly string[]> {
  const found: string[] = []
  for (const name of await self.host.list(`${AXLE}/projects`)) {
    if ((await self.host.stat(at.run(name))) !== undefined) found.push(name)
  }
  return found
}

/** What stands before `--` is for us; what comes after it belongs to the command that is to run. */
function ours(args: readonly string[]): readonly string[] {
  return args.includes('--') ? args.slice(0, args.indexOf('--')) : args
}

/** The project that a command line means: named, or that of a named service, or the only one. */
async function meantProject(self: Self, all: readonly string[]): Promise<string | undefined> {
  const args = ours(all)
  const givenFor = (flag: string) => {
    const inline = args.find((word) => word.startsWith(`${flag}=`))
    return inline === undefined
      ? args.includes(flag)
        ? args[args.indexOf(flag) + 1]
        : undefined
      : inline.slice(flag.length + 1)
  }
  const projects = await deployedProjects(self)
  const named = givenFor('--project')
  if (named !== undefined) {
    if (projects.includes(named)) return named
    throw new AxleError('AXLE_UNKNOWN', `There is no project "${named}" on this host; there is ${projects.join(', ')}.`)
  }
  const service = givenFor('--service')
  const owner = (await deployedServices(self.host)).find((one) => one.name === service)?.project
  return owner ?? (projects.length === 1 ? projects[0] : undefined)
}

/** `axle …` on the host itself. Two projects may use two versions of Axle: each is answered by its own engine. */
export async function commandLine(self: Self, own: string, args: readonly string[]): Promise<number> {
  const asksForHelp =
    args.length === 0 ||
    ['schema', 'completion'].includes(args[0] ?? '') ||
    ours(args).some((word) => ['--help', '-h', '--version', '-v', 'help'].includes(word))
  let project: string | undefined
  try {
    project = await meantProject(self, args)
    if (project === undefined && !asksForHelp) {
      const projects = await deployedProjects(self)
      throw new AxleError('AXLE_USAGE', `This host has several projects: ${projects.join(', ')}.`, {
        hint: 'Name one with --project.',
      })
    }
  } catch (thrown) {
    const error = AxleError.wrap(thrown)
    process.stderr.write(`${error.message}\n${error.hint ?? ''}\n`)
    return error.exit
  }
  if (project !== undefined && project !== own) {
    const { exitCode } = await execa(at.run(project), ['cli', ...args], { stdio: 'inherit', reject: false })
    return exitCode ?? 1
  }
  const program = createProgram({
    side: 'host',
    version: self.axle,
    connect: async () => (target) => connect(self, project ?? own, target),
  })
  return program.run(args)
}
