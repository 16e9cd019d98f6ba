import { expect, test } from 'vitest'
import { notRun, ownNames } from '../../../kernel/language/not-run.js'

test.each([
  ['const a = 1, { b, c: [d] } = x\nlet e', ['a', 'b', 'd', 'e']],
  ['function f() { const inner = 1 }\nclass K {}\nenum E { A }', ['f', 'K', 'E']],
  ["import { adam } from 'downhill'\ninterface Row {}\ntype T = 1\nf(adam)", []],
  ['const open = {\n  const inner = 1\nasync function g(', ['open', 'g']],
])('the values that %j declares', (code, names) => {
  expect(ownNames(code)).toEqual(names)
})

test.each([
  [[], 'Nothing in this cell ran.'],
  [['rate'], 'Nothing in this cell ran: rate is still what it was before.'],
  [['rate', 'step'], 'Nothing in this cell ran: rate and step are still what they were before.'],
  [
    [...'abcdefgh'],
    'Nothing in this cell ran: a, b, c, d, e, f and 2 more are still what they were before.',
  ],
  [['a', 'b', 'c'], 'Nothing in this cell ran: a, b and c are still what they were before.'],
])('%j: the last line of a failure', (kept, line) => {
  const failure = { ename: 'TypeScriptError', evalue: 'no', traceback: ['TypeScriptError: no'] }
  expect(notRun(failure, kept)).toEqual({ ...failure, traceback: ['TypeScriptError: no', line] })
})
