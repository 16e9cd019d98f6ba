import { close, type Exercise, type Random, withHints } from 'downhill'
import { between, listBetween, wholeBetween } from '../draw.js'
import { field } from '../plain.js'
import hints from './hints.md'

/** As `findLearningRate` draws its rates. */
const sweepRates = (from: number, to: number, steps: number): number[] =>
  Array.from({ length: steps }, (_, k) => from * (to / from) ** (k / (steps - 1)))

function smooth(losses: readonly number[], beta: number): number[] {
  let m = 0
  return losses.map((loss, k) => {
    m = beta * m + (1 - beta) * loss
    return m / (1 - beta ** (k + 1))
  })
}

/** The number of the smallest; what is not a number is larger than all. */
const placeOfLeast = (values: readonly number[]): number =>
  values.reduce((best, value, k) => (value < values[best]! ? k : best), 0)

function picked(rates: readonly number[], losses: readonly number[], beta: number) {
  const smoothed = smooth(losses, beta)
  const least = placeOfLeast(smoothed)
  const falls = smoothed.slice(1, least).map((_, k) => smoothed[k + 2]! - smoothed[k]!)
  return { minimumOverTen: rates[least]! / 10, steepest: rates[placeOfLeast(falls) + 1]! }
}

const sweep: Exercise = {
  id: 'lr-sweep',
  functionName: 'sweepRates',
  checks: [
    {
      name: 'any-sweep',
      points: 1,
      rule: 'αₖ = a·(b/a)^(k/(n−1)) for any ends and any number of steps',
      async test(student, random) {
        const sweep = [between(random, 0.001, 0.01), between(random, 5, 20), 7] as const
        return close(await student.call('sweepRates', [...sweep]), sweepRates(...sweep))
      },
    },
    {
      name: 'two-steps',
      points: 1,
      rule: 'two steps are the two ends',
      async test(student, random) {
        const [from, to] = [between(random, 0.01, 0.1), between(random, 1, 10)]
        return close(await student.call('sweepRates', [from, to, 2]), [from, to])
      },
    },
  ],
}

/** The curve of a range test: level, a fall, and a rise that is steeper than the fall. */
function curve(random: Random) {
  const rates = sweepRates(between(random, 0.001, 0.002), between(random, 10, 20), 24)
  const middle = wholeBetween(random, 7, 9)
  const losses = rates.map(
    (_, k) => 2 / (1 + Math.exp(k - middle)) + 0.2 + Math.exp(1.5 * (k - 20)),
  )
  return { rates, losses }
}

const pick: Exercise = {
  id: 'lr-pick',
  functionName: 'pickRate',
  checks: [
    {
      name: 'any-smoothing',
      points: 1,
      rule: 'mₖ = β·mₖ₋₁ + (1−β)·lossₖ, corrected by 1 − βᵏ⁺¹, for any losses and any β',
      async test(student, random) {
        // On the whole they fall: the smallest has neighbours before it, as the contract takes for granted.
        const losses = listBetween(random, 12, 1, 3).map((loss, k) => loss + 0.5 * (11 - k))
        const beta = between(random, 0.5, 0.9)
        const got = await student.call('pickRate', [sweepRates(0.001, 1, 12), losses, beta])
        return close(field(got, 'smoothed'), smooth(losses, beta))
      },
    },
    {
      name: 'smoothed-choice',
      points: 2,
      rule: 'both choices are read from the smoothed curve, not from the losses of the batches',
      async test(student, random) {
        const { rates, losses } = curve(random)
        // One lucky batch at the beginning is lower than all others.
        const lucky = losses.map((loss, k) => (k === 3 ? 0.1 : loss))
        const got = await student.call('pickRate', [rates, lucky, 0.8])
        return close(got, picked(rates, lucky, 0.8))
      },
    },
    {
      name: 'diverged',
      points: 2,
      rule: 'what comes after the minimum changes neither choice: a jump and a fall, infinite losses, NaN; the fall may end in the minimum itself',
      async test(student, random) {
        const { rates, losses } = curve(random)
        const end = [6, 6, 1, Number.POSITIVE_INFINITY, Number.NaN]
        const broken = [...losses.slice(0, -end.length), ...end]
        // It falls faster and faster, until it explodes.
        const last = between(random, 0.4, 0.6)
        const brink = [2.3, 2.2, 2, 1.5, last, Number.POSITIVE_INFINITY, Number.NaN]
        const few = rates.slice(0, brink.length)
        const got = [
          await student.call('pickRate', [rates, broken, 0]),
          await student.call('pickRate', [few, brink, 0]),
        ]
        return close(got, [picked(rates, broken, 0), picked(few, brink, 0)])
      },
    },
  ],
}

interface Run {
  [field: string]: number | string
  optimizer: string
  lr: number
  seed: number
  loss: number
}

const runsOf = (optimizer: string, lr: number, losses: readonly number[]): Run[] =>
  losses.map((loss, k) => ({ optimizer, lr, seed: k + 1, loss }))

const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, x) => sum + x, 0) / values.length

/** Mean and standard deviation of b − a, and what they say. */
function judged(a: readonly number[], b: readonly number[]) {
  const gaps = b.map((loss, k) => loss - a[k]!)
  const mean = meanOf(gaps)
  const sd = Math.sqrt(gaps.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (gaps.length - 1))
  const verdict = Math.abs(mean) <= 2 * sd ? 'no difference' : mean < 0 ? 'better' : 'worse'
  return { mean, sd, verdict }
}

const plus = (losses: readonly number[], more: number): number[] =>
  losses.map((loss) => loss + more)

