import type { Records } from '../host/records.js'
import { about, told } from './advice.js'
import { type HistoryRow, type RunLike, rowsIn, type SeenSymptom } from './curves.js'
import { type DiagnoseOptions, diagnose, type Move } from './diagnose.js'

/** A curve that is elsewhere than before. */
export interface Moved {
  readonly curve: string
  readonly from: number
  readonly to: number
}

/** Options of `recipeNote`. */
export interface RecipeNoteOptions extends DiagnoseOptions {
  /** The run before the change; without it the note compares this run's last epoch with its first. */
  before?: RunLike
  /** What was changed for this run: 'lr 0.1 → 0.01'. */
  changed?: string
}

/** The note that belongs to a run. It shows itself as a table of four lines. */
export interface RecipeNote extends Records<{ question: string; answer: string }> {
  /** The main one; undefined if nothing stands out. */
  readonly symptom: SeenSymptom | undefined
  readonly changed: string | undefined
  /** The curves that moved by more than 1 %, most first. */
  readonly moved: readonly Moved[]
  /** What to try next; undefined if nothing stands out. */
  readonly next: Move | undefined
  /** Whether that is about how the model is trained, or about what it is and learns from. */
  readonly kind: 'optimization' | 'data or model'
}

function curvesOf(row: HistoryRow): Record<string, number> {
  const { trainLoss, validationLoss, metrics = {}, lr = [] } = row
  return {
    'train loss': trainLoss,
    ...(validationLoss !== undefined && { 'validation loss': validationLoss }),
    ...metrics,
    ...(lr[0] !== undefined && { 'learning rate': lr[0] }),
  }
}

function movedBetween(from: HistoryRow | undefined, to: HistoryRow | undefined): Moved[] {
  if (!from || !to) return []
  const old = curvesOf(from)
  const changeOf = ({ from: a, to: b }: Moved) => Math.abs(b - a) / Math.max(Math.abs(a), 1e-12)
  return Object.entries(curvesOf(to))
    .flatMap(([curve, value]) => {
      const before = Object.hasOwn(old, curve) ? old[curve] : undefined
      return before === undefined ? [] : [{ curve, from: before, to: value }]
    })
    .filter((moved) => changeOf(moved) > 0.01)
    .sort((a, b) => changeOf(b) - changeOf(a))
}

/**
 * Four lines to write after every run: the main symptom, what was changed, which curves moved, and what comes next: a matter of optimization, or of data
 * and model.
 * Tests     test/advisor/recipeNote.test.ts
 * @throws RangeError for a run without rows; else as `diagnose`
 * @example
 * const before = [{ epoch: 1, trainLoss: 2.3 }, { epoch: 2, trainLoss: Number.NaN }]
 * const after = [{ epoch: 1, trainLoss: 2.3 }, { epoch: 2, trainLoss: 1.2 }, { epoch: 3, trainLoss: 0.7 }]
 * recipeNote(before).next?.code                                            // 'lower-rate'
 * recipeNote(after, { before, changed: 'lr 1 → 0.1' }).kind   // 'data or model'
 */
export function recipeNote(run: RunLike, options: RecipeNoteOptions = {}): RecipeNote {
  const { before, changed, ...others } = options
  const { symptoms, first: next } = diagnose(run, others)
  const rows = rowsIn(run)
  if (rows.length === 0) throw new RangeError('recipeNote: the run has no rows')
  const moved = movedBetween(before ? rowsIn(before).at(-1) : rows[0], rows.at(-1))
  const [symptom] = symptoms
  const kind: RecipeNote['kind'] = next && !inModel(next) ? 'optimization' : 'data or model'
  const lines = [
    {
      question: 'main symptom',
      answer: symptom ? `${symptom.symptom}: ${symptom.seen}` : 'nothing stands out',
    },
    { question: 'changed for this run', answer: changed ?? 'nothing was said' },
    {
      question: before ? 'moved, beside the run before' : 'moved, from the first epoch to the last',
      answer:
        moved.map((one) => `${one.curve} ${about(one.from)} → ${about(one.to)}`).join(', ') ||
        'nothing',
    },
    {
      question: `next move (${kind})`,
      answer:
        next?.move ?? 'The training does its work. What is left to gain lies in data and model.',
    },
  ]
  const caption = 'Note on this run'
  const line = ({ question, answer }: (typeof lines)[number]) => `  ${question}: ${answer}`
  return Object.assign(told(lines, { caption, line }), { symptom, changed, moved, next, kind })
}

const inModel = ({ stage }: Move): boolean =>
  stage === 'regularization' || stage === 'data and loss'
