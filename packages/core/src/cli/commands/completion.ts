import type { CommandDefinition } from './definition.ts'

export const SHELLS = ['bash', 'zsh', 'fish'] as const

export const completion: CommandDefinition = {
  name: 'completion',
  arguments: [{ name: '<shell>', description: 'which shell it is for', choices: SHELLS }],
  group: 'tools',
  summary: 'a script that completes commands and options at TAB',
  local: true,
  options: [],
  examples: [
    'source <(axle completion bash)',
    'axle completion zsh > "${fpath[1]}/_axle"',
    'axle completion fish > ~/.config/fish/completions/axle.fish',
  ],
  load: async () => (await import('../actions/completion.ts')).completionAction,
}
