import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ICell, IOutput } from '@jupyterlab/nbformat'
import { expect, test } from 'vitest'
import { packageRoot } from '../../cli/root.js'
import { magics } from '../../kernel/messages/magics/table.js'
import { useGuide } from '../support/guide.js'

const { notebook, folder, outputsOf, shownBy } = useGuide('tour')
const isTagged = (cell: ICell): boolean => Array.isArray(cell.metadata.tags)
const containing = (text: string): string => expect.stringContaining(text)

test('what fails is announced and nothing else fails', () => {
  const failed = notebook.cells.filter(({ outputs }) =>
    (outputs as IOutput[] | undefined)?.some(({ output_type }) => output_type === 'error'),
  )
  expect(failed.map(({ id }) => id)).toEqual(['type-error', 'unknown-magic', 'traceback'])
  expect(notebook.cells.filter(isTagged)).toEqual(failed)
  for (const cell of failed) {
    expect(cell.metadata.tags).toEqual(['raises-exception'])
    const before = notebook.cells[notebook.cells.indexOf(cell) - 1]!
    expect(before.source).toContain('**This cell fails on purpose')
  }
  expect(notebook.cells[0]!.source).toContain('Three cells **fail on purpose**')
})

test('an error of types stops the cell before it runs, and shows its line', () => {
  expect(shownBy('type-error')).toEqual([
    { ename: 'TypeScriptError', traceback: containing("Did you mean to write 'warmup'?") },
  ])
  expect(shownBy('type-error')[0]!.traceback).toMatch(/^> 2 \| const typo = .*\n +\| +\^{6}$/m)
  expect(shownBy('unchecked')).toEqual([{ 'text/plain': '{ lr: 0.1, momentum: 0.9 }' }])
})

test.each([
  ['result', "{ optimizer: 'adam', rate: 0.01, loss: 0.12 }"],
  ['closure', '0.2'],
  ['live', '0.5'],
  ['redeclared', "'A QUARTER'"],
  ['package', '0.1'],
  ['relative', '0.25'],
  ['input', "'nobody was asked'"],
  ['counter-read', '10'],
  ['forever', '0'],
])('cell %s has the result %s', (id, text) => {
  expect(shownBy(id)).toEqual([{ 'text/plain': text }])
  expect(outputsOf(id)[0]!.output_type).toBe('execute_result')
})

test.each([
  ['language', 'step: call 1\nstep: call 2\nwarmup decay\n'],
  ['await', 'loss 0.9\nloss 0.5\nloss 0.3\n'],
  ['using', 'epoch 1 starts\nworking\nepoch 1 is over\nafter the block\n'],
  ['late', 'late, and at home\n'],
  ['write', `Wrote ${join(folder, 'tour-decay.ts')}\n`],
  ['reload', '0.1 0.01 0.1\n'],
  ['bash', "bash, in the notebook's folder\n6\n"],
])('cell %s prints %j', (id, text) => {
  expect(shownBy(id)).toEqual([{ stdout: text }])
})

test('values show themselves: tables, tensors, figures, formulas, markup, pictures, classes', () => {
  expect(shownBy('table')).toEqual([
    { 'text/html': containing('<th scope="col">rate</th>'), 'text/plain': containing('sgd') },
    { 'text/plain': '… and text between two displays' },
    { 'text/plain': "Map(1) { 'adam' => { beta1: 0.9, beta2: 0.999 } }" },
  ])
  expect(shownBy('tensor')).toEqual([
    {
      'text/html': containing('<td>4</td><td>5</td><td>6</td>'),
      'text/plain': containing('[2, 3]'),
    },
  ])
  const figure = {
    'application/vnd.plotly.v1+json': { data: expect.any(Array), layout: expect.any(Object) },
    'image/svg+xml': containing('<svg'),
    'text/plain': containing('max 0.001 at 100'),
  }
  expect(shownBy('figure')).toEqual([figure])
  expect(shownBy('latex')).toEqual([
    { 'text/latex': containing('\\frac{\\hat m}'), 'text/plain': containing('\\frac') },
  ])
  expect(shownBy('markdown')).toEqual([
    { 'text/markdown': containing('_adam_, with a loss of $0.12$'), 'text/plain': containing('2') },
  ])
  expect(shownBy('html')).toEqual([
    { 'text/html': containing('<kbd>'), 'text/plain': 'HTML with keys and marks' },
  ])
  expect(shownBy('svg')).toEqual([
    { 'image/svg+xml': containing('width="186"'), 'text/plain': 'Loss by optimizer\nsgd\nadam' },
  ])
  expect(shownBy('json')).toEqual([
    {
      'application/json': { optimizer: 'adam', options: { lr: 0.01, betas: [0.9, 0.999] } },
      'text/plain': containing('betas'),
    },
  ])
  const [png] = shownBy('png')
  expect(png!['text/plain']).toMatch(/^PNG picture, 320 × 200, \d+ bytes$/)
  expect(Buffer.from(String(png!['image/png']), 'base64').subarray(1, 4).toString()).toBe('PNG')
  expect(shownBy('own')).toEqual([
    { 'text/latex': '$\\lVert g \\rVert_2 = 5$', 'text/plain': 'norm 5' },
  ])
  expect(shownBy('tslab')).toEqual([{ 'text/markdown': containing('Shown by') }])
  expect(shownBy('html-magic')).toEqual([
    { 'text/html': containing('<details>'), 'text/plain': containing('Open me\n') },
  ])
  expect(shownBy('svg-magic')).toEqual([
    { 'image/svg+xml': containing('<path'), 'text/plain': 'Downhill' },
  ])
  expect(shownBy('markdown-magic')).toEqual([
    { 'text/markdown': containing('| --- |'), 'text/plain': containing('floats') },
  ])
  expect(shownBy('caught')).toEqual([
    { 'text/html': containing('<mark>&gt; 5 |'), 'text/plain': containing('SyntaxError') },
  ])
})

