import { describe, expect, test } from 'vitest'
import { lostChecks, pointsFor } from '../support/answers.js'

type Sweep = (from: number, to: number, steps: number) => unknown
type Pick = (rates: number[], losses: number[], beta: number) => unknown
interface Run {
  optimizer: string
  lr: number
  seed: number
  loss: number
}
type Judge = (runs: Run[], baseline: string, challenger: string) => unknown

interface Wrong<Answer> {
  answer: Answer
  lost: string[]
  points: number
}

const rightSweeps: Record<string, Sweep> = {
  'one power for each rate': (from, to, steps) =>
    Array.from({ length: steps }, (_, k) => from * (to / from) ** (k / (steps - 1))),
  'evenly spaced logarithms': (from, to, steps) => {
    const [a, b] = [Math.log10(from), Math.log10(to)]
    const rates: number[] = []
    for (let k = 0; k < steps; k++) rates.push(10 ** (a + ((b - a) * k) / (steps - 1)))
    return rates
  },
  'one factor, again and again': (from, to, steps) => {
    const factor = Math.exp(Math.log(to / from) / (steps - 1))
    const rates = [from]
    while (rates.length < steps) rates.push(rates.at(-1)! * factor)
    return rates
  },
}

const wrongSweeps: Record<string, Wrong<Sweep>> = {
  'equal differences': {
    answer: (from, to, steps) =>
      Array.from({ length: steps }, (_, k) => from + ((to - from) * k) / (steps - 1)),
    lost: ['powers-of-ten', 'any-sweep'],
    points: 1,
  },
  'n factors: the last rate is missing': {
    answer: (from, to, steps) =>
      Array.from({ length: steps }, (_, k) => from * (to / from) ** (k / steps)),
    lost: ['powers-of-ten', 'any-sweep', 'two-steps'],
    points: 0,
  },
  'a factor of ten built in': {
    answer: (from, _, steps) => Array.from({ length: steps }, (_, k) => from * 10 ** k),
    lost: ['any-sweep', 'two-steps'],
    points: 1,
  },
}

function smooth(losses: number[], beta: number): number[] {
  let m = 0
  return losses.map((loss, k) => {
    m = beta * m + (1 - beta) * loss
    return m / (1 - beta ** (k + 1))
  })
}

/** Place of the smallest, and of the largest fall before it. */
function choose(rates: number[], curve: number[]) {
  let least = 0
  for (const [k, s] of curve.entries()) if (s < curve[least]!) least = k
  let steepest = 1
  for (let k = 1; k < least; k++)
    if (curve[k + 1]! - curve[k - 1]! < curve[steepest + 1]! - curve[steepest - 1]!) steepest = k
  return { least, minimumOverTen: rates[least]! / 10, steepest: rates[steepest]! }
}

const pick: Pick = (rates, losses, beta) => {
  const smoothed = smooth(losses, beta)
  return { smoothed, ...choose(rates, smoothed) }
}

const rightPicks: Record<string, Pick> = {
  'a loop': pick,
  'a reduce that needs one place at least, and stops where it explodes': (rates, losses, beta) => {
    const all = smooth(losses, beta)
    const end = all.findIndex((s) => !Number.isFinite(s))
    const smoothed = end < 0 ? all : all.slice(0, end)
    const least = smoothed.indexOf(Math.min(...smoothed))
    const fall = (k: number) => smoothed[k + 1]! - smoothed[k - 1]!
    const places = Array.from({ length: least - 1 }, (_, k) => k + 1)
    const steepest = places.reduce((best, k) => (fall(k) < fall(best) ? k : best))
    return { smoothed, minimumOverTen: rates[least]! / 10, steepest: rates[steepest]! }
  },
  'weights of a sum, and slopes against the logarithm': (rates, losses, beta) => {
    const smoothed = losses.map((_, k) => {
      const weights = losses.slice(0, k + 1).map((_, i) => beta ** (k - i))
      const total = weights.reduce((a, b) => a + b, 0)
      return weights.reduce((sum, weight, i) => sum + weight * losses[i]!, 0) / total
    })
    const finite = smoothed.filter(Number.isFinite)
    const least = smoothed.indexOf(Math.min(...finite))
    const slopes = finite.slice(1, least).map((_, i) => {
      const width = Math.log(rates[i + 2]!) - Math.log(rates[i]!)
      return (finite[i + 2]! - finite[i]!) / width
    })
    const steepest = slopes.indexOf(Math.min(...slopes)) + 1
    return { smoothed, minimumOverTen: rates[least]! * 0.1, steepest: rates[steepest]! }
  },
}

