import { expect, test } from 'vitest'
import { useGuide } from '../support/guide.js'

const { notebook, shownBy } = useGuide('speed')

/** The kinds of machine that are there wherever Node runs; a graphics card may be more. */
const everywhere = ['reference', 'simd', 'gpu: webasm', 'gpu: cpu']
const rules = ['AdamW', 'softStep']

interface Trace {
  mode: string
  name: string
  x: number[]
  y: number[]
}
interface Plotted {
  data: Trace[]
  layout: Record<string, { type?: string; alt?: string }>
}
const plotly = 'application/vnd.plotly.v1+json'
const figureOf = (id: string): Plotted => shownBy(id).at(-1)![plotly] as Plotted
const lineTraces = ({ data }: Plotted): Trace[] => data.filter(({ mode }) => mode !== 'none')
const markdownOf = (id: string): string => String(shownBy(id).at(-1)!['text/markdown'])
/** The shortest turns of a machine in the plot: the lower edge of its band, which is drawn from the right. */
function shortest(machine: string): number[] {
  const { y } = figureOf('plot').data.find(({ mode, name }) => mode === 'none' && name === machine)!
  return y.slice(y.length / 2).toReversed()
}
/** What the plot says of a size: the machine with the shortest turn. */
function fastest(column: number): string {
  const all = lineTraces(figureOf('plot')).map(({ name }) => ({
    name,
    ms: shortest(name).at(column)!,
  }))
  return all.toSorted((a, b) => a.ms - b.ms)[0]!.name
}

test('it asks every machine, and tells those that are not here', () => {
  const table = String(shownBy('machines')[0]!['text/plain'])
  for (const name of everywhere) expect(table).toContain(` ${name} `)
  expect(table).toMatch(/gpu:webgpu +(gpu: webgpu|gpu: mode webgpu is not available here)/)
})

test('every machine computes both rules, within the bound', () => {
  const rows = String(shownBy('differences')[0]!['text/plain']).split('\n').slice(2)
  for (const machine of everywhere)
    for (const rule of rules) {
      const [row, ...more] = rows.filter(
        (line) => line.includes(`${machine} `) && line.includes(` ${rule} `),
      )
      expect(more).toEqual([])
      expect(row).toMatch(machine === 'reference' ? / 0 +0\.0 +true$/ : /\de-\d+ +\d+\.\d +true$/)
    }
  expect(rows.filter((line) => !line.endsWith('true'))).toEqual([])
})

test('the plot: step time against size, both logarithmic, a line and a band for each machine', () => {
  const figure = figureOf('plot')
  expect([figure.layout.xaxis!.type, figure.layout.yaxis!.type]).toEqual(['log', 'log'])
  expect(figure.layout.meta!.alt).toContain(`${fastest(-1)} had the shortest turn`)
  const lines = lineTraces(figure)
  expect(lines.map(({ name }) => name)).toEqual(expect.arrayContaining(everywhere))
  for (const { name, x, y } of lines) {
    expect([x[0], x.at(-1), x.length]).toEqual([100, 1e6, y.length])
    const band = figure.data.find((trace) => trace.name === name && trace.mode === 'none')!
    y.forEach((ms, k) => {
      expect(ms).toBeGreaterThan(0)
      expect(band.y[k]).toBe(ms)
      expect(shortest(name)[k]).toBeLessThanOrEqual(ms)
    })
  }
})

test('the second plot is the first divided by the size, and the same for the own rule', () => {
  const machines = lineTraces(figureOf('plot'))
  const traces = lineTraces(figureOf('per-weight'))
  expect(traces.map(({ name }) => name)).toEqual(
    rules.flatMap(() => machines.map(({ name }) => name)),
  )
  machines.forEach(({ name, x }, k) => {
    expect(traces[k]!.y).toEqual(shortest(name).map((ms, at) => (ms * 1e6) / x[at]!))
    expect(traces[k + machines.length]!.y.every((ns) => ns > 0)).toBe(true)
  })
})

test('what it concludes is what it measured', () => {
  expect(markdownOf('conclusion')).toContain(`**${fastest(-1)}** was the fastest machine`)
  expect(markdownOf('conclusion')).toContain(`**${fastest(0)}** had the least overhead`)
  const columns = lineTraces(figureOf('plot'))[0]!.x.keys()
  const wins = [...columns].filter((column) => fastest(column) === 'simd').length
  expect(markdownOf('default')).toContain(`**${wins} of 9** sizes`)
  expect(markdownOf('default')).toContain('within the bound')
  const verdicts = markdownOf('held-up').split('\n').slice(2)
  expect(verdicts).toHaveLength(everywhere.length)
  for (const verdict of verdicts)
    expect(verdict).toMatch(/^- \*\*.+\*\* is held up by (memory|computing|both): .* at \d+ % of/)
  expect(markdownOf('measure')).toMatch(/^In \d+ of \d+ measurements /)
})

test('it fails nowhere, leaves the default as it was, and its text has no time of its own', () => {
  expect(notebook.cells.filter(({ metadata }) => metadata.tags !== undefined)).toEqual([])
  expect(shownBy('back')).toEqual([{ 'text/plain': "'simd'" }])
  const text = notebook.cells.filter(({ cell_type }) => cell_type === 'markdown')
  for (const { source } of text) expect(source).not.toMatch(/\d (ms|µs|ns|times)\b/)
})
