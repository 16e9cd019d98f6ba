import { expect, test } from 'vitest'
import { splitSolution } from '../../../classroom/notebook/stub.js'

const source = `interface State { m: number }

function step(x: number): number {
  // BEGIN SOLUTION
  const inner = (y: number) => y
  return inner(x)
  // END SOLUTION
}

const other = (x: number): number => {
  // BEGIN SOLUTION
  return 2 * x
  // END SOLUTION
}`

test('the stub keeps the signatures and throws only when called', () => {
  const { stub, solution, count } = splitSolution(source, 'cell')
  expect(count).toBe(2)
  expect(stub).toBe(`interface State { m: number }

function step(x: number): number {
  // Your code here, in place of the next line.
  throw new Error('step: write this function')
}

const other = (x: number): number => {
  // Your code here, in place of the next line.
  throw new Error('other: write this function')
}`)
  expect(solution).toBe(
    source
      .split('\n')
      .filter((line) => !line.includes('SOLUTION'))
      .join('\n'),
  )
})

test('a source without solutions is its own stub', () => {
  expect(splitSolution('const x = 1', 'cell')).toEqual({
    stub: 'const x = 1',
    solution: 'const x = 1',
    count: 0,
  })
})

test.each([
  ['// BEGIN SOLUTION\nf()\n// END SOLUTION', 'must stand inside a function'],
  ['function f() {\n// BEGIN SOLUTION\n}', 'BEGIN SOLUTION without END SOLUTION'],
  ['function f() {\n// END SOLUTION\n}', 'END SOLUTION without BEGIN SOLUTION'],
  ['function f() {\n// BEGIN SOLUTION\n// BEGIN SOLUTION\n}', 'BEGIN SOLUTION twice'],
])('refuses %j', (text, message) => {
  expect(() => splitSolution(text, 'lesson 01, line 9')).toThrow(`lesson 01, line 9: `)
  expect(() => splitSolution(text, 'lesson 01, line 9')).toThrow(message)
})
