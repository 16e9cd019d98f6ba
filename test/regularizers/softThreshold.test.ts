import { l2Penalty, parameter, sgd, softThreshold, type Tensor } from 'downhill'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { expectGolden, type Fixture, goldenCases } from '../support/golden.js'
import { describeProjection, projected } from '../support/projections.js'
import { type Regression, regressionOf, valuesOf, weightsOf } from '../support/regression.js'

const cases = goldenCases('regularizers', 'regularizers/softThreshold')

test.each(cases.filter(({ id }) => id === 'soft_threshold'))('$impl: $id', (fixture) => {
  const { lambd } = fixture.args as { lambd: number }
  const { data } = fixture.w as { data: number[] }
  const { data: theirs } = fixture.result as { data: number[] }
  expectGolden(projected(softThreshold, data, lambd), theirs, fixture.tol, fixture.id)
})

describeProjection('softThreshold', softThreshold)

test('is the prox of the lasso: nothing lowers ½·(x − w)² + a·|x| any more', () => {
  const weight = fc.double({ min: -10, max: 10, noNaN: true })
  const amounts = fc.double({ min: 0, max: 5, noNaN: true })
  fc.assert(
    fc.property(weight, amounts, weight, (w, amount, other) => {
      const cost = (x: number) => 0.5 * (x - w) ** 2 + amount * Math.abs(x)
      const [x] = projected(softThreshold, [w], amount)
      expect(cost(x!)).toBeLessThanOrEqual(cost(other) + 1e-12)
      for (const near of [x! - 1e-4, x! + 1e-4])
        expect(cost(x!)).toBeLessThanOrEqual(cost(near) + 1e-12)
    }),
  )
})

const momentum = 0.5

/** Gradient descent on `smooth`, each step followed by `after`, until nothing moves. */
function descend(
  params: readonly Tensor[],
  lr: number,
  smooth: () => Tensor,
  after: () => void,
): void {
  const optimizer = sgd([...params], { lr, momentum })
  for (let step = 0; step < 400; step++) {
    optimizer.zeroGrad()
    smooth().backward()
    optimizer.step()
    after()
  }
}

interface Optimum {
  coef: number[]
  intercept: number
}

type Models = Record<'ridge' | 'lasso' | 'elastic_net', Optimum> & { alpha: number }

describe.each(cases.filter(({ id }) => id === 'linear_regression_path'))(
  '$impl: $id',
  (fixture) => {
    const regression = regressionOf(fixture)
    const { l1_ratio } = fixture.args as { l1_ratio: number }

    test.each(fixture.path as Models[])('alpha $alpha', ({ alpha, ridge, lasso, elastic_net }) => {
      const half = 1 / (2 * regression.rows)
      expectOptimum(regression, fixture, ridge, { fit: 1, l2: alpha, l1: 0 })
      expectOptimum(regression, fixture, lasso, { fit: half, l2: 0, l1: alpha })
      const l2 = (alpha * (1 - l1_ratio)) / 2
      expectOptimum(regression, fixture, elastic_net, { fit: half, l2, l1: alpha * l1_ratio })
    })

    test('without a penalty', () => {
      expectOptimum(regression, fixture, fixture.ols as Optimum, { fit: 1, l2: 0, l1: 0 })
    })
  },
)

/** The minimum of fit·‖Xw + b − y‖² + l2·‖w‖² + l1·|w|₁ by proximal gradient; exact zeros must be zeros. */
function expectOptimum(
  { squares, residual }: Regression,
  { id, tol }: Fixture,
  { coef, intercept }: Optimum,
  { fit, l2, l1 }: { fit: number; l2: number; l1: number },
): void {
  const [w, b] = [weightsOf(coef.map(() => 0)), parameter(0)]
  const lr = 0.7 / (fit * squares + 2 * l2)
  const smooth = () => {
    const loss = residual(w, b).square().sum().mul(fit)
    return l2 > 0 ? loss.add(l2Penalty(w, l2, { factor: 1 })) : loss
  }
  descend([...w, b], lr, smooth, () => {
    if (l1 > 0) softThreshold(w, (lr * l1) / (1 - momentum))
  })
  expectGolden(valuesOf(w), coef, tol, `${id}, coefficients`)
  expectGolden(b.itemSync(), intercept, tol, `${id}, intercept`)
  if (l1 > 0) expect(valuesOf(w).map((x) => x === 0)).toEqual(coef.map((x) => x === 0))
}
