import type { Reporter, TestModule } from 'vitest/node'

/** Names every skipped test and why: the default reporter only counts them, and a count hides what was not shown. */
export default class SkippedReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const lines = modules.flatMap(skippedOf)
    if (lines.length > 0) console.log(`\n skipped\n${lines.join('\n')}`)
  }
}

function skippedOf(module: TestModule): string[] {
  const lines: string[] = []
  for (const test of module.children.allTests('skipped')) {
    const result = test.result()
    const note = result.state === 'skipped' ? result.note : undefined
    // A file whose set-up failed is reported as failed; what it left out needs no second mention.
    if (note === undefined && test.options.mode === 'run') continue
    lines.push(`   ${module.relativeModuleId} > ${test.fullName}: ${note ?? 'marked as skipped'}`)
  }
  return lines
}
