import { Tensor } from './tensor.js'

/**
 * The parameters that `owner` was given, each once: one that two layers share counts once.
 * @throws RangeError if there is none; TypeError if one is not a tensor, or they are no list
 */
export function checkParameters(owner: string, params: readonly Tensor[]): Tensor[] {
  if (!Array.isArray(params))
    throw new TypeError(
      `${owner}: expected a list of parameters, got ${(params as unknown) instanceof Tensor ? `${params}` : typeof params}; put one into brackets, [w]`,
    )
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

/**
 * As `checkParameters`, for an optimizer, which moves only what gradients reach.
 * @throws RangeError also if one is the result of operations
 */
export function checkTrainable(owner: string, params: readonly Tensor[]): Tensor[] {
  const checked = checkParameters(owner, params)
  for (const param of checked) {
    if (param.origin)
      throw new RangeError(
        `${owner}: ${param} is the result of operations, and gets no gradient; make it a parameter of its own, parameter(await w.data())`,
      )
  }
  return checked
}
