import { projectName, serviceName } from '../../define/names.ts'

/** A name by the rules of services, as near to the package's as they let it be. */
export function nameFrom(packageName: string): string {
  const plain = packageName
    .replace(/^@[^/]*\//, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+/, '')
    .slice(0, 30)
    .replace(/-+$/, '')
  const candidates = [plain, `${plain.slice(0, 26)}-app`, `app-${plain.slice(0, 26)}`.replace(/-+$/, ''), 'app']
  return candidates.find((name) => serviceName.safeParse(name).success && projectName.safeParse(name).success) ?? 'app'
}
