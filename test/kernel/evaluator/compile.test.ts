import { describe, expect, test } from 'vitest'
import { type CellSyntaxError, compile } from '../../../kernel/evaluator/compile.js'
import { placeOf } from '../../../kernel/evaluator/pieces.js'

const js = (source: string) => compile(source, 'cell:1').js

describe('what a cell becomes', () => {
  test.each([
    ['const a = 1', "'use strict';let a = 1;\n\n;void 0"],
    ['a as number', "'use strict';__downhill.value('cell:1', (a));\n\n;void 0"],
    ['var { b, c: [d] } = e', "'use strict';let b, d;({ b, c: [d] } = e);\n\n;void 0"],
    [
      'await f()',
      "'use strict';__downhill.resume('cell:1', (__downhill.value('cell:1', (await __downhill.hold('cell:1', (f()))))));\n\n;void 0",
    ],
    [
      'import "side"',
      "'use strict';await __downhill.load(\"side\");\n__downhill.resume('cell:1');\n\n;void 0",
    ],
    [
      'import d, { e as f } from "g"\nd()',
      '\'use strict\';let { "default": d, "e": f } = await __downhill.names("g", ["default"]);\n__downhill.resume(\'cell:1\');\n__downhill.value(\'cell:1\', (d()));\n\n;void 0',
    ],
    ['using a = b', "'use strict';let a = __downhill.use('cell:1', (b));\n\n;void 0"],
    [
      'f("é😀"); await using a = b',
      "'use strict';f(\"é😀\");\nlet a = __downhill.useAsync('cell:1', (b));\n\n;void 0",
    ],
    [
      'f(__dirname, a.__dirname)',
      "'use strict';__downhill.value('cell:1', (f((typeof __dirname === \"undefined\" ? __downhill.meta.dirname : __dirname), a.__dirname)));\n\n;void 0",
    ],
    ['export type T = 1', "'use strict';\n\n;void 0"],
    [
      'const later = () => import("x")',
      '\'use strict\';let later = ()=>__downhill.load("x");\n\n;void 0',
    ],
    [
      'async () => { await 1; for await (const x of y) var z }',
      "'use strict';__downhill.value('cell:1', (async ()=>{\n    await 1;\n    for await (const x of y)var z;\n}));\n\n;void 0",
    ],
  ])('%s', (source, expected) => {
    expect(js(source)).toBe(expected)
  })
})

test('every name in the code is found again at its place in the cell', () => {
  const source = `import { one } from 'one'
interface Gone { a: number }
const two: number = one + 1
export function three(four: number): number {
  return  four   + two
}
var five = three(two), { six } = { six: 6 }
for (var seven of [five]) { await eight(seven as number) }
class Nine<T> { constructor(private ten: T) { console.log(this.ten) } }
export default enumerate(six!, new Nine<string>(''))`
  const cell = compile(source, 'cell:1')
  // Names that stand once in the cell and once in its code, so that each place has one answer.
  const once = (text: string, name: string) => text.split(new RegExp(`\\b${name}\\b`)).length === 2
  const names = [...new Set(source.match(/\b[a-z]\w+\b/gi))].filter(
    (name) => name !== 'of' && once(source, name) && once(cell.js, name),
  )
  expect(names).toEqual(expect.arrayContaining(['eight', 'console', 'log', 'enumerate']))
  for (const name of names) {
    const at = placeOf(cell.js, cell.js.search(new RegExp(`\\b${name}\\b`)))
    const there = placeOf(source, source.search(new RegExp(`\\b${name}\\b`)))
    expect([name, cell.original(at.line, at.column)]).toEqual([name, there])
  }
})

test.each([
  ['let a = = 1', 'Expression expected', { line: 1, column: 9 }],
  ['\n\n  const b: = 3', '', { line: 3 }],
  ['f(1,', 'Expression expected', { line: 1, column: 5 }],
  ['let c = 1\nlet c = 2', "Identifier 'c' has already been declared", { line: 2, column: 5 }],
  ['const d = {', 'Unexpected end of the cell', { line: 1 }],
])('%j is refused with its place', (source, message, place) => {
  let thrown: CellSyntaxError | undefined
  try {
    js(source)
  } catch (error) {
    thrown = error as CellSyntaxError
  }
  expect(thrown?.message).toContain(message)
  expect(thrown?.place).toMatchObject(place)
})
