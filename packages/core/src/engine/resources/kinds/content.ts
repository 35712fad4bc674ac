import { createHash } from 'node:crypto'
import type { Change } from '../../../protocol/resource.ts'
import { sameMode } from './owners.ts'

/** Enough of a content's hash to tell two apart on a screen. */
export function shortHash(content: string): string {
  return `sha256 ${createHash('sha256').update(content).digest('hex').slice(0, 12)}`
}

/** A difference of content. Of a file that only its owner may read, not even a hash is shown: short secrets can be guessed from it. */
export function contentChange(mode: string, from: string | undefined, to: string): Change {
  const secret = (Number.parseInt(mode, 8) & 0o077) === 0
  const show = (content: string): string => (secret ? 'not shown' : shortHash(content))
  return { aspect: 'content', ...(from === undefined ? {} : { from: show(from) }), to: show(to) }
}

/** The difference of one aspect, or none. */
export function difference(aspect: string, from: string | undefined, to: string): readonly Change[] {
  if (from === to) return []
  return [{ aspect, ...(from === undefined ? {} : { from }), to }]
}

export function modeDifference(from: string | undefined, to: string): readonly Change[] {
  return from !== undefined && sameMode(from, to) ? [] : difference('mode', from, to)
}
