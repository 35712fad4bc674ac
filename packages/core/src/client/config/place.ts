import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Message } from 'esbuild'

/** `file:line:column` of what esbuild complains about, one a line. */
export function messagesOf(errors: readonly Message[], folder: string): string {
  return errors
    .map(({ text, location }) => {
      if (location === null) return text
      return `${resolve(folder, location.file)}:${location.line}:${location.column + 1}: ${text}`
    })
    .join('\n')
}

/** Where in the user's own files something was thrown; the config's path where the stack doesn't tell. */
export function placeOf(thrown: unknown, file: string): string {
  const stack = thrown instanceof Error ? (thrown.stack ?? '') : ''
  for (const [, where = '', line] of stack.matchAll(/\(?((?:file:\/\/)?\/[^()\s]+?):(\d+):\d+\)?$/gm)) {
    const path = where.startsWith('file:') ? fileURLToPath(where) : where
    if (path.startsWith(dirname(file)) && !path.includes('/node_modules/')) return `${path}:${line}`
  }
  return file
}
