import type { Host } from './host.ts'

/** Moves a damaged file out of the way, for somebody to look at. Answers where it now lies. */
export async function setAside(host: Host, path: string): Promise<string> {
  const to = `${path}.damaged-${new Date().toISOString().replaceAll(/[:.]/g, '-')}`
  await host.rename(path, to)
  return to
}
