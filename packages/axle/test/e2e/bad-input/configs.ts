import { configText } from '../project.ts'

export const config = (text: string) => ({ 'axle.config.ts': text })
export const services = (...list: readonly string[]) => config(configText(list.join(', ')))
export const service = (fields: string) =>
  services(`defineService({ name: 'api', start: 'node server.js', ${fields} })`)
export const named = (name: string) =>
  services(`defineService({ name: ${JSON.stringify(name)}, start: 'node server.js' })`)
export const OTHER = `defineService({ name: 'web', start: 'node server.js', port: 8200, route: '/web/' })`

export const invalid = { exit: 2, code: 'AXLE_CONFIG_INVALID' } as const
export const NAME_RULE = 'expected lower-case letters, digits and "-"'
