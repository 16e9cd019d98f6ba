import { expect, test } from 'vitest'
import { declaredNames, guessedNames } from '../../../kernel/language/names.js'

const namesOf = (code: string) => Object.fromEntries(declaredNames(code)!.names)

test.each([
  ['const a = 1, b = 2', { a: 'const', b: 'const' }],
  ['let a; var b', { a: 'let', b: 'let' }],
  ['const { a, b: { c = 1 }, ...d } = x', { a: 'const', c: 'const', d: 'const' }],
  ['let [e, , [f = 2], ...g] = x', { e: 'let', f: 'let', g: 'let' }],
  ['function f() { const inner = 1 }\nasync function* g() {}', { f: 'function', g: 'function' }],
  ['class C {}\nabstract class D {}\nenum E { A }', { C: 'class', D: 'class', E: 'both' }],
  ['interface I {}\ntype T<X> = X[]', { I: 'type', T: 'type' }],
  ['const M = 1; type M = number', { M: 'both' }],
  ['interface F {}\nfunction F() {}', { F: 'both' }],
  [
    'import d, { a as b, type T } from "x"; import * as ns from "y"',
    { d: 'import', b: 'import', T: 'import', ns: 'import' },
  ],
  ['import fs = require("fs")', { fs: 'import' }],
  ['namespace N { export const z = 1 }\ndeclare global { var g: 1 }', { N: 'both' }],
  ['export const x = 1; export default function main() {}', { x: 'const', main: 'function' }],
  ['using r = open()', { r: 'const' }],
  ['{ let hidden = 1 }\nfor (const i of []) {}', {}],
  ['declare const d: number; declare function df(): void', { d: 'const', df: 'function' }],
])('%j', (code, names) => {
  expect(namesOf(code)).toEqual(names)
})

test('names that the cell exports itself', () => {
  const code = 'export const a = 1; const b = 2, c = 3; export { b, c as other }'
  expect([...declaredNames(code)!.exported]).toEqual(['a', 'b', 'other'])
})

test('whether later cells can see anything of it', () => {
  expect(declaredNames('f(); 1 + 1; if (a) { let b }')!.declares).toBe(false)
  expect(declaredNames('import "x"')!.declares).toBe(true)
  expect(declaredNames('declare global { var g: 1 }')!.declares).toBe(true)
})

test('a cell nested beyond reason counts as one that does not parse, and ends nothing', () => {
  const nested = (depth: number) => `const a = ${'['.repeat(depth)}${']'.repeat(depth)}`
  expect(declaredNames(nested(400))?.names.size).toBe(1)
  expect(declaredNames(nested(100_000))).toBeUndefined()
})

test('a cell that does not parse has only guessed names', () => {
  expect(declaredNames('const a = ')).toBeUndefined()
  expect([...guessedNames('const a = {\nlet b = 1\nexport class C {').keys()]).toEqual([
    'a',
    'b',
    'C',
  ])
})
