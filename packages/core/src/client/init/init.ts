import { readFile, stat, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Initialize, Initialized, InitRequest } from '../../cli/initialize.ts'
import { AxleError } from '../../protocol/errors.ts'
import { findConfig } from '../config/find.ts'
import { coreVersion } from '../version.ts'
import { answer } from './answer.ts'
import { install, notInstalled, packageManagerOf } from './package-manager.ts'
import { type Found, readProject } from './read-project.ts'
import { type Answers, renderConfig } from './render-config.ts'
import { diskTree } from './tree.ts'
import { isWorkspaceMember } from './workspace.ts'

const CONFIG = 'axle.config.ts'
const IMPORTED = ['@axle-ia/core', 'axle'] as const

/** Writes the config of the project in `cwd`, and installs what it imports. */
export const initialize: Initialize = async (request) => {
  const { cwd } = request
  await refuseExisting(cwd)
  const manager = await packageManagerOf(cwd)
  const found = await readProject(await diskTree(cwd), {
    folder: cwd,
    member: await isWorkspaceMember(cwd, (folder) => ({ read: (path) => readIf(join(folder, path)) })),
    startOtherwise: (problem) => askStart(request, problem),
  })
  const build = found.build === undefined ? undefined : manager.run(found.build).join(' ')
  const { name, host, domain } = request
  const { answers, notes } = await answer(found, { name, host, domain, build, folder: basename(cwd) }, request.prompt)
  const text = renderConfig(answers)
  const missing = notInstalled(cwd, IMPORTED).map((one) => `${one}@^${coreVersion()}`)
  const add = missing.length === 0 ? undefined : manager.addForDevelopment(missing)
  const installs = add !== undefined && request.install && !request.dryRun
  if (!request.dryRun) await writeNew(join(cwd, CONFIG), text)
  if (installs) {
    request.onStep(add.join(' '))
    await install(cwd, add, request.signal)
  }
  return {
    file: join(cwd, CONFIG),
    written: !request.dryRun,
    config: text,
    found: { ...summary(found, answers), packageManager: manager.name },
    installed: installs ? missing : [],
    notes: [...found.notes, ...notes],
    next: [
      ...(installs || add === undefined ? [] : [add.join(' ')]),
      ...next(answers, (line) => manager.execute(line).join(' ')),
    ],
  }
}

function summary(found: Found, answers: Answers): Omit<Initialized['found'], 'packageManager'> {
  const { name, build, start, node, port, health, include, secrets } = answers
  return {
    name,
    start,
    node,
    include,
    secrets: secrets.map((one) => one.name),
    ...(found.framework === undefined ? {} : { framework: found.framework }),
    ...(build === undefined ? {} : { build }),
    ...(port === undefined ? {} : { port }),
    ...(health === undefined ? {} : { health: health.path }),
  }
}

function next({ host, secrets }: Answers, execute: (line: readonly string[]) => string): readonly string[] {
  const where = host === undefined ? ['--host', 'user@host'] : []
  return [
    ...secrets.filter(({ optional }) => !optional).map(({ name }) => execute(['axle', 'env', 'set', name, ...where])),
    execute(['axle', 'deploy', ...where]),
  ]
}

async function askStart({ prompt }: InitRequest, problem: AxleError): Promise<string> {
  if (prompt === undefined) throw problem
  return prompt.text(`${problem.message} Which command starts it on the host?`, {
    check: (value) => (value.trim() === '' ? 'expected a command such as "node dist/server.js"' : undefined),
  })
}

async function refuseExisting(cwd: string): Promise<void> {
  const found = await stat(cwd).catch(() => undefined)
  if (found?.isDirectory() !== true) throw new AxleError('AXLE_INIT', `${cwd} is no folder.`)
  const existing = await findConfig(cwd).catch(() => undefined)
  if (existing !== undefined) throw exists(existing)
}

function exists(file: string): AxleError {
  return new AxleError('AXLE_INIT', `There is a config already: ${file}. It is left as it is.`, {
    where: file,
    hint: 'See what it does with: axle plan. To begin anew, move it aside first.',
  })
}

async function writeNew(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text, { flag: 'wx' })
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'EEXIST') throw exists(file)
    throw new AxleError('AXLE_INIT', `${file} cannot be written: ${thrown instanceof Error ? thrown.message : ''}`, {
      where: file,
      hint: 'Check who owns the folder, and whether the disk is full.',
      cause: thrown,
    })
  }
}

async function readIf(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch(() => undefined)
}
