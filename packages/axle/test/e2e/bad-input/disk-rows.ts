import { randomBytes } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { FileHost } from '@axle-ia/testbed/vitest'
import { expect } from 'vitest'
import type { Row } from './row.ts'

/** A disk of its own for a folder, as small as the row wants it. */
const mounted = (path: string, options: string) => async (host: FileHost) => {
  await host.run(['mkdir', '-p', path])
  await host.run(['mount', '-t', 'tmpfs', '-o', `mode=755,${options}`, 'small', path])
}
const unmounted = (path: string) => async (host: FileHost) => void (await host.run(['umount', '--lazy', path]))

/** Fills the disk once the first bytes of the upload have arrived: the engine stands still meanwhile. */
const FILLER = `
import glob, os, signal, time
while not glob.glob('/var/lib/axle/store/receiving/*'): pass
serving = [int(p) for p in os.listdir('/proc') if p.isdigit() and b'\\0serve\\0' in open(f'/proc/{p}/cmdline', 'rb').read()]
for pid in serving: os.kill(pid, signal.SIGSTOP)
left = os.statvfs('/var/lib/axle')
try:
  with open('/var/lib/axle/filler', 'wb') as file: os.posix_fallocate(file.fileno(), 0, left.f_bavail * left.f_bsize)
except OSError: pass
for pid in serving: os.kill(pid, signal.SIGCONT)
`

/** 40 MB that no two of are the same. */
async function manyBytes(directory: string): Promise<void> {
  await mkdir(join(directory, 'data'))
  for (let index = 0; index < 40; index += 1) await writeFile(join(directory, 'data', String(index)), randomBytes(1e6))
}

const full = { exit: 1, code: 'AXLE_DISK_FULL' } as const
const STATE = '/var/lib/axle'

/** In this order: the last of them deploys for real. */
export const diskRows: readonly Row[] = [
  {
    name: 'a disk too small for what Axle itself brings',
    arrange: mounted('/opt/axle', 'size=20m'),
    restore: unmounted('/opt/axle'),
    ...full,
    says: ['/opt/axle', 'No space left'],
    afterwards: async (host) => expect(await host.run(['find', '/opt/axle', '-name', '.incoming*'])).toBe(''),
  },
  {
    name: 'a disk too small for the release',
    arrange: mounted(STATE, 'size=50m'),
    restore: unmounted(STATE),
    ...full,
    says: [STATE, /has \d+ MB free, and this needs \d+ MB/, 'df -h'],
    afterwards: async (host) => expect((await host.exec(['find', `${STATE}/store`, '-type', 'f'])).stdout).toBe(''),
  },
  {
    name: 'inodes exhausted',
    arrange: mounted(STATE, 'size=500m,nr_inodes=120'),
    restore: unmounted(STATE),
    ...full,
    says: [STATE, /room for \d+ more files \(inodes\), and this needs \d+/, 'df -i'],
  },
  {
    name: 'a full disk during the upload: nothing is left behind, and with room again the next deploy passes',
    prepare: manyBytes,
    arrange: async (host) => {
      await mounted(STATE, 'size=200m')(host)
      await host.run([
        'systemd-run',
        '--quiet',
        '--collect',
        '--unit=axle-filler',
        '--description=filler',
        'python3',
        '-c',
        FILLER,
      ])
    },
    ...full,
    says: ['no space left', 'Storing a file of the release'],
    afterwards: async (host, project) => {
      expect(await host.run(['find', `${STATE}/store/receiving`, '-type', 'f'])).toBe('')
      await host.run(['rm', `${STATE}/filler`])
      const ran = await project.axle(['deploy'])
      expect(ran.exitCode, ran.screen).toBe(0)
    },
  },
]
