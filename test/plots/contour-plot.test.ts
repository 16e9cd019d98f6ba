import { parseHTML } from 'linkedom'
import { describe, expect, test } from 'vitest'
import { contourPlot } from '../../src/plots/contour-plot.js'

const valley = (x: number, y: number): number => x * x + 50 * y * y
const map = { title: 'A valley', x: [-10, 10] as const, y: [-1, 1] as const, levels: [4, 25] }

/** The lines of a trace, parted at its gaps. */
function linesOf({ x, y }: { x: readonly unknown[]; y: readonly unknown[] }): number[][][] {
  const lines: number[][][] = [[]]
  for (const [k, value] of y.entries())
    if (value === null) lines.push([])
    else lines.at(-1)!.push([x[k] as number, value as number])
  return lines.filter((line) => line.length > 0)
}

describe('contours', () => {
  test('each level is one closed line, on which f has that value', () => {
    const [contours] = contourPlot(valley, map).data
    const lines = linesOf(contours!)
    expect(lines.length).toBe(2)
    for (const [k, level] of map.levels.entries()) {
      expect(lines[k]!.at(-1)).toEqual(lines[k]![0])
      for (const [x, y] of lines[k]!) expect(Math.abs(valley(x!, y!) / level - 1)).toBeLessThan(0.1)
    }
  })

  test('lines that the window cuts have two ends on its border; a saddle has two branches', () => {
    const [contours] = contourPlot((x, y) => x * y, { ...map, levels: [1] }).data
    const lines = linesOf(contours!)
    expect(lines.length).toBe(2)
    for (const line of lines)
      for (const [x, y] of [line[0]!, line.at(-1)!])
        expect(Math.max(Math.abs(x! / 10), Math.abs(y!))).toBeCloseTo(1, 9)
  })

  test('a level that f does not reach, and values that are not finite, draw nothing', () => {
    const [contours] = contourPlot(valley, { ...map, levels: [1e6] }).data
    expect(contours!.x).toEqual([])
    expect(contourPlot(() => Number.NaN, map).data[0]!.x).toEqual([])
  })
})

describe('paths', () => {
  const straight = [
    { x: -8, y: 0.5 },
    { x: -4, y: 0.25 },
  ]

  test('are drawn as they are, with a dot for each step', () => {
    const { data, layout } = contourPlot(valley, { ...map, paths: { SGD: straight } })
    expect(data[1]).toMatchObject({
      name: 'SGD',
      mode: 'lines+markers',
      x: [-8, -4],
      y: [0.5, 0.25],
    })
    expect(layout.meta.alt).toBe('A valley: lines of equal value, and the paths of SGD.')
    expect(layout.showlegend).toBe(true)
    expect([layout.xaxis.range, layout.yaxis.range]).toEqual([map.x, map.y])
  })

  test('end at the border that they leave by', () => {
    const [, path] = contourPlot(valley, {
      ...map,
      paths: {
        up: [...straight, { x: -2, y: 2.25 }, { x: 0, y: 0 }],
      },
    }).data
    expect(path!.x).toEqual([-8, -4, -3.25])
    expect(path!.y).toEqual([0.5, 0.25, 1])
  })

  test('that begin outside, or jump to infinity, are shown as far as they go', () => {
    const [, out, wild] = contourPlot(valley, {
      ...map,
      paths: {
        out: [{ x: 99, y: 0 }],
        wild: [...straight, { x: Number.POSITIVE_INFINITY, y: Number.NaN }],
      },
    }).data
    expect(out!.x).toEqual([])
    expect(wild!.x.slice(0, 2)).toEqual([-8, -4])
    expect([...wild!.x, ...wild!.y].every(Number.isFinite)).toBe(true)
  })
})

test('text and picture: contours in words, one grey path with gaps', async () => {
  const figure = contourPlot(valley, { ...map, paths: { SGD: [{ x: -8, y: 0.5 }] } })
  expect(String(figure)).toContain('f = 4, 25: lines of equal value\n')
  const svg = await figure.svg()
  expect(svg).toMatch(/>\u22121\.0<.*>1\.0</s)
  expect(svg).not.toMatch(/NaN|Infinity/)
  const path = parseHTML(svg).document.querySelector('g[stroke="#7A7A7A"] path')
  expect(path?.getAttribute('d')?.split('M').length).toBe(3)
})

test.each([
  [{ levels: [] }, 'contourPlot: levels must hold at least one value of f, got none'],
  [{ x: [1, 1] as const }, 'contourPlot: x must go from a smaller to a larger number, got [1, 1]'],
  [
    { y: [2, -2] as const },
    'contourPlot: y must go from a smaller to a larger number, got [2, -2]',
  ],
])('refuses %j', (change, message) => {
  expect(() => contourPlot(valley, { ...map, ...change })).toThrow(new RangeError(message))
})
