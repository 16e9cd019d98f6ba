import type { Column } from './columns.js'
import { askOnce, type Processes, type Request } from './rounds.js'

/** That all do the same work: after so many steps, the largest difference of each from our reference (float64), of numbers up to about 1. */
export async function differences(
  processes: Processes,
  columns: readonly Column[],
  request: Request,
  steps: number,
): Promise<Record<string, string>> {
  const off: Record<string, string> = {}
  const reference = columns.find(({ way }) => way === 'reference')
  if (!reference) return off
  for (const column of columns.filter(({ way }) => way !== 'limit')) {
    const { values: found } = await askOnce(processes, column, { ...request, check: steps })
    const work = column.instead?.[request.work] ?? request.work
    const like = { ...request, work, check: steps }
    const { values: right } = await askOnce(processes, reference, like)
    if (!found || !right) continue
    const most = Math.max(...found.map((value, k) => Math.abs(value - right[k]!)))
    off[column.name] = most.toExponential(0)
  }
  return off
}
