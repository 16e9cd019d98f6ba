import { expect, test } from 'vitest'
import { descentPlot } from '../../src/plots/descent-plot.js'

const path = [2, 1.5, 1.75]

test('where the parameter is: step 0 is the start', () => {
  const [trace] = descentPlot({ SGD: path }).data
  expect(trace).toMatchObject({ name: 'SGD', x: [0, 1, 2], y: [2, 1.5, 1.75] })
})

test('how far each step went, whatever its sign', () => {
  const figure = descentPlot({ SGD: path }, { show: 'step size' })
  expect(figure.data[0]).toMatchObject({ x: [1, 2], y: [0.5, 0.25] })
  expect(figure.layout.yaxis.title.text).toBe('|Δx|')
})

test('refuses a path without a step', () => {
  expect(() => descentPlot({ SGD: [2] })).toThrow(
    new RangeError('descentPlot: path "SGD" needs a start and a step, got 1 values'),
  )
})
