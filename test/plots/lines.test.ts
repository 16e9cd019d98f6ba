import { parseHTML } from 'linkedom'
import { describe, expect, test } from 'vitest'
import { displaySymbol } from '../../src/host/types.js'
import { Figure } from '../../src/plots/figure.js'
import { lines } from '../../src/plots/lines.js'
import { panels } from '../../src/plots/panels.js'

const parabola = lines({
  title: 'f(x) = x²',
  xTitle: 'x',
  yTitle: 'f (metres)',
  series: [
    { name: 'f', x: [-1, 0, 2], y: [1, 0, 4] },
    { name: 'half <of> "f"', x: [-1, 0, 2], y: Float32Array.of(0.5, 0, 2), markers: 'only' },
  ],
})

/** The path's corners in the data's units, undone from the pixels by two known ones. */
function corners(path: string): number[][] {
  return path
    .split(/[MLZ]/)
    .filter(Boolean)
    .map((pair) => pair.split(',').map(Number))
}

describe('Plotly JSON', () => {
  test('holds the numbers given, titles with units, and nothing that JSON changes', () => {
    expect(parabola.data.map(({ name, mode, x, y }) => ({ name, mode, x, y }))).toEqual([
      { name: 'f', mode: 'lines', x: [-1, 0, 2], y: [1, 0, 4] },
      { name: 'half <of> "f"', mode: 'markers', x: [-1, 0, 2], y: [0.5, 0, 2] },
    ])
    expect(parabola.layout.yaxis.title.text).toBe('f (metres)')
    const { data, layout } = JSON.parse(JSON.stringify(parabola))
    expect({ data, layout }).toEqual({ data: parabola.data, layout: parabola.layout })
  })

  test('x counts from 0 when it is left out', () => {
    const figure = lines({
      title: 't',
      xTitle: 'x',
      yTitle: 'y',
      series: [{ name: 'a', y: [5, 6] }],
    })
    expect(figure.data[0]?.x).toEqual([0, 1])
  })

  test('neighbouring series differ in colour, in dash and in the shape of their dots', () => {
    const many = Array.from({ length: 6 }, (_, i) => ({ name: `s${i}`, y: [i] }))
    const figure = lines({ title: 't', xTitle: 'x', yTitle: 'y', series: many })
    expect(new Set(figure.data.map(({ line }) => line.color)).size).toBe(6)
    expect(new Set(figure.data.map(({ line }) => line.dash)).size).toBe(6)
    expect(new Set(figure.data.map(({ marker }) => marker.symbol)).size).toBe(6)
  })

  test('numbers are written out, unless they are tiny or huge; few whole ones have a label each', () => {
    const axes = (x: number[], y: number[], logX = false) =>
      lines({ title: 't', xTitle: 'x', yTitle: 'y', logX, series: [{ name: 'a', x, y }] }).layout
    expect(axes([0, 12_800], [3e-10, 1]).xaxis.exponentformat).toBe('none')
    expect(axes([0, 1], [3e-10, 0]).yaxis.exponentformat).toBe('power')
    expect(axes([1, 10], [1, 2], true).xaxis.exponentformat).toBe('power')
    expect(axes([1, 5], [1, 2]).xaxis.dtick).toBe(1)
    for (const x of [
      [1, 5.5],
      [0, 30],
      [2, 2],
    ])
      expect(axes(x, [1, 2]).xaxis.dtick).toBeUndefined()
    expect(axes([1, 5], [1, 2], true).xaxis.dtick).toBeUndefined()
    expect(axes([-1, 0.002, 0.04], [1, 2, 3], true).xaxis).toMatchObject({
      dtick: 'D2',
      tickformat: '~g',
    })
    expect(axes([0.002, 0.4], [1, 2], true).xaxis.tickformat).toBeUndefined()
    expect(axes([0.002, 0.04], [1, 2]).xaxis.tickformat).toBeUndefined()
  })
})

