import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import * as z from 'zod'
import { AxleError } from '../../protocol/errors.ts'
import { actor } from '../../protocol/events.ts'
import { canonicalJson } from '../../protocol/json.ts'
import { project as at } from '../../protocol/layout.ts'
import { manifest } from '../../protocol/release.ts'
import { type ResolvedConfig, resolvedConfig } from '../../protocol/service.ts'
import { NODE_FLAGS } from '../../protocol/transient-unit.ts'
import { operationRequest } from '../../protocol/wire.ts'
import type { LocalHost } from '../host/local-host.ts'
import { setAside } from '../host/set-aside.ts'

/** What a project last was told: config and files by content. An operation on the host itself starts from here. */
const latest = z.strictObject({ v: z.literal(1), config: z.string(), manifests: z.record(z.string(), manifest) })
export type Latest = z.output<typeof latest>

/** What an operation's engine finds on the disk when it starts. */
export const operationFile = z.strictObject({
  v: z.literal(1),
  operation: z.string(),
  unit: z.string(),
  config: z.string(),
  actor,
  request: operationRequest,
  manifests: latest.shape.manifests,
  /** What the engine that took the request noticed, and the operation's viewers should read. */
  warning: z.string().optional(),
})
export type OperationFile = z.output<typeof operationFile>

async function readJson(host: LocalHost, path: string): Promise<unknown> {
  const text = await host.read(path)
  if (text === undefined) return undefined
  try {
    return JSON.parse(text)
  } catch {
    throw new AxleError('AXLE_STATE', `${path} is damaged: it is not JSON.`, { where: path })
  }
}

const latestFile = (project: string) => `${at.directory(project)}/latest.json`
export const requestFile = (project: string, operation: string) => `${at.operation(project, operation)}/request.json`
export const eventsFile = (project: string, operation: string) => `${at.operation(project, operation)}/events.ndjson`

/** Files of one project under /opt/axle/projects. */
export class ProjectFiles {
  readonly #host: LocalHost
  readonly project: string

  constructor(host: LocalHost, project: string) {
    this.#host = host
    this.project = project
  }

  /** Writes the config by its hash, and returns that. */
  async writeConfig(config: ResolvedConfig): Promise<string> {
    const text = canonicalJson(config)
    const hash = createHash('sha256').update(text).digest('hex').slice(0, 16)
    const path = at.config(this.project, hash)
    await this.#host.makeDirectory(at.directory(this.project), { mode: '755' })
    // Compared and not only looked for: one that was damaged is mended.
    if ((await this.#host.read(path)) !== `${text}\n`) await this.#host.write(path, `${text}\n`, { mode: '644' })
    return hash
  }

  async readConfig(hash: string): Promise<ResolvedConfig> {
    const path = at.config(this.project, hash)
    const parsed = resolvedConfig.safeParse(await readJson(this.#host, path))
    if (parsed.success) return parsed.data
    throw new AxleError('AXLE_STATE', `${path} is not a config that this engine knows.`, { where: path })
  }

  async readLatest(): Promise<Latest> {
    const found = await readJson(this.#host, latestFile(this.project))
    if (found === undefined) {
      throw new AxleError('AXLE_UNKNOWN', `Project ${this.project} was never deployed on this host.`, {
        hint: 'Deploy it from the workstation first: axle deploy',
      })
    }
    const parsed = latest.safeParse(found)
    if (parsed.success) return parsed.data
    throw new AxleError('AXLE_STATE', `${latestFile(this.project)} does not have the expected form.`, {
      where: latestFile(this.project),
    })
  }

  /** A deploy of some services brings the files of these only; the others' stay known. */
  async writeLatest({ config, manifests }: Omit<Latest, 'v'>): Promise<void> {
    const path = latestFile(this.project)
    const known = (await this.#host.stat(path)) === undefined ? undefined : await this.#latestOrAside(path)
    const next: Latest = { v: 1, config, manifests: { ...known?.manifests, ...manifests } }
    await this.#host.write(path, `${JSON.stringify(next)}\n`, { mode: '644' })
  }

  /** What was damaged is kept beside, and replaced by what was just sent. */
  async #latestOrAside(path: string): Promise<Latest | undefined> {
    try {
      return await this.readLatest()
    } catch (thrown) {
      if (!(thrown instanceof AxleError) || thrown.code !== 'AXLE_STATE') throw thrown
      await setAside(this.#host, path)
      return undefined
    }
  }

  async writeOperation(value: Omit<OperationFile, 'v'>): Promise<void> {
    await this.#host.makeDirectory(`${at.directory(this.project)}/operations`, { mode: '755' })
    await this.#host.makeDirectory(at.operation(this.project, value.operation), { mode: '755' })
    await this.#host.write(requestFile(this.project, value.operation), `${JSON.stringify({ v: 1, ...value })}\n`, {
      mode: '644',
    })
    // It exists before anybody looks: viewers then wait for its lines, and not for the file.
    await writeFile(this.#host.path(eventsFile(this.project, value.operation)), '', { flag: 'a', mode: 0o640 })
  }

  async readOperation(operation: string): Promise<OperationFile> {
    const path = requestFile(this.project, operation)
    const parsed = operationFile.safeParse(await readJson(this.#host, path))
    if (parsed.success) return parsed.data
    throw new AxleError('AXLE_STATE', `${path} does not have the expected form.`, { where: path })
  }

  /** What launcher, retire units and operations start: the engine that was sent last. */
  async writeRun(node: string, engine: string): Promise<void> {
    const text = `#!/bin/sh\nexport NODE_COMPILE_CACHE=/var/lib/axle/cache/node\nexec '${node}' ${NODE_FLAGS.join(' ')} '${engine}' "$@"\n`
    const path = at.run(this.project)
    if ((await this.#host.read(path)) !== text) await this.#host.write(path, text, { mode: '755' })
  }
}
