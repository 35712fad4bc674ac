export { type NginxOptions, type NginxServiceOptions, nginx } from './plugin.ts'
