export { type SystemdServiceOptions, systemd } from './plugin.ts'
