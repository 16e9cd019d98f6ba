import { expect, test } from 'vitest'
import { parseLesson } from '../../../classroom/notebook/lesson.js'
import { UserError } from '../../../src/host/user-error.js'

const text = `// A remark of the file, no cell.
// biome-ignore-all lint/x: why

// %% [markdown]
// # Title
//
// Text with \`code\`,
//   indented.

// %%
import { adam } from 'downhill'

// %% id=trace
const x = 1

x

// %% exercise=adam-step
function adamStep(x: number): number {
  // BEGIN SOLUTION
  return x
  // END SOLUTION
}

// %% check=adam-step
await check('adam-step', adamStep)
`

test('reads the percent format', () => {
  expect(parseLesson(text, 'lesson 01').cells).toEqual([
    {
      kind: 'markdown',
      id: undefined,
      line: 4,
      source: '# Title\n\nText with `code`,\n  indented.',
    },
    { kind: 'code', id: undefined, line: 10, source: "import { adam } from 'downhill'" },
    { kind: 'code', id: 'trace', line: 13, source: 'const x = 1\n\nx' },
    {
      kind: 'exercise',
      id: 'adam-step',
      line: 18,
      source:
        'function adamStep(x: number): number {\n  // BEGIN SOLUTION\n  return x\n  // END SOLUTION\n}',
    },
    { kind: 'check', id: 'adam-step', line: 25, source: "await check('adam-step', adamStep)" },
  ])
})

test('line ends of Windows make no difference', () => {
  expect(parseLesson(text.replaceAll('\n', '\r\n'))).toEqual(parseLesson(text))
})

test.each([
  ['', 'no cells'],
  ['const x = 1\n// %%\n', 'line 1: code before the first cell'],
  ['// %% [markdown]\nno comment', 'line 2: each line of a markdown cell begins with "//"'],
  [
    '// %% exercise=',
    'a cell marker takes [markdown], exercise=NAME, check=NAME, id=NAME; got "exercise="',
  ],
  ['// %% [raw]', 'line 1: a cell marker takes'],
])('refuses %j', (source, message) => {
  const parse = () => parseLesson(source, 'lesson 09')
  expect(parse).toThrow(UserError)
  expect(parse).toThrow(message)
  expect(parse).toThrow('lesson 09')
})
