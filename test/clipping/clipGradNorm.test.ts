import { adam, clipGradNorm, clipHistory, parameter, type Tensor, tensor } from 'downhill'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { expectGolden, type Fixture, fixtures, goldenCases } from '../support/golden.js'
import { gradients, withGradients } from '../support/gradients.js'

const norm = (values: readonly number[]) => Math.hypot(...values)

test.each(goldenCases('clipping', 'clipping/clipGradNorm'))('$impl: $id', (fixture) => {
  const grads = fixture.grads as number[][]
  const args = fixture.args as {
    max_norm: number
    norm_type?: number
    error_if_nonfinite?: boolean
  }
  const params = withGradients(grads)
  const clip = () =>
    clipGradNorm(params, args.max_norm, {
      eps: fixture.impl === 'optax.clip_by_global_norm' ? 0 : 1e-6,
      p: args.norm_type ?? 2,
      nonFinite: args.error_if_nonfinite ? 'raise' : 'pass',
    })
  if (fixture.error) {
    expect(clip).toThrow(
      /^clipGradNorm: the norm of order 2 must be finite, got (NaN|Infinity); no gradient was changed$/,
    )
    expect(gradients(params)).toEqual(grads)
    return
  }
  const total = clip().itemSync()
  if (fixture.total_norm !== undefined)
    expectGolden(total, fixture.total_norm as number, fixture.tol, `${fixture.id}, norm`)
  expectClipped(params, fixture.clipped as number[][], fixture)
})

function expectClipped(params: Tensor[], theirs: number[][], { id, tol }: Fixture): void {
  for (const [i, values] of gradients(params).entries())
    expectGolden(values, theirs[i]!, tol, `${id}, gradient ${i}`)
}

describe('worked by hand', () => {
  const cases = goldenCases('worked_examples', 'clipping/clipGradNorm')
  const rules = [1e-6, 0].flatMap((eps) =>
    cases.map((fixture) => ({ id: fixture.id, eps, fixture })),
  )
  test.each(rules)('$id with eps $eps', ({ eps, fixture }) => {
    const params = withGradients([fixture.grad as number[]])
    const total = clipGradNorm(params, fixture.max_norm as number, { eps })
    expectGolden(total.itemSync(), fixture.total_norm as number, fixture.tol, 'norm')
    expectClipped(
      params,
      [fixture[eps === 0 ? 'clipped_optax' : 'clipped_torch'] as number[]],
      fixture,
    )
  })

  test('[6, −8, 3, −4, 2] to norm 5', () => {
    const [x] = withGradients([[6, -8, 3, -4, 2]])
    expect(clipGradNorm([x!], 5).itemSync()).toBeCloseTo(Math.sqrt(129), 12)
    expect(gradients([x!])[0]!.map((value) => value.toFixed(4))).toEqual([
      '2.6414',
      '-3.5218',
      '1.3207',
      '-1.7609',
      '0.8805',
    ])
  })
})

describe('laws', () => {
  const vector = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), {
    minLength: 1,
    maxLength: 8,
  })

  test('the norm never rises, and is at most the limit', () => {
    fc.assert(
      fc.property(
        fc.array(vector, { minLength: 1, maxLength: 4 }),
        fc.double({ min: 1e-3, max: 1e3, noNaN: true }),
        (grads, limit) => {
          const params = withGradients(grads)
          clipGradNorm(params, limit)
          const after = norm(gradients(params).flat())
          expect(after).toBeLessThanOrEqual(norm(grads.flat()) * (1 + 1e-12))
          expect(after).toBeLessThanOrEqual(limit * (1 + 1e-12))
        },
      ),
    )
  })

  test('below the limit no gradient changes', () => {
    fc.assert(
      fc.property(fc.array(vector, { minLength: 1, maxLength: 4 }), (grads) => {
        const params = withGradients(grads)
        clipGradNorm(params, norm(grads.flat()) * (1 + 1e-12) + 1e-6)
        expect(gradients(params)).toEqual(grads)
      }),
    )
  })

  test('the order of the parameters changes nothing, and one that is given twice counts once', () => {
    fc.assert(
      fc.property(fc.array(vector, { minLength: 2, maxLength: 4 }), (grads) => {
        const [one, two] = [withGradients(grads), withGradients(grads)]
        const norms = [
          clipGradNorm(one, 1).itemSync(),
          clipGradNorm([...two].reverse().concat(two[0]!), 1).itemSync(),
        ]
        expectGolden(norms[0]!, norms[1]!, 1e-14, 'norm')
        expectGolden(gradients(one).flat(), gradients(two).flat(), 1e-14, 'gradients')
      }),
    )
  })

  test('a change of scale changes nothing but the norm, over the whole range of numbers', () => {
    const orders = fc.constantFrom(0.5, 1, 2, 3, 2000, Number.POSITIVE_INFINITY)
    const size = fc.double({ min: 0.01, max: 8, noNaN: true })
    const value = fc.oneof(
      fc.constant(0),
      size,
      size.map((x) => -x),
    )
    const values = fc.array(value, { minLength: 1, maxLength: 8 })
    fc.assert(
      fc.property(values, orders, fc.integer({ min: -900, max: 900 }), (grad, p, exponent) => {
        const factor = 2 ** exponent
        const [plain, scaled] = [
          withGradients([grad]),
          withGradients([grad.map((x) => x * factor)]),
        ]
        const expected = clipGradNorm(plain, 0.5, { p, eps: 0 }).itemSync()
        const got = clipGradNorm(scaled, 0.5 * factor, { p, eps: 0 }).itemSync()
        expectGolden(got / factor, expected, 1e-12, 'norm')
        expectGolden(
          gradients(scaled)[0]!.map((x) => x / factor),
          gradients(plain)[0]!,
          1e-12,
          'gradients',
        )
      }),
    )
  })

  test('the direction stays', () => {
    fc.assert(
      fc.property(vector, fc.double({ min: 1e-3, max: 1e3, noNaN: true }), (grad, limit) => {
        fc.pre(norm(grad) > 1e-3)
        const params = withGradients([grad])
        clipGradNorm(params, limit)
        const [after] = gradients(params)
        const scale = norm(after!) / norm(grad)
        for (const [k, value] of grad.entries())
          expect(Math.abs(after![k]! - value * scale)).toBeLessThanOrEqual(
            1e-12 * Math.max(1, norm(after!)),
          )
      }),
    )
  })

  test('cutting the gradients into other tensors changes nothing', () => {
    fc.assert(
      fc.property(vector, vector, (a, b) => {
        const [two, one] = [withGradients([a, b]), withGradients([[...a, ...b]])]
        const norms = [two, one].map((params) => clipGradNorm(params, 1).itemSync())
        expect(norms[0]).toBeCloseTo(norms[1]!, 6)
        expectGolden(gradients(two).flat(), gradients(one)[0]!, 1e-12, 'gradients')
      }),
    )
  })
})

