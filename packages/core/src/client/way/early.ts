import type { Prompt } from '../../cli/io/prompt.ts'
import { findConfig } from '../config/find.ts'
import { type Asked, foreseeTarget } from './foresight.ts'
import { setOut, type Way } from './way.ts'

/** Sets out for the host that will most likely be meant, if that can be told at all. */
export async function setOutEarly(
  asked: Omit<Asked, 'file'> & { readonly cwd: string; readonly configPath?: string | undefined },
  prompt?: Prompt,
): Promise<Way | undefined> {
  // Whatever is wrong here is found again, and told, by who prepares.
  const file = await findConfig(asked.cwd, asked.configPath).catch(() => undefined)
  const target = file === undefined ? undefined : await foreseeTarget({ ...asked, file })
  return target === undefined ? undefined : setOut(target, prompt)
}