test('a line of 200,000 points is a figure with a picture, alone and among panels', async () => {
  const y = Float32Array.from({ length: 200_000 }, (_, k) => k + 1)
  for (const logY of [false, true]) {
    const one = lines({ title: 't', xTitle: 'x', yTitle: 'y', logY, series: [{ name: 'a', y }] })
    const both = panels([one, one], { title: 'two', same: 'y' })
    expect((await one[displaySymbol]())['image/svg+xml']).toContain('<path')
    const [, top] = both.layout.yaxis!.range!
    const last = logY ? Math.log10(200_000) : 200_000
    expect(top).toBeGreaterThan(last)
    expect(top).toBeLessThan(1.1 * last)
  }
})

test('display: Plotly JSON, a picture and text, and no text/html, which would win over the picture', async () => {
  const bundle = await parabola[displaySymbol]()
  expect(Object.keys(bundle).sort()).toEqual([
    'application/vnd.plotly.v1+json',
    'image/svg+xml',
    'text/plain',
  ])
  expect(displaySymbol).toBe(Symbol.for('Jupyter.display'))
  expect(parabola).toBeInstanceOf(Figure)
})

test('text: title, axes with their range, and every series in numbers', () => {
  const figure = lines({
    title: 'Loss',
    xTitle: 'epoch',
    yTitle: 'loss (nats)',
    logY: true,
    series: [
      { name: 'train', y: [2.5, 0.5, Number.NaN, 1 / 3] },
      { name: 'diverged', y: [Number.NaN, Number.POSITIVE_INFINITY] },
    ],
  })
  expect(String(figure).split('\n')).toEqual([
    'Figure: Loss',
    'x: epoch, 0 to 3',
    'y: loss (nats) (log scale), 0.333333 to 2.5',
    'train: 4 points, first 2.5, last 0.333333, min 0.333333, max 2.5 at 0, 1 not finite',
    'diverged: 2 points, none finite',
  ])
})

describe('SVG', () => {
  test('says in words what it shows, and escapes names', async () => {
    const svg = await parabola.svg()
    const { document } = parseHTML(svg)
    const root = document.querySelector('svg')
    expect(root?.getAttribute('role')).toBe('img')
    expect(root?.getAttribute('aria-label')).toBe('f(x) = x²: f (metres) against x.')
    expect(root?.getAttribute('xmlns')).toBe('http://www.w3.org/2000/svg')
    expect(document.querySelector('title')?.textContent).toBe('f(x) = x²')
    expect(document.querySelector('desc')?.textContent).toContain('min 0, max 4 at 2')
    expect(svg).toContain('half &lt;of&gt;')
    expect(svg).not.toMatch(/<style|<script|NaN|Infinity/)
  })

  test('draws the same points as Plotly: the corners of the line are the data, scaled', async () => {
    const { document } = parseHTML(await parabola.svg())
    const path = document.querySelector('g[stroke="#0072B2"] path')?.getAttribute('d') ?? ''
    const [a, b, c] = corners(path)
    // From (−1, 1) to (0, 0) to (2, 4): pixels are linear in the data, and y grows downwards.
    const across = (b?.[0] ?? 0) - (a?.[0] ?? 0)
    expect((c?.[0] ?? 0) - (b?.[0] ?? 0)).toBeCloseTo(2 * across, 1)
    const down = (b?.[1] ?? 0) - (a?.[1] ?? 0)
    expect((b?.[1] ?? 0) - (c?.[1] ?? 0)).toBeCloseTo(4 * down, 1)
    expect(document.querySelectorAll('g[fill="#D55E00"] path').length).toBe(3)
  })

  test('a value that cannot be drawn is a gap, not a wrong line', async () => {
    const y = [1, Number.NaN, 0.1, -1, 0.01, 0.001]
    const figure = lines({
      title: 't',
      xTitle: 'x',
      yTitle: 'y',
      logY: true,
      series: [{ name: 'a', y }],
    })
    const svg = await figure.svg()
    expect(svg).not.toMatch(/NaN|Infinity/)
    const { document } = parseHTML(svg)
    const path = document.querySelector('g[stroke="#0072B2"] path')?.getAttribute('d') ?? ''
    expect(path.split('M').length - 1).toBe(3)
  })

  test('the labels of very small numbers have an exponent, and are not cut off', async () => {
    const svg = (y: number[]) =>
      lines({ title: 't', xTitle: 'x', yTitle: 'y', series: [{ name: 'f', y }] }).svg()
    expect(await svg([0, -2e-11, 3e-11])).toContain('>−2·10⁻¹¹</text>')
    expect(await svg([0, -0.002, 0.003])).not.toContain('·10')
  })

  test('the labels of a logarithmic axis are powers of ten', async () => {
    const series = [{ name: 'a', y: [1, 1e-5] }]
    const svg = await lines({ title: 't', xTitle: 'x', yTitle: 'y', logY: true, series }).svg()
    for (const label of ['1', '0.1', '0.01', '10⁻³', '10⁻⁴', '10⁻⁵'])
      expect(svg).toContain(`>${label}<`)
  })
})

