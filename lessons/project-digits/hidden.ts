import {
  type Exercise,
  type FullRecipe,
  type Random,
  type Student,
  spreadOf,
  withHints,
} from 'downhill'
import { wholeBetween } from '../draw.js'
import { field } from '../plain.js'
import hints from './hints.md'
import { answerOf, curves, differences, experimentOf, withinBudget } from './recipes.js'
import { type Refereed, referee } from './referee.js'

const splits = 5

/** The splits of one marking: all checks of an exercise look at the same. */
const drawn = new WeakMap<Random, number[]>()
function seedsOf(random: Random): number[] {
  const seeds =
    drawn.get(random) ?? Array.from({ length: splits }, () => wholeBetween(random, 1e4, 1e9))
  drawn.set(random, seeds)
  return seeds
}

/** What one marking has trained: one that took too long is not waited for again by each of the checks. */
const trained = new WeakMap<Random, Map<string, Promise<Refereed[]>>>()
export function trainedOn(random: Random, recipe: FullRecipe): Promise<Refereed[]> {
  const all = trained.get(random) ?? new Map<string, Promise<Refereed[]>>()
  trained.set(random, all)
  const key = JSON.stringify(recipe)
  const runs = all.get(key) ?? referee(recipe, seedsOf(random))
  all.set(key, runs)
  return runs
}

const refereed = async (student: Student, random: Random): Promise<Refereed[]> =>
  trainedOn(random, withinBudget(await answerOf(student, 'recipe')))

const meanAccuracy = (runs: readonly Refereed[]): number =>
  spreadOf(runs.map(({ accuracy }) => accuracy)).mean

/**
 * What is asked of the mean accuracy, as the notebook says it; `tolerance` is in the learner's favour. Of the mean over five splits, and not of its gain
 * over the plain recipe: the plain one underfits, so that its own luck is most of the gain's. Measured by `node bench/bands.mjs` on splits that no recipe was
 * searched on (mean ± sd of 8 markings, in %): plain 89.97 ± 0.45; its best rate 93.07 ± 0.37; AdamW or Nesterov, wider, all rows 94.5 to 94.9 ± 0.33; with
 * jitter 96.49 ± 0.37; Nesterov with jitter and smoothing 97.11 ± 0.31; AdamW with both, the notebook's solution, 97.37 ± 0.26, whose gain has an sd of 0.53.
 */
export const bands = [0.92, 0.93, 0.94, 0.95, 0.955, 0.96, 0.965, 0.97] as const
export const tolerance = 0.005

const percent = (share: number, digits = 1): string => `${(100 * share).toFixed(digits)} %`

const recipe: Exercise = {
  id: 'recipe',
  functionName: 'recipe',
  checks: [
    ...bands.map((band, k) => ({
      name: `band-${k + 1}`,
      points: 1,
      rule: `mean accuracy over ${splits} splits that nobody has seen: ${percent(band)}`,
      async test(student: Student, random: Random) {
        const mean = meanAccuracy(await refereed(student, random))
        return {
          ok: mean >= band - tolerance,
          expected: `${percent(band)}, or up to ${percent(tolerance)} less`,
          got: percent(mean, 2),
          open: true,
        }
      },
    })),
    {
      name: 'clean',
      points: 1,
      rule: 'lint finds nothing critical or major in a recipe that reaches the first band',
      async test(student, random) {
        const runs = await refereed(student, random)
        const codes = [...new Set(runs.flatMap(({ findings }) => findings))]
        const reaches = meanAccuracy(runs) >= bands[0] - tolerance
        return {
          ok: codes.length === 0 && reaches,
          expected: 'the first band, and no such finding',
          got: codes.join(', ') || (reaches ? 'no finding' : 'less than the first band'),
          open: true,
        }
      },
    },
  ],
}

/** A loss that is not finite: worse than any that is. */
const hopeless = 1e6

/** The least that a change must do to a curve, as a share of what it was: a rate that is a millionth higher moves every split alike, and means nothing. */
export const leastEffect = 0.005

/** The differences, split by split, of the curve that a note names; at the last epoch. */
async function moved(student: Student, random: Random) {
  const note = await answerOf(student, 'note')
  const { before, after } = experimentOf(note)
  const curve = curves.find((name) => name === field(note, 'curve'))
  if (!curve) throw new RangeError(`there is no curve ${String(field(note, 'curve'))}`)
  if (differences(before, after).length !== 1)
    throw new RangeError('more than one thing was changed, or nothing')
  const [old, now] = [await trainedOn(random, before), await trainedOn(random, after)]
  const at = ({ curves: ends }: Refereed) => ends[curve] ?? hopeless
  const was = spreadOf(old.map(at)).mean
  const { mean, sd } = spreadOf(now.map((run, k) => at(run) - at(old[k]!)))
  const said = { up: 1, down: -1 }[String(field(note, 'direction'))] ?? Number.NaN
  const got = `${curve}: ${mean.toPrecision(3)} ± ${sd.toPrecision(2)}, from ${was.toPrecision(3)}`
  return { along: said * mean, enough: Math.max(2 * sd, leastEffect * was), got }
}

const note: Exercise = {
  id: 'note',
  functionName: 'note',
  checks: [
    {
      name: 'direction',
      points: 1,
      rule: 'the curve moved as you say, on the mean of five splits',
      async test(student, random) {
        const { along, got } = await moved(student, random)
        return { ok: along > 0, expected: 'a mean on the side that was said', got, open: true }
      },
    },
    {
      name: 'beyond-noise',
      points: 2,
      rule: 'and beyond the noise: the mean difference is more than twice its standard deviation, and half a percent of what the curve was',
      async test(student, random) {
        const { along, enough, got } = await moved(student, random)
        const expected = `more than ${enough.toPrecision(2)} on the side that was said`
        return { ok: along > enough, expected, got, open: true }
      },
    },
    {
      name: 'next-move',
      points: 2,
      rule: 'next is what diagnose gives first for `after`, on one of the five splits at least',
      async test(student, random) {
        const given = await answerOf(student, 'note')
        const said = String(field(given, 'next'))
        const runs = await trainedOn(random, experimentOf(given).after)
        const found = [...new Set(runs.map(({ next }) => next))]
        return { ok: found.includes(said), expected: found.join(' or '), got: said }
      },
    },
  ],
}

export const hidden: readonly Exercise[] = [recipe, note].map((exercise) =>
  withHints(exercise, hints),
)
