import { readFile } from 'node:fs/promises'

/** A key file, read but not opened. */
export interface KeyFile {
  readonly path: string
  readonly text: string
  /** What it is without its secret, where that can be read. */
  readonly blob: Buffer | undefined
  readonly state: 'open' | 'encrypted' | 'public'
}

/** `undefined` where there is no such file that we can read. */
export async function readKeyFile(path: string): Promise<KeyFile | undefined> {
  const [text, beside] = await Promise.all(
    [path, `${path}.pub`].map((one) => readFile(one, 'utf8').catch(() => undefined)),
  )
  // An agent that keeps keys elsewhere leaves only the public half on the disk.
  if (text === undefined)
    return beside === undefined ? undefined : { path, text: beside, blob: publicLine(beside), state: 'public' }
  const line = publicLine(text)
  if (line !== undefined) return { path, text, blob: line, state: 'public' }
  return {
    path,
    text,
    blob: (beside === undefined ? undefined : publicLine(beside)) ?? publicPart(text),
    state: isEncrypted(text) ? 'encrypted' : 'open',
  }
}

/** `ssh-ed25519 AAAA… comment` */
function publicLine(text: string): Buffer | undefined {
  const [, base64] = /^(?:ssh|ecdsa|sk)-\S+\s+([A-Za-z0-9+/]+=*)/.exec(text.trim()) ?? []
  return base64 === undefined ? undefined : Buffer.from(base64, 'base64')
}

const MAGIC = 'openssh-key-v1\0'

/** OpenSSH's own form has the public key in the open, beside the encrypted one (PROTOCOL.key). */
export function publicPart(text: string): Buffer | undefined {
  const bytes = openSshBytes(text)
  if (bytes === undefined) return undefined
  let at = MAGIC.length
  const next = () => {
    if (at + 4 > bytes.length) return undefined
    const length = bytes.readUInt32BE(at)
    const field = bytes.subarray(at + 4, at + 4 + length)
    at += 4 + length
    return field.length === length ? field : undefined
  }
  // Cipher, key derivation, its options; then the number of keys, which is one.
  if (next() === undefined || next() === undefined || next() === undefined) return undefined
  at += 4
  return next()
}

/** A PEM header says so; OpenSSH's own form names the cipher first. */
export function isEncrypted(text: string): boolean {
  if (text.includes('ENCRYPTED')) return true
  const bytes = openSshBytes(text)
  if (bytes === undefined) return false
  return bytes.subarray(MAGIC.length + 4, MAGIC.length + 8).toString('latin1') !== 'none'
}

function openSshBytes(text: string): Buffer | undefined {
  const [, body] = /-----BEGIN OPENSSH PRIVATE KEY-----([\s\S]+?)-----END/.exec(text) ?? []
  return body === undefined ? undefined : Buffer.from(body, 'base64')
}
