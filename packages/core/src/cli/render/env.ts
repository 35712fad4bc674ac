import type { EnvAnswer } from '../../protocol/wire.ts'
import { columns } from './columns.ts'
import { fromHost } from './from-host.ts'
import type { Style } from './style.ts'

type Name = EnvAnswer['names'][number]

/** Names only: a value never leaves the host. */
export function envLines(services: readonly EnvAnswer[], style: Style): readonly string[] {
  return fromHost(services).flatMap(({ service, names }) => [
    style.bold(service),
    ...(names.length === 0
      ? ['  no secrets']
      : columns(
          names.map((one) => row(one, style)),
          style.room,
        )),
  ])
}

function row({ name, set, declared, optional }: Name, style: Style): readonly string[] {
  const needed = declared && !optional
  const mark = set ? style.ok : needed ? style.bad : style.dim('-')
  const state = set ? 'set' : 'not set'
  const role = declared ? (optional ? 'optional' : 'required') : 'not in the config'
  return [`  ${mark} ${name}`, state, style.dim(role)]
}