test('gradients of 1e200 are clipped, where PyTorch overflows to zeros', () => {
  const huge = fixtures('clipping').cases.find(({ id }) => id === 'huge')!
  const grads = huge.grads as number[][]
  expect([huge.total_norm, ...(huge.clipped as number[][]).flat().map(Math.abs)]).toEqual([
    Number.POSITIVE_INFINITY,
    ...grads.flat().map(() => 0),
  ])
  const params = withGradients(grads)
  const truth = norm(grads.flat())
  expectGolden(clipGradNorm(params, 1).itemSync() / truth, 1, 1e-14, 'norm')
  const clipped = gradients(params).flat()
  expectGolden(
    clipped,
    grads.flat().map((g) => g / truth),
    1e-14,
    'gradients',
  )
  expectGolden(norm(clipped), 1, 1e-14, 'norm after')
})

test('gradients of 1e-200 keep their norm, where the sum of squares vanishes', () => {
  const params = withGradients([[3e-200, 4e-200]])
  expect(clipGradNorm(params, 1e-200, { eps: 0 }).itemSync()).toBeCloseTo(5e-200, 210)
  expectGolden(
    gradients(params)[0]!.map((g) => g / 1e-200),
    [0.6, 0.8],
    1e-12,
    'gradients',
  )
})

describe('gradients that are not finite', () => {
  const { NaN: nan, POSITIVE_INFINITY: inf } = Number
  const bad = [
    [[1, nan], [2]],
    [[inf, 1], [2]],
    [[1, 1], [-inf]],
    [[nan, inf], [nan]],
  ]

  test.each(bad)(
    'skip: the next step leaves parameters, state and t alone: %j, %j',
    async (...grads) => {
      const params = grads.map((values) => parameter(values.map(() => 1)))
      const optimizer = adam(params, { lr: 0.1 })
      const history = clipHistory()
      const step = (gradient: number[][]) => {
        for (const [k, param] of params.entries()) param.grad = tensor(gradient[k]!)
        const total = clipGradNorm(params, 1, { nonFinite: 'skip', history })
        optimizer.step()
        return total.itemSync()
      }
      const known = async () =>
        JSON.stringify([params.map((p) => [...p.dataSync()]), (await optimizer.stateDict()).params])
      step([[3, 4], [12]])
      const before = await known()
      expect(step(grads)).not.toBeLessThan(inf)
      expect(await known()).toBe(before)
      expect(params.map(({ grad }) => grad)).toEqual([null, null])
      expect(step([[0.1, 0.1], [0.1]])).toBeLessThan(1)
      expect(await known()).not.toBe(before)
      expect(await history.counts()).toEqual({ calls: 3, clipped: 1, nonFinite: 1 })
    },
  )

  test.each(bad)('raise: no gradient is touched, and it is counted: %j, %j', async (...grads) => {
    const params = withGradients(grads)
    const history = clipHistory()
    expect(() => clipGradNorm(params, 1, { nonFinite: 'raise', history })).toThrow(RangeError)
    expect(gradients(params)).toEqual(grads)
    expect(await history.counts()).toEqual({ calls: 1, clipped: 0, nonFinite: 1 })
  })

  test.each([
    [
      [[3, nan], [4]],
      [[3, 0], [4]],
    ],
    [
      [
        [3, inf],
        [-4, -inf],
      ],
      [
        [3, 4],
        [-4, -4],
      ],
    ],
    [
      [[nan, -inf], [0]],
      [[0, -1], [0]],
    ],
    [
      [[nan], [nan]],
      [[0], [0]],
    ],
  ])('clip: NaN becomes 0, ±∞ the largest finite: %j', async (grads, repaired) => {
    const history = clipHistory()
    const [params, expected] = [withGradients(grads), withGradients(repaired)]
    const total = clipGradNorm(params, 1, { nonFinite: 'clip', history }).itemSync()
    expect(total).toBe(clipGradNorm(expected, 1).itemSync())
    expect(gradients(params)).toEqual(gradients(expected))
    const clipped = Number(norm(repaired.flat()) + 1e-6 > 1)
    expect(await history.counts()).toEqual({ calls: 1, clipped, nonFinite: 1 })
  })

  test('finite gradients are clipped alike by all four', () => {
    for (const nonFinite of ['pass', 'skip', 'raise', 'clip'] as const) {
      const params = withGradients([[3], [4]])
      expect(clipGradNorm(params, 1, { eps: 0, nonFinite }).itemSync()).toBe(5)
      expectGolden(gradients(params).flat(), [0.6, 0.8], 1e-15, nonFinite)
    }
  })
})

