import type { DeviceArray } from '../backend/backend.js'
import type { Tensor } from '../nn/tensor.js'
import type { OptimizerCompiler } from './compiler.js'

/** What is kept for one parameter: how often it was stepped, and its state arrays, made when first needed. */
export interface ParameterState {
  t: number
  /** The optimizer's steps when the parameter joined. */
  joined: number
  arrays: Record<string, DeviceArray>
  /** Numbers that the host keeps: running products and sums. */
  scalars: Record<string, number>
}

/** Everything a run needs to go on, as plain JSON. Scheduled options are not in it: give the same schedules again. */
export interface OptimizerState {
  format: 'downhill.optimizer'
  version: 1
  name: string
  /** How often `step()` was called. */
  steps: number
  groups: { params: number; options: Record<string, number | boolean | string> }[]
  /** One entry a parameter, in the order of the groups. */
  params: {
    t: number
    joined: number
    arrays: Record<string, number[]>
    scalars: Record<string, number>
  }[]
  /** What belongs to no single parameter (L-BFGS). */
  own?: { numbers: Record<string, number>; arrays: Record<string, number[]> }
}

interface Group {
  params: readonly Tensor[]
}

const options = (group: Group): [string, unknown][] =>
  Object.entries(group).filter(([name]) => name !== 'params')

export async function saveState(
  name: string,
  steps: number,
  groups: readonly Group[],
  states: ReadonlyMap<Tensor, ParameterState>,
): Promise<OptimizerState> {
  const read = async (param: Tensor) => {
    const { t, joined, arrays, scalars } = states.get(param)!
    const names = Object.keys(arrays)
    const values = await Promise.all(names.map((key) => param.backend.read(arrays[key]!)))
    const lists = Object.fromEntries(names.map((key, k) => [key, [...values[k]!]]))
    return { t, joined, arrays: lists, scalars }
  }
  return {
    format: 'downhill.optimizer',
    version: 1,
    name,
    steps,
    groups: groups.map((group) => ({
      params: group.params.length,
      options: Object.fromEntries(
        options(group).filter(([, value]) => typeof value !== 'function'),
      ),
    })) as OptimizerState['groups'],
    params: await Promise.all(groups.flatMap(({ params }) => params).map(read)),
  }
}

/** Refuses whatever does not belong to this optimizer, before anything is changed; then takes the state over. */
export function loadState(
  saved: OptimizerState,
  compiler: Pick<OptimizerCompiler, 'name' | 'lengthOf'>,
  groups: readonly Group[],
  states: ReadonlyMap<Tensor, ParameterState>,
): void {
  const { name } = compiler
  const refuse = (what: string): never => {
    throw new RangeError(`${name}: this state does not fit: ${what}`)
  }
  if (saved?.format !== 'downhill.optimizer') refuse('it is not the state of an optimizer')
  if (saved.version !== 1) refuse(`its version is ${saved.version}, this library reads 1`)
  if (saved.name !== name) refuse(`it was saved by ${saved.name}`)
  if (saved.groups.length !== groups.length)
    refuse(`it has ${saved.groups.length} groups, this optimizer ${groups.length}`)
  for (const [k, group] of groups.entries()) {
    const theirs = saved.groups[k]!
    if (theirs.params !== group.params.length)
      refuse(`its group ${k} has ${theirs.params} parameters, here ${group.params.length}`)
    for (const [option, value] of options(group)) {
      const scheduled = typeof value === 'function'
      if (scheduled === option in theirs.options)
        refuse(
          `${option} of group ${k} is ${scheduled ? 'a schedule here, a number there' : 'a number here, a schedule there'}`,
        )
    }
  }
  const params = groups.flatMap((group) => group.params)
  for (const [k, param] of params.entries()) {
    for (const [key, values] of Object.entries(saved.params[k]!.arrays)) {
      const length = compiler.lengthOf(key, param.shape)
      if (values.length !== length)
        refuse(`${key} of parameter ${k} has ${values.length} values, ${param} has ${length}`)
      const odd = values.findIndex((value) => typeof value !== 'number') // JSON writes NaN as null
      if (odd >= 0) refuse(`${key} of parameter ${k} has ${values[odd]} at ${odd}, not a number`)
    }
  }
  for (const [k, group] of groups.entries()) Object.assign(group, saved.groups[k]!.options)
  for (const [k, param] of params.entries()) {
    const { t, joined, arrays, scalars } = saved.params[k]!
    const state = states.get(param)!
    Object.assign(state, { t, joined, scalars: { ...scalars } })
    state.arrays = {}
    for (const [key, values] of Object.entries(arrays))
      state.arrays[key] = param.backend.write(values)
  }
}
