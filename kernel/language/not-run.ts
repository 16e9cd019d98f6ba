import type { Failure } from '../evaluator/protocol.js'
import { declaredNames, guessedNames, type NameKind } from './names.js'

const isValue = (kind: NameKind): boolean => kind !== 'import' && kind !== 'type'

/** The values that a cell declares at its top; what it imports is nothing of its own. */
export function ownNames(code: string): string[] {
  const names = declaredNames(code)?.names ?? guessedNames(topLines(code))
  return [...names].flatMap(([name, kind]) => (isValue(kind) ? name : []))
}

/** Of code that does not parse, the lines that are likely to be at its top. */
const topLines = (code: string): string =>
  code
    .split('\n')
    .filter((line) => !/^\s/.test(line))
    .join('\n')

/** More names than this are counted. */
const most = 6

/**
 * The failure of a cell that was refused, with one more line: that nothing of it ran, and which names are therefore still what they were
 * before. Else whoever runs the next cell takes it for the newest version that is at work there.
 */
export function notRun(failure: Failure, kept: readonly string[]): Failure {
  const more = kept.length - most
  const shown = more > 0 ? [...kept.slice(0, most), `${more} more`] : kept
  // Intl.ListFormat takes 40 ms to load.
  const names = shown.join(', ').replace(/, (?=[^,]*$)/, ' and ')
  const still = kept.length === 1 ? 'is still what it was' : 'are still what they were'
  const line = `Nothing in this cell ran${kept.length === 0 ? '' : `: ${names} ${still} before`}.`
  return { ...failure, traceback: [...failure.traceback, line] }
}
