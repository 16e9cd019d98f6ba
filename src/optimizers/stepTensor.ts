import type { DeviceArray } from '../backend/backend.js'
import { program } from '../backend/rule.js'
import { tidy } from '../backend/tidy.js'
import { copyOf } from '../nn/copy.js'
import type { Tensor } from '../nn/tensor.js'
import type { OptimizerCompiler, Values } from './compiler.js'
import type { ParameterState } from './state.js'
import { TensorWork } from './work.js'

/** Moves one parameter by its gradient, and its state with it, as the definition's `update` says. */
export function stepTensor(
  param: Tensor,
  state: ParameterState,
  compiler: OptimizerCompiler,
  options: Values,
): void {
  const { backend, array, shape } = param
  const gradient = param.gradient!.array
  const { definition } = compiler
  if (!('update' in definition)) return
  for (const name of definition.state)
    if (compiler.lengthOf(name, shape)) stateArray(param, state, name, compiler, options)
  const names = Object.keys(state.arrays)
  const [p, ...states] = tidy(backend, (here) => {
    const negated = () => here.map(program('(g) => [-g]'), [gradient])[0]!
    const g = options.maximize ? negated() : gradient
    const { t, calls } = options as { t: number; calls: number }
    const work = new TensorWork(here, array, g, state.arrays, shape, t, calls)
    definition.update(work, options as never)
    const own = (made: DeviceArray) =>
      made === gradient ? copyOf({ backend: here, array: made }) : made
    return [work.p, ...names.map((name) => work.state[name]!)].map(own)
  })
  param.replace(p!)
  for (const [k, name] of names.entries()) replace(param, state, name, states[k]!)
}

/** A state array, made when it is first needed. */
export function stateArray(
  { backend, array, shape }: Tensor,
  state: ParameterState,
  name: string,
  compiler: OptimizerCompiler,
  options: Values,
): DeviceArray {
  const found = state.arrays[name]
  if (found) return found
  const start = compiler.start(name, options)
  const made =
    start === 'p'
      ? copyOf({ backend, array })
      : backend.write(new Float64Array(compiler.lengthOf(name, shape)).fill(start))
  state.arrays[name] = made
  return made
}

/** Only the optimizer holds state, so an old array is free; an old p may be in a graph. */
export function replace(
  { backend }: Tensor,
  state: ParameterState,
  name: string,
  array: DeviceArray,
): void {
  const old = state.arrays[name]
  if (old === array) return
  if (old) backend.release(old)
  state.arrays[name] = array
}
