import { clipGradNorm, parameter, type Tensor, tensor } from 'downhill'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { expectGolden, type Fixture, goldenCases } from '../support/golden.js'

const withGradients = (grads: readonly (readonly number[])[]): Tensor[] =>
  grads.map((values) => {
    const param = parameter(values.map(() => 0))
    param.grad = tensor(values)
    return param
  })

const gradients = (params: readonly Tensor[]) => params.map((param) => [...param.grad!.dataSync()])

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
      errorIfNonfinite: args.error_if_nonfinite ?? false,
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

test('without any gradient the norm is 0', () => {
  expect(clipGradNorm([parameter(1)], 1).itemSync()).toBe(0)
})

test.each([
  [() => clipGradNorm([], -1), 'clipGradNorm: the limit must be ≥ 0, got -1'],
  [() => clipGradNorm([], Number.NaN), 'clipGradNorm: the limit must be ≥ 0, got NaN'],
  [() => clipGradNorm([], 1, { p: 0 }), 'clipGradNorm: p must be > 0, got 0'],
  [() => clipGradNorm([], 1, { eps: -1 }), 'clipGradNorm: eps must be ≥ 0, got -1'],
])('refuses: %s', (call, message) => {
  expect(call).toThrow(new RangeError(message))
})
