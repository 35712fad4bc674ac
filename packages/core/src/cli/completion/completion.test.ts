import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { COMMANDS } from '../commands/table.ts'
import { completionScript } from './script.ts'
import { wordsOf } from './words.ts'

const home = mkdtempSync(join(tmpdir(), 'axle-home-'))
mkdirSync(join(home, '.ssh'))
writeFileSync(join(home, '.ssh/config'), 'Host alpha beta\n  User x\nHost *.example !gamma\nhost delta\n')
writeFileSync(join(home, 'my config.ts'), '')
writeFileSync(join(home, 'my-key'), '')
afterAll(() => rmSync(home, { recursive: true }))

function run(shell: string, args: readonly string[], input = ''): string {
  const ran = spawnSync(shell, args, {
    input,
    cwd: home,
    encoding: 'utf8',
    env: { PATH: process.env.PATH, HOME: home, XDG_CONFIG_HOME: home, XDG_DATA_HOME: home, TERM: 'dumb' },
    timeout: 20_000,
  })
  expect(ran.stderr).toBe('')
  return ran.stdout
}

/** Split as bash splits a line for COMP_WORDS: at spaces, and at each = @ and : which are words too. */
function bashWords(line: string): readonly string[] {
  const words = line.split(' ').flatMap((word) => word.split(/(?<=[=@:])|(?=[=@:])/))
  return line.endsWith(' ') ? words : words.filter((word) => word !== '')
}

const COMPLETE: Readonly<Record<string, (line: string) => readonly string[]>> = {
  bash: (line) => {
    const words = bashWords(line)
    const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`
    const script = `${completionScript('bash', wordsOf('client'))}
[[ $(complete -p axle) == 'complete -F _axle axle' ]] || exit 1
COMP_LINE=${quoted(line)} COMP_POINT=${line.length} COMP_WORDS=(${words.map(quoted).join(' ')}) COMP_CWORD=${words.length - 1}
_axle
printf '%s\\n' "\${COMPREPLY[@]}"`
    return run('bash', ['--norc', '--noprofile', '-s'], script).trim().split('\n')
  },
  fish: (line) => {
    const file = join(home, 'script.fish')
    writeFileSync(file, `${completionScript('fish', wordsOf('client'))}\ncomplete -C '${line}'`)
    const found = run('fish', ['--no-config', file]).trim().split('\n')
    return found.map((one) => one.split('\t')[0] ?? '')
  },
  zsh: (line) => {
    writeFileSync(join(home, '_axle.zsh'), completionScript('zsh', wordsOf('client')))
    return run('zsh', ['-f', '-s'], ZSH.replace('LINE', line))
      .split('\n')
      .filter((one) => one !== '')
  },
}

/** Presses TAB in a zsh of its own; what it would add is printed by a compadd in the place of zsh's. */
const ZSH = `
zmodload zsh/zpty
zpty inner zsh -f -i
zpty -w inner 'PROMPT=; autoload -Uz compinit; compinit -u -d ~/.zcompdump; source ~/_axle.zsh; bindkey "^I" complete-word; stty -echo cols 500'
zpty -w inner 'compadd() { if [[ \${@[1,(i)(-|--)]} == *-(O|A|D)* ]]; then builtin compadd "$@"; return; fi; local -a kept; builtin compadd -O kept "$@"; for one in $kept; print -r -- "<$one>" >> ~/found; builtin compadd "$@" }'
zpty -w inner 'print READY'
while zpty -r inner line; do [[ $line == READY* ]] && break; done
: > ~/found
zpty -w -n inner $'LINE\\t'
for i in {1..40}; do sleep 0.05; [[ -s ~/found ]] && break; done
sleep 0.2
zpty -d inner
sed 's/^<//; s/>$//' ~/found | sort -u
`

const installed = (shell: string) => spawnSync(shell, ['--version']).status === 0

describe.each(['bash', 'zsh', 'fish'])('%s', (shell) => {
  beforeEach((context) => {
    if (!installed(shell)) context.skip(`${shell} is not installed here`)
  })
  const complete = (line: string) => [...(COMPLETE[shell]?.(line) ?? [])].sort()

  it('completes commands and their subcommands', () => {
    const top = [...new Set(COMMANDS.map(({ name }) => name.split(' ')[0] ?? '')), 'help'].sort()
    expect(complete('axle ')).toEqual(top)
    expect(complete('axle dep')).toEqual(['deploy'])
    expect(complete('axle env ')).toEqual(['list', 'set', 'unset'])
    expect(complete('axle completion ')).toEqual(['bash', 'fish', 'zsh'])
  }, 30_000)

  it('completes options of the command that it stands behind', () => {
    expect(complete('axle deploy --d')).toEqual(['--detach', '--dry-run'])
    expect(complete('axle restart --w')).toEqual(['--wait'])
    expect(complete('axle init --no')).toEqual(['--no-color', '--no-install'])
    expect(complete('axle logs --l')).toEqual(['--lines'])
    expect(complete('axle env list --service api --no')).toEqual(['--no-color'])
    expect(complete('axle schema --h')).toEqual(['--help'])
  }, 30_000)

  it('completes nothing behind --, which is for the host', () => {
    expect(complete('axle exec --ser')).toEqual(['--service'])
    expect(complete('axle exec --service api -- node --ser').join('')).toBe('')
    expect(complete('axle exec -- env ').join('')).toBe('')
  }, 30_000)

  it('completes hosts of ~/.ssh/config and files', () => {
    expect(complete('axle deploy --host ').map((one) => one.replace(/^.*@/, ''))).toEqual(['alpha', 'beta', 'delta'])
    expect(complete('axle deploy --host root@al').map((one) => one.replace(/^.*@/, ''))).toEqual(['alpha'])
    expect(complete('axle deploy --identity my-').at(0)).toContain('my-key')
    expect(complete('axle status --config my').join('\n')).toContain('config.ts')
  }, 30_000)
})

it('bash replaces only what stands behind the last = or @', (context) => {
  if (!installed('bash')) context.skip('bash is not installed here')
  expect(COMPLETE.bash?.('axle deploy --host=root@al')).toEqual(['alpha'])
  expect(COMPLETE.bash?.('axle deploy --host=')).toEqual(['alpha', 'beta', 'delta'])
  expect(COMPLETE.bash?.('axle deploy --now --config=my')).toEqual(expect.arrayContaining(['my config.ts', 'my-key']))
})