test('what is updated stands once, as it was last', () => {
  expect(shownBy('update')).toEqual([{ 'text/plain': '100 %' }])
  expect(shownBy('progress')).toEqual([
    {
      'text/html': containing('<progress value="3" max="3">'),
      'text/plain': expect.stringMatching(/^epoch: 3 of 3, .* took [\d.]+ s$/),
    },
    { 'text/plain': '9' },
  ])
  expect(shownBy('live-curves')).toEqual([
    {
      'text/html': expect.anything(),
      'text/plain': expect.stringMatching(/^training: 1920 of 1920, .* took/),
    },
    {
      'application/vnd.plotly.v1+json': expect.anything(),
      'image/svg+xml': containing('validation'),
      'text/plain': containing('validation: 60 points'),
    },
  ])
  expect(shownBy('carriage')).toEqual([{ stdout: containing('step 5 of 5\rfive steps done\n') }])
})

test('magics tell, time, list, and name their neighbour', () => {
  expect(shownBy('time')).toEqual([{ stdout: containing('Wall time: ') }])
  expect(shownBy('timeit')).toEqual([{ stdout: containing('(mean ± sd of 3 runs of ') }])
  expect(shownBy('who')[0]!['text/plain']).toMatch(/^batches +number +9$/m)
  expect(shownBy('unknown-magic')).toEqual([
    { ename: 'UnknownMagic', traceback: containing('did you mean %time?') },
  ])
  const [{ stdout: listed = '' } = {}] = shownBy('lsmagic') as { stdout?: string }[]
  for (const name of magics.keys()) expect(listed).toContain(`%${name}`)
})

test('all output is in its order, on its stream', () => {
  expect(shownBy('output')).toEqual([
    { stdout: 'from the console\nfrom another program\nfrom a stream\n' },
    { stderr: 'to stderr\n' },
    { stdout: containing("│ 'adam'    │ 0.01 │ 0.12 │") },
  ])
})

test('a traceback has the lines of the cell, and none of the kernel', () => {
  const [{ traceback = '' } = {}] = shownBy('traceback') as { traceback?: string }[]
  expect(traceback).toMatch(/> 5 \| {3}const weights = layer\.weights \?\? JSON\.parse/)
  expect(traceback.split('\n').filter((line) => line.startsWith('    at '))).toEqual([
    '    at JSON.parse (<anonymous>)',
    expect.stringMatching(/^ {4}at mean \(Cell \d+:5:41\)$/),
    expect.stringMatching(/^ {4}at Cell \d+:9:1$/),
  ])
})

test('widgets are views with a text beside them; a figure keeps its place below the slider', () => {
  const view = { 'application/vnd.jupyter.widget-view+json': expect.any(Object) }
  expect(shownBy('counter')).toEqual([{ ...view, 'text/plain': 'Widget { count: 0 }' }])
  expect(shownBy('slider')).toEqual([
    { ...view, 'text/plain': 'Widget { warmup: 100 }' },
    expect.objectContaining({ 'text/plain': containing('100 steps of warmup') }),
  ])
})

test('it names every magic and every global of the kernel, and leaves no file', async () => {
  const text = notebook.cells.map(({ source }) => source).join('\n')
  for (const name of magics.keys()) expect(text).toContain(`%${name}`)
  const types = readFileSync(join(packageRoot, 'kernel/language/globals.d.ts'), 'utf8')
  const globals = Array.from(types.matchAll(/^declare (?:const|function) (\w+)/gm), ([, g]) => g!)
  expect(globals.length).toBeGreaterThan(7)
  for (const name of new Set(globals)) expect(text).toMatch(RegExp(`\\b${name}\\b`))
  expect(readdirSync(folder)).toEqual([])
})
