import { existsSync, mkdirSync, rmSync, watch } from 'node:fs'
import { dirname } from 'node:path'

/** Milliseconds between two looks at whether the viewer's process still lives. */
const LOOK = 250

/**
 * Waits for the request of an operation. Its engine is started while the viewer still connects, because loading it takes
 * as long as that; what it is to do stands in `file` once all is there. False: the viewer's process has ended without.
 */
export async function awaitRequest(file: string, viewer: number): Promise<boolean> {
  const folder = dirname(file)
  mkdirSync(folder, { recursive: true, mode: 0o755 })
  for (;;) {
    let wake: (() => void) | undefined
    const woken = new Promise<void>((resolve) => {
      wake = resolve
    })
    const watcher = watch(folder, () => wake?.())
    const timer = setTimeout(() => wake?.(), LOOK)
    try {
      // In this order: what it wrote before its end counts.
      const alive = existsSync(`/proc/${viewer}`)
      if (existsSync(file)) return true
      if (!alive) {
        rmSync(folder, { recursive: true, force: true })
        return false
      }
      await woken
    } finally {
      clearTimeout(timer)
      watcher.close()
    }
  }
}
