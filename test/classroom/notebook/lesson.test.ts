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
  const cells = parseLesson(text, 'lesson 01').cells.map(({ tags, ...cell }) => {
    expect(tags).toEqual([])
    return cell
  })
  expect(cells).toEqual([
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

test('a cell may have tags, and hold what the file cannot', () => {
  const { cells } = parseLesson(
    '// %% [verbatim] id=who tag=a tag=b\n// %who\n//\n//   1 // one\n\n// %% tag=raises-exception\nx',
  )
  expect(cells).toEqual([
    { kind: 'code', id: 'who', tags: ['a', 'b'], line: 1, source: '%who\n\n  1 // one' },
    { kind: 'code', id: undefined, tags: ['raises-exception'], line: 6, source: 'x' },
  ])
})

test('line ends of Windows make no difference', () => {
  expect(parseLesson(text.replaceAll('\n', '\r\n'))).toEqual(parseLesson(text))
})

test.each([
  ['', 'no cells'],
  ['const x = 1\n// %%\n', 'line 1: code before the first cell'],
  [
    '// %% [markdown]\nno comment',
    'line 2: each line of a markdown or verbatim cell begins with "//"',
  ],
  [
    '// %% exercise=',
    'a cell marker takes [markdown], [verbatim], exercise=NAME, check=NAME, id=NAME, tag=NAME; got "exercise="',
  ],
  ['// %% [verbatim]\n%who', 'line 2: each line of a markdown or verbatim cell'],
  ['// %% [raw]', 'line 1: a cell marker takes'],
])('refuses %j', (source, message) => {
  const parse = () => parseLesson(source, 'lesson 09')
  expect(parse).toThrow(UserError)
  expect(parse).toThrow(message)
  expect(parse).toThrow('lesson 09')
})
