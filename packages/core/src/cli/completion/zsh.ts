import type { Completed, CompletedOption } from './words.ts'

/** For zsh's own completion system. */
export function zshScript(completed: readonly Completed[]): string {
  return `#compdef axle
# zsh completion for axle. To load it: axle completion zsh > "\${fpath[1]}/_axle", or source <(axle completion zsh) after compinit

_axle_hosts() {
  local keyword names name
  local -a found
  if [[ -r ~/.ssh/config ]]; then
    while read -r keyword names; do
      [[ $keyword:l == host ]] || continue
      for name in \${=names}; do [[ $name == *[*?!]* ]] || found+=($name); done
    done < ~/.ssh/config
  fi
  compset -P '*@'
  compadd -a found
}

${completed.map((one) => commandFunction(one, completed)).join('\n\n')}

if [[ $funcstack[1] == _axle ]]; then _axle "$@"; else compdef _axle axle; fi
`
}

function commandFunction({ path, words, options }: Completed, completed: readonly Completed[]): string {
  const next = words.filter(({ word }) => completed.some((one) => one.path === join(path, word)))
  const specs = options.flatMap(optionSpecs)
  if (next.length === 0) {
    const choices = words.length === 0 ? [] : [quoted(`1: :(${words.map(({ word }) => word).join(' ')})`)]
    return `${nameOf(path)}() {
  _arguments -S ${[...specs, ...choices].join(' \\\n    ')}
}`
  }
  const described = words.map(({ word, description }) => quoted(`${word}:${description.replaceAll(':', '\\:')}`))
  return `${nameOf(path)}() {
  local line state
  local -a commands=(
    ${described.join('\n    ')}
  )
  _arguments -C ${[...specs, "'1: :->command'", "'*:: :->rest'"].join(' \\\n    ')}
  case $state in
    command) _describe command commands ;;
    rest) case $line[1] in
${next.map(({ word }) => `      ${word}) ${nameOf(join(path, word))} ;;`).join('\n')}
    esac ;;
  esac
}`
}

function optionSpecs({ flags, description, value, repeatable }: CompletedOption): readonly string[] {
  const action = { none: '', text: ':value: ', file: ':file:_files', host: ':address:_axle_hosts' }[value ?? 'none']
  const text = description.replaceAll(/[[\]:\\]/g, '\\$&')
  const others = repeatable ? '*' : `(${flags.join(' ')})`
  return flags.map((flag) =>
    quoted(`${others}${flag}${value !== undefined && flag.startsWith('--') ? '=' : ''}[${text}]${action}`),
  )
}

function nameOf(path: string): string {
  return path === '' ? '_axle' : `_axle_${path.replaceAll(/[^a-z]/g, '_')}`
}

function join(path: string, word: string): string {
  return path === '' ? word : `${path} ${word}`
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
