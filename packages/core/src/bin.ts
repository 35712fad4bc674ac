#!/usr/bin/env node
import module from 'node:module'
import process from 'node:process'

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)

if (major < 22 || (major === 22 && minor < 19)) {
  process.stderr.write(
    `axle needs Node 22.19 or newer; this is ${process.versions.node}.\n→ Install a newer one, or run: npx -y -p node@24 -p axle axle --help\n`,
  )
  process.exitCode = 2
} else {
  module.enableCompileCache()
  // Only now: an older Node would fail on this code with a syntax error instead of the line above.
  const { runClient } = await import('./client-bin.ts')
  await runClient(process.argv.slice(2))
}
