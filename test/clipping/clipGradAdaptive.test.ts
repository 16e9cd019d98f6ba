import { clipGradAdaptive, parameter, type Tensor, tensor, type Units } from 'downhill'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { expectGolden, goldenCases } from '../support/golden.js'
import { gradients } from '../support/gradients.js'

function prepared(shapes: number[][], params: number[][], grads: number[][]): Tensor[] {
  return params.map((values, i) => {
    const param = parameter(values, { shape: shapes[i]! })
    param.grad = tensor(grads[i]!, { shape: shapes[i]! })
    return param
  })
}

test.each(goldenCases('clipping', 'clipping/clipGradAdaptive'))('$impl: $id', (fixture) => {
  const { clipping, clip_factor, eps } = fixture.args as Record<string, number>
  const shapes = fixture.shapes as number[][]
  const params = prepared(shapes, fixture.params as number[][], fixture.grads as number[][])
  const units: Units = fixture.impl === 'timm.utils.adaptive_clip_grad' ? 'rows' : 'columns'
  clipGradAdaptive(params, clipping ?? clip_factor, { eps: eps!, units })
  for (const [i, theirs] of (fixture.clipped as number[][]).entries())
    expectGolden(gradients(params)[i]!, theirs, fixture.tol, `${fixture.id}, gradient ${i}`)
})

describe('laws', () => {
  const value = fc.double({ min: -1e6, max: 1e6, noNaN: true })
  const matrix = fc.array(value, { minLength: 6, maxLength: 6 })
  const ratios = fc.double({ min: 1e-3, max: 2, noNaN: true })
  const norm = (values: readonly number[]) => Math.hypot(...values)
  const rows = (values: readonly number[]) => [values.slice(0, 3), values.slice(3)]

  test('a row keeps its direction, and its norm neither rises nor passes its share', () => {
    fc.assert(
      fc.property(matrix, matrix, ratios, (weights, grads, ratio) => {
        const params = prepared([[2, 3]], [weights], [grads])
        clipGradAdaptive(params, ratio)
        for (const [k, after] of rows(gradients(params)[0]!).entries()) {
          const [before, limit] = [rows(grads)[k]!, ratio * Math.max(norm(rows(weights)[k]!), 1e-3)]
          expect(norm(after)).toBeLessThanOrEqual(Math.min(limit, norm(before)) * (1 + 1e-12))
          if (norm(before) < limit * (1 - 1e-12)) expect(after).toEqual(before)
          const scale = norm(before) && norm(after) / norm(before)
          for (const [i, g] of before.entries())
            expect(Math.abs(after[i]! - g * scale)).toBeLessThanOrEqual(1e-12 * limit)
        }
      }),
    )
  })

  test('columns of a matrix are rows of the transposed one; one row is the vector', () => {
    const turned = (values: readonly number[]) =>
      [0, 1, 2].flatMap((j) => [values[j]!, values[j + 3]!])
    fc.assert(
      fc.property(matrix, matrix, ratios, (weights, grads, ratio) => {
        const plain = prepared([[2, 3]], [weights], [grads])
        const transposed = prepared([[3, 2]], [turned(weights)], [turned(grads)])
        clipGradAdaptive(plain, ratio)
        clipGradAdaptive(transposed, ratio, { units: 'columns' })
        expect(gradients(transposed)[0]).toEqual(turned(gradients(plain)[0]!))
        const [vector, row] = [[6], [1, 6]].map((shape) => prepared([shape], [weights], [grads]))
        clipGradAdaptive(vector!, ratio)
        clipGradAdaptive(row!, ratio)
        expect(gradients(row!)).toEqual(gradients(vector!))
      }),
    )
  })
})

test('columns of three dimensions are all that has the same last two indices, as in Optax', () => {
  const grads = [1, 2, 3, 4, 50, 60, 70, 80]
  const [cube, matrix] = [
    [2, 2, 2],
    [2, 4],
  ].map((shape) => prepared([shape], [grads.map(() => 1)], [grads]))
  for (const params of [cube!, matrix!]) clipGradAdaptive(params, 0.1, { units: 'columns' })
  expect(gradients(cube!)).toEqual(gradients(matrix!))
})

test('a gradient below 1e-6 is divided by 1e-6, as both libraries do', () => {
  const params = prepared([[1]], [[0]], [[1e-7]])
  clipGradAdaptive(params, 1e-5)
  expectGolden(gradients(params)[0]![0]! / 1e-9, 1, 1e-12, 'gradient')
})

test('gradients of 1e200 are clipped too', () => {
  const params = prepared([[1, 2]], [[3, 4]], [[3e200, 4e200]])
  clipGradAdaptive(params, 0.1)
  expectGolden(gradients(params)[0]!, [0.3, 0.4], 1e-15, 'gradient')
})

test.each([
  [() => clipGradAdaptive([], -1), 'clipGradAdaptive: the ratio must be ≥ 0, got -1'],
  [() => clipGradAdaptive([], Number.NaN), 'clipGradAdaptive: the ratio must be ≥ 0, got NaN'],
  [() => clipGradAdaptive([], 1, { eps: 0 }), 'clipGradAdaptive: eps must be > 0, got 0'],
  [
    () => clipGradAdaptive([], 1, { units: 'cells' as never }),
    'clipGradAdaptive: units must be "rows" or "columns", got "cells"',
  ],
  [() => clipGradAdaptive([]), 'clipGradAdaptive: there must be at least one parameter, got none'],
])('refuses: %s', (call, message) => {
  expect(call).toThrow(new RangeError(message))
})

test('refuses an option that there is not', () => {
  expect(() => clipGradAdaptive([], 1, { unit: 'rows' } as object)).toThrow(
    new TypeError('clipGradAdaptive: there is no option "unit"; it takes eps, units'),
  )
})
