import { service as at, LAUNCHER } from '../../protocol/layout.ts'
import { type Resource, resource } from '../../protocol/resource.ts'
import type { PlacedService } from '../../protocol/service.ts'

const LAUNCHER_TEXT = `#!/bin/sh
# Axle: runs the engine of a project on this host, which finds the project that is meant.
if [ "$(id -u)" -ne 0 ]; then exec sudo ${LAUNCHER} "$@"; fi
for run in /opt/axle/projects/*/run; do
  if [ -x "$run" ]; then exec "$run" cli "$@"; fi
done
echo 'axle: no project was deployed on this host yet' >&2
exit 2
`

/** What core itself wants of a host, as resources like any other. */
export function coreHostResources(): readonly Resource[] {
  return [
    resource.parse({
      kind: 'file',
      id: LAUNCHER,
      scope: 'host',
      phase: 'before',
      spec: { content: LAUNCHER_TEXT, mode: '755' },
      inputs: {},
    }),
  ]
}

export function coreServiceResources(service: PlacedService): readonly Resource[] {
  return [at.directory(service.name), at.releases(service.name), at.slots(service.name)].map((path, index) =>
    resource.parse({
      kind: 'directory',
      id: path,
      scope: 'service',
      service: service.name,
      phase: 'before',
      spec: { mode: '755' },
      needs: index === 0 ? [] : [`directory:${at.directory(service.name)}`],
    }),
  )
}
