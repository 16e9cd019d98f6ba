import type { Tensor } from '../nn/tensor.js'
import { checkNumbers, checkState } from './checkState.js'
import type { OptimizerCompiler } from './compiler.js'
import { type OptimizerState, optionsOf, type ParameterState, type SavedGroup } from './state.js'

type Saved = OptimizerState['params'][number]

/** Refuses whatever does not belong to this optimizer, before anything is changed; then takes the state over. */
export function loadState(
  saved: OptimizerState,
  compiler: OptimizerCompiler,
  groups: readonly SavedGroup[],
  states: ReadonlyMap<Tensor, ParameterState>,
): void {
  const refuse = (what: string): never => {
    throw new RangeError(`${compiler.name}: this state does not fit: ${what}`)
  }
  checkState(saved, refuse)
  if (saved.name !== compiler.name) refuse(`it was saved by ${saved.name}`)
  if (saved.groups.length !== groups.length)
    refuse(`it has ${saved.groups.length} groups, this optimizer ${groups.length}`)
  const loaded = groups.map((group, k) => groupWith(group, k, saved.groups[k]!, compiler, refuse))
  let k = 0
  for (const [g, { params }] of groups.entries())
    for (const param of params) {
      const theirs = saved.params[k] ?? refuse(`it has no parameter ${k} (${param})`)
      checkParameter(param, `parameter ${k}`, theirs, { compiler, group: loaded[g]!, refuse })
      k += 1
    }
  if (saved.params.length > k) refuse(`it has ${saved.params.length} parameters, here are ${k}`)
  for (const [k, group] of groups.entries()) Object.assign(group, loaded[k]!)
  for (const [k, param] of groups.flatMap(({ params }) => params).entries()) {
    const { t, joined, arrays, scalars } = saved.params[k]!
    const written = Object.entries(arrays).map(([name, list]) => [name, param.backend.write(list)])
    Object.assign(states.get(param)!, {
      t,
      joined,
      scalars: { ...scalars },
      arrays: Object.fromEntries(written),
    })
  }
}

/** The group with the saved options in it: all valid, and scheduled where ours is. One that the state does not know of stays. */
function groupWith(
  group: SavedGroup,
  k: number,
  saved: OptimizerState['groups'][number],
  compiler: OptimizerCompiler,
  refuse: (what: string) => never,
): Record<string, unknown> {
  if (saved.params !== group.params.length)
    refuse(`its group ${k} has ${saved.params} parameters, here ${group.params.length}`)
  const ours = Object.fromEntries(optionsOf(group))
  for (const [option, value] of Object.entries(ours)) {
    const scheduled = typeof value === 'function'
    if (scheduled && option in saved.options)
      refuse(`${option} of group ${k} is a schedule here, a number there`)
    if (!scheduled && saved.scheduled.includes(option))
      refuse(`${option} of group ${k} is a number here, a schedule there`)
  }
  const options = { ...ours, ...saved.options }
  try {
    compiler.complete(saved.options)
    compiler.at(options, 0)
  } catch (error) {
    refuse(`in group ${k}, ${(error as Error).message}`)
  }
  return options
}

interface Checks {
  compiler: OptimizerCompiler
  group: Readonly<Record<string, unknown>>
  refuse(what: string): never
}

function checkParameter(
  param: Tensor,
  which: string,
  { shape, t, arrays, scalars }: Saved,
  { compiler, group, refuse }: Checks,
): void {
  if (String(shape) !== String(param.shape))
    refuse(`${which} has shape [${shape}] there, ${param} here`)
  for (const [name, list] of Object.entries(arrays)) {
    if (!compiler.state.includes(name))
      refuse(`${which} has a state ${name}, which ${compiler.name} has not`)
    const length = compiler.lengthOf(name, param.shape)
    if (list.length !== length)
      refuse(`${name} of ${which} has ${list.length} values, ${param} needs ${length}`)
    checkNumbers(list, `${name} of ${which}`, refuse)
  }
  const first = compiler.scalars({}, { ...compiler.at(group, 0), t: 1, calls: 1 })
  for (const name of Object.keys(scalars))
    if (!Object.hasOwn(first, name))
      refuse(`${which} has a number ${name}, which ${compiler.name} has not`)
  if (t === 0) return
  const needed =
    'update' in compiler.definition
      ? compiler.state.filter((name) => compiler.lengthOf(name, param.shape) > 0)
      : compiler.state.filter((_, k) => compiler.variant(group).reads[k])
  for (const name of needed) if (!arrays[name]) refuse(`${name} of ${which} is missing`)
  for (const name of Object.keys(first))
    if (typeof scalars[name] !== 'number') refuse(`${name} of ${which} is missing`)
}
