import type { OptimizerState } from './state.js'

type Refuse = (what: string) => never

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isCount = (value: unknown): value is number =>
  Number.isSafeInteger(value) && (value as number) >= 0

/**
 * Refuses what is not built like a state, by the place that is wrong: it may come from a file that somebody else wrote. Whether it fits an
 * optimizer is for that one to say.
 * @param isList what stands for a list of numbers: in a file of bytes the lists lie elsewhere
 */
export function checkState(
  state: unknown,
  refuse: Refuse,
  isList: (value: unknown) => boolean = Array.isArray,
): asserts state is OptimizerState {
  if (!isObject(state) || state.format !== 'downhill.optimizer')
    return refuse('it is not the state of an optimizer')
  if (state.version !== 1) refuse(`its version is ${state.version}, this library reads 1`)
  const check = (holds: boolean, where: string, what: string) =>
    holds || refuse(`${where} is not ${what}`)
  const lists = (value: unknown, where: string) => {
    check(isObject(value), where, 'an object')
    for (const [name, list] of Object.entries(value as object))
      check(isList(list), `${name} of ${where}`, 'a list')
  }
  const objects = (value: unknown, where: string) => {
    check(Array.isArray(value), where, 'a list')
    for (const [k, one] of (value as unknown[]).entries())
      check(isObject(one), `${where}[${k}]`, 'an object')
    return (value as Record<string, unknown>[]).entries()
  }
  check(isCount(state.steps), 'steps', 'a number of steps')
  for (const [k, { params, options, scheduled }] of objects(state.groups, 'groups')) {
    check(isCount(params), `params of groups[${k}]`, 'a number of parameters')
    check(isObject(options), `options of groups[${k}]`, 'an object')
    check(Array.isArray(scheduled), `scheduled of groups[${k}]`, 'a list')
  }
  for (const [k, { shape, t, joined, arrays, scalars }] of objects(state.params, 'params')) {
    check(Array.isArray(shape) && shape.every(isCount), `shape of params[${k}]`, 'a shape')
    for (const [name, value] of Object.entries({ t, joined }))
      if (!isCount(value)) refuse(`${name} of parameter ${k} is ${value}, not a number of steps`)
    if ((joined as number) + (t as number) > (state.steps as number))
      refuse(`parameter ${k} was stepped more often (${t}) than there were steps since it joined`)
    lists(arrays, `arrays of params[${k}]`)
    check(isObject(scalars), `scalars of params[${k}]`, 'an object')
  }
  if (state.own === undefined) return
  const own = isObject(state.own) ? state.own : refuse('own is not an object')
  check(isObject(own.numbers), 'numbers of own', 'an object')
  lists(own.arrays, 'arrays of own')
}

/** Refuses a list with something in it that is no number: JSON alone writes NaN as null. */
export function checkNumbers(list: readonly unknown[], name: string, refuse: Refuse): void {
  const odd = list.findIndex((value) => typeof value !== 'number')
  if (odd >= 0) refuse(`${name} has ${list[odd]} at ${odd}, not a number`)
}
