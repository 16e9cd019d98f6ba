import type { DeviceArray } from '../backend/backend.js'
import type { Tensor } from '../nn/tensor.js'
import type { Mover } from './stepElements.js'

/** What is kept for one parameter: how often it was stepped, and its state arrays, made when first needed. */
export interface ParameterState {
  t: number
  /** The optimizer's steps when the parameter joined. */
  joined: number
  arrays: Record<string, DeviceArray>
  /** Numbers that the host keeps: running products and sums. */
  scalars: Record<string, number>
  /** The call of `step()` that met the parameter last: one that is in the groups twice is noticed. Not saved. */
  met?: number
  /** What steps fill anew each time. Not saved. */
  mover?: Mover
}

/** Everything a run needs to go on, as plain JSON. Scheduled options are not in it: give the same schedules again. */
export interface OptimizerState {
  format: 'downhill.optimizer'
  version: 1
  name: string
  /** How often `step()` was called. */
  steps: number
  groups: {
    params: number
    options: Record<string, number | boolean | string>
    /** Options that were schedules: they are given again. */
    scheduled: string[]
  }[]
  /** One entry a parameter, in the order of the groups. */
  params: {
    shape: number[]
    t: number
    joined: number
    arrays: Record<string, number[]>
    scalars: Record<string, number>
  }[]
  /** What belongs to no single parameter (L-BFGS). */
  own?: { numbers: Record<string, number>; arrays: Record<string, number[]> }
}

/** A group, as far as saving goes. */
export interface SavedGroup {
  params: readonly Tensor[]
}

/** A group's options. */
export const optionsOf = (group: SavedGroup): [string, unknown][] =>
  Object.entries(group).filter(([name]) => name !== 'params')

export async function saveState(
  name: string,
  steps: number,
  groups: readonly SavedGroup[],
  states: ReadonlyMap<Tensor, ParameterState>,
): Promise<OptimizerState> {
  const read = async (param: Tensor) => {
    const { t, joined, arrays, scalars } = states.get(param)!
    const names = Object.keys(arrays)
    const values = await Promise.all(names.map((key) => param.backend.read(arrays[key]!)))
    const lists = Object.fromEntries(names.map((key, k) => [key, [...values[k]!]]))
    return { shape: [...param.shape], t, joined, arrays: lists, scalars: { ...scalars } }
  }
  return {
    format: 'downhill.optimizer',
    version: 1,
    name,
    steps,
    groups: groups.map((group) => {
      const scheduled = optionsOf(group).filter(([, value]) => typeof value === 'function')
      const fixed = optionsOf(group).filter(([, value]) => typeof value !== 'function')
      return {
        params: group.params.length,
        // A −0 is 0 to every rule, and JSON has none.
        options: Object.fromEntries(
          fixed.map(([option, value]) => [option, value === 0 ? 0 : value]),
        ),
        scheduled: scheduled.map(([option]) => option),
      }
    }) as OptimizerState['groups'],
    params: await Promise.all(groups.flatMap(({ params }) => params).map(read)),
  }
}
