import type { DeviceArray } from '../backend/backend.js'
import { program } from '../backend/rule.js'
import { copyOf } from './copy.js'
import { isHeld, letGo } from './held.js'
import { order } from './order.js'
import type { Tensor } from './tensor.js'

/** How a tensor was computed. */
export interface Origin {
  readonly parents: readonly Tensor[]
  /** The arrays of the parents, as they were: held until the backward pass. */
  readonly saved: readonly DeviceArray[]
  /** What the operation made for its backward pass alone: freed with the graph. */
  readonly own: readonly DeviceArray[]
  /** Gradients of the parents, given the gradient of the result: new arrays, or the given one; undefined for parents that need none. */
  backward(gradient: DeviceArray): readonly (DeviceArray | undefined)[]
}

/**
 * Carries the gradient 1 of `from` back to all parameters that it came from. The gradients in between are freed; so is the graph, unless it is retained: nothing
 * holds the arrays that it needed any more.
 */
export function backward(from: Tensor, retainGraph: boolean): void {
  const { backend } = from
  const sorted = order(from)
  if (sorted.some(({ origin }) => origin === 'spent'))
    throw new Error(
      `backward: the graph of ${from} was run backwards before, and is freed; compute the value anew, or call backward({ retainGraph: true }) the first time`,
    )
  const made = new Set<DeviceArray>()
  const given = new Set<DeviceArray>()
  const note = (array: DeviceArray) => {
    made.add(array)
    return array
  }
  const add = (a: DeviceArray, b: DeviceArray) =>
    backend.map(program('(a, b) => [a + b]'), [a, b])[0]!
  const gradients = new Map([[from, note(backend.write([1]))]])
  for (const tensor of sorted) {
    const gradient = gradients.get(tensor)
    if (!gradient) continue
    const { origin, gradient: before } = tensor
    if (!origin || origin === 'spent') {
      const array = before ? add(before.array, gradient) : gradient
      // A rule may hand one array to two parents, but each owns its gradient.
      tensor.receive(given.has(array) ? copyOf({ backend, array }) : array)
      given.add(array)
      continue
    }
    for (const [k, part] of origin.backward(gradient).entries()) {
      const parent = origin.parents[k]!
      if (!part) continue
      note(part)
      if (!parent.requiresGrad) continue
      const before = gradients.get(parent)
      gradients.set(parent, before ? note(add(before, part)) : part)
    }
  }
  for (const array of made) if (!given.has(array)) backend.release(array)
  if (!retainGraph) for (const tensor of sorted) spend(tensor)
}

/** What only the graph needed goes out of the way. Its values stay: somebody may hold the tensor, and read it. */
function spend(tensor: Tensor): void {
  const { origin, backend } = tensor
  if (!origin || origin === 'spent') return
  for (const [k, array] of origin.saved.entries()) {
    letGo(array)
    const parent = origin.parents[k]!
    const isParameter = parent.requiresGrad && !parent.origin && parent.array === array
    if (isParameter || isHeld(array)) continue
    if (parent.discarded) backend.release(array)
    else backend.park(array)
  }
  for (const array of origin.own) backend.release(array)
  tensor.origin = 'spent'
}
