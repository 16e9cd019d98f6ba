import { BaseSequencer, type TestSpecification } from 'vitest/node'

/**
 * The files that take longest, first: with two workers, one that starts last is waited for alone. Vitest knows how long a file took
 * only where it has run before; on a fresh clone it goes by size, and these are short files that do much.
 */
export const longest = [
  'test/cli/lessons.test.ts',
  'test/lessons/tslab.test.ts',
  'test/cli/lab.test.ts',
  'test/cli/lab/pages.test.ts',
  'test/classroom/gate/gate.test.ts',
  'test/classroom/grade/grade.test.ts',
  'test/backend/simd-threads.test.ts',
  'test/kernel/hard-cells.test.ts',
  'test/package.test.ts',
]

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification): number => {
      const found = longest.findIndex((path) => moduleId.replaceAll('\\', '/').endsWith(`/${path}`))
      return found < 0 ? longest.length : found
    }
    // Sorting is stable: the others stay as Vitest ordered them.
    return (await super.sort(files)).sort((a, b) => place(a) - place(b))
  }
}
