import type { Backend, DeviceArray } from '../backend/backend.js'
import { program } from '../backend/rule.js'
import type { Tensor } from '../nn/tensor.js'
import type { OptimizerCompiler, Values } from './compiler.js'
import type { GroupPlan } from './groupPlan.js'
import type { ParameterState } from './state.js'
import { replace, stateArray } from './stepTensor.js'
import { addSums, type Tuple, type Variant } from './variant.js'

/** A parameter that a step moves. */
export interface Moving {
  readonly param: Tensor
  readonly state: ParameterState
}

/** A group of a step: its options, and what it moves. */
export interface MovingGroup {
  readonly plan: GroupPlan
  readonly options: Values
  readonly moving: readonly Moving[]
}

/** What the new counts and host numbers of a parameter will be. */
interface Next extends Moving {
  readonly t: number
  readonly scalars: Record<string, number>
}

/** Tensors that one program moves, of all groups. */
interface Run {
  readonly backend: Backend
  readonly variant: Variant
  readonly moving: Next[]
  readonly tuples: Tuple[]
}

type Hypers = Record<string, number>

/**
 * One step of all tensors by an element-wise rule: a launch for each program, however many tensors there are.
 * What can fail, state that needs room or a rule that cannot be compiled, comes first; then everything moves.
 */
export function stepElements(
  compiler: OptimizerCompiler,
  groups: readonly MovingGroup[],
  steps: number,
): void {
  const runs: Run[] = []
  for (const group of groups) planGroup(compiler, group, steps, runs)
  const squares = squaresOf(groups)
  for (const { backend, variant, tuples } of runs)
    addSums(backend, variant, tuples, () => squares(backend))
  for (const run of runs) {
    for (const { state, t, scalars } of run.moving) {
      state.t = t
      state.scalars = scalars
    }
    move(run)
  }
  squares.free()
}

/** Adds the tensors of a group to the runs of their programs. */
function planGroup(
  compiler: OptimizerCompiler,
  { plan, options, moving }: MovingGroup,
  steps: number,
  runs: Run[],
): void {
  let hypers: Hypers = {}
  let run: Run | undefined
  for (const { param, state } of moving) {
    const { backend, slot, size, shape } = param
    const variant = slot.factor ? plan.scaledVariant : plan.variant
    const t = state.t + 1
    const calls = steps + 1 - state.joined
    const scalars = compiler.advances
      ? compiler.scalars(state.scalars, { ...options, t, calls })
      : state.scalars
    const own = compiler.advances || variant.shaped
    if (own || hypers.t !== t || hypers.calls !== calls)
      hypers = { ...(options as Hypers), ...scalars, t, calls, dims: shape.length, size }
    const { array } = param
    const inputs = [array, variant.scaled ? slot.raw!.array : slot.value!.array]
    for (const [k, name] of compiler.state.entries())
      inputs.push(
        variant.reads[k] ? stateArray(param, state, name, compiler, hypers as Values) : array,
      )
    if (variant.scaled) inputs.push(slot.factor!)
    if (run?.variant !== variant || run.backend !== backend) {
      run = runs.find((one) => one.variant === variant && one.backend === backend)
      run ??= { backend, variant, moving: [], tuples: [] }
      if (!runs.includes(run)) runs.push(run)
    }
    run.moving.push({ param, state, t, scalars })
    run.tuples.push({ inputs, launch: { hypers, length: size } })
  }
}

function move({ backend, variant, moving, tuples }: Run): void {
  const { updates, tensor, sums } = variant
  const launches = tuples.map(({ inputs, launch }, k) => {
    const { param, state } = moving[k]!
    const into = updates.map((name) => (name === 'p' ? param.free : state.arrays[name]))
    return { inputs, launch: { hypers: launch.hypers!, length: launch.length, into } }
  })
  const results = backend.mapEach(variant.program, launches)
  const numbers = tensor.updates.length ? stepNumbers(backend, tensor, tuples) : undefined
  for (let i = 0; i < moving.length; i++) {
    const { param, state } = moving[i]!
    for (const { position, everywhere } of sums)
      if (!everywhere) backend.release(tuples[i]!.inputs[position]!)
    for (let k = 0; k < updates.length; k++) {
      if (updates[k] === 'p') param.replace(results[i]![k]!)
      else replace(param, state, updates[k]!, results[i]![k]!)
    }
    if (numbers)
      for (const [k, name] of tensor.updates.entries()) replace(param, state, name, numbers[i]![k]!)
  }
}

/** The new numbers that a tensor has one of: their program reads single values alone. */
function stepNumbers(
  backend: Backend,
  { program }: Variant['tensor'],
  tuples: readonly Tuple[],
): DeviceArray[][] {
  const [any = 0] = program.inputs
  return backend.mapEach(
    program,
    tuples.map(({ inputs, launch: { hypers = {} } }) => ({
      inputs: inputs.map((input) => (input.length === 1 ? input : inputs[any]!)),
      launch: { hypers, length: 1 },
    })),
  )
}

/** Σg² of all gradients of a backend, computed when first asked for. */
function squaresOf(groups: readonly MovingGroup[]) {
  const known = new Map<Backend, DeviceArray>()
  const of = (backend: Backend): DeviceArray => {
    let found = known.get(backend)
    if (!found) {
      const gradients = groups
        .flatMap(({ moving }) => moving)
        .filter(({ param }) => param.backend === backend)
        .map(({ param }) => [param.slot.value!.array])
      found = backend.reduce('sum', program('(g) => [g * g]'), gradients)
      known.set(backend, found)
    }
    return found
  }
  const free = () => {
    for (const [backend, array] of known) backend.release(array)
  }
  return Object.assign(of, { free })
}
