import type { Failure, RefusedAnswer } from '../evaluator/protocol.js'
import { declaredNames, guessedNames, type NameKind } from './names.js'

/** The names that a cell declares at its top. */
export const ownNames = (code: string): Map<string, NameKind> =>
  declaredNames(code)?.names ?? guessedNames(topLines(code))

/** Of code that does not parse, the lines that are likely to be at its top. */
const topLines = (code: string): string =>
  code
    .split('\n')
    .filter((line) => !/^\s/.test(line))
    .join('\n')

const notFound =
  /: (?:Cannot find name|No value exists in scope for the shorthand property) '([^']+)'/g

/** What the cell mentions and nothing has declared, in TypeScript's words. */
export function unknownNames({ traceback }: Failure): string[] {
  const found = traceback.join('\n').matchAll(notFound)
  return [...new Set(Array.from(found, ([, name]) => name!))]
}

/** More names than this are counted. */
const most = 6

/** "a, b and c are"; Intl.ListFormat takes 40 ms to load. */
function listed(names: readonly string[]): string {
  const more = names.length - most
  const shown = more > 0 ? [...names.slice(0, most), `${more} more`] : names
  const text = shown.join(', ').replace(/, (?=[^,]*$)/, ' and ')
  return `${text} ${names.length === 1 ? 'is' : 'are'}`
}

/**
 * The failure of a cell that was refused, which declares `own`, with one more line: that nothing of it ran, and which names are therefore
 * still as they were before. Else whoever runs the next cell takes it for the newest version that is at work there. And what it does not
 * find may stand above, in a cell that was refused itself: that cell was run, as everybody can see.
 */
export function notRun(
  failure: Failure,
  own: ReadonlyMap<string, NameKind>,
  { kept = [], awaited = [] }: Partial<RefusedAnswer> = {},
): Failure {
  const lost = new Map<number, string[]>()
  for (const { name, cell } of awaited) lost.set(cell, [...(lost.get(cell) ?? []), name])
  const absent = [...lost].map(
    ([cell, names]) =>
      `${listed(names)} not there: cell [${cell}] did not run because of the error shown there.`,
  )
  // What it imports is nothing of its own.
  const still = kept.filter((name) => own.get(name) !== 'import')
  const as = still.length === 0 ? '' : `: ${listed(still)} still as before`
  return {
    ...failure,
    traceback: [...failure.traceback, ...absent, `Nothing in this cell ran${as}.`],
  }
}
