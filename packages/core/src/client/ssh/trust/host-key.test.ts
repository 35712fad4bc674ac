import { expect, it } from 'vitest'
import { hostKeyAlgorithms, verdictOn } from './host-key.ts'
import { fingerprint, knownHostsLine } from './known-hosts.ts'

function key(seed: string): Buffer {
  const type = Buffer.from('ssh-ed25519')
  const length = Buffer.alloc(4)
  length.writeUInt32BE(type.length)
  return Buffer.concat([length, type, Buffer.from(seed.padEnd(36, '.'))])
}
const ours = key('ours')
const hop = {
  name: 'web1',
  trustName: '[h]:2222',
  strict: 'ask',
  knownHosts: { user: ['/home/u/.ssh/known_hosts'], machine: [], hash: false },
  algorithms: {},
}
const refusalOf = (given: Partial<typeof hop> & { hostKey?: string }, text: string, of = ours) => {
  const verdict = verdictOn({ ...hop, ...given }, of, text)
  return verdict.trusted
    ? undefined
    : { message: verdict.refusal.message, hint: verdict.refusal.hint ?? '', asks: verdict.question !== undefined }
}

it('an unknown key is refused with fingerprint and line, and a person may decide otherwise', () => {
  const refusal = refusalOf({}, '')
  expect(refusal?.message).toContain(fingerprint(ours))
  expect(refusal?.hint).toContain(`add this line to /home/u/.ssh/known_hosts:\n  ${knownHostsLine('[h]:2222', ours)}`)
  expect(refusal?.asks).toBe(true)
  expect(refusalOf({}, knownHostsLine('[h]:2222', ours))).toBeUndefined()
})

it('StrictHostKeyChecking yes asks nobody; no and accept-new are not followed, and that is said', () => {
  expect(refusalOf({ strict: 'yes' }, '')?.asks).toBe(false)
  for (const strict of ['no', 'accept-new'])
    expect(refusalOf({ strict }, '')).toMatchObject({
      asks: true,
      hint: expect.stringContaining(`StrictHostKeyChecking ${strict}`),
    })
})

it('nobody is asked about a changed or revoked key, nor about one that is not the pinned one', () => {
  const known = knownHostsLine('[h]:2222', key('theirs'))
  expect(refusalOf({}, known)).toMatchObject({ asks: false, hint: expect.stringContaining("ssh-keygen -R '[h]:2222'") })
  const revoked = `@revoked ${knownHostsLine('*', ours)}`
  expect(refusalOf({}, revoked)).toMatchObject({ asks: false, message: expect.stringContaining('revoked') })
  const pinned = { hostKey: fingerprint(ours) }
  expect(refusalOf(pinned, known)).toBeUndefined()
  expect(refusalOf(pinned, revoked)?.message).toContain('revoked')
  expect(refusalOf(pinned, '', key('other'))).toMatchObject({ asks: false })
})

it('says that host certificates cannot be checked where only an authority is known', () => {
  expect(refusalOf({}, `@cert-authority ${knownHostsLine('*', key('ca'))}`)?.message).toContain('@cert-authority')
})

it('asks the host for a type of key that is known, within what the config allows', () => {
  const text = '[h]:2222 ecdsa-sha2-nistp256 AAAA'
  expect(hostKeyAlgorithms(hop, text)[0]).toBe('ecdsa-sha2-nistp256')
  const only = (hostKeys: string) =>
    hostKeyAlgorithms(
      { ...hop, algorithms: { serverHostKey: { name: 'HostKeyAlgorithms', words: [hostKeys], file: 'config' } } },
      text,
    )
  expect(only('ssh-ed25519,rsa-sha2-*')).toEqual(['ssh-ed25519', 'rsa-sha2-512', 'rsa-sha2-256'])
  expect(only('-ecdsa-*')[0]).toBe('ssh-ed25519')
  expect(() => only('ssh-dss')).toThrow('HostKeyAlgorithms')
})
