// Prints "N passed, N failed, N skipped" from vitest's JSON report. Plain JavaScript: the caller's Node may be old.
import { existsSync, readFileSync } from 'node:fs'

const [file] = process.argv.slice(2)
const report = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { success: false, testResults: [] }
const count = { passed: 0, failed: 0, skipped: 0 }
for (const { status, assertionResults } of report.testResults) {
  for (const test of assertionResults) count[test.status in count ? test.status : 'skipped'] += 1
  // A file that fails before its first test (a broken import, a failed hook) has no failed test to show for it.
  if (status === 'failed' && !assertionResults.some((test) => test.status === 'failed')) count.failed += 1
}
// No report at all, or an error outside of every test.
if (!report.success && count.failed === 0) count.failed = 1
console.log(`${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`)
process.exitCode = count.failed === 0 ? 0 : 1
