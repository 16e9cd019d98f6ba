import type { Plain } from 'downhill'

/** A field of what a learner's function returned; undefined where there is none. */
export function field(value: Plain, name: string): Plain {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (Reflect.get(value, name) as Plain)
    : undefined
}

/** One field of each row; of something that is no list, the thing itself. */
export function column(rows: Plain, name: string): Plain {
  return Array.isArray(rows) ? rows.map((row) => field(row, name)) : rows
}

/** A field that must be a number; NaN where it is anything else, a numeral in a string included. */
export function numberField(value: Plain, name: string): number {
  const found = field(value, name)
  return typeof found === 'number' ? found : Number.NaN
}
