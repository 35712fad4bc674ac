import type { Completed, CompletedOption } from './words.ts'

/** A line a word or option, each with the condition under which it is offered. */
export function fishScript(completed: readonly Completed[]): string {
  return `# fish completion for axle. To load it: axle completion fish | source

function __axle_hosts
    set -l user (string match -r '^.*@' -- (commandline -ct | string replace -r '^--host=' ''))
    test -r ~/.ssh/config; or return
    for name in (string match -rgi '^\\s*host\\s+(.+)' < ~/.ssh/config | string split -n ' ')
        string match -qr '[*?!]' -- $name; or echo "$user$name"
    end
end

# Behind -- stands a command of the host's.
function __axle_ours
    not contains -- -- (commandline -opc)
end

complete -c axle -f
${completed.flatMap((one) => lines(one, completed)).join('\n')}
`
}

function lines({ path, words, options }: Completed, completed: readonly Completed[]): readonly string[] {
  const [command, subcommand] = path.split(' ')
  const under = words.filter(({ word }) =>
    completed.some((one) => one.path === (path === '' ? word : `${path} ${word}`)),
  )
  const seen = (names: readonly (string | undefined)[]) => `__fish_seen_subcommand_from ${names.join(' ')}`
  const all = words.map(({ word }) => word).join(' ')
  const here =
    path === ''
      ? '__fish_use_subcommand'
      : [
          seen([command]),
          ...(subcommand === undefined ? [] : [seen([subcommand])]),
          ...(under.length === 0 ? [] : [`not ${seen([all])}`]),
        ].join('; and ')
  const line = (rest: string) => `complete -c axle -n ${quoted(`__axle_ours; and ${here}`)} ${rest}`
  return [
    ...words.map(({ word, description }) =>
      line(`-a ${word}${description === '' ? '' : ` -d ${quoted(description)}`}`),
    ),
    ...options.map((option) => line(`${flagWords(option)} -d ${quoted(option.description)}`)),
  ]
}

function flagWords({ flags, value }: CompletedOption): string {
  const names = flags.map((flag) => (flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`))
  const values = { none: '', text: ' -x', file: ' -r -F', host: " -x -a '(__axle_hosts)'" }[value ?? 'none']
  return `${names.join(' ')}${values}`
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}
