import { parameter, type Tensor } from 'downhill'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { expectGolden, type Fixture } from './golden.js'

interface Matrix {
  shape: number[]
  data: number[]
}

type Penalty = (params: readonly Tensor[], strength: number) => Tensor

/** Holds value and gradient of a penalty against the fixture's. */
export function expectPenalty(fixture: Fixture, penalty: (w: Tensor) => Tensor): void {
  const { shape, data } = (fixture.w ?? fixture.logits) as Matrix
  const w = parameter(data, { shape })
  const value = penalty(w)
  value.backward()
  expect(value.shape).toEqual([])
  expectGolden(value.itemSync(), fixture.penalty as number, fixture.tol, `${fixture.id}, penalty`)
  const { data: theirs } = fixture.grad as Matrix
  expectGolden(w.grad!.dataSync(), theirs, fixture.tol, `${fixture.id}, gradient`)
}

export const numbers = (length: number): fc.Arbitrary<number[]> =>
  fc.array(fc.double({ min: -100, max: 100, noNaN: true }), {
    minLength: length,
    maxLength: length,
  })

function worth(penalty: Penalty, values: number[][], shape?: number[]) {
  const params = values.map((value) => parameter(value, shape ? { shape } : {}))
  const total = penalty(params, 0.3)
  total.backward()
  return { total: total.itemSync(), slopes: params.map(({ grad }) => [...grad!.dataSync()]) }
}

/** What holds for every penalty of weights: its sign, its zero, the order of parameters, and what it refuses. */
export function describePenalty(name: string, penalty: Penalty, shape: number[]): void {
  const size = shape.reduce((product, n) => product * n, 1)

  test('the order of the parameters changes nothing; strengths and parameters add up', () => {
    fc.assert(
      fc.property(numbers(size), numbers(size), (a, b) => {
        const [both, turned] = [
          [a, b],
          [b, a],
        ].map((values) => worth(penalty, values, shape))
        const [one, two] = [[a], [b]].map((values) => worth(penalty, values, shape))
        expectGolden(both!.total, turned!.total, 1e-12, 'penalty')
        expectGolden(both!.total, one!.total + two!.total, 1e-12, 'penalty')
        expect(both!.slopes).toEqual([...turned!.slopes].reverse())
        expect(both!.total).toBeGreaterThanOrEqual(0)
        const w = parameter(a, { shape })
        expectGolden(penalty([w], 0.6).itemSync(), 2 * one!.total, 1e-12, 'twice the strength')
        expect(penalty([w, w], 0.3).itemSync()).toBe(one!.total)
      }),
      { numRuns: 20 },
    )
  })

  test('a frozen parameter counts, but gets no gradient', () => {
    const [w, frozen] = [
      parameter(new Array(size).fill(1), { shape }),
      parameter(new Array(size).fill(1), { shape }),
    ]
    frozen.requiresGrad = false
    penalty([w, frozen], 1).backward()
    expect([w.grad === null, frozen.grad]).toEqual([false, null])
  })

  test.each([
    [-1, 'must be ≥ 0, got -1'],
    [Number.NaN, 'must be ≥ 0, got NaN'],
    [Number.POSITIVE_INFINITY, 'must be finite, got Infinity'],
  ])('refuses a strength of %s', (strength, rule) => {
    expect(() => penalty([], strength)).toThrow(new RangeError(`${name}: the strength ${rule}`))
  })

  test('refuses a list without parameters', () => {
    expect(() => penalty([], 1)).toThrow(
      new RangeError(`${name}: there must be at least one parameter, got none`),
    )
  })
}

/** Zeros cost nothing and have no slope. */
export function expectNothingAtZero(penalty: Penalty, shape: number[]): void {
  const size = shape.reduce((product, n) => product * n, 1)
  const { total, slopes } = worth(penalty, [new Array(size).fill(0)], shape)
  expect([total, ...slopes[0]!.map(Math.abs)]).toEqual(new Array(size + 1).fill(0))
}
