import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { execa } from 'execa'
import { withLock } from '../lock/lock.ts'
import { gateway, network, prefixLength } from './address.ts'

/**
 * One bridge for all hosts. With a bare veth a host that reboots itself comes back with a new, unconfigured
 * pair on the machine's side; on a bridge systemd-nspawn attaches it again. And hosts can reach each other.
 */
export const bridge = 'axle-testbed'

const mac = '02:61:78:6c:65:01'
const table = 'axle_testbed'
const forwarding = '/proc/sys/net/ipv4/ip_forward'

/** The bridge with the gateway's address, and a way out for apt and npm. Does nothing when all is there. */
export async function ensureNetwork(): Promise<void> {
  await withLock('bridge', async () => {
    if (!existsSync(`/sys/class/net/${bridge}`)) {
      // A bridge without a MAC of its own takes the lowest of its ports': each new host could then change
      // the gateway's MAC under the feet of the others.
      await execa('ip', ['link', 'add', bridge, 'address', mac, 'type', 'bridge'])
    }
    await execa('ip', ['address', 'replace', `${gateway}/${prefixLength}`, 'dev', bridge])
    await execa('ip', ['link', 'set', bridge, 'up'])
    if ((await readFile(forwarding, 'utf8')).trim() !== '1') await writeFile(forwarding, '1')
    const { exitCode } = await execa('nft', ['list', 'table', 'ip', table], { reject: false })
    if (exitCode !== 0) await execa('nft', ['-f', '-'], { input: rules })
  })
}

const rules = `table ip ${table} {
  chain postrouting {
    type nat hook postrouting priority srcnat
    ip saddr ${network} ip daddr != 198.18.0.0/15 masquerade
  }
}
`

/** The machine's end of a host's cable. A power cut may leave it for a moment, and the next boot would trip over it. */
export async function removePort(machineName: string): Promise<void> {
  await execa('ip', ['link', 'delete', `vb-${machineName}`], { reject: false })
}
