import type { Layer } from '../nn/layer.js'
import type { Tensor } from '../nn/tensor.js'

/** What is trained: a layer (`sequential(…)`), or anything with the same methods. */
export type Model = ((x: Tensor) => Tensor) &
  Pick<Layer, 'training' | 'parameters' | 'train' | 'evaluate' | 'stateDict' | 'loadStateDict'>

/** Gives a model back in the mode that it was in, whatever `measure` does. */
export async function inEvaluation<Result>(
  model: Model,
  measure: () => Result | Promise<Result>,
): Promise<Result> {
  const { training } = model
  model.evaluate()
  try {
    return await measure()
  } finally {
    if (training) model.train()
  }
}

/** Refuses what is no model: a parameter list, a class … */
export function checkModel(owner: string, model: Model): void {
  const needed = ['parameters', 'train', 'evaluate', 'stateDict', 'loadStateDict'] as const
  const missing = needed.find((name) => typeof model?.[name] !== 'function')
  if (typeof model !== 'function' || missing)
    throw new TypeError(
      `${owner}: the model must be a layer, such as sequential(linear(64, 32), relu(), linear(32, 10)); got ${typeof model}${missing ? ` without ${missing}()` : ''}`,
    )
}
