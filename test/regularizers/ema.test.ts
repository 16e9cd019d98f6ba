import { ema, parameter } from 'downhill'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { averagesOf, describeAverage, expectAveragedModel, move } from '../support/averages.js'
import { expectGolden, type Fixture, goldenCases } from '../support/golden.js'
import { numbers } from '../support/penalties.js'

const cases = goldenCases('averaging', 'regularizers/ema')

test.each(cases.filter(({ impl }) => impl.startsWith('torch')))('$impl: $id', (fixture) => {
  const { decay, start, every } = fixture.args as Record<string, number>
  expectAveragedModel(
    fixture,
    (params) => ema(params, { decay: decay!, start: start!, every: every! }),
    start === 0,
  )
})

const optionsOf = ({ args }: Fixture) => {
  const { decay, debias, step_size } = args as {
    decay?: number
    debias: boolean
    step_size: number
  }
  return decay === undefined
    ? { decay: 1 - step_size }
    : ({ decay, initial: 'zero', biasCorrection: debias } as const)
}

test.each(cases.filter(({ impl }) => impl.startsWith('optax')))('$impl: $id', (fixture) => {
  const { inputs, outputs } = fixture as unknown as { inputs: number[][]; outputs: number[][] }
  const w = parameter(inputs[0]!)
  const average = ema([w], optionsOf(fixture))
  const theirs = [...outputs]
  // incremental_update starts from the first input: our first update copies it.
  if (outputs.length < inputs.length) theirs.unshift(inputs[0]!)
  for (const [t, values] of inputs.entries()) {
    move(w, values)
    average.update()
    expectGolden(averagesOf(average, [w])[0]!, theirs[t]!, fixture.tol, `${fixture.id}, ${t}`)
  }
})

describeAverage('ema', ema)

test('from zero it shows the weights it was made with before the first update, too', () => {
  const w = parameter([1, 2])
  const average = ema([w], { initial: 'zero' })
  move(w, [3, 4])
  expect(averagesOf(average, [w])).toEqual([[1, 2]])
})

describe('laws', () => {
  const decays = fc.double({ min: 0, max: 0.9999, noNaN: true })
  const walks = fc.array(numbers(3), { minLength: 1, maxLength: 9 })

  test.each(['weights', 'zero'] as const)(
    'from %s it stays in the hull of the weights',
    (initial) => {
      fc.assert(
        fc.property(walks, decays, (walk, decay) => {
          const w = parameter(walk[0]!)
          const average = ema([w], { decay, initial })
          for (const values of walk) {
            move(w, values)
            average.update()
          }
          for (const [i, value] of averagesOf(average, [w])[0]!.entries()) {
            const column = walk.map((values) => values[i]!)
            const slack = 1e-11 * Math.max(1, ...column.map(Math.abs))
            expect(value).toBeGreaterThanOrEqual(Math.min(...column) - slack)
            expect(value).toBeLessThanOrEqual(Math.max(...column) + slack)
          }
        }),
      )
    },
  )

  test('of weights that stand still it is the weights; decay 0 is the last', () => {
    fc.assert(
      fc.property(numbers(3), walks, (start, walk) => {
        const [still, last] = [parameter(start), parameter(start)]
        const averages = [ema([still], { initial: 'zero' }), ema([last], { decay: 0 })]
        for (const values of walk) {
          move(last, values)
          for (const average of averages) average.update()
        }
        expectGolden(averagesOf(averages[0]!, [still])[0]!, start, 1e-11, 'still')
        expectGolden(averagesOf(averages[1]!, [last])[0]!, walk.at(-1)!, 0, 'last')
      }),
    )
  })
})

test.each([
  [{ decay: 1 }, 'ema: decay must be in [0, 1), got 1'],
  [{ decay: Number.NaN }, 'ema: decay must be in [0, 1), got NaN'],
  [{ initial: 'ones' as never }, 'ema: initial must be "weights" or "zero", got "ones"'],
])('refuses %j', (options, message) => {
  expect(() => ema([], options)).toThrow(new RangeError(message))
})