const wrongPicks: Record<string, Wrong<Pick>> = {
  'no correction for the start at 0': {
    answer: (rates, losses, beta) => {
      const smoothed = smooth(losses, beta).map((s, k) => s * (1 - beta ** (k + 1)))
      return { smoothed, ...choose(rates, smoothed) }
    },
    lost: ['smoothing', 'any-smoothing', 'smoothed-choice'],
    points: 4,
  },
  'the corrected average goes on': {
    answer: (rates, losses, beta) => {
      let m = 0
      const smoothed = losses.map((loss, k) => {
        m = (beta * m + (1 - beta) * loss) / (1 - beta ** (k + 1))
        return m
      })
      return { ...choose(rates, smooth(losses, beta)), smoothed }
    },
    lost: ['smoothing', 'any-smoothing'],
    points: 6,
  },
  'the rate at the minimum': {
    answer: (rates, losses, beta) => {
      const smoothed = smooth(losses, beta)
      const { least, steepest } = choose(rates, smoothed)
      return { smoothed, steepest, minimumOverTen: rates[least]! }
    },
    lost: ['a-tenth', 'smoothed-choice', 'diverged'],
    points: 3,
  },
  'chosen from the losses of the batches': {
    answer: (rates, losses, beta) => ({
      smoothed: smooth(losses, beta),
      ...choose(rates, losses),
    }),
    lost: ['smoothed-choice'],
    points: 6,
  },
  'Math.min over NaN': {
    answer: (rates, losses, beta) => {
      const smoothed = smooth(losses, beta)
      const least = smoothed.indexOf(Math.min(...smoothed))
      const { steepest } = choose(rates, smoothed)
      return { smoothed, steepest, minimumOverTen: (rates[least] ?? Number.NaN) / 10 }
    },
    lost: ['diverged'],
    points: 6,
  },
  'a fall after the minimum counts too': {
    answer: (rates, losses, beta) => {
      const smoothed = smooth(losses, beta)
      const falls = smoothed.slice(2).map((s, k) => s - smoothed[k]!)
      const finite = falls.map((fall) => (Number.isFinite(fall) ? fall : 0))
      const k = 1 + finite.indexOf(Math.min(...finite))
      return { ...choose(rates, smoothed), smoothed, steepest: rates[k]! }
    },
    lost: ['diverged'],
    points: 6,
  },
  'the fall must end before the minimum': {
    answer: (rates, losses, beta) => {
      const smoothed = smooth(losses, beta)
      const { least, minimumOverTen } = choose(rates, smoothed)
      const falls = smoothed.slice(2, least).map((s, k) => s - smoothed[k]!)
      return { smoothed, minimumOverTen, steepest: rates[1 + falls.indexOf(Math.min(...falls))]! }
    },
    lost: ['diverged'],
    points: 6,
  },
  'the fall to the next rate alone': {
    answer: (rates, losses, beta) => {
      const smoothed = smooth(losses, beta)
      const { least, minimumOverTen } = choose(rates, smoothed)
      const falls = smoothed.slice(0, least).map((s, k) => smoothed[k + 1]! - s)
      return { smoothed, minimumOverTen, steepest: rates[falls.indexOf(Math.min(...falls))]! }
    },
    lost: ['steepest', 'diverged'],
    points: 5,
  },
}

const mean = (values: number[]) => values.reduce((sum, x) => sum + x, 0) / values.length
const spread = (values: number[], divisor = values.length - 1) =>
  Math.sqrt(values.reduce((sum, x) => sum + (x - mean(values)) ** 2, 0) / divisor)
const own = (runs: Run[], optimizer: string) => runs.filter((run) => run.optimizer === optimizer)
const gridOf = (runs: Run[]) => [...new Set(runs.map(({ lr }) => lr))]
const say = (average: number, sd: number) =>
  Math.abs(average) <= 2 * sd ? 'no difference' : average < 0 ? 'better' : 'worse'