describe('the legend of a picture', () => {
  test('shows dots and dashes as they are drawn', async () => {
    const { document } = parseHTML(await parabola.svg())
    const [name] = [...document.querySelectorAll('text')].filter((one) =>
      one.textContent.startsWith('half'),
    )
    const sample = name!.previousElementSibling!
    expect([sample.tagName.toLowerCase(), sample.getAttribute('fill')]).toEqual(['path', '#D55E00'])
  })
})

describe('a logarithmic horizontal axis', () => {
  const figure = lines({
    title: 't',
    xTitle: 'size',
    yTitle: 'time (ms)',
    logX: true,
    logY: true,
    series: [{ name: 'a', x: [-1, 1e3, 1e4, 1e6], y: [9, 1, 10, 1000] }],
  })

  test('is told to Plotly and in the text', () => {
    expect([figure.layout.xaxis.type, figure.layout.yaxis.type]).toEqual(['log', 'log'])
    expect(parabola.layout.xaxis.type).toBe('linear')
    expect(String(figure)).toContain('x: size (log scale), -1 to 1000000\n')
  })

  test('draws proportional numbers as a straight line, without the point that has no logarithm', async () => {
    const svg = await figure.svg()
    expect(svg).not.toMatch(/NaN|Infinity/)
    for (const label of ['10³', '10⁴', '10⁵', '10⁶']) expect(svg).toContain(`>${label}<`)
    const { document } = parseHTML(svg)
    const path = document.querySelector('g[stroke="#0072B2"] path')?.getAttribute('d') ?? ''
    const points = corners(path)
    expect(points).toHaveLength(3)
    const slope = (from: number, to: number) =>
      (points[to]![1]! - points[from]![1]!) / (points[to]![0]! - points[from]![0]!)
    expect(slope(0, 1) / slope(1, 2)).toBeCloseTo(1, 2)
  })
})

describe('refusals', () => {
  test('no series', () => {
    expect(() => lines({ title: 't', xTitle: 'x', yTitle: 'y', series: [] })).toThrow(
      new RangeError('lines: series must hold at least one, got none'),
    )
  })

  test('x and y of different length', () => {
    const series = [{ name: 'loss', x: [1, 2, 3], y: [1, 2] }]
    expect(() => lines({ title: 't', xTitle: 'x', yTitle: 'y', series })).toThrow(
      new RangeError('lines: series "loss" needs as many x as y, got 3 and 2'),
    )
  })
})

test('one value everywhere stands in the middle between 0 and twice itself', () => {
  const range = (y: number[], logY = false) =>
    lines({ title: 'rate', xTitle: 'step', yTitle: 'rate', series: [{ name: 'a', y }], logY })
      .layout.yaxis.range
  expect(range([0.003, 0.003])).toEqual([0, 0.006])
  expect(range([-2, -2])).toEqual([-4, 0])
  for (const y of [
    [0, 0],
    [1, 2],
  ])
    expect(range(y)).toBeUndefined()
  expect(range([1, 1], true)).toBeUndefined()
})
