import { expect, test } from 'vitest'
import { formatErrors, formatWarnings } from '../../../kernel/language/format.js'
import type { Diagnostic } from '../../../kernel/language/service.js'

const at = (
  line: number,
  column: number,
  length: number,
  more: Partial<Diagnostic>,
): Diagnostic => ({
  severity: 'error',
  code: 2322,
  message: 'wrong',
  start: { line, column },
  end: { line, column: column + length },
  ...more,
})

test('the place, the line, the mark under it, the message and its number', () => {
  const code = 'const a: string = 1\n\tconst b: number = "<b>"'
  const message = "Type 'number' is not assignable to type 'string'."
  const found = [at(0, 6, 1, { message }), at(1, 7, 1, { message: 'and this\n  because' })]
  const { ename, evalue, traceback } = formatErrors(code, found, { cell: 'cell [3]' })
  expect([ename, evalue]).toEqual(['TypeScriptError', message])
  expect(traceback.join('\n')).toBe(`TypeScriptError: ${message}
cell [3], line 1, column 7
  const a: string = 1
        ^
${message} (TS2322)
cell [3], line 2, column 8
  \tconst b: number = "<b>"
  \t      ^
and this
  because (TS2322)`)
})

test('a syntax error is called one', () => {
  const { ename } = formatErrors('a b', [at(0, 2, 1, { code: 1005 })], { cell: 'cell [1]' })
  expect(ename).toBe('SyntaxError')
})

test('the mark stands under wide characters too, and under the whole of what is wrong', () => {
  const { traceback } = formatErrors('f("😀", 漢字, bad)', [at(0, 12, 3, {})], { cell: 'c' })
  expect(traceback[1]!.split('\n')[2]).toBe(`${' '.repeat(16)}^^^`)
})

test('a very long line is cut around the mark', () => {
  const code = `${'x'.repeat(5000)}bad${'y'.repeat(5000)}`
  const lines = formatErrors(code, [at(0, 5000, 3, {})], { cell: 'c' }).traceback[1]!.split('\n')
  expect(lines[1]!.length).toBeLessThan(300)
  expect(lines[1]!.slice(lines[2]!.indexOf('^')).startsWith('bad')).toBe(true)
})

test('warnings as text, and as HTML that cannot carry markup of the cell', () => {
  const bundle = formatWarnings('"<script>"', [at(0, 0, 10, { message: 'a < b & c' })], {
    cell: 'cell [1]',
  })
  expect(bundle['text/plain']).toContain('a < b & c (TS2322)')
  expect(bundle['text/html']).not.toContain('<script>')
  expect(bundle['text/html']).toContain('a &lt; b &amp; c')
})
