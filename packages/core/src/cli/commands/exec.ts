import type { CommandDefinition } from './definition.ts'

export const exec: CommandDefinition = {
  name: 'exec',
  arguments: [{ name: '<command...>', description: 'program and arguments, after "--"; no shell reads them' }],
  group: 'running',
  summary: "run a command as the service's user, in its live release, with its environment and sandbox (no terminal)",
  options: ['service'],
  examples: [
    'axle exec --service api -- node scripts/migrate.js',
    'axle exec --service api -- sh -c \'echo "$DATABASE_URL" | wc -c\'',
    'axle exec --service api -- tar -cz -C . . > api.tar.gz',
  ],
  passesExit: true,
  exitWords: { 0: 'the command succeeded', 1: 'failed', 130: 'interrupted; the command is ended on the host' },
  load: async () => (await import('../actions/exec.ts')).execAction,
}
