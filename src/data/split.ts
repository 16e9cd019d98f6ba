import { checkNames, checkOption, flag } from '../backend/options.js'
import { permutation, seedOption, streams } from '../nn/random.js'
import type { Dataset } from './dataset.js'

/** Options of `split`. A part is a share of the rows, below 1, or a number of rows. */
export interface SplitOptions {
  /** Default: the rows that no other part takes. */
  train?: number
  /** Default: there is no such part. */
  validation?: number
  /** Default: 0.2, or with `train` the rows that no other part takes. */
  test?: number
  /** Another seed is another split. */
  seed?: number
  /** Every part has the classes in the proportions of the whole, as nearly as whole rows can. Default: true where there are classes. */
  stratify?: boolean
}

const part = {
  kind: 'number',
  default: undefined,
  range: 'a share in (0, 1) or a whole number of rows ≥ 1',
  allows: (value: number) => value > 0 && (value < 1 || Number.isInteger(value)),
} as const
const spec = { train: part, validation: part, test: part, seed: seedOption, stratify: flag(true) }

/**
 * Parts of a data set that have no row in common, in a random order that the seed decides, the same on every machine.
 * Tests     test/data/split.test.ts
 * @throws RangeError for parts that together need more rows than there are, or would be empty; TypeError for `stratify` without classes
 * @example const { train, test } = split(await digits(), { test: 0.2, seed: 1 }); [train.length, test.length]   // [1438, 359]
 * @example const parts = split(await digits(), { train: 200, validation: 400 }); parts.test.length   // 1197
 */
export function split(
  data: Dataset,
  options: SplitOptions & { validation: number },
): { train: Dataset; validation: Dataset; test: Dataset }
export function split(
  data: Dataset,
  options?: SplitOptions & { validation?: undefined },
): { train: Dataset; test: Dataset }
export function split(
  data: Dataset,
  options: SplitOptions = {},
): { train: Dataset; validation?: Dataset; test: Dataset } {
  checkNames('split', spec, options)
  for (const [name, value] of Object.entries(options))
    if (value !== undefined) checkOption('split', name, spec[name as keyof typeof spec], value)
  const { seed = 0, stratify = data.classes.length > 0 } = options
  if (stratify && data.classes.length === 0)
    throw new TypeError(
      `split: stratify needs classes, ${data.name} has none; give them to new Dataset({ classes })`,
    )
  const sizes = sizesOf(data, options)
  let left = [...permutation(data.length, { seed, step: 0, stream: streams.split })]
  const take = (size: number): Dataset => {
    const taken = stratify ? inProportion(left, data.y, size) : new Set(left.slice(0, size))
    const rows = left.filter((row) => taken.has(row))
    left = left.filter((row) => !taken.has(row))
    return data.rows(rows)
  }
  const test = take(sizes.test)
  if (sizes.validation === 0) return { train: take(sizes.train), test }
  const validation = take(sizes.validation)
  return { train: take(sizes.train), validation, test }
}

function sizesOf({ length, name }: Dataset, { train, validation, test }: SplitOptions) {
  const rows = (part: number): number => (part < 1 ? Math.round(part * length) : part)
  const held = validation === undefined ? 0 : rows(validation)
  const first = train === undefined ? undefined : rows(train)
  const last =
    test !== undefined ? rows(test) : length - held - (first ?? length - held - rows(0.2))
  const sizes = { train: first ?? length - held - last, validation: held, test: last }
  const wanted = Object.entries(sizes).filter(([part]) => part !== 'validation' || validation)
  if (wanted.some(([, size]) => size < 1) || sizes.train + held + last > length)
    throw new RangeError(
      `split: ${name} has ${length} rows, which do not give ${wanted.map(([part, size]) => `${size} to ${part}`).join(', ')}; each part needs one at least`,
    )
  return sizes
}

/** `size` of the rows, each class by its share: whole numbers by the largest remainders, equal ones by the order of the rows. */
function inProportion(rows: readonly number[], y: readonly number[], size: number): Set<number> {
  const members = new Map<number, number[]>()
  for (const row of rows) members.set(y[row]!, [...(members.get(y[row]!) ?? []), row])
  const quotas = [...members.values()].map((all) => {
    const exact = (all.length * size) / rows.length
    return { all, whole: Math.floor(exact), rest: exact - Math.floor(exact) }
  })
  let missing = size - quotas.reduce((sum, { whole }) => sum + whole, 0)
  const taken = new Set<number>()
  for (const { all, whole } of quotas.sort((a, b) => b.rest - a.rest))
    for (const row of all.slice(0, whole + (missing-- > 0 ? 1 : 0))) taken.add(row)
  return taken
}
