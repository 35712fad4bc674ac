import { execa } from 'execa'
import { expect, test } from 'vitest'
import { useHost } from '../src/vitest/index.ts'

const host = useHost({ needs: ['kill', 'boot'] })

const ssh = (user: string, knownHosts: string, command: string) =>
  execa(
    'ssh',
    [
      '-i',
      host.identity,
      '-o',
      'BatchMode=yes',
      '-o',
      'StrictHostKeyChecking=yes',
      '-o',
      `UserKnownHostsFile=${knownHosts}`,
      `${user}@${host.address}`,
      command,
    ],
    { reject: false, stdin: 'ignore' },
  )

test('root and a person with sudo get in over ssh, with the host key pinned', async () => {
  expect((await ssh('root', host.knownHosts, 'id -un')).stdout).toBe('root')
  expect((await ssh('deploy', host.knownHosts, 'id -un && sudo -n id -un')).stdout).toBe('deploy\nroot')
})

test('ssh refuses a host that is not known', async () => {
  expect((await ssh('root', '/dev/null', 'true')).exitCode).toBe(255)
})

test('the printed fingerprint is that of the host’s own key', async () => {
  const listed = await host.run(['ssh-keygen', '-l', '-f', '/etc/ssh/ssh_host_ed25519_key.pub'])
  expect(listed.split(' ')[1]).toBe(host.hostKey)
})

test('exec gives input, both outputs and the exit code, and nothing of our environment', async () => {
  process.env.AXLE_CANARY = 'canary'
  const result = await host.exec(['sh', '-c', 'cat; echo "$1" >&2; env | grep -c CANARY; exit 3', 'sh', 'a "b" $c'], {
    input: 'in\n',
  })
  expect(result).toEqual({ stdout: 'in\n0\n', stderr: 'a "b" $c\n', exitCode: 3 })
  await expect(host.run(['false'])).rejects.toThrow(/false ended with 1/)
})

test('systemd, journald and nginx run, and nothing has failed', async () => {
  expect(await host.run(['systemctl', 'is-system-running'])).toBe('running')
  expect(await host.run(['systemctl', 'is-active', 'nginx', 'ssh', 'systemd-journald'])).toBe('active\nactive\nactive')
  expect((await fetch(`http://${host.address}/`)).status).toBe(200)
})

test('a power cut keeps the disk, the keys and the address', async () => {
  await host.writeFile('/srv/data', 'kept\n', '0600')
  await host.writeFile('/run/before-cut', '')
  await host.kill()
  await expect(host.exec(['true'])).rejects.toThrow(/is down/)
  await host.boot()
  expect(await host.readFile('/srv/data')).toBe('kept\n')
  expect(await host.run(['stat', '--format=%a', '/srv/data'])).toBe('600')
  expect((await host.exec(['test', '-e', '/run/before-cut'])).exitCode).toBe(1)
  expect((await ssh('root', host.knownHosts, 'true')).exitCode).toBe(0)
})

test('a host that reboots itself comes back', async () => {
  await host.writeFile('/run/before-reboot', '')
  await host.exec(['systemctl', 'reboot'])
  await expect
    .poll(async () => (await ssh('root', host.knownHosts, 'test ! -e /run/before-reboot')).exitCode, {
      timeout: 30_000,
    })
    .toBe(0)
})
