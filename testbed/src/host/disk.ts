import { mkdir, readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { execa } from 'execa'
import { TestbedError } from '../errors/testbed-error.ts'
import { rootOfImage } from '../image/image.ts'
import { placesOf } from '../places.ts'
import type { HostRecord } from './record.ts'

/** Mounts the host's root: its own changes over the image that all hosts of its kind share. */
export async function mountDisk(record: HostRecord): Promise<void> {
  const { disk, work, root } = placesOf(record.name)
  if (await isMounted(root)) return
  for (const folder of [disk, work, root]) await mkdir(folder, { recursive: true })
  const options = `lowerdir=${rootOfImage(record.imageKey)},upperdir=${disk},workdir=${work}`
  const result = await execa('mount', ['-t', 'overlay', 'overlay', '-o', options, root], { reject: false })
  if (result.exitCode === 0) return
  throw new TestbedError(`cannot mount the disk of the host ${record.name}`, {
    why: result.stderr,
    fix: 'an overlay cannot lie on another: let AXLE_TESTBED_STATE and AXLE_TESTBED_CACHE name folders on a disk (ext4, xfs, tmpfs)',
  })
}

export async function unmountDisk(name: string): Promise<void> {
  const { root } = placesOf(name)
  for (let attempt = 0; await isMounted(root); attempt += 1) {
    const result = await execa('umount', [root], { reject: false })
    if (result.exitCode === 0) continue
    if (attempt >= 100) {
      throw new TestbedError(`cannot unmount the disk of the host ${name}`, {
        why: result.stderr,
        fix: `end what has files open below ${root}, then run the same again`,
      })
    }
    // The namespaces of a host that was just killed go a moment after its processes.
    await sleep(20)
  }
}

async function isMounted(folder: string): Promise<boolean> {
  const mounts = await readFile('/proc/self/mounts', 'utf8')
  return mounts.split('\n').some((line) => line.split(' ')[1] === folder)
}
