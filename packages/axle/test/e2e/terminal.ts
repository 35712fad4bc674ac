import { execa } from 'execa'
import { BIN, type Project } from './project.ts'

/** Answers on a real terminal: waits for each text in turn, then types. */
const PTY = `
import fcntl, json, os, pty, select, struct, sys, termios
answers = json.loads(sys.argv[1])
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(sys.argv[2], sys.argv[2:])
fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack('HHHH', 50, 200, 0, 0))
seen = ''
while True:
    try:
        ready, _, _ = select.select([terminal], [], [], 90)
        chunk = os.read(terminal, 65536) if ready else b''
    except OSError:
        break
    if not chunk:
        os.kill(pid, 9)
        break
    sys.stdout.buffer.write(chunk)
    sys.stdout.flush()
    seen += chunk.decode('utf-8', 'replace')
    if answers and answers[0][0] in seen:
        text = answers.pop(0)
        seen = ''
        os.write(terminal, text[1].encode())
_, status = os.waitpid(pid, 0)
sys.exit(os.waitstatus_to_exitcode(status) % 256)
`

export interface Typed {
  readonly exitCode: number
  readonly screen: string
}

/** \`axle\` on a terminal where somebody types; \`home\` is that person's home folder. */
export async function onTerminal(
  project: Project,
  words: readonly string[],
  answers: readonly (readonly [until: string, type: string])[],
  env: Readonly<Record<string, string>>,
): Promise<Typed> {
  const { exitCode, stdout } = await execa(
    'python3',
    ['-c', PTY, JSON.stringify(answers), process.execPath, BIN, ...words],
    {
      cwd: project.directory,
      reject: false,
      stdin: 'ignore',
      env: { TERM: 'xterm', CI: '', SSH_AUTH_SOCK: '', ...env },
    },
  )
  return { exitCode: exitCode ?? -1, screen: stdout }
}