interface Parts {
  /** What stands for a rate, of its losses. */
  score?: (losses: number[]) => number
  /** The differences of the two. */
  gaps?: (a: Run[], b: Run[]) => number[]
  sd?: (gaps: number[], a: Run[], b: Run[]) => number
  verdict?: (average: number, sd: number) => string
  atEdge?: (rate: number, grid: number[]) => boolean
  /** Of the optimizer at its own rate. */
  tuned?: (name: string, baseline: string) => string
}

/** The right answer, with a part of it exchanged. */
const judge =
  ({
    score = (losses) => (Number.isFinite(mean(losses)) ? mean(losses) : Number.POSITIVE_INFINITY),
    gaps = (a, b) => b.map((run) => run.loss - a.find(({ seed }) => seed === run.seed)!.loss),
    sd = (values) => spread(values),
    verdict = say,
    atEdge = (rate, grid) => rate === Math.min(...grid) || rate === Math.max(...grid),
    tuned = (name) => name,
  }: Parts = {}): Judge =>
  (runs, baseline, challenger) => {
    const rates = [baseline, challenger].map((name) => {
      const tries = own(runs, tuned(name, baseline))
      const of = (lr: number) => score(tries.filter((run) => run.lr === lr).map((r) => r.loss))
      return gridOf(tries).reduce((best, lr) => (of(lr) < of(best) ? lr : best))
    })
    const [a, b] = [baseline, challenger].map((name, k) =>
      own(runs, name).filter((run) => run.lr === rates[k]),
    ) as [Run[], Run[]]
    const values = gaps(a, b)
    const [average, deviation] = [mean(values), sd(values, a, b)]
    return {
      rates,
      atEdge: [baseline, challenger].map((name, k) => atEdge(rates[k]!, gridOf(own(runs, name)))),
      mean: average,
      sd: deviation,
      verdict: verdict(average, deviation),
    }
  }

const rightJudges: Record<string, Judge> = {
  'filters and a fold': judge(),
  'maps, sorted by rate and by seed': (runs, ...names) => {
    const [a, b] = names.map((name) => {
      const byRate = new Map<number, Map<number, number>>()
      for (const { optimizer, lr, seed, loss } of runs) {
        if (optimizer !== name) continue
        if (!byRate.has(lr)) byRate.set(lr, new Map())
        byRate.get(lr)!.set(seed, loss)
      }
      const grid = [...byRate.keys()].sort((x, y) => x - y)
      const sound = grid.filter((lr) => [...byRate.get(lr)!.values()].every(Number.isFinite))
      const [lr] = sound.sort(
        (x, y) => mean([...byRate.get(x)!.values()]) - mean([...byRate.get(y)!.values()]),
      ) as [number]
      return { lr, edge: grid[0] === lr || grid.at(-1) === lr, losses: byRate.get(lr)! }
    }) as [Tuned, Tuned]
    const gaps = [...a.losses].map(([seed, loss]) => b.losses.get(seed)! - loss)
    const squares = gaps.reduce((sum, x) => sum + x * x, 0)
    const sd = Math.sqrt((squares - gaps.length * mean(gaps) ** 2) / (gaps.length - 1))
    return {
      rates: [a.lr, b.lr],
      atEdge: [a.edge, b.edge],
      mean: mean(gaps),
      sd,
      verdict: say(mean(gaps), sd),
    }
  },
}
interface Tuned {
  lr: number
  edge: boolean
  losses: Map<number, number>
}

