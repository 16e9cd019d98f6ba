import { checkAgainst } from './checkRecipe.js'
import type { HistoryRow, RunLike } from './curves.js'
import type { Schema } from './schema.js'

/** JSON has no NaN: it writes null. */
const value: Schema = { type: ['number', 'null'] }
const count: Schema = { type: 'integer', minimum: 0 }

const row: Schema = {
  type: 'object',
  required: ['epoch'],
  properties: {
    epoch: count,
    step: count,
    trainLoss: value,
    validationLoss: value,
    metrics: { type: 'object', additionalProperties: value },
    lr: { type: 'array', items: value },
    gradientNorm: value,
    maxGradientNorm: value,
    clipped: value,
    skipped: count,
  },
}
const stopped: Schema = {
  type: 'object',
  required: ['why', 'epoch', 'step', 'message'],
  properties: {
    why: { type: 'string', enum: ['epochs', 'earlyStopping', 'nonFinite', 'aborted'] },
    epoch: count,
    step: count,
    message: { type: 'string' },
  },
}

/** The row with NaN where JSON had null. */
function revived(given: object): HistoryRow {
  const plain = JSON.parse(JSON.stringify(given), (_, item: unknown) =>
    item === null ? Number.NaN : item,
  )
  return { trainLoss: Number.NaN, ...plain }
}

/** A `History` that was written as JSON, or a list of rows; other fields of a row are left alone. @throws RangeError or TypeError with the place */
export function historyFromJson(owner: string, given: unknown): RunLike {
  const isList = Array.isArray(given)
  if (!isList) checkAgainst({ type: 'object', required: ['rows'] }, given, `${owner}: history`)
  const whole = (isList ? { rows: given } : given) as { rows: object[]; stopped?: unknown }
  checkAgainst({ type: 'array', items: row }, whole.rows, `${owner}: rows`)
  if (whole.stopped !== undefined) checkAgainst(stopped, whole.stopped, `${owner}: stopped`)
  return { ...whole, rows: whole.rows.map(revived) } as RunLike
}
