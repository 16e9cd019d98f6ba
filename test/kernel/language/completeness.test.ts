import { expect, test } from 'vitest'
import { completeness } from '../../../kernel/language/completeness.js'

test.each([
  '',
  '1 + 1',
  'const a = 1',
  'for (const x of [1]) { x }',
  'await fetch("x")',
  'interface A { b: number }',
  '@dec class A {}',
  '// a comment',
  'const f = (a: number): string => `a`',
  'import { adam } from "downhill"',
  'type A<T> = T extends (infer U)[] ? U : never',
  'const s = "😀 {"',
  'const r = /[{(]/',
  'let x\nx',
  'declare function f(): void',
])('complete: %j', (code) => {
  expect(completeness(code)).toEqual({ status: 'complete' })
})

test.each([
  ['const x = {', '  '],
  ['function f(a: number) {\n  return a', '  '],
  ['function f(a: number) {', '  '],
  ['class A {\n  m() {', '    '],
  ['foo(1,', '  '],
  ['foo(1,\n    2,', '    '],
  ['if (a', '  '],
  ['if (a)', ''],
  ['for (const x of', '  '],
  ['for (const x of xs)', ''],
  ['while (true)', ''],
  ['1 +', ''],
  ['const x =', ''],
  ['const x: number =', ''],
  ['const x', ''],
  ['a.', ''],
  ['a &&', ''],
  ['x = y ? 1', ''],
  ['x = y ? 1 :', ''],
  ['const f = (a: number) =>', ''],
  ['async function f()', ''],
  ['function f(a: number): string', ''],
  ['class A', ''],
  ['try {\n} ', ''],
  ['do {', '  '],
  ['do {}', ''],
  ['import { adam', '  '],
  ['import { adam }', ''],
  ['import { adam } from', ''],
  ['interface A {', '  '],
  ['type A =', ''],
  ['type A<', ''],
  ['@dec', ''],
  ['let s = `abc', ''],
  ['let s = `abc ${', '  '],
  ['let s = `abc ${f(1', '  '],
  ['/* open', ''],
  ['const a = 1\n/** doc', ''],
  ['const a = [ // numbers', '  '],
  ['const a = 1 + // one', ''],
  ['switch (x) {\n  case 1:', '  '],
  ['new', ''],
  ['throw', ''],
])('incomplete: %j', (code, indent) => {
  expect(completeness(code)).toEqual({ status: 'incomplete', indent })
})

test.each([
  'foo)',
  'const yy = 1;\n)',
  'const = 5',
  'let a = "x',
  '[1, 2)',
  '}',
  'const 1a = 2',
  'if (a) }',
  'let x = 1 let y = 2',
  'foo(]',
  'return 5',
])('invalid: %j', (code) => {
  expect(completeness(code)).toEqual({ status: 'invalid' })
})

test('a long cell is answered by its brackets alone, not by eighty parses', () => {
  const long = 'const a = [1, 2, 3].map((x) => x + 1)\n'.repeat(2000)
  const started = performance.now()
  expect(completeness(`${long}const b = [`)).toEqual({ status: 'incomplete', indent: '  ' })
  expect(completeness(`${long}const b = 1 +`)).toEqual({ status: 'invalid' })
  // Two trials, each a process of its own (0.1 s, more on a busy machine).
  expect(performance.now() - started).toBeLessThan(8000)
})
