import { expect, test } from 'vitest'
import { useHost } from '../src/vitest/index.ts'

const bare = useHost({ needs: ['bare'] })
const other = useHost()

test('a bare host has no more than it says', async () => {
  for (const program of ['nginx', 'curl', 'ufw', 'ip', 'node']) {
    expect((await bare.exec(['which', program])).exitCode, program).toBe(1)
  }
  for (const program of ['systemctl', 'sshd', 'sudo', 'python3', 'update-ca-certificates']) {
    expect((await bare.exec(['which', program])).exitCode, program).toBe(0)
  }
})

test('no two hosts share a key, an id or an address', async () => {
  expect(bare.hostKey).not.toBe(other.hostKey)
  expect(bare.address).not.toBe(other.address)
  expect(await bare.readFile('/etc/machine-id')).not.toBe(await other.readFile('/etc/machine-id'))
})

test('stopping all of one host’s services leaves the other’s alone', async () => {
  // Each host has its own cgroup; in a shared one, systemd of the one would end the processes of the other.
  await other.run(['systemctl', 'stop', 'ssh', 'cron', 'nginx'])
  expect(await bare.run(['systemctl', 'is-active', 'ssh'])).toBe('active')
})

test('hosts reach each other and resolve names', async () => {
  const probe = `import socket; print(socket.create_connection(("${bare.address}", 22), 5).recv(7).decode())`
  expect(await other.run(['python3', '-c', probe])).toBe('SSH-2.0')
})
