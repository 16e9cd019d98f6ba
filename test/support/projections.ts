import { parameter, type Tensor } from 'downhill'
import { expect, test } from 'vitest'

type Projection = (params: readonly Tensor[], amount: number) => void

/** The weights after it. */
export function projected(
  projection: Projection,
  weights: readonly number[],
  amount: number,
  shape: readonly number[] = [weights.length],
): number[] {
  const w = parameter(weights, { shape })
  projection([w], amount)
  return [...w.dataSync()]
}

/** What holds for all that changes weights in place: frozen ones stay, one given twice is changed once, wrong amounts are refused. */
export function describeProjection(
  name: string,
  projection: Projection,
  amount = 'the amount',
): void {
  test('frozen weights stay, and a parameter that is given twice is changed once', () => {
    const [w, frozen] = [parameter([3]), parameter([3])]
    frozen.requiresGrad = false
    projection([w, frozen, w], 1)
    const [once] = projected(projection, [3], 1)
    expect([w.itemSync(), frozen.itemSync()]).toEqual([once, 3])
  })

  test('what was computed from the old weights keeps its gradient', () => {
    const w = parameter([3])
    const loss = w.square().sum()
    projection([w], 1)
    loss.backward()
    expect(w.grad!.itemSync()).toBe(6)
  })

  test.each([
    [-1, `${name}: ${amount} must be ≥ 0, got -1`],
    [Number.NaN, `${name}: ${amount} must be ≥ 0, got NaN`],
    [1, `${name}: there must be at least one parameter, got none`],
  ])('refuses %s for no parameters', (value, message) => {
    expect(() => projection([], value)).toThrow(new RangeError(message))
  })
}
