import type { Backend } from '../backend/backend.js'
import { hasRelaxedSimd } from '../backend/wasm.js'
import type { ModelState } from '../nn/modelState.js'
import type { OptimizerState } from '../optimizers/state.js'
import type { EarlyStoppingState } from '../regularizers/earlyStopping.js'
import type { PlateauState } from '../schedules/reduceOnPlateau.js'
import type { EpochRecord } from './epochRecord.js'
import type { Stopped } from './history.js'
import { pack, unpack } from './pack.js'
import type { TallyState } from './tally.js'

/** What must be the same for a run to go on as it would have. */
export interface Settings {
  seed: number
  batchSize: number
  accumulate: number
  /** How many rows are trained on; null where only the batches are known. */
  rows: number | null
}

/** Everything a run needs to go on. */
export interface Checkpoint {
  format: 'downhill.checkpoint'
  version: 1
  /** Results are the same bit for bit on the same one only. */
  backend: string
  settings: Settings
  /** Epochs that are over. */
  epoch: number
  /** Steps so far. */
  step: number
  rows: EpochRecord[]
  /** Sums of an epoch that has begun, and its seconds. */
  tally: TallyState | null
  seconds: number
  model: ModelState
  optimizer: OptimizerState
  average: OptimizerState | null
  plateaus: PlateauState[]
  stopping: EarlyStoppingState | null
  best: ModelState | null
  stopped: Stopped | null
}

/** The name of a backend, and whether it multiplies and adds in one rounding: then its last bits differ. */
export const fingerprint = ({ name }: Pick<Backend, 'name'>): string =>
  name.startsWith('simd') ? `simd${hasRelaxedSimd() ? '+fma' : ''}` : name // threads change no bit

const magic = 'DHC1'

export const checkpointToBytes = (checkpoint: Checkpoint): Uint8Array => pack(magic, checkpoint)

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0
const isNumbers = (value: unknown, length: number): boolean =>
  Array.isArray(value) && value.length === length && value.every((one) => typeof one === 'number')

/** What each field of a row must be. */
const rowFields: Readonly<Record<string, (value: unknown) => boolean>> = {
  epoch: isCount,
  step: isCount,
  trainLoss: (value) => typeof value === 'number',
  metrics: (value) =>
    isObject(value) && Object.values(value).every((one) => typeof one === 'number'),
  lr: (value) => Array.isArray(value) && value.every((one) => typeof one === 'number'),
  gradientNorm: (value) => typeof value === 'number',
  maxGradientNorm: (value) => typeof value === 'number',
  skipped: isCount,
  seconds: (value) => typeof value === 'number',
}
const optionalFields = ['validationLoss', 'clipped', 'stages']

const isRow = (row: unknown): boolean =>
  isObject(row) &&
  Object.entries(rowFields).every(([name, fits]) => fits(row[name])) &&
  Object.entries(row).every(
    ([name, value]) =>
      Object.hasOwn(rowFields, name) ||
      (optionalFields.includes(name) && typeof value === 'number'),
  )

/** What each part of a checkpoint must be; what is in the states is for those to check who take them. */
const fields: Readonly<Record<keyof Checkpoint, (value: unknown) => boolean>> = {
  format: (value) => value === 'downhill.checkpoint',
  version: (value) => value === 1,
  backend: (value) => typeof value === 'string',
  settings: isObject,
  epoch: isCount,
  step: isCount,
  rows: (value) => Array.isArray(value) && value.every(isRow),
  tally: (value) =>
    value === null ||
    (isObject(value) &&
      isNumbers(value.losses, 3) &&
      isNumbers(value.norms, 4) &&
      isCount(value.rows) &&
      isCount(value.steps)),
  seconds: (value) => typeof value === 'number' && value >= 0,
  model: isObject,
  optimizer: isObject,
  average: (value) => value === null || isObject(value),
  plateaus: (value) => Array.isArray(value) && value.every(isObject),
  stopping: (value) => value === null || isObject(value),
  best: (value) => value === null || isObject(value),
  stopped: (value) =>
    value === null ||
    (isObject(value) &&
      ['epochs', 'earlyStopping', 'nonFinite', 'aborted'].includes(value.why as string) &&
      isCount(value.epoch) &&
      isCount(value.step) &&
      typeof value.message === 'string'),
}

/** A checkpoint, if the bytes are one: they may have been cut short, changed, or made by somebody else. */
export function checkpointFromBytes(bytes: Uint8Array, where: string): Checkpoint {
  const refuse = (why: string): never => {
    throw new RangeError(`fit: ${where} is no checkpoint to go on from: ${why}`)
  }
  const value = unpack(magic, bytes, refuse)
  if (!isObject(value)) return refuse('it holds no object')
  if (value.format === 'downhill.checkpoint' && value.version !== 1)
    refuse(`its version is ${value.version}, this library reads 1`)
  for (const [name, fits] of Object.entries(fields))
    if (!fits(value[name])) refuse(`its ${name} is not what it must be`)
  const found = value as unknown as Checkpoint
  if (found.rows.length !== found.epoch)
    refuse(`it has ${found.rows.length} rows of ${found.epoch} epochs`)
  return found
}

/** Refuses a checkpoint of another run, naming what differs. */
export function checkSettings(saved: Checkpoint, backend: string, settings: Settings): void {
  const refuse = (name: string, theirs: unknown, ours: unknown): never => {
    throw new RangeError(
      `fit: this checkpoint does not fit: ${name} is ${theirs} there, ${ours} here; give the same, or another checkpoint`,
    )
  }
  if (saved.backend !== backend) refuse('the backend', saved.backend, backend)
  for (const [name, ours] of Object.entries(settings)) {
    const theirs = saved.settings[name as keyof Settings]
    if (theirs !== ours) refuse(name, theirs, ours)
  }
}
