import { checkNames, checkOption, show } from '../backend/options.js'
import { plain } from '../checks/plain.js'
import {
  type FullRecipe,
  fields,
  layers,
  noRule,
  optional,
  ownOptions,
  required,
  units,
} from './digitsFields.js'
import { checkOwnRule } from './ownRule.js'

/** A field and its value, checked; the value that counts. */
function checkedValue(name: keyof typeof fields, given: unknown): number | boolean | string {
  const option = fields[name]
  const value = given === undefined ? option.default : given
  checkOption('trainRecipe', name, option, value)
  return value as number | boolean | string
}

function checkHidden(hidden: unknown): readonly number[] {
  if (!Array.isArray(hidden))
    throw new TypeError(
      `trainRecipe: hidden must be a list of widths, such as [32], got ${show(hidden)}`,
    )
  if (hidden.length > layers)
    throw new RangeError(
      `trainRecipe: hidden must have at most ${layers} widths, got ${hidden.length}`,
    )
  for (const [k, width] of hidden.entries())
    checkOption('trainRecipe', `hidden[${k}]`, units, width)
  return hidden
}

/**
 * A recipe with nothing left open, if it may be trained: fields, words, ranges, and what goes together. It is copied first, so it may come from anywhere.
 * `budget`: the `length` of the training part, which an epoch goes through once, and how many `rows` may be trained on in all. Default: neither is looked at.
 * Tests     test/examples/digitsRecipe.test.ts
 * @throws TypeError for what is no recipe or has another field; RangeError for a value that may not be
 * @example checkDigitsRecipe({ optimizer: 'sgd', lr: 0.1, batchSize: 32, epochs: 5, hidden: [32] }).schedule   // 'constant'
 */
export function checkDigitsRecipe(
  recipe: unknown,
  budget?: { length: number; rows?: number },
): FullRecipe {
  const given = copyOf(recipe)
  checkNames('trainRecipe', { ...fields, hidden: true, rule: true }, given)
  const missing = required.filter((name) => given[name] === undefined)
  if (missing.length > 0)
    throw new TypeError(`trainRecipe: the recipe must say ${missing.join(', ')}`)
  const names = Object.keys(fields) as (keyof typeof fields)[]
  const full = {
    ...Object.fromEntries(names.map((name) => [name, checkedValue(name, given[name])])),
    hidden: checkHidden(given.hidden),
    rule: given.rule ?? noRule,
  } as FullRecipe
  checkTogether(full)
  if (budget) checkBudget(full, budget)
  return full
}

function copyOf(recipe: unknown): Record<string, unknown> {
  let copy: unknown
  try {
    copy = plain(recipe)
  } catch (error) {
    throw new TypeError(`trainRecipe: a recipe is plain data: ${(error as Error).message}`)
  }
  if (typeof copy !== 'object' || copy === null || Array.isArray(copy) || ArrayBuffer.isView(copy))
    throw new TypeError(
      `trainRecipe: a recipe must be an object, such as { optimizer: 'sgd', lr: 0.1, … }, got ${Array.isArray(copy) ? 'a list' : typeof copy}`,
    )
  return copy as Record<string, unknown>
}

const defaultOf = (name: string): unknown =>
  Object.hasOwn(fields, name) ? Reflect.get(fields, name).default : noRule

function checkTogether(full: FullRecipe): void {
  const { optimizer, nesterov, momentum, norm, average, patience, rule } = full
  const refuse = (what: string): never => {
    throw new RangeError(`trainRecipe: ${what}`)
  }
  // What is as by default does nothing: so a full recipe is one too.
  const foreign = [...optional].find(
    (name) => !ownOptions[optimizer].includes(name) && Reflect.get(full, name) !== defaultOf(name),
  )
  if (foreign)
    refuse(
      `${optimizer} has no ${foreign}; it has ${['lr', 'weightDecay', ...ownOptions[optimizer]].join(', ')}`,
    )
  if (nesterov && momentum === 0) refuse('nesterov needs a momentum above 0, such as 0.9')
  if (norm === 'batch' && average !== 'none')
    refuse(
      `norm 'batch' and average '${average}' do not go together: averaged weights would need statistics of their own; take norm 'layer', or average 'none'`,
    )
  if (patience > 0 && average !== 'none')
    refuse(
      `patience and average '${average}' do not go together: one keeps the weights of one epoch, the other those of many; choose one`,
    )
  if (optimizer === 'own') checkOwnRule(rule)
}

function checkBudget(
  { epochs, batchSize }: FullRecipe,
  { rows, length }: { length: number; rows?: number },
): void {
  if (batchSize > length)
    throw new RangeError(
      `trainRecipe: batchSize must be at most the ${length} rows there are, got ${batchSize}`,
    )
  if (rows !== undefined && epochs * length > rows)
    throw new RangeError(
      `trainRecipe: the budget is ${rows} rows, ${epochs} epochs of ${length} are ${epochs * length}; take at most ${Math.floor(rows / length)} epochs`,
    )
}