const wrongJudges: Record<string, Wrong<Judge>> = {
  'the rate of the baseline for both': {
    answer: (runs, baseline, challenger) => {
      const good = judge()(runs, baseline, challenger) as { rates: number[] }
      return { ...good, rates: [good.rates[0], good.rates[0]] }
    },
    lost: ['own-rates', 'any-order'],
    points: 7,
  },
  'the luckiest seed chooses the rate': {
    answer: judge({ score: (losses) => Math.min(...losses.filter(Number.isFinite)) }),
    lost: ['mean-not-luck', 'diverged-rate'],
    points: 7,
  },
  'a mean of NaN is never refused': {
    answer: (runs, ...names) => {
      const careless = runs.map((run) => ({
        ...run,
        loss: Number.isFinite(run.loss) ? run.loss : 0,
      }))
      return judge()(careless, ...names)
    },
    lost: ['diverged-rate'],
    points: 8,
  },
  'pairs by their place in the list': {
    answer: judge({ gaps: (a, b) => b.map(({ loss }, k) => loss - a[k]!.loss) }),
    lost: ['any-order'],
    points: 8,
  },
  'sd of the population': {
    answer: judge({ sd: (gaps) => spread(gaps, gaps.length) }),
    lost: ['seed-by-seed', 'any-order', 'no-difference'],
    points: 6,
  },
  'not paired: the spreads of both are added': {
    answer: judge({
      sd: (_, a, b) => Math.hypot(spread(a.map((r) => r.loss)), spread(b.map((r) => r.loss))),
    }),
    lost: ['seed-by-seed', 'any-order', 'no-difference'],
    points: 6,
  },
  'baseline − challenger': {
    answer: judge({
      gaps: (a, b) => b.map((run) => a.find(({ seed }) => seed === run.seed)!.loss - run.loss),
    }),
    lost: ['seed-by-seed', 'any-order', 'no-difference'],
    points: 6,
  },
  'the sign decides': {
    answer: judge({ verdict: (average) => (average < 0 ? 'better' : 'worse') }),
    lost: ['no-difference'],
    points: 9,
  },
  'one standard deviation is enough': {
    answer: judge({ verdict: (average, sd) => say(average, sd / 2) }),
    lost: ['no-difference'],
    points: 9,
  },
  'three standard deviations are asked for': {
    answer: judge({ verdict: (average, sd) => say(average, 1.5 * sd) }),
    lost: ['no-difference'],
    points: 9,
  },
  'the median over the seeds chooses the rate': {
    answer: judge({
      score: (losses) =>
        losses.every(Number.isFinite)
          ? [...losses].sort((x, y) => x - y)[Math.floor(losses.length / 2)]!
          : Number.POSITIVE_INFINITY,
    }),
    lost: ['mean-not-luck'],
    points: 9,
  },
  'a rate that is out is no part of the grid': {
    answer: (runs, ...names) => {
      const sound = runs.filter(({ optimizer, lr }) =>
        runs.every(
          (run) => run.optimizer !== optimizer || run.lr !== lr || Number.isFinite(run.loss),
        ),
      )
      return judge()(sound, ...names)
    },
    lost: ['diverged-rate'],
    points: 8,
  },
  'only the largest rate counts as an end': {
    answer: judge({ atEdge: (rate, grid) => rate === Math.max(...grid) }),
    lost: ['lower-edge'],
    points: 9,
  },
}

describe('right answers keep every point', () => {
  test.each(Object.entries(rightSweeps))('sweep: %s', async (_, sweepRates) => {
    expect(await lostChecks('lr-sweep', { sweepRates })).toEqual([])
  })
  test.each(Object.entries(rightPicks))('pick: %s', async (_, pickRate) => {
    expect(await lostChecks('lr-pick', { pickRate })).toEqual([])
  })
  test.each(Object.entries(rightJudges))('judge: %s', async (_, fairComparison) => {
    expect(await lostChecks('fair-comparison', { fairComparison })).toEqual([])
  })
})

async function judgedAs(
  exercise: string,
  full: number,
  name: string,
  { answer, lost, points }: Wrong<Sweep> | Wrong<Pick> | Wrong<Judge>,
): Promise<void> {
  const names = await lostChecks(exercise, { [name]: answer })
  expect(new Set(names)).toEqual(new Set(lost))
  expect(full - pointsFor(exercise, names)).toBe(points)
}

describe('wrong answers lose the checks that test what is wrong', () => {
  test.each(Object.entries(wrongSweeps))('sweep: %s', (_, wrong) =>
    judgedAs('lr-sweep', 3, 'sweepRates', wrong),
  )
  test.each(Object.entries(wrongPicks))('pick: %s', (_, wrong) =>
    judgedAs('lr-pick', 8, 'pickRate', wrong),
  )
  test.each(Object.entries(wrongJudges))('judge: %s', (_, wrong) =>
    judgedAs('fair-comparison', 10, 'fairComparison', wrong),
  )
})
