import { describe, expect, test } from 'vitest'
import { keepLines } from '../../../kernel/language/hover.js'
import type { CompletionItem } from '../../../kernel/language/service.js'
import { folderWith, notebook } from '../../support/notebook.js'

const { service, run } = notebook(
  folderWith({
    'helper.ts': '/** Doubles. */\nexport const twice = (x: number) => 2 * x',
    'node_modules/nearlib/package.json':
      '{ "name": "nearlib", "exports": { ".": { "types": "./index.d.ts" }, "./sched": { "types": "./sched.d.ts" } } }',
    'node_modules/nearlib/index.d.ts': `
export interface Options {
  /** The rate of learning. */
  rate: number
  steps?: number
}
export class Model {
  /**
   * Trains it.
   * @param steps how often
   */
  fit(steps: number): void
  /** Its sizes. */
  shape: number[]
}
/** Makes a model. */
export function model(options: Options): Model
`,
    'node_modules/nearlib/sched.d.ts': 'export declare function cosine(t: number): number',
  }),
)

/** Completes at the end of `code`, or at the mark ‸. */
async function complete(code: string) {
  const at = code.includes('‸') ? code.indexOf('‸') : code.length
  const { items, start, end } = (await service.complete(code.replace('‸', ''), at))!
  const item = (label: string): CompletionItem | undefined =>
    items.find((one) => one.label === label)
  return { items, item, labels: items.map(({ label }) => label), range: [start, end] }
}

describe('completion', () => {
  test('a first cell makes names', async () => {
    const cell = [
      'import { adam, display } from "downhill"',
      'import { model } from "nearlib"',
      'const net = model({ rate: 1 })',
      '/** Learning rate. */\nlet rate = 0.1',
      'let maybe: { fit(): void } | undefined',
    ]
    expect(await run(cell.join('\n'))).toEqual([])
  })

  test('members, with kinds and docs', async () => {
    const { items, item, range } = await complete('net.')
    expect(items).toEqual([
      {
        label: 'fit',
        insert: 'fit',
        kind: 'method',
        detail: '(method) fit(steps: number): void',
        documentation: expect.stringContaining('Trains it.'),
      },
      {
        label: 'shape',
        insert: 'shape',
        kind: 'field',
        detail: '(property) shape: number[]',
        documentation: 'Its sizes.',
      },
    ])
    expect(range).toEqual([4, 4])
    expect(item('fit')?.documentation).toContain('how often')
  })

  test('only what matches the typed text, in a range that replaces it', async () => {
    const { labels, range } = await complete('net.sh‸ape')
    expect(labels).toEqual(['shape'])
    expect(range).toEqual([4, 6])
  })

  test('names of earlier cells come before globals, and in unfinished code', async () => {
    const typed = await complete('for (const i of [1]) {\n  const q = r')
    expect(typed.labels[0]).toBe('rate')
    expect(typed.item('rate')).toMatchObject({ kind: 'variable', documentation: 'Learning rate.' })
    expect((await complete('const u = `abc ${ne')).labels).toContain('net')
    expect((await complete('if (true) { con')).labels).toEqual(
      expect.arrayContaining(['console', 'const', 'continue']),
    )
  })

  test('options inside an object', async () => {
    const { labels, item } = await complete('model({ ‸ })')
    expect(labels).toEqual(['rate', 'steps?'])
    expect(item('rate')?.documentation).toBe('The rate of learning.')
    expect((await complete('adam([], { be‸ })')).labels).toEqual(
      expect.arrayContaining(['beta1?', 'beta2?']),
    )
  })

  test('module names and what they export', async () => {
    expect((await complete('import { x } from "')).labels).toEqual(
      expect.arrayContaining(['nearlib', 'downhill']),
    )
    const sub = await complete('import { x } from "nearlib/')
    expect(sub.labels).toEqual(['sched'])
    expect(sub.range).toEqual([27, 27])
    expect((await complete('import { x } from "node:f')).items).toMatchObject([
      { insert: 'node:fs', kind: 'module' },
      { insert: 'node:fs/promises' },
    ])
    expect((await complete('import { x } from "./')).labels).toContain('helper')
    expect((await complete('import { ‸ } from "downhill"')).labels).toEqual(
      expect.arrayContaining(['adam', 'display', 'sgd']),
    )
    expect((await complete('const m = await import("near')).labels).toEqual(['nearlib'])
  })

  test('an optional value is completed with ?.', async () => {
    const { items, range } = await complete('maybe.')
    expect(items[0]).toMatchObject({ insert: '?.fit' })
    expect(range).toEqual([5, 6])
  })

  test('after an emoji, offsets are UTF-16', async () => {
    const { labels, range } = await complete('const s = "😀"; net.sh')
    expect(labels).toEqual(['shape'])
    expect(range).toEqual([20, 22])
  })

  test('nothing in a comment or behind a number', async () => {
    expect((await complete('// net.')).items).toEqual([])
    expect((await complete('12')).items).toEqual([])
  })
})

describe('hover', () => {
  test('signature and docs of a class member', async () => {
    expect(await service.hover('net.fit(1)', 5)).toEqual({
      signature: '(method) Model.fit(steps: number): void',
      documentation: expect.stringMatching(/^Trains it\.\n\n.*steps.*how often/),
    })
  })

  test('names of earlier cells as they were declared, not as imports', async () => {
    expect(await service.hover('rate', 2)).toEqual({
      signature: 'let rate: number',
      documentation: 'Learning rate.',
    })
    expect(await service.hover('net', 1)).toEqual({
      signature: 'const net: Model',
      documentation: '',
    })
    expect((await service.hover('model({ rate: 1 })', 2))?.signature).toBe(
      'function model(options: Options): Model',
    )
  })

  test('an optimizer of the library shows its equation and source', async () => {
    const hover = await service.hover('adam', 1)
    expect(hover?.documentation).toContain('Kingma & Ba 2015')
  })

  test('types without the import that the checker writes before them', async () => {
    const hover = await service.hover('adam', 1)
    expect(hover?.signature).toContain('OptimizerFactory')
    expect(hover?.signature).not.toContain('import(')
  })

  test('lines set by hand stay lines in Markdown, wrapped text and code do not', () => {
    const text = 'One\ntwo.\n  m ← β·m\nSource    a paper\n\n```\na  b\nc  d\n```'
    expect(keepLines(text)).toBe(
      'One\ntwo.  \n  m ← β·m  \nSource    a paper\n\n```\na  b\nc  d\n```',
    )
  })

  test('nothing where nothing is', async () => {
    expect(await service.hover('  1 + 1', 0)).toBeUndefined()
  })
})
