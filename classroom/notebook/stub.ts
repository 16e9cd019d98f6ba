import { UserError } from '../../src/host/user-error.js'

const begin = /^(\s*)\/\/ BEGIN SOLUTION\s*$/
const end = /^\s*\/\/ END SOLUTION\s*$/
const declaration = /\bfunction\s+([A-Za-z_$][\w$]*)|\b(?:const|let)\s+([A-Za-z_$][\w$]*)\s*=/

interface Marked {
  /** The source without the marker lines. */
  solution: string
  /** The source with each solution replaced by a statement that throws when the function is called. */
  stub: string
  /** How many solutions there are. */
  count: number
}

/**
 * Splits the source of an exercise cell. What is between `// BEGIN SOLUTION` and `// END SOLUTION` is the body of a function:
 * its signature stays, so that the student version still type-checks, and it throws only when it is called.
 * @throws UserError naming the cell: markers that do not pair, or no function around them
 */
export function splitSolution(source: string, where: string): Marked {
  const solution: string[] = []
  const stub: string[] = []
  let name: string | undefined
  let inside = false
  let count = 0
  for (const line of source.split('\n')) {
    const begins = begin.exec(line)
    if (begins) {
      if (inside) throw new UserError(`${where}: BEGIN SOLUTION twice without END SOLUTION`)
      if (name === undefined) {
        throw new UserError(
          `${where}: a solution must stand inside a function, since its stub throws when called`,
        )
      }
      inside = true
      count += 1
      const indent = begins[1]!
      stub.push(`${indent}// Your code here, in place of the next line.`)
      stub.push(`${indent}throw new Error('${name}: write this function')`)
    } else if (end.test(line)) {
      if (!inside) throw new UserError(`${where}: END SOLUTION without BEGIN SOLUTION`)
      inside = false
    } else {
      const found = inside ? null : declaration.exec(line)
      if (found) name = found[1] ?? found[2]
      solution.push(line)
      if (!inside) stub.push(line)
    }
  }
  if (inside) throw new UserError(`${where}: BEGIN SOLUTION without END SOLUTION`)
  return { solution: solution.join('\n'), stub: stub.join('\n'), count }
}
