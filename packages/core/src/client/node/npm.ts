import { execa } from 'execa'
import { AxleError } from '../../protocol/errors.ts'

const WITHIN = 300_000

/** npm's answer as text. Run in the project's folder, so that its .npmrc (mirror, proxy) counts. */
export async function npm(args: readonly string[], cwd: string): Promise<string> {
  const result = await execa('npm', args, { cwd, reject: false, timeout: WITHIN, stdin: 'ignore' })
  if (!result.failed) return result.stdout
  if (result.code === 'ENOENT') {
    throw new AxleError('AXLE_TOOL_MISSING', 'npm is not on the PATH; Axle fetches Node for the host with it.')
  }
  throw new AxleError('AXLE_TOOL_MISSING', `npm ${args.join(' ')} failed.`, {
    hint: 'Check the way to the npm registry (npm ping), or deploy once where there is one: the answer is cached.',
    output: result.stderr.split('\n').slice(-15).join('\n'),
    cause: result,
  })
}
