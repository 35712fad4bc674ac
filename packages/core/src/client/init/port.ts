import { placeIn, type Source } from './sources.ts'

export interface FoundPort {
  readonly port: number | undefined
  /** The code takes $PORT. */
  readonly fromEnvironment: boolean
  /** Where a number is listened on that no environment can change. */
  readonly fixed: { readonly port: number; readonly place: string } | undefined
}

const WITH_DEFAULT =
  /\bPORT\b['"\])}]*\s*(?:\?\?|\|\||,|:|=)\s*(?:Number\(|parseInt\(|z\.coerce\.number\(\)[^\n]*?default\()?\s*['"]?(\d{2,5})\b/
const IN_ENVIRONMENT =
  /\benv(?:ironment)?\b[^\n]{0,20}\bPORT\b|\bPORT\b[^\n]{0,60}\benv\b|\bget(?:OrThrow)?(?:<[^>]*>)?\(\s*['"]PORT['"]/
const LISTENS = /\.listen\(\s*(?:\{[^}]*?\bport:\s*)?(\d{2,5})\b|\bserve\(\s*\{[^}]*?\bport:\s*(\d{2,5})\b/

/** The port that the code listens on when nobody says another one. */
export function findPort(sources: readonly Source[]): FoundPort {
  let port: number | undefined
  let fromEnvironment = false
  let fixed: FoundPort['fixed']
  for (const source of sources) {
    fromEnvironment ||= IN_ENVIRONMENT.test(source.text)
    port ??= numberIn(WITH_DEFAULT.exec(source.text))
    const match = LISTENS.exec(source.text)
    const number = numberIn(match)
    if (match !== null && number !== undefined) fixed ??= { port: number, place: placeIn(source, match.index) }
  }
  return { port: port ?? fixed?.port, fromEnvironment, fixed: fromEnvironment ? undefined : fixed }
}

function numberIn(match: RegExpExecArray | null): number | undefined {
  const digits = match?.slice(1).find((group) => group !== undefined)
  return digits === undefined ? undefined : Number(digits)
}

/** Below 1024 a service would need root; from 20000 on are the ports of the second slots. */
export function usablePort(port: number): boolean {
  return Number.isInteger(port) && port >= 1024 && port <= 65_535 && !(port >= 20_000 && port < 30_000)
}

/** Whether the code is a server at all, as far as that shows. */
export function listens(sources: readonly Source[]): boolean {
  return sources.some(({ text }) =>
    /\.listen\(|\bserve\(|createServer\(|Bun\.serve|\.startStandaloneServer\(/.test(text),
  )
}
