import { expect, test } from 'vitest'
import { typeFailure } from '../../../kernel/language/format.js'
import type { Diagnostic } from '../../../kernel/language/service.js'

const at = (line: number, column: number, length: number, more: Partial<Diagnostic> = {}) => ({
  severity: 'error' as const,
  code: 2322,
  message: 'wrong',
  start: { line, column },
  end: { line, column: column + length },
  ...more,
})

test('the message, its number, the lines around, the whole of what is wrong marked, the place', () => {
  const code = 'const a: string = 1\n\tconst bad: number = "<b>"'
  const message = "Type 'number' is not assignable to type 'string'."
  const found = [at(0, 6, 1, { message }), at(1, 7, 3, { message: 'and this\n  because' })]
  expect(typeFailure(code, found, 3)).toEqual({
    ename: 'TypeScriptError',
    evalue: `${message} (Cell 3:1:7)`,
    traceback: [
      `TypeScriptError: ${message} (TS2322)`,
      '> 1 | const a: string = 1',
      '    |       ^',
      '  2 | \tconst bad: number = "<b>"',
      '    at Cell 3:1:7',
      'TypeScriptError: and this\n  because (TS2322)',
      '  1 | const a: string = 1',
      '> 2 | \tconst bad: number = "<b>"',
      '    | \t      ^^^',
      '    at Cell 3:2:8',
    ],
  })
})

test('a syntax error is called one', () => {
  expect(typeFailure('a b', [at(0, 2, 1, { code: 1005 })], 1).ename).toBe('SyntaxError')
})

test('the mark stands under wide characters', () => {
  const { traceback } = typeFailure('f("😀", 漢字, bad)', [at(0, 12, 3)], 1)
  expect(traceback[2]).toBe(`    | ${' '.repeat(14)}^^^`)
})

test('a very long line is cut around the mark', () => {
  const code = `${'x'.repeat(5000)}bad${'y'.repeat(5000)}`
  const [, line, carets] = typeFailure(code, [at(0, 5000, 3)], 1).traceback
  expect(line!.length).toBeLessThan(300)
  expect(line!.slice(carets!.indexOf('^')).startsWith('bad')).toBe(true)
})

test('ten errors are enough', () => {
  const found = Array.from({ length: 57 }, (_, line) => at(line, 0, 1))
  const { traceback } = typeFailure('x\n'.repeat(57), found, 1)
  expect(traceback.filter((line) => line.startsWith('TypeScriptError')).length).toBe(10)
  expect(traceback.at(-1)).toBe('and 47 more')
})

test('a name that nothing has defined: told once what to do, and not for other errors', () => {
  const unknown = at(0, 0, 5, { code: 2304, message: "Cannot find name 'trace'." })
  const { traceback } = typeFailure('trace(adam)', [unknown, { ...unknown }], 1)
  expect(traceback.filter((line) => line.includes('Run All Above'))).toEqual([traceback.at(-2)])
  const misspelt = at(0, 0, 5, { code: 2552, message: "Cannot find name 'trce'." })
  expect(typeFailure('trce(adam)', [misspelt], 1).traceback.join()).not.toContain('Run All Above')
})
