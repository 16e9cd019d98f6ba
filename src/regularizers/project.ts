import type { DeviceArray } from '../backend/backend.js'
import { program } from '../backend/rule.js'
import { checkParameters } from '../nn/parameters.js'
import type { Tensor } from '../nn/tensor.js'

/** The weights w ← rule(w, …) of every parameter that is not frozen. In place, unless a graph needs the old ones. */
export function project(
  owner: string,
  params: readonly Tensor[],
  rule: string,
  hypers: Readonly<Record<string, number>>,
  others: (param: Tensor) => DeviceArray[] = () => [],
): void {
  for (const param of checkParameters(owner, params)) {
    if (!param.requiresGrad) continue
    const inputs = [param.array, ...others(param)]
    const [array] = param.backend.map(program(rule), inputs, { hypers, into: [param.free] })
    param.replace(array!)
  }
}
