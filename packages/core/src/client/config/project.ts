import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { projectName } from '../../define/names.ts'
import type { Issues } from './issues.ts'

/** The project's name: as written, or package.json's without its scope. */
export function checkProject(written: string | undefined, packageName: string | undefined, issues: Issues): string {
  if (written !== undefined) return written
  if (issues.all.some(({ path }) => path === 'project')) return ''
  if (packageName === undefined) {
    issues.add(['project'], "expected a name, such as project: 'shop' (no package.json has one)")
    return ''
  }
  const bare = packageName.replace(/^@[^/]*\//, '')
  const parsed = projectName.safeParse(bare)
  if (parsed.success) return parsed.data
  issues.add(
    ['project'],
    `package.json's name "${packageName}" cannot be a project's: set project. ${parsed.error.issues[0]?.message}`,
  )
  return ''
}

/** `name` of the nearest package.json that has one, from `folder` upwards. */
export async function nearestPackageName(folder: string): Promise<string | undefined> {
  for (let at = folder; ; at = dirname(at)) {
    const name = nameIn(await readFile(join(at, 'package.json'), 'utf8').catch(() => ''))
    if (name !== undefined || dirname(at) === at) return name
  }
}

function nameIn(text: string): string | undefined {
  try {
    const manifest: unknown = JSON.parse(text)
    if (typeof manifest !== 'object' || manifest === null || !('name' in manifest)) return undefined
    return typeof manifest.name === 'string' && manifest.name !== '' ? manifest.name : undefined
  } catch {
    return undefined
  }
}
