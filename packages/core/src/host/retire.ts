import { openEngine } from '../engine/open-engine.ts'
import { retire } from '../engine/retire/retire.ts'
import type { Self } from '../engine/self.ts'
import { ProjectFiles } from '../engine/serve/project-files.ts'
import type { SlotName } from '../protocol/layout.ts'

/** What the retire unit of a service runs: with the config that its project was last told. */
export async function retireSlot(self: Self, project: string, service: string, slot: SlotName): Promise<void> {
  const files = new ProjectFiles(self.host, project)
  const engine = await openEngine(self, await files.readConfig((await files.readLatest()).config))
  await retire(engine, service, slot)
}
