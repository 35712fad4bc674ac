import { existsSync } from 'node:fs'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { TestbedError } from '../errors/testbed-error.ts'
import { fingerprint } from '../host/identity.ts'
import type { ExternalTarget } from './needs.ts'
import { type TestHost, testHost } from './test-host.ts'

/** A host of one's own, over ssh. It is trusted by AXLE_TEST_HOST_KEY, or by what ~/.ssh/known_hosts says. */
export async function externalHost(target: ExternalTarget, env: NodeJS.ProcessEnv): Promise<TestHost> {
  const identity = findIdentity(env)
  const key = await trustedKey(target, env.AXLE_TEST_HOST_KEY)
  const folder = await mkdtemp(join(tmpdir(), 'axle-test-host-'))
  const knownHosts = join(folder, 'known_hosts')
  await writeFile(knownHosts, `${knownName(target)} ${key}\n`)
  const ssh = [
    ...['-i', identity, '-p', String(target.port), '-o', 'BatchMode=yes', '-o', 'StrictHostKeyChecking=yes'],
    ...[
      '-o',
      `UserKnownHostsFile=${knownHosts}`,
      '-o',
      'GlobalKnownHostsFile=/dev/null',
      '-o',
      'HostKeyAlgorithms=ssh-ed25519',
    ],
    // One connection for all commands of the file.
    ...['-o', 'ControlMaster=auto', '-o', `ControlPath=${join(folder, 'ssh')}`, '-o', 'ControlPersist=60'],
    `${target.user}@${target.address}`,
  ]
  const asRoot = target.user === 'root' ? [] : ['sudo', '-n', '--']
  const impossible = async (): Promise<never> => {
    throw new Error(`the power of ${target.address} is not ours to cut; declare it in needs`)
  }
  return testHost({
    name: target.address,
    address: target.address,
    port: target.port,
    user: target.user,
    identity,
    hostKey: fingerprint(key),
    knownHosts,
    exec: async (argv, options = {}) => {
      // ssh hands one string to a shell over there, whatever the number of arguments here: quote each.
      const command = [...asRoot, ...argv].map(quote).join(' ')
      const result = await execa('ssh', [...ssh, '--', command], {
        input: options.input ?? '',
        reject: false,
        stripFinalNewline: false,
        ...(options.timeout === undefined ? {} : { timeout: options.timeout }),
      })
      if (result.exitCode === undefined) throw new Error(`${argv.join(' ')} did not end: ${result.shortMessage ?? ''}`)
      return { stdout: result.stdout, stderr: result.stderr, exitCode: result.exitCode }
    },
    kill: impossible,
    boot: impossible,
  })
}

export const quote = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`

function findIdentity(env: NodeJS.ProcessEnv): string {
  const named = env.AXLE_TEST_HOST_IDENTITY
  const candidates =
    named === undefined ? ['id_ed25519', 'id_ecdsa', 'id_rsa'].map((name) => join(homedir(), '.ssh', name)) : [named]
  const found = candidates.find((file) => existsSync(file))
  if (found !== undefined) return found
  throw new TestbedError('there is no key with which to reach AXLE_TEST_HOST', {
    why: `none of these files exists: ${candidates.join(', ')}`,
    fix: 'AXLE_TEST_HOST_IDENTITY=FILE names the private key',
  })
}

/** The ed25519 host key, `ssh-ed25519 AAAA…`, once something that was there before vouches for it. */
async function trustedKey(target: ExternalTarget, pinned: string | undefined): Promise<string> {
  const { stdout } =
    pinned === undefined
      ? await execa('ssh-keygen', ['-F', knownName(target)], { reject: false })
      : await execa('ssh-keyscan', ['-t', 'ed25519', '-p', String(target.port), target.address], { reject: false })
  for (const line of (stdout ?? '').split('\n')) {
    const [name, type, blob] = line.split(' ')
    if (
      name === undefined ||
      name.startsWith('#') ||
      name.startsWith('@') ||
      type !== 'ssh-ed25519' ||
      blob === undefined
    )
      continue
    const key = `${type} ${blob}`
    if (pinned === undefined || fingerprint(key) === pinned) return key
  }
  throw new TestbedError(`the host key of ${target.address} is not to be trusted`, {
    why: pinned === undefined ? 'known_hosts has no ed25519 key of it' : `it did not show the key ${pinned}`,
    fix: 'AXLE_TEST_HOST_KEY=SHA256:… names its ed25519 key (ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub, over there)',
  })
}

const knownName = ({ address, port }: ExternalTarget): string => (port === 22 ? address : `[${address}]:${port}`)
