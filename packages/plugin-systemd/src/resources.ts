import { layout, OPEN, type PlacedService, type ResourceInput } from '@axle-ia/core'
import type { ServiceLimits } from './service-options.ts'
import { slotUnit, unitName } from './unit.ts'

/** What a service needs before it can start. The unit stands once for both slots: its slot is filled in when it is applied. */
export function serviceResources(service: PlacedService, limits: ServiceLimits): readonly ResourceInput[] {
  const { name } = service
  const user = `user:${name}`
  const of = { scope: 'service', phase: 'before', service: name } as const
  const directory = (path: string): ResourceInput => ({
    ...of,
    kind: 'directory',
    id: path,
    spec: { mode: '750', owner: { user: name, group: name } },
    needs: [user],
  })
  return [
    { ...of, kind: 'user', id: name, spec: { home: layout.service.data(name) } },
    directory(layout.service.data(name)),
    directory(layout.service.logs(name)),
    {
      ...of,
      kind: 'unit',
      id: unitName(name, OPEN.slot),
      spec: { content: slotUnit(service, limits) },
      needs: [user, `directory:${layout.service.data(name)}`, `directory:${layout.service.logs(name)}`],
    },
  ]
}
