import type { Completed, CompletedOption } from './words.ts'

/** For bash from 3.2 (macOS) on, without the package bash-completion. */
export function bashScript(completed: readonly Completed[]): string {
  const flags = (value: CompletedOption['value']) => [
    ...new Set(
      completed.flatMap(({ options }) => options.filter((one) => one.value === value).flatMap((one) => one.flags)),
    ),
  ]
  const valued = [...flags('text'), ...flags('file'), ...flags('host')]
  const paths = completed.filter(({ path }) => path !== '').map(({ path }) => pattern(path))
  const rows = completed.map(
    ({ path, words, options }) =>
      `    ${pattern(path)}) if [[ $cur == -* ]]; then offer=${list(options.flatMap((one) => one.flags))}; else offer=${list(words.map(({ word }) => word))}; fi ;;`,
  )
  return `# bash completion for axle. To load it: source <(axle completion bash)

_axle_hosts() {
  local keyword names name user=''
  [[ $1 == *@* ]] && user=\${1%%@*}@
  [[ -r ~/.ssh/config ]] || return 0
  while read -r keyword names; do
    [[ $keyword == [Hh][Oo][Ss][Tt] ]] || continue
    for name in $names; do [[ $name == *[*?!]* ]] || printf '%s\\n' "$user$name"; done
  done < ~/.ssh/config
}

_axle() {
  # The line itself, because COMP_WORDS is also split at = @ and :
  local line=\${COMP_LINE:0:COMP_POINT} part=\${COMP_WORDS[COMP_CWORD]} cur='' option='' path='' offer='' word
  local -a words
  read -ra words <<< "$line"
  if [[ $line != *[[:space:]] ]]; then
    cur=\${words[\${#words[@]}-1]}
    unset "words[\${#words[@]}-1]"
  fi
  for word in "\${words[@]:1}"; do
    if [[ -n $option ]]; then
      option=''
      continue
    fi
    case $word in
      --) COMPREPLY=(); return ;;
      ${valued.join('|')}) option=$word ;;
      -*) ;;
      *) case "\${path:+$path }$word" in
        ${paths.join('|')}) path="\${path:+$path }$word" ;;
      esac ;;
    esac
  done
  if [[ -z $option && $cur == --*=* ]]; then
    option=\${cur%%=*}
    cur=\${cur#*=}
  fi
  COMPREPLY=()
  case $option in
    '') ;;
    ${flags('file').join('|')})
      compopt -o filenames 2> /dev/null
      while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -f -- "$cur")
      return ;;
    ${flags('host').join('|')}) offer=$(_axle_hosts "$cur") ;;
    *) return ;;
  esac
  if [[ -z $option ]]; then
    case $path in
${rows.map((row) => `  ${row}`).join('\n')}
    esac
  fi
  # What is replaced is the part behind the last = @ or :
  case $part in '=' | '@' | ':') part='' ;; esac
  local kept=\${cur%"$part"}
  while IFS= read -r word; do [[ -n $word ]] && COMPREPLY+=("\${word#"$kept"}"); done < <(IFS=$'\\n' compgen -W "$offer" -- "$cur")
}

complete -F _axle axle
`
}

function pattern(path: string): string {
  return `'${path}'`
}

function list(words: readonly string[]): string {
  return words.length === 0 ? "''" : `$'${words.join('\\n')}'`
}
