import { createHmac, randomBytes } from 'node:crypto'
import { AxleError } from '../../protocol/errors.ts'
import { canonicalJson } from '../../protocol/json.ts'
import { HOST_STATE } from '../../protocol/layout.ts'
import type { Host } from '../host/host.ts'
import type { Environment } from './environment-file.ts'

export const KEY_FILE = `${HOST_STATE}/hmac.key`

/**
 * Changes when a secret does and says nothing else: without the host's key nobody can try values against it, although it
 * goes into release ids that everybody sees. The caller holds the host lock, because the first one makes the key.
 */
export async function secretsDigest(host: Host, values: Environment): Promise<string> {
  return createHmac('sha256', await hostKey(host))
    .update(canonicalJson(values))
    .digest('hex')
}

async function hostKey(host: Host): Promise<Buffer> {
  const found = await host.read(KEY_FILE)
  if (found === undefined) {
    const key = randomBytes(32)
    if ((await host.stat(HOST_STATE)) === undefined) await host.makeDirectory(HOST_STATE, { mode: '755' })
    await host.write(KEY_FILE, `${key.toString('hex')}\n`, { mode: '600' })
    return key
  }
  if (/^[0-9a-f]{64}\n$/.test(found)) return Buffer.from(found.trim(), 'hex')
  throw new AxleError('AXLE_STATE', `${KEY_FILE} is damaged`, {
    where: KEY_FILE,
    hint: 'Move it aside: a new key is made, and the next deploy of each service is a new release.',
  })
}
