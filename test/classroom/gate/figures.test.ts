import type { ICodeCell } from '@jupyterlab/nbformat'
import { expect, test } from 'vitest'
import { contrast } from '../../../classroom/gate/contrast.js'
import { figureFindings, figuresIn } from '../../../classroom/gate/figures.js'
import { type Displayable, displaySymbol } from '../../../src/host/types.js'
import { Figure, type Lines, lines, panels } from '../../../src/plots/index.js'

const good: Lines = {
  title: 'Loss',
  xTitle: 'step',
  yTitle: 'loss',
  series: [{ name: 'a', y: [3, 2, 1] }],
  alt: 'The loss falls by one a step.',
}

/** What is found in a notebook whose second cell shows the figure. */
async function found(figure: Displayable) {
  const data = (await figure[displaySymbol]()) as ICodeCell['metadata']
  const output = { output_type: 'display_data', data, metadata: {} }
  const cell = { cell_type: 'code', id: 'plot', source: 'lines(…)', metadata: {} }
  const cells = [
    { ...cell, id: 'text', cell_type: 'markdown' },
    { ...cell, outputs: [output], execution_count: 1 },
  ]
  const shown = figuresIn({ cells, metadata: {}, nbformat: 4, nbformat_minor: 5 } as never)
  expect(shown).toHaveLength(1)
  return figureFindings(shown[0]!)
}

const at = (title: string, text: string) => `the figure "${title}" (cell 2, plot) ${text}`

test('nothing is found in a figure that says what it shows, nor in panels of such figures', async () => {
  expect(await found(lines(good))).toEqual({ problems: [], warnings: [] })
  const both = panels([lines(good), lines(good)], { title: 'Two' })
  expect(await found(both)).toEqual({ problems: [], warnings: [] })
})

test('titles that are missing, and a figure that draws nothing', async () => {
  const bare = lines({ ...good, title: '', yTitle: ' ', series: [{ name: 'a', y: [Number.NaN] }] })
  expect((await found(bare)).problems).toEqual([
    at('', 'has no title'),
    at('', 'has no title on its yaxis'),
    at('', 'draws nothing'),
  ])
})

test('an alternative text that only repeats title and axes, also of one panel', async () => {
  const text = 'has no alternative text of its own (alt): say what it shows'
  const { alt: _, ...silent } = good
  expect((await found(lines(silent))).warnings).toEqual([at('Loss', text)])
  const both = panels([lines(good), lines(silent)], { title: 'Two' })
  expect((await found(both)).warnings).toEqual([at('Two', text)])
})

test('lines and words that are hard to see, on white and on dark paper', async () => {
  const { data, layout } = lines(good)
  const painted = (color: string) =>
    new Figure(
      data.map((trace) => ({ ...trace, line: { ...trace.line, color } })),
      layout,
    )
  expect((await found(painted('#eeeeee'))).problems).toEqual([
    at('Loss', 'has lines of #eeeeee: contrast 1.16 on white paper, not 3'),
  ])
  expect((await found(painted('#222266'))).problems).toEqual([
    at('Loss', 'has lines of #222266: contrast 1.27 on dark paper, not 3'),
  ])
  const figure = lines(good)
  const svg = (await figure.svg()).replace('<text', '<text fill="#777777"')
  const bundle = { ...(await figure[displaySymbol]()), 'image/svg+xml': svg }
  expect((await found({ [displaySymbol]: () => bundle })).problems).toEqual([
    at('Loss', 'has words of #777777: contrast 4.48 on white paper, not 4.5'),
    at('Loss', 'has words of #777777: contrast 4.01 on dark paper, not 4.5'),
  ])
})

test('contrast is that of WCAG', () => {
  expect(contrast('#000000', '#ffffff')).toBe(21)
  expect(contrast('#0072b2', '#ffffff')).toBeCloseTo(5.19, 2)
  expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2)
})
