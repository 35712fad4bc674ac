import semver from 'semver'
import { codeOf, hasCode } from '../../define/behaviour.ts'
import type { Plugin } from '../../define/plugin.ts'
import type { RoleName } from '../../define/roles.ts'
import type { Issues } from './issues.ts'

const ROLES = ['supervisor', 'gateway'] as const satisfies readonly RoleName[]
const SUCH_AS = {
  supervisor: 'systemd() of @axle-ia/plugin-systemd',
  gateway: 'nginx() of @axle-ia/plugin-nginx',
} as const
const PURPOSE = { supervisor: 'that runs the services', gateway: 'that sends requests to them' } as const

/** Options, supported range of core, names, and exactly one provider for each role. */
export function checkPlugins(plugins: readonly Plugin[], version: string, issues: Issues): void {
  const names = new Set<string>()
  const usable: Plugin[] = []
  for (const [index, plugin] of plugins.entries()) {
    const path = ['plugins', index]
    if (!hasCode(plugin) || typeof plugin.kind !== 'string') {
      issues.add(path, 'expected a plugin, such as systemd(): has its factory been called?')
      continue
    }
    usable.push(plugin)
    const code = codeOf(plugin)
    if (names.has(code.name)) issues.add(path, `${code.name}() is there twice: keep one`)
    names.add(code.name)
    if (!semver.satisfies(version, code.core, { includePrerelease: true })) {
      issues.add(path, `${code.name} supports @axle-ia/core ${code.core}, and this is ${version}`, 'AXLE_PLUGIN')
    }
    const options = code.parseOptions()
    if (!options.success) issues.addZod([...path, 'options'], options.error)
  }
  for (const role of ROLES) checkRole(role, usable, issues)
}

function checkRole(role: RoleName, plugins: readonly Plugin[], issues: Issues): void {
  const providers = plugins
    .map(codeOf)
    .filter(({ provides }) => provides.includes(role))
    .map(({ name }) => `${name}()`)
  if (providers.length === 0) {
    issues.add(
      ['plugins'],
      `there is no ${role}, ${PURPOSE[role]}: add a plugin that is one, such as ${SUCH_AS[role]}`,
      'AXLE_ROLE',
    )
  } else if (providers.length > 1) {
    issues.add(['plugins'], `${providers.join(' and ')} are each a ${role}: keep one of them`, 'AXLE_ROLE')
  }
}
