import type { PluginList } from '@axle-ia/core'
import { nginx } from '@axle-ia/plugin-nginx'
import { systemd } from '@axle-ia/plugin-systemd'

/** The plugins that nearly every project wants, with their defaults: `plugins: [recommended(), …]`. */
export function recommended(): PluginList {
  return [systemd(), nginx()]
}
