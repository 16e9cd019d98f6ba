import { cosine, type Schedule, sequence, warmupCosine } from 'downhill'
import { expect, test } from 'vitest'
import { Graph } from '../../src/backend/graph.js'
import { elementwise } from '../../src/backend/rule.js'
import { type Hypers, originOf } from '../../src/schedules/origin.js'

/** The operations that each step computes, and the options that the kernel is given. */
function compiled(schedule: Schedule): { operations: string[]; hypers: number[] } {
  const graph = new Graph()
  const hypers: Hypers = {}
  const rate = originOf(schedule)(graph, graph.input(0), hypers)
  const nodes = elementwise([rate]).filter(({ uniform }) => !uniform)
  return { operations: nodes.map(({ op }) => op), hypers: Object.values(hypers) }
}

test('what an option of 0 or 1 switches off costs nothing', () => {
  const plain = compiled(cosine({ peak: 0.1, total: 100 })).operations
  expect(plain).not.toContain('pow')
  expect(plain).not.toContain('?')
  expect(compiled(cosine({ peak: 0.1, total: 100, exponent: 1.5 })).operations).toContain('pow')
  expect(compiled(cosine({ peak: 0.1, total: 100, wave: true })).operations).not.toContain('min')
})

test('parts of one kind keep their own options in one kernel', () => {
  const [first, second] = [cosine({ peak: 0.3, total: 70 }), cosine({ peak: 0.4, total: 90 })]
  const { hypers } = compiled(sequence([first, second], [50]))
  for (const value of [0.3, 70, 0.4, 90, 50]) expect(hypers).toContain(value)
})

test('other numbers of the same schedule are the same kernel', () => {
  const operations = (peak: number, warmup: number) =>
    compiled(warmupCosine({ peak, warmup, total: 1000 })).operations
  expect(operations(0.1, 10)).toEqual(operations(0.5, 99))
})
