import { AxleError } from '../../protocol/errors.ts'
import { service as layout, SECRETS } from '../../protocol/layout.ts'
import type { Host } from '../host/host.ts'
import { checkVariable, decodeEnvironment, type Environment, encodeEnvironment } from './environment-file.ts'

/** Values that only root on this host can read. A change is read, changed and written: the caller holds the project's lock. */
export class Secrets {
  readonly #host: Host

  constructor(host: Host) {
    this.#host = host
  }

  /** Names of what a service has a value for, sorted. */
  async names(service: string): Promise<readonly string[]> {
    return Object.keys(await this.values(service)).sort()
  }

  values(service: string): Promise<Environment> {
    return this.#read(layout.secrets(service))
  }

  async set(service: string, name: string, value: string): Promise<void> {
    checkVariable(name, value)
    await this.#write(service, layout.secrets(service), { ...(await this.values(service)), [name]: value })
  }

  async unset(service: string, name: string): Promise<void> {
    const { [name]: removed, ...rest } = await this.values(service)
    if (removed === undefined) {
      throw new AxleError('AXLE_UNKNOWN', `${service} has no value for ${name}`, {
        hint: 'See what there is with: axle env list',
      })
    }
    await this.#write(service, layout.secrets(service), rest)
  }

  /** Keeps the values of today beside a release, for a rollback that asks for them. */
  async copyForRelease(service: string, release: string): Promise<void> {
    await this.#write(service, layout.releaseSecrets(service, release), await this.values(service))
  }

  /** The values of the day a release was deployed; `undefined` where none were kept. */
  async valuesOfRelease(service: string, release: string): Promise<Environment | undefined> {
    const path = layout.releaseSecrets(service, release)
    return (await this.#host.stat(path)) === undefined ? undefined : this.#read(path)
  }

  async removeForRelease(service: string, release: string): Promise<void> {
    await this.#host.remove(layout.releaseSecrets(service, release))
  }

  async #read(path: string): Promise<Environment> {
    return decodeEnvironment((await this.#host.read(path)) ?? '', path)
  }

  async #write(service: string, path: string, values: Environment): Promise<void> {
    const text = encodeEnvironment(values)
    await this.#host.makeDirectory(SECRETS, { mode: '700' })
    await this.#host.makeDirectory(`${SECRETS}/${service}`, { mode: '700' })
    await this.#host.write(path, text, { mode: '600' })
  }
}
