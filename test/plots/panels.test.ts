import { parseHTML } from 'linkedom'
import { describe, expect, test } from 'vitest'
import { sanitize } from '../../classroom/export/sanitize.js'
import { displaySymbol } from '../../src/host/types.js'
import { lines } from '../../src/plots/lines.js'
import { panels } from '../../src/plots/panels.js'

const figure = (title: string, y: number[]) =>
  lines({
    title,
    xTitle: 'epoch',
    yTitle: title,
    series: [
      { name: 'train', y, band: { low: y.map((v) => v - 1), high: y.map((v) => v + 1) } },
      { name: '<b>', y },
    ],
  })
const three = panels(
  [figure('Loss', [3, 2, 1]), figure('Accuracy', [0, 1, 2]), figure('Rate', [1, 1, 1])],
  {
    title: 'A run & more',
  },
)

describe('Plotly JSON', () => {
  const { data, layout } = JSON.parse(JSON.stringify({ data: three.data, layout: three.layout }))

  test('each trace is on the axes of its panel, and each name in the legend once', () => {
    expect(
      data.map(({ xaxis, yaxis }: { xaxis: string; yaxis: string }) => [xaxis, yaxis]),
    ).toEqual([
      ...Array(3).fill(['x', 'y']),
      ...Array(3).fill(['x2', 'y2']),
      ...Array(3).fill(['x3', 'y3']),
    ])
    const named = data.filter(({ showlegend }: { showlegend: boolean }) => showlegend)
    expect(named.map(({ name }: { name: string }) => name)).toEqual(['train', '<b>'])
  })

  test('the layout has axes and a title for each panel', () => {
    expect(layout.grid).toEqual({ rows: 2, columns: 2, pattern: 'independent' })
    expect(layout.yaxis2.title.text).toBe('Accuracy')
    expect(layout.annotations.map(({ text }: { text: string }) => text)).toEqual([
      'Loss',
      'Accuracy',
      'Rate',
    ])
    expect(layout.meta.alt).toBe(
      'A run & more. Loss: Loss against epoch. Accuracy: Accuracy against epoch. Rate: Rate against epoch.',
    )
  })
})

describe('the picture', () => {
  test('has one name, and every panel in its place', async () => {
    const { document } = parseHTML(await three.svg())
    const [whole, ...parts] = [...document.querySelectorAll('svg')]
    expect(whole!.getAttribute('aria-label')).toBe(three.layout.meta.alt)
    expect(parts.map((part) => [part.getAttribute('x'), part.getAttribute('y')])).toEqual([
      ['0', '56'],
      ['412', '56'],
      ['0', '358'],
    ])
    expect(
      [...document.querySelectorAll('text')].filter((one) => one.textContent === 'train'),
    ).toHaveLength(1)
    expect(document.querySelectorAll('[role], [aria-label]').length).toBe(1)
    expect([...document.querySelectorAll('path')].length).toBeGreaterThanOrEqual(9)
  })

  test('panels with other lines have a legend each', async () => {
    const other = lines({
      title: 't',
      xTitle: 'x',
      yTitle: 'y',
      series: [
        { name: 'train', y: [1] },
        { name: 'else', y: [2] },
      ],
    })
    const { document } = parseHTML(await panels([figure('Loss', [1]), other], { title: 't' }).svg())
    expect(
      [...document.querySelectorAll('text')].filter((one) => one.textContent === 'train'),
    ).toHaveLength(2)
  })

  test('a page keeps all of it', async () => {
    const svg = await three.svg()
    const { html } = sanitize(svg)
    expect(html.match(/<path/g)).toEqual(svg.match(/<path/g))
    expect(html.match(/<svg/g)).toHaveLength(4)
  })

  test('a bundle has Plotly JSON, picture and text', async () => {
    const bundle = await three[displaySymbol]()
    expect(Object.keys(bundle).sort()).toEqual([
      'application/vnd.plotly.v1+json',
      'image/svg+xml',
      'text/plain',
    ])
    expect(bundle['text/plain']).toContain('train: band, at last 0 to 2')
  })
})

test('what it shows may be said in one sentence', () => {
  const alt = 'The loss falls in both.'
  expect(panels([figure('Loss', [1])], { title: 't', alt }).layout.meta.alt).toBe(alt)
})

test('one panel is as wide as it is alone', () => {
  expect(panels([figure('Loss', [1])], { title: 't' }).layout.grid.columns).toBe(1)
})

test('refused', () => {
  expect(() => panels([], { title: 't' })).toThrow('at least one')
  expect(() => panels([figure('a', [1])], { title: 't', columns: 0 })).toThrow('columns must be')
})

describe('a band', () => {
  const [band, line] = lines({
    title: 't',
    xTitle: 'x',
    yTitle: 'y',
    series: [{ name: 'a', y: [1, 2, 3], band: { low: [0, Number.NaN, 2], high: [2, 3, 4] } }],
  }).data

  test('goes along its upper edge and back along the lower one, and leaves out what is not finite', () => {
    expect([band!.x, band!.y]).toEqual([
      [0, 2, 2, 0],
      [2, 4, 2, 0],
    ])
    expect([band!.fill, band!.mode, line!.mode]).toEqual(['toself', 'none', 'lines'])
    expect(band!.fillcolor).toBe('rgba(0, 114, 178, 0.2)')
  })

  test('needs as many values as the line', () => {
    const series = [{ name: 'a', y: [1, 2], band: { low: [0], high: [2, 3] } }]
    expect(() => lines({ title: 't', xTitle: 'x', yTitle: 'y', series })).toThrow(
      'the band of "a" needs as many values as the line, 2, got 1 and 2',
    )
  })
})
