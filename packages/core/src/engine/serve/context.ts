import type { ResolvedConfig } from '../../protocol/service.ts'
import type { Hello } from '../../protocol/wire.ts'
import type { Self } from '../self.ts'
import { type Latest, ProjectFiles } from './project-files.ts'

export interface RequestContext {
  readonly files: ProjectFiles
  readonly config: ResolvedConfig
  readonly configHash: string
  readonly manifests: Latest['manifests']
}

/** Config and files that a request is about: those it brings, or else those that the host was sent last. */
export async function contextOf(self: Self, hello: Hello): Promise<RequestContext> {
  const files = new ProjectFiles(self.host, hello.project)
  if (hello.config === undefined) {
    const latest = await files.readLatest()
    return {
      files,
      config: await files.readConfig(latest.config),
      configHash: latest.config,
      manifests: latest.manifests,
    }
  }
  return {
    files,
    config: hello.config,
    configHash: await files.writeConfig(hello.config),
    manifests: hello.manifests ?? {},
  }
}
