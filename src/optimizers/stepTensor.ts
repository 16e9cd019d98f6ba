import type { DeviceArray } from '../backend/backend.js'
import { program } from '../backend/rule.js'
import { tidy } from '../backend/tidy.js'
import { copyOf } from '../nn/copy.js'
import type { Tensor } from '../nn/tensor.js'
import type { OptimizerCompiler, Values } from './compiler.js'
import type { ParameterState } from './state.js'
import { sumOfSquares, type Variant, withSums } from './variant.js'
import { TensorWork } from './work.js'

/** What the steps of all tensors share. */
export interface TensorStep {
  compiler: OptimizerCompiler
  /** The group as it is, for what compiling settles. */
  group: Readonly<Record<string, unknown>>
  /** Its options at this step, and the counts t and calls of the tensor. */
  options: Values
  /** Σg² of all gradients. */
  gradientSquares(): DeviceArray
}

/** Moves one parameter by its gradient, and its state with it. */
export function stepTensor(param: Tensor, state: ParameterState, step: TensorStep): void {
  const { compiler, options, group } = step
  if ('update' in compiler.definition) wholeTensor(param, state, step)
  else {
    state.scalars = compiler.scalars(state.scalars, options)
    elements(param, state, compiler.variant(group), step)
  }
}

function wholeTensor(
  param: Tensor,
  state: ParameterState,
  { compiler, options }: TensorStep,
): void {
  const { backend, array, shape } = param
  const gradient = param.gradient!.array
  const { definition } = compiler
  if (!('update' in definition)) return
  for (const name of definition.state)
    if (compiler.lengthOf(name, shape)) stateArray(param, state, name, { compiler, options })
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

function elements(param: Tensor, state: ParameterState, variant: Variant, step: TensorStep): void {
  const { backend, size, shape } = param
  const { compiler, options, gradientSquares } = step
  const hypers = { ...options, ...state.scalars, dims: shape.length, size } as Record<
    string,
    number
  >
  const launch = { hypers, length: size }
  const used = stateOf(variant, compiler)
  // One that no program reads is never made.
  const arrays = compiler.state.map((name) =>
    used.includes(name) ? stateArray(param, state, name, step) : param.array,
  )
  const inputs = withSums(backend, variant, [param.array, param.gradient!.array, ...arrays], {
    ...launch,
    gradientSquares,
  })
  const into = variant.updates.map((name) => (name === 'p' ? param.free : state.arrays[name]))
  const results = backend.map(variant.program, inputs, { ...launch, into })
  const { tensor } = variant
  const [any] = tensor.program.inputs
  const single = inputs.map((input) => (input.length === 1 ? input : inputs[any ?? 0]!))
  const numbers = tensor.updates.length
    ? backend.map(tensor.program, single, { hypers, length: 1 })
    : []
  for (const { position, everywhere } of variant.sums)
    if (!everywhere) backend.release(inputs[position]!)
  for (const [k, target] of variant.updates.entries()) {
    if (target === 'p') param.replace(results[k]!)
    else replace(param, state, target, results[k]!)
  }
  for (const [k, target] of tensor.updates.entries()) replace(param, state, target, numbers[k]!)
}

/** The names of the state that a compiled rule reads. */
export function stateOf(variant: Variant, { state }: Pick<OptimizerCompiler, 'state'>): string[] {
  const used = [variant, variant.tensor, ...variant.sums].flatMap((one) => one.program.inputs)
  return state.filter((_, k) => used.includes(k + 2))
}

/** A state array, made when it is first needed. */
function stateArray(
  param: Tensor,
  state: ParameterState,
  name: string,
  { compiler, options }: Pick<TensorStep, 'compiler' | 'options'>,
): DeviceArray {
  const { backend, shape } = param
  const start = compiler.start(name, options)
  const make = () =>
    start === 'p'
      ? backend.map(program('(p) => [p]'), [param.array])[0]!
      : backend.write(new Float64Array(compiler.lengthOf(name, shape)).fill(start))
  state.arrays[name] ??= make()
  return state.arrays[name]
}

/** Only the optimizer holds state, so an old array is free; an old p may be in a graph. */
function replace(param: Tensor, state: ParameterState, name: string, array: DeviceArray): void {
  const old = state.arrays[name]
  if (old && old !== array) param.backend.release(old)
  state.arrays[name] = array
}

/** Σg² of the gradients that a step uses, computed when first asked for. */
export function lazySquares(params: readonly Tensor[]): () => DeviceArray {
  let squares: DeviceArray | undefined
  return () => {
    const moving = params.filter((param) => param.requiresGrad && param.gradient)
    const gradients = moving.map(({ gradient }) => gradient!.array)
    squares ??= sumOfSquares(moving[0]!.backend, gradients)
    return squares
  }
}
