import type { DeviceArray } from '../backend/backend.js'
import { isHeld } from './held.js'
import type { Tensor } from './tensor.js'

/** What was made since a `noGrad` began, by the innermost. */
let made: Set<Tensor> | undefined

/** False inside `noGrad`: results do not remember what they came from. */
export const isRecording = (): boolean => made === undefined

/** To be called with each tensor that an operation makes. */
export const noteMade = (tensor: Tensor): void => {
  made?.add(tensor)
}

/**
 * Says that nobody but a graph can use a tensor again: what lies between two layers of a model. Its array is freed, now or together with the graph.
 */
export function discard(tensor: Tensor): void {
  made?.delete(tensor)
  if (isHeld(tensor.array)) tensor.discarded = true
  else tensor.backend.release(tensor.array)
}

/** The arrays of the tensors in a result: itself, or in its lists and plain objects, however deep. */
function arraysIn(value: unknown, isTensor: (value: object) => value is Tensor): Set<DeviceArray> {
  const found = new Set<DeviceArray>()
  const seen = new Set<object>()
  const visit = (one: unknown): void => {
    if (typeof one !== 'object' || one === null || seen.has(one)) return
    seen.add(one)
    if (isTensor(one)) found.add(one.array)
    else if (Array.isArray(one) || [null, Object.prototype].includes(Object.getPrototypeOf(one)))
      Object.values(one).forEach(visit)
  }
  visit(value)
  return found
}

/** The work of `noGrad`, which knows what a tensor is. */
export function withoutRecording<Result>(
  compute: () => Result,
  isTensor: (value: object) => value is Tensor,
): Result {
  const outer = made
  const here = new Set<Tensor>()
  made = here
  let kept = new Set<DeviceArray>()
  try {
    const result = compute()
    if (typeof (result as PromiseLike<unknown> | null)?.then === 'function')
      throw new TypeError(
        'noGrad: compute must not be async, since other code runs while it waits; compute inside, await outside: const loss = noGrad(() => …); await loss.item()',
      )
    kept = arraysIn(result, isTensor)
    return result
  } finally {
    made = outer
    for (const tensor of here)
      if (kept.has(tensor.array)) outer?.add(tensor)
      else if (!tensor.requiresGrad) tensor.backend.park(tensor.array)
  }
}
