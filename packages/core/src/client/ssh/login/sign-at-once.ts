export type Hash = 'sha1' | 'sha256' | 'sha512'
type Sign = (data: Buffer, hash: Hash | undefined, done: (signature: Buffer) => void, failed: () => void) => void
type Done = (data: Buffer, done: (signature: Buffer) => void) => void
type AuthPK = (user: string, key: unknown, algorithm?: string, sign?: Done) => void

const HASHES: Readonly<Record<string, Hash>> = {
  'ssh-rsa': 'sha1',
  'rsa-sha2-256': 'sha256',
  'rsa-sha2-512': 'sha512',
}

/**
 * Lets the next key be signed with at once. ssh2 asks first whether the host would take it, which is a round trip more,
 * and has no public way to leave that out (RFC 4252, 7: the question is optional). Where a later ssh2 is built
 * otherwise, this does nothing, and the question is asked.
 */
export function signAtOnce(client: object, sign: Sign): void {
  const protocol: unknown = Reflect.get(client, '_protocol')
  if (!canSign(protocol)) return
  const ask = protocol.authPK
  protocol.authPK = (user, key, algorithm, given) => {
    protocol.authPK = ask
    const question = () => ask.call(protocol, user, key, algorithm)
    if (given !== undefined) ask.call(protocol, user, key, algorithm, given)
    else ask.call(protocol, user, key, algorithm, (data, done) => sign(data, HASHES[algorithm ?? ''], done, question))
  }
}

function canSign(protocol: unknown): protocol is { authPK: AuthPK } {
  return (
    typeof protocol === 'object' && protocol !== null && 'authPK' in protocol && typeof protocol.authPK === 'function'
  )
}
