import { nearest } from '../host/nearest.js'
import type { TrainingRecipe } from './recipe.js'
import { recipeSchema, type Schema } from './schema.js'

const show = (value: unknown): string =>
  value === undefined || typeof value === 'function' || typeof value === 'bigint'
    ? typeof value
    : short(JSON.stringify(value) ?? typeof value)
const short = (text: string): string => (text.length > 80 ? `${text.slice(0, 80)}…` : text)

const kindOf = (value: unknown): string =>
  value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value

const listed = (words: readonly string[]): string =>
  words.length < 2
    ? (words[0] ?? '')
    : `${words.slice(0, -1).join(', ')} or ${words[words.length - 1]}`

const kinds: Readonly<Record<string, string>> = {
  object: 'an object',
  array: 'a list',
  string: 'a text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  null: 'null',
}

function checkKind(type: Schema['type'], value: unknown, where: string): void {
  const allowed = type === undefined ? [] : [type].flat()
  const fits = allowed.some((name) =>
    name === 'integer' ? Number.isInteger(value) : name === kindOf(value),
  )
  if (allowed.length > 0 && !fits)
    throw new TypeError(
      `${where} must be ${listed(allowed.map((name) => kinds[name] ?? name))}, got ${show(value)}`,
    )
}

function checkNumber(schema: Schema, value: number, where: string): void {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema
  const rules: [number | undefined, string, (limit: number) => boolean][] = [
    [minimum, '≥', (limit) => value >= limit],
    [maximum, '≤', (limit) => value <= limit],
    [exclusiveMinimum, '>', (limit) => value > limit],
    [exclusiveMaximum, '<', (limit) => value < limit],
  ]
  const given = rules.filter(([limit]) => limit !== undefined)
  if (Number.isFinite(value) && given.every(([limit, , holds]) => holds(limit!))) return
  const limits = given.map(([limit, sign]) => `${sign} ${limit}`)
  const rule = Number.isFinite(value) ? limits : ['finite', ...limits]
  throw new RangeError(`${where} must be ${rule.join(' and ')}, got ${value}`)
}

/** The field that was meant, or all that there are. */
function wayOut(name: string, properties: object): string {
  const names = Object.keys(properties)
  const near = nearest(name, names, name.length / 3)
  return `${near ? `did you mean ${near}? ` : ''}it has ${names.join(', ')}`
}

function checkObject(schema: Schema, value: object, where: string): void {
  const { properties = {}, required = [], additionalProperties } = schema
  const missing = required.find((name) => Reflect.get(value, name) === undefined)
  if (missing) throw new TypeError(`${where}.${missing} is missing`)
  for (const [name, item] of Object.entries(value)) {
    if (item === undefined) continue
    const own = Object.hasOwn(properties, name) ? properties[name] : additionalProperties
    if (own === false)
      throw new TypeError(`${where}: there is no field "${name}"; ${wayOut(name, properties)}`)
    if (own) checkAgainst(own, item, `${where}.${name}`)
  }
}

/** Refuses what a schema does not allow; `where` leads to the place: "advise.json: recipe.groups[1].lr". */
export function checkAgainst(schema: Schema, value: unknown, where: string): void {
  checkKind(schema.type, value, where)
  if (schema.enum && !schema.enum.includes(value as string))
    throw new RangeError(`${where} must be ${listed(schema.enum)}, got ${show(value)}`)
  if (typeof value === 'number') checkNumber(schema, value, where)
  if (Array.isArray(value)) {
    const { items, minItems = 0, maxItems = Number.POSITIVE_INFINITY } = schema
    if (value.length < minItems || value.length > maxItems)
      throw new RangeError(`${where} must have ${minItems} entries, got ${value.length}`)
    if (items) for (const [k, item] of value.entries()) checkAgainst(items, item, `${where}[${k}]`)
  } else if (typeof value === 'object' && value !== null) checkObject(schema, value, where)
}

/** Refuses what is no recipe: "lint: recipe.lr must be ≥ 0, got -1". */
export function checkRecipe(owner: string, recipe: unknown): asserts recipe is TrainingRecipe {
  checkAgainst(recipeSchema, recipe, `${owner}: recipe`)
  const { lrRange } = recipe as TrainingRecipe
  if (lrRange && lrRange[0] > lrRange[1])
    throw new RangeError(
      `${owner}: recipe.lrRange must be [smallest, largest], got [${lrRange.join(', ')}]`,
    )
}
