import { reference } from '../backend/reference.js'
import { parameter, tensor } from '../nn/create.js'
import type { Tensor } from '../nn/tensor.js'

/** A point of a path through the valley. */
export interface ValleyPoint {
  step: number
  x: number
  y: number
  loss: number
}

/** Where a walk through the valley begins, and how long it is. */
export interface ValleyWalk {
  start?: readonly [number, number]
  steps?: number
}

/** Second derivatives of f(x, y) = x² + 50·y²: 2 along x, 100 along y. */
const curvatures = [2, 100] as const

/**
 * The largest step of plain gradient descent that does not blow up: 2/λmax, here 0.02. Each step multiplies y by 1 − α·λmax.
 * @example valleyStep() // 0.02
 */
export const valleyStep = (): number => 2 / Math.max(...curvatures)

/**
 * Worked example W5: the walk of an optimizer down f(x, y) = x² + 50·y², a valley 50 times steeper across than along.
 * SGD zigzags, momentum smooths, Adam goes nearly straight.
 * @example const path = await walkValley((params) => sgd(params, { lr: 0.019 }))
 */
export async function walkValley(
  make: (params: Tensor[]) => { step(): void; zeroGrad(): void },
  { start = [-10, 1], steps = 50 }: ValleyWalk = {},
): Promise<ValleyPoint[]> {
  const at = parameter([...start], { name: 'position', on: reference })
  const optimizer = make([at])
  const loss = () =>
    at
      .square()
      .mul(
        tensor(
          curvatures.map((c) => c / 2),
          { on: reference },
        ),
      )
      .sum()
  const path: ValleyPoint[] = []
  for (let step = 0; step <= steps; step++) {
    const value = loss()
    const [x, y] = (await at.data()) as unknown as [number, number]
    path.push({ step, x, y, loss: await value.item() })
    optimizer.zeroGrad()
    value.backward()
    optimizer.step()
  }
  return path
}