test('without any gradient the norm is 0', () => {
  expect(clipGradNorm([parameter(1)], 1).itemSync()).toBe(0)
})

test('a limit of 0 makes every gradient 0, also zeros without ε', () => {
  const params = withGradients([[0, 0]])
  clipGradNorm(params, 0, { eps: 0 })
  expect(gradients(params)).toEqual([[0, 0]])
})

test('an infinite limit measures the norm and scales nothing', async () => {
  for (const grads of [[[3, 0], [4]], [[3, Number.NaN], [4]], [[1 / 0]]]) {
    const params = withGradients(grads)
    const history = clipHistory()
    const total = clipGradNorm(params, Number.POSITIVE_INFINITY, { history }).itemSync()
    expect(total).toBe(Math.sqrt(grads.flat().reduce((sum, g) => sum + g * g, 0)))
    expect(gradients(params)).toEqual(grads)
    const nonFinite = Number(!Number.isFinite(total))
    expect(await history.counts()).toEqual({ calls: 1, clipped: 0, nonFinite })
  }
  const [repaired] = withGradients([[1 / 0, 2]])
  clipGradNorm([repaired!], Number.POSITIVE_INFINITY, { nonFinite: 'clip' })
  expect(gradients([repaired!])).toEqual([[2, 2]])
})

test('tensors without elements count as 0', () => {
  for (const p of [0.5, 1, 2, 3, Number.POSITIVE_INFINITY]) {
    const params = withGradients([[], [3, -4]])
    clipGradNorm(params, 1, { p, eps: 0 })
    expect(gradients(params)[0]).toEqual([])
    expect(clipGradNorm(params, 1, { p, eps: 0 }).itemSync()).toBeCloseTo(1, 12)
    expect(clipGradNorm(params.slice(0, 1), 1, { p }).itemSync()).toBe(0)
  }
})

test.each([
  [() => clipGradNorm([], -1), 'clipGradNorm: the limit must be ≥ 0, got -1'],
  [() => clipGradNorm([], Number.NaN), 'clipGradNorm: the limit must be ≥ 0, got NaN'],
  [() => clipGradNorm([], 1, { p: 0 }), 'clipGradNorm: p must be > 0, got 0'],
  [() => clipGradNorm([], 1, { p: Number.NaN }), 'clipGradNorm: p must be > 0, got NaN'],
  [() => clipGradNorm([], 1, { eps: -1 }), 'clipGradNorm: eps must be ≥ 0, got -1'],
  [
    () => clipGradNorm([], 1, { nonFinite: 'zero' as never }),
    'clipGradNorm: nonFinite must be "pass" or "skip" or "raise" or "clip", got "zero"',
  ],
  [() => clipGradNorm([], 1), 'clipGradNorm: there must be at least one parameter, got none'],
])('refuses: %s', (call, message) => {
  expect(call).toThrow(new RangeError(message))
})

test('refuses what is no parameter', () => {
  expect(() => clipGradNorm([3 as never], 1)).toThrow(
    new TypeError('clipGradNorm: expected parameters, got number; make them with parameter(…)'),
  )
})

test('refuses an option that there is not, which would silently do nothing', () => {
  expect(() => clipGradNorm([], 1, { normType: 1 } as object)).toThrow(
    new TypeError(
      'clipGradNorm: there is no option "normType"; it takes eps, p, nonFinite, history',
    ),
  )
  expect(() => clipGradNorm([], 1, Number.POSITIVE_INFINITY as never)).toThrow(
    'clipGradNorm: options must be an object, such as { eps: … }, got Infinity',
  )
})
