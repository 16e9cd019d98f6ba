import { claims } from './claims.js'

/**
 * A line a family of golden numbers: how many of its cases were run, and why the others are not.
 * @param passed test files (below test/, without their ending) all of whose tests ran and passed
 */
export function goldenCounts(passed: ReadonlySet<string>): string[] {
  const lines: string[] = []
  for (const [family, { run, notOffered }] of Object.entries(claims)) {
    const files = Object.entries(run)
    const count = (some: typeof files) => some.reduce((sum, [, ids]) => sum + ids.length, 0)
    const ran = files.filter(([file]) => passed.has(file))
    // A run of other test files has nothing to say about this family.
    if (files.length > 0 && ran.length === 0) continue
    const reasons = Object.entries(notOffered).map(([reason, ids]) => `${ids.length}: ${reason}`)
    const missing = count(files) - count(ran)
    if (missing > 0) reasons.unshift(`${missing}: not in this run, or failed`)
    const total = count(files) + Object.values(notOffered).flat().length
    lines.push([`golden: ${family} ${count(ran)} of ${total}`, ...reasons].join('; '))
  }
  return lines
}
