import type { DeviceArray } from '../backend/backend.js'
import { program } from '../backend/rule.js'
import { Tensor } from './tensor.js'

/**
 * The parameters that `owner` was given, each once: one that two layers share counts once.
 * @throws RangeError if there is none; TypeError if one is not a tensor
 */
export function checkParameters(owner: string, params: readonly Tensor[]): Tensor[] {
  if (params.length === 0)
    throw new RangeError(`${owner}: there must be at least one parameter, got none`)
  for (const param of params) {
    if (!(param instanceof Tensor))
      throw new TypeError(
        `${owner}: expected parameters, got ${typeof param}; make them with parameter(…)`,
      )
  }
  return [...new Set(params)]
}

/** The values in an array of their own, which the owner of the first one may free. */
export const copyOf = ({ backend, array }: Pick<Tensor, 'backend' | 'array'>): DeviceArray =>
  backend.map(program('(p) => [p]'), [array])[0]!
