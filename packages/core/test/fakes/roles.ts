import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { LocalHost } from '../../src/engine/host/local-host.ts'
import { flagSlot, occupant } from '../../src/engine/release/live.ts'
import { definePlugin, type Slot, type Supervisor, z } from '../../src/index.ts'

/** What a slot's process does: answers its health path with this status, or ends at once. */
export type Behaviour = (slot: Slot) => { readonly health: number } | 'ends'

/** A supervisor whose slots are HTTP servers of this process. */
export class FakeSupervisor implements Supervisor {
  readonly servers = new Map<string, Server>()
  readonly ended = new Set<string>()
  readonly calls: string[] = []
  adopted: string | undefined
  behaviour: Behaviour = () => ({ health: 200 })

  async start(slot: Slot): Promise<void> {
    const key = `${slot.service.name}-${slot.name}`
    if (this.servers.has(key)) return
    this.calls.push(`start ${key}`)
    this.ended.delete(key)
    const does = this.behaviour(slot)
    if (does === 'ends') {
      this.ended.add(key)
      return
    }
    const server = createServer((_request, response) => response.writeHead(does.health).end('answer'))
    await new Promise<void>((resolve) => server.listen(slot.port ?? 0, '127.0.0.1', resolve))
    this.servers.set(key, server)
  }

  async stop(slot: Slot): Promise<void> {
    const key = `${slot.service.name}-${slot.name}`
    this.calls.push(`stop ${key}`)
    this.ended.delete(key)
    const server = this.servers.get(key)
    this.servers.delete(key)
    if (server !== undefined) {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    }
  }

  async check(): Promise<void> {}

  async restart(slot: Slot): Promise<void> {
    await this.stop(slot)
    await this.start(slot)
  }

  async state(slot: Slot) {
    const key = `${slot.service.name}-${slot.name}`
    if (this.ended.has(key)) return { state: 'failed' as const, restarts: 0, ended: 'exit code 1' }
    return { state: this.servers.has(key) ? ('active' as const) : ('inactive' as const), restarts: 0 }
  }

  async adopt(slot: Slot): Promise<void> {
    this.adopted = `${slot.service.name}-${slot.name}`
  }

  async disown(): Promise<void> {
    this.adopted = undefined
  }

  async *logs(slots: readonly Slot[]) {
    for (const slot of slots)
      yield { time: '2026-01-01T00:00:00.000Z', slot: slot.name, message: `last words of ${slot.name}` }
  }

  confine(_service: unknown, argv: readonly [string, ...string[]]) {
    return argv
  }

  inside(_slot: Slot, argv: readonly [string, ...string[]]) {
    return argv
  }

  async stopAll(): Promise<void> {
    for (const server of this.servers.values()) {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    }
  }
}

/** A gateway that looks at the flag and the slots' links for each request, as a real one does. */
export class FakeGateway {
  readonly #server: Server
  broken = false
  port = 0

  constructor(host: LocalHost) {
    this.#server = createServer((request, response) => {
      const service = request.url?.split('/')[1] ?? ''
      void flagSlot(host, service)
        .then((slot) => occupant(host, service, slot))
        .then((release) =>
          response.writeHead(200, { 'x-axle-release': this.broken ? 'none' : (release ?? 'none') }).end(),
        )
    })
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    const address = this.#server.address()
    this.port = isAddress(address) ? address.port : 0
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }
}

function isAddress(address: AddressInfo | string | null): address is AddressInfo {
  return typeof address === 'object' && address !== null
}

/** Both roles as plugins, through the public API alone. */
export function fakePlugins(supervisor: FakeSupervisor, gateway: FakeGateway) {
  return [
    definePlugin({
      name: 'fakeSupervisor',
      core: '*',
      options: z.strictObject({}),
      provides: { supervisor: () => supervisor },
    })(),
    definePlugin({
      name: 'fakeGateway',
      core: '*',
      options: z.strictObject({}),
      provides: {
        gateway: () => ({
          endpoint: (service) => ({ url: `http://127.0.0.1:${gateway.port}/${service.name}/`, headers: {} }),
          check: async () => {},
          switchTo: async () => {},
          connections: async () => 0,
          address: () => 'http://127.0.0.1/',
        }),
      },
    })(),
  ]
}
