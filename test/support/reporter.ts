import type { Reporter, TestModule } from 'vitest/node'
import { goldenCounts } from './goldenCounts.js'

/** True if all its tests ran (a filter, `-t`, leaves some out without a reason) and none failed. */
const isWhole = (module: TestModule): boolean =>
  module.state() === 'passed' &&
  Array.from(module.children.allTests(), (test) => test.result()).every(
    (result) => result.state === 'passed' || (result.state === 'skipped' && result.note),
  )

/** Prints why each skipped test was skipped, how many golden cases were run, and the closing line that `.ci/run` ends with: `N passed, N failed, N skipped`. */
export class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const count = { passed: 0, failed: 0, skipped: 0 }
    const reasons: string[] = []
    for (const module of modules) {
      // A file that does not load, or a beforeAll that fails, keeps its tests from running: that is a failure.
      for (const part of [module, ...module.children.allSuites()])
        if (part.errors().length > 0) count.failed += 1
      for (const test of module.children.allTests()) {
        const result = test.result()
        if (result.state === 'pending') continue
        count[result.state] += 1
        if (result.state === 'skipped')
          reasons.push(`${test.fullName}: ${result.note ?? 'no reason given'}`)
      }
    }
    for (const reason of reasons) console.log(`skipped: ${reason}`)
    const whole = modules.filter(isWhole).map(({ relativeModuleId }) => relativeModuleId)
    const passed = new Set(whole.map((id) => id.replace(/^test\/|\.test\.ts$/g, '')))
    for (const line of goldenCounts(passed)) console.log(line)
    const skipped = count.skipped > 0 ? `, ${count.skipped} skipped` : ''
    console.log(`\n${count.passed} passed, ${count.failed} failed${skipped}`)
  }
}

// biome-ignore lint/style/noDefaultExport: vitest loads a reporter by its default export
export default ClosingLine
