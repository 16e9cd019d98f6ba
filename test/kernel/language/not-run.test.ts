import { expect, test } from 'vitest'
import type { NameKind } from '../../../kernel/language/names.js'
import { notRun, ownNames, unknownNames } from '../../../kernel/language/not-run.js'

test.each([
  ['const a = 1, { b, c: [d] } = x\nlet e', ['a', 'b', 'd', 'e']],
  ['function f() { const inner = 1 }\nclass K {}\nenum E { A }', ['f', 'K', 'E']],
  ["import { adam } from 'downhill'\ninterface Row {}\nf(adam)", ['adam', 'Row']],
  ['const open = {\n  const inner = 1\nasync function g(', ['open', 'g']],
])('the names that %j declares', (code, names) => {
  expect([...ownNames(code).keys()]).toEqual(names)
})

test.each([
  [[], 'Nothing in this cell ran.'],
  [['rate'], 'Nothing in this cell ran: rate is still as before.'],
  [['rate', 'step'], 'Nothing in this cell ran: rate and step are still as before.'],
  [[...'abcdefgh'], 'Nothing in this cell ran: a, b, c, d, e, f and 2 more are still as before.'],
  [['a', 'b', 'c'], 'Nothing in this cell ran: a, b and c are still as before.'],
])('%j: the last line of a failure', (kept, line) => {
  const failure = { ename: 'TypeScriptError', evalue: 'no', traceback: ['TypeScriptError: no'] }
  const imported = [['adam', 'import']] as const
  const names = new Map<string, NameKind>([
    ...imported,
    ...kept.map((name) => [name, 'let'] as const),
  ])
  expect(notRun(failure, names, { kept: ['adam', ...kept] })).toEqual({
    ...failure,
    traceback: ['TypeScriptError: no', line],
  })
})

test('a name that a refused cell was to make is told before the last line', () => {
  const traceback = ["TypeScriptError: Cannot find name 'rate'. (TS2304)", '> 1 | rate']
  const failure = { ename: 'TypeScriptError', evalue: 'no', traceback }
  expect(unknownNames(failure)).toEqual(['rate'])
  expect(notRun(failure, new Map(), { awaited: [{ name: 'rate', cell: 3 }] }).traceback).toEqual([
    ...traceback,
    'rate is not there: cell [3] did not run because of the error shown there.',
    'Nothing in this cell ran.',
  ])
})