/** Any order: by random keys. */
function shuffled(runs: readonly Run[], random: Random): Run[] {
  const keyed = runs.map((run) => ({ run, key: random() }))
  return keyed.sort((a, b) => a.key - b.key).map(({ run }) => run)
}

/** What both do with five seeds that matter more than the optimizers: 1, 2, 3, 4, 5, about. */
const seedLosses = (random: Random): number[] =>
  listBetween(random, 5, 0, 0.1).map((x, k) => k + 1 + x)

const fair: Exercise = {
  id: 'fair-comparison',
  functionName: 'fairComparison',
  checks: [
    {
      name: 'any-order',
      points: 2,
      rule: 'runs in any order, others among them: pairs are made by the seed, and sd divides by n − 1',
      async test(student, random) {
        const seeds = seedLosses(random)
        // The challenger is worse by 0.2 to 0.3 with each seed: far less than the seeds differ.
        const own = seeds.map((loss) => loss + between(random, 0.2, 0.3))
        const runs = [
          ...runsOf('A', 0.1, plus(seeds, 1)),
          ...runsOf('A', 0.2, seeds),
          ...runsOf('A', 0.4, plus(seeds, 2)),
          ...runsOf('B', 0.3, plus(own, 1)),
          ...runsOf('B', 0.5, own),
          ...runsOf('B', 0.7, plus(own, 1)),
          ...runsOf('C', 0.2, plus(seeds, -1)),
        ]
        const got = await student.call('fairComparison', [shuffled(runs, random), 'A', 'B'])
        return close(got, { rates: [0.2, 0.5], ...judged(seeds, own) })
      },
    },
    {
      name: 'mean-not-luck',
      points: 1,
      rule: 'the rate with the smallest mean, not the one with the luckiest seed',
      async test(student, random) {
        const seeds = seedLosses(random)
        const lucky = plus(seeds, 0.9).map((loss, k) => (k === 2 ? between(random, 0, 0.1) : loss))
        const runs = [
          ...runsOf('A', 0.1, plus(seeds, 2)),
          ...runsOf('A', 0.2, seeds),
          ...runsOf('A', 0.4, lucky),
          ...runsOf('B', 0.1, plus(seeds, 2)),
          ...runsOf('B', 0.2, seeds),
          ...runsOf('B', 0.4, lucky),
        ]
        const got = await student.call('fairComparison', [runs, 'A', 'B'])
        return close(got, { rates: [0.2, 0.2] })
      },
    },
    {
      name: 'diverged-rate',
      points: 2,
      rule: 'a rate whose loss is NaN or infinite for one seed is out, and the grid has it all the same',
      async test(student, random) {
        const seeds = seedLosses(random)
        const broken = (value: number) =>
          plus(seeds, -0.9).map((loss, k) => (k === 1 ? value : loss))
        const runs = [
          ...runsOf('A', 0.4, broken(Number.NaN)),
          ...runsOf('A', 0.2, seeds),
          ...runsOf('A', 0.1, plus(seeds, 2)),
          ...runsOf('B', 0.1, plus(seeds, 2)),
          ...runsOf('B', 0.2, plus(seeds, 1)),
          ...runsOf('B', 0.4, broken(Number.POSITIVE_INFINITY)),
        ]
        const got = await student.call('fairComparison', [runs, 'A', 'B'])
        return close(got, { rates: [0.2, 0.2], atEdge: [false, false] })
      },
    },
    {
      name: 'no-difference',
      points: 1,
      rule: "a mean within two sd is 'no difference', whatever its sign; one a little beyond is not",
      async test(student, random) {
        const seeds = seedLosses(random)
        const sign = random() < 0.5 ? -1 : 1
        const asked = async (gaps: readonly number[]) => {
          const own = gaps.map((gap, k) => seeds[k]! + sign * (gap + between(random, 0, 0.03)))
          const runs = [0.1, 0.2, 0.4].flatMap((lr, k) => [
            ...runsOf('A', lr, k === 1 ? seeds : plus(seeds, 1)),
            ...runsOf('B', lr, k === 1 ? own : plus(own, 1)),
          ])
          return [await student.call('fairComparison', [runs, 'A', 'B']), judged(seeds, own)]
        }
        // The mean is 1.6 to 1.9 standard deviations from 0: it would count if one were enough. Then 2.1 to 2.5: it would not if three were asked for.
        const [within, beyond] = [
          await asked([0.9, 0.2, 0.6, 0.8, 0.25]),
          await asked([0.9, 0.3, 0.65, 0.8, 0.35]),
        ]
        return close([within[0], beyond[0]], [within[1], beyond[1]])
      },
    },
    {
      name: 'lower-edge',
      points: 1,
      rule: 'the smallest rate of a grid is an end of it, too, wherever it stands in the list',
      async test(student, random) {
        const seeds = seedLosses(random)
        const runs = [
          ...runsOf('A', 0.4, plus(seeds, 1)),
          ...runsOf('A', 0.1, seeds),
          ...runsOf('A', 0.2, plus(seeds, 1)),
          ...runsOf('B', 0.2, seeds),
          ...runsOf('B', 0.4, plus(seeds, 1)),
          ...runsOf('B', 0.1, plus(seeds, 1)),
        ]
        const got = await student.call('fairComparison', [runs, 'A', 'B'])
        return close(got, { atEdge: [true, false] })
      },
    },
  ],
}

export const hidden: readonly Exercise[] = [
  withHints(sweep, hints),
  withHints(pick, hints),
  withHints(fair, hints),
]
