import { spawnSync } from 'node:child_process'
import xterm from '@xterm/headless'
import { execa } from 'execa'

/** Runs a program on a pseudo-terminal of so many columns; may press Ctrl-C, or change the size, once it has printed something. */
const RUN = `
import fcntl, json, os, pty, struct, sys, termios
plan, argv = json.loads(sys.argv[1]), sys.argv[2:]
pid, fd = pty.fork()
def size(columns): fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack('HHHH', 24, columns, 0, 0))
if pid == 0:
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack('HHHH', 24, plan['columns'], 0, 0))
    os.execvp(argv[0], argv)
size(plan['columns'])
seen = b''
while True:
    try: data = os.read(fd, 65536)
    except OSError: break
    if not data: break
    sys.stdout.buffer.write(data); sys.stdout.buffer.flush(); seen += data
    for act in [one for one in plan['acts'] if one['at'].encode() in seen]:
        plan['acts'].remove(act)
        if act['do'] == 'interrupt': os.write(fd, b'\\x03')
        else: size(act['columns'])
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
`

export type Act =
  | { readonly at: string; readonly do: 'interrupt' }
  | { readonly at: string; readonly do: 'resize'; readonly columns: number }

export const noPty: string | undefined =
  spawnSync('python3', ['-c', 'import pty']).status === 0 ? undefined : 'there is no python3 with its module pty'

export interface Shown {
  readonly exitCode: number | undefined
  /** What the program wrote. */
  readonly raw: string
  /** What a person sees at the end; `wrapped` rows continue the one above. */
  readonly rows: readonly { readonly text: string; readonly wrapped: boolean }[]
}

export async function onTerminal(
  argv: readonly string[],
  options: { readonly cwd: string; readonly columns: number; readonly acts?: readonly Act[] },
): Promise<Shown> {
  const { columns, acts = [], cwd } = options
  const { exitCode, stdout } = await execa('python3', ['-c', RUN, JSON.stringify({ columns, acts }), ...argv], {
    cwd,
    reject: false,
    stdin: 'ignore',
    env: { TERM: 'xterm-256color', CI: '', NO_COLOR: '' },
  })
  const terminal = new xterm.Terminal({ cols: columns, rows: 24, scrollback: 1000, allowProposedApi: true })
  await new Promise<void>((resolve) => terminal.write(stdout, resolve))
  const { active } = terminal.buffer
  const rows = Array.from({ length: active.length }, (_, at) => active.getLine(at)).map((line) => ({
    text: line?.translateToString(true) ?? '',
    wrapped: line?.isWrapped === true,
  }))
  return { exitCode, raw: stdout, rows: rows.filter(({ text }) => text !== '') }
}
