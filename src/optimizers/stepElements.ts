import type { Backend, DeviceArray } from '../backend/backend.js'
import { program } from '../backend/rule.js'
import type { Tensor } from '../nn/tensor.js'
import type { OptimizerCompiler, Values } from './compiler.js'
import type { GroupPlan } from './groupPlan.js'
import type { ParameterState } from './state.js'
import { replace, stateArray } from './stepTensor.js'
import { addSums, type Tuple, type Variant } from './variant.js'

type Hypers = Record<string, number>

/** A group of a step: its options, and what it moves. */
interface MovingGroup {
  readonly plan: GroupPlan
  readonly options: Values
  readonly moving: readonly Mover[]
}

/** A parameter as steps move it: made once and filled anew each time, so that a step leaves little to the collector. */
export class Mover implements Tuple {
  readonly inputs: DeviceArray[] = []
  readonly launch = { hypers: {} as Hypers, length: 0, into: [] as (DeviceArray | undefined)[] }
  /** Its counts and the host's numbers, after the step. */
  t = 0
  scalars: Record<string, number> = {}

  constructor(
    readonly param: Tensor,
    readonly state: ParameterState,
  ) {}

  /** Holds no gradient between steps. */
  clear(): void {
    const { inputs, launch, param } = this
    for (let k = 0; k < inputs.length; k++) inputs[k] = param.array
    for (let k = 0; k < launch.into.length; k++) launch.into[k] = undefined
  }
}

/** Tensors that one program moves, of all groups. */
interface Run {
  readonly backend: Backend
  readonly variant: Variant
  readonly moving: Mover[]
}

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
  const squares = new Squares(groups)
  for (const { backend, variant, moving } of runs)
    if (variant.sums.length) addSums(backend, variant, moving, () => squares.of(backend))
  for (const run of runs) move(run)
  squares.free()
}

/** Adds the tensors of a group to the runs of their programs. */
function planGroup(
  compiler: OptimizerCompiler,
  { plan, options, moving }: MovingGroup,
  steps: number,
  runs: Run[],
): void {
  const { state: names, advances } = compiler
  let hypers: Hypers | undefined
  let run: Run | undefined
  for (const mover of moving) {
    const { param, state, inputs, launch } = mover
    const { backend, slot, size, array } = param
    const variant = slot.factor ? plan.scaledVariant : plan.variant
    const t = state.t + 1
    const calls = steps + 1 - state.joined
    mover.t = t
    mover.scalars = advances
      ? compiler.scalars(state.scalars, { ...options, t, calls })
      : state.scalars
    // Tensors share one object where none of its numbers is a tensor's own: slots are then computed once.
    if (!hypers || advances || variant.shaped || hypers.t !== t || hypers.calls !== calls) {
      hypers = hypers ? { ...hypers } : plan.hypers
      if (advances) Object.assign(hypers, mover.scalars)
      hypers.t = t
      hypers.calls = calls
      hypers.dims = param.shape.length
      hypers.size = size
    }
    launch.hypers = hypers
    launch.length = size
    inputs[0] = array
    inputs[1] = variant.scaled ? slot.raw!.array : slot.value!.array
    for (let k = 0; k < names.length; k++)
      inputs[k + 2] = variant.reads[k]
        ? stateArray(param, state, names[k]!, compiler, hypers as Values)
        : array
    if (variant.scaled) inputs[names.length + 2] = slot.factor!
    if (run?.variant !== variant || run.backend !== backend) {
      run = runs.find((one) => one.variant === variant && one.backend === backend)
      if (!run) {
        run = { backend, variant, moving: [] }
        runs.push(run)
      }
    }
    run.moving.push(mover)
  }
}

function move({ backend, variant, moving }: Run): void {
  const { updates, tensor, sums } = variant
  for (const { param, state, launch } of moving)
    for (let k = 0; k < updates.length; k++) {
      const name = updates[k]!
      launch.into[k] = name === 'p' ? param.free : state.arrays[name]
    }
  const results = backend.mapEach(variant.program, moving)
  const numbers = tensor.updates.length ? stepNumbers(backend, tensor, moving) : undefined
  for (let i = 0; i < moving.length; i++) {
    const mover = moving[i]!
    const { param, state, inputs } = mover
    state.t = mover.t
    state.scalars = mover.scalars
    for (const { position, everywhere } of sums) if (!everywhere) backend.release(inputs[position]!)
    for (let k = 0; k < updates.length; k++) {
      const made = results[i]![k]!
      if (updates[k] !== 'p') replace(param, state, updates[k]!, made)
      else if (made !== param.array) param.replace(made)
    }
    if (numbers)
      for (const [k, name] of tensor.updates.entries()) replace(param, state, name, numbers[i]![k]!)
    mover.clear()
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
class Squares {
  readonly #groups: readonly MovingGroup[]
  #known: Map<Backend, DeviceArray> | undefined

  constructor(groups: readonly MovingGroup[]) {
    this.#groups = groups
  }

  of(backend: Backend): DeviceArray {
    this.#known ??= new Map()
    let found = this.#known.get(backend)
    if (!found) {
      const gradients = this.#groups
        .flatMap(({ moving }) => moving)
        .filter(({ param }) => param.backend === backend)
        .map(({ param }) => [param.slot.value!.array])
      found = backend.reduce('sum', program('(g) => [g * g]'), gradients)
      this.#known.set(backend, found)
    }
    return found
  }

  free(): void {
    for (const [backend, array] of this.#known ?? []) backend.release(array)
  }
}
