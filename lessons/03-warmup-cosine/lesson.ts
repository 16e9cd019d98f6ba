// %% [markdown]
// # Warmup, then half a cosine
//
// **The question.** The learning rate need not be one number. Large models are usually trained with a rate that rises in a straight line at
// first and then falls along half a cosine. What rate is that at a given step, why start small at all, and what else is there?
//
// You will compute the schedule, compare it with a printed table, see what a small start changes for Adam, look at the other schedules in use, and write the schedule and its
// table yourself. About 25 minutes.

// %%
import {
  adam,
  check,
  constant,
  cosine,
  cosineRestarts,
  display,
  lines,
  oneCycle,
  panels,
  quiz,
  records,
  reduceOnPlateau,
  schedulePlot,
  seededRandom,
  stepDecay,
  table,
  trace,
  useBackend,
  warmupCosine,
  warmupCosineTable,
  warmupLinear,
} from 'downhill'

// %% [markdown]
// ## The rule
//
// A _schedule_ is a function of the step: 0, 1, 2, … With W steps of _warmup_, T steps in all (the warmup counts) and a _peak_, the highest rate:
//
// $$\mathrm{rate}(s) = \begin{cases} \text{peak}\cdot\dfrac{s}{W} & s < W \\[2ex] \text{peak}\cdot\dfrac12\left(1+\cos\left(\pi\,\dfrac{s-W}{T-W}\right)\right) & s \ge W \end{cases}$$
//
// ## Guess before you run
//
// Let the peak be 0.001, W = 100 and T = 1000. What is the rate at step 300? And at step 700, where two thirds of the way down are done?

// %% id=guess
const guess = { 300: 0.0008, 700: 0.0003 }

// %% [markdown]
// ## The printed table, computed
//
// A teaching text prints the rate at six steps. `table` computes the schedule at every step from 0 to 1000; here are those six beside the
// printed ones.

// %% id=table
const schedule = warmupCosine({ peak: 0.001, warmup: 100, total: 1000 })
const rates = table(schedule, 1000)
const printed = warmupCosineTable()
records(
  printed.map((row) => ({
    step: row.step,
    printed: row.printed,
    computed: String(Number(rates[row.step].rate.toFixed(6))),
    'your guess': row.step === 300 || row.step === 700 ? guess[row.step] : '',
  })),
  {
    caption: 'Peak 0.001, 100 steps of warmup, 1000 in all',
    mark: (row, column) =>
      column === 'computed' && row.computed !== row.printed ? 'differs' : undefined,
  },
)

// %% [markdown]
// All six agree. At step 700 two thirds of the way from 100 to 1000 are done, and cos(⅔π) = −½, which leaves a quarter of the peak. The half cosine stays near the peak for a while,
// falls fastest half-way, and arrives flat.

// %% id=plot
schedulePlot(
  { 'warmup + cosine': schedule },
  {
    steps: 1000,
    title: 'Warmup, then half a cosine',
    alt: 'The rate rises in a straight line to its peak at step 100 and falls along half a cosine to 0 at step 1000; the six printed values lie on it.',
    dots: printed.map((row) => [row.step, Number(row.printed)] as const),
  },
)

// %% [markdown]
// ## Why start small?
//
// Lesson 01 showed that Adam's first step has length α whatever the gradient. That has a dark side: if the first gradients are mostly noise, the first
// steps are full-sized steps in random directions.
//
// The next cell gives Adam pure _noise_: at each step a gradient that is just as likely to be negative as positive. After 20 steps a good optimizer should not have
// gone anywhere. The distance from the start is averaged over 200 runs, with a constant rate and with a warmup of 100 steps to the same rate.

// %% id=noise
async function wandered(lr: number | typeof schedule): Promise<number> {
  const random = seededRandom(7)
  let sum = 0
  for (let run = 0; run < 200; run++) {
    const walk = await trace(adam, {
      start: 0,
      gradient: () => random() - 0.5,
      steps: 20,
      options: { lr },
    })
    sum += Math.abs(walk[19].x)
  }
  return sum / 200
}
const withConstant = await wandered(0.001)
const withWarmup = await wandered(schedule)
records(
  [
    { rate: 'constant 0.001', 'mean distance': withConstant },
    { rate: 'warmup to 0.001', 'mean distance': withWarmup },
  ],
  { caption: 'How far 20 steps on pure noise lead' },
)

// %% [markdown]
// There is no magic in it: the first 20 rates of the warmup are about a tenth of the peak on average, and so is the distance. What
// it buys is time. When the rate has reached its peak, v̂ has seen a hundred gradients instead of one, and in a deep _network_ each _layer_, one stage of many, has
// met what the others send it.
//
// Where it matters most: with transformers (the networks behind today's language models), with large batches, and with adaptive optimizers (lesson 05). Common lengths are 1 to 10 % of the steps (some texts say 10 to 20 % for transformers and large batches), which is a _rule of thumb_: a place to start
// from.
//
// Note the first row of a trace with this schedule:

// %% id=first-row
const start = await trace(adam, {
  start: 2,
  gradient: (x) => 2 * x,
  steps: 3,
  options: { lr: schedule },
})
records(
  start.map(({ t, g, mHat, vHat, x }) => ({ t, rate: schedule(t - 1), g, mHat, vHat, x })),
  { digits: { t: 0, rate: 6, g: 4, mHat: 4, vHat: 4, x: 6 } },
)

// %% [markdown]
// Step number t takes the rate at t − 1, as in PyTorch. So the first step has rate 0 and moves nothing: only m and v learn from it.
//
// ## The zoo
//
// There are many other schedules. Eight of them side by side, all with the same peak, over 1000 steps. The last one is written for this page: any function of the step will do.

// %% id=others
const zoo = {
  constant: constant(0.001),
  'step decay': stepDecay({ peak: 0.001, every: 250, gamma: 0.5 }),
  cosine: cosine({ peak: 0.001, total: 1000 }),
  'cosine with restarts': cosineRestarts({ peak: 0.001, period: 250 }),
  'warmup + line': warmupLinear({ peak: 0.001, warmup: 100, total: 1000 }),
  'warmup + cosine': schedule,
  'one cycle': oneCycle({ peak: 0.001, total: 1000 }),
  'your own': (step: number) => 0.001 / Math.sqrt(1 + step / 100),
}
const shapes: Record<string, string> = {
  constant: 'a level line',
  'step decay': 'three stairs down, each to half the height',
  cosine: 'half a cosine from the peak to 0, without a rise before it',
  'cosine with restarts': 'four half cosines, each beginning at the peak again',
  'warmup + line': 'up in a straight line for 100 steps, then down to 0 in another',
  'warmup + cosine': 'up in a straight line for 100 steps, then down to 0 along half a cosine',
  'one cycle': 'up along half a cosine for 300 steps, then down to nearly 0 along another',
  'your own': 'a curve that falls fast at first, then ever slower, and does not reach 0',
}
panels(
  Object.entries(zoo).map(([name, one]) =>
    schedulePlot({ [name]: one }, { steps: 999, title: name, alt: `${name}: ${shapes[name]}.` }),
  ),
  { title: 'Eight schedules of the same peak', same: 'y' },
)

// %% [markdown]
// Three need a word. _Step decay_ multiplies the rate by a factor at steps chosen beforehand. _Restarts_ begin the cosine again and again, in the hope that the large steps lead to a better place. The _one-cycle schedule_ is one long rise and one longer
// fall: the warmup takes three tenths of the run.
//
// Texts give step decay as a factor and a distance. Here is the example of one of them, "halve 0.001 every 10 passes over the data", counted in passes:

// %% id=milestones
const halving = stepDecay({ peak: 0.001, every: 10, gamma: 0.5 })
records(
  [0, 9, 10, 19, 20, 29].map((pass) => ({ pass: pass, rate: String(halving(pass)) })),
  { caption: 'The new rate begins at pass 10, not after it' },
)

// %% [markdown]
// ## One that looks at the loss
//
// All of these know beforehand what they will do. _Reduce on plateau_ does not: it watches a loss, and multiplies the rate by a factor (here ½) when the loss has found no new lowest value in more than 5 observations. Let it watch 30 walks down x² whose gradients have noise on them. After every 20 steps it is told one number, the mean of x² over all walks and these steps.

// %% id=plateau
const plateau = reduceOnPlateau({ peak: 0.1, factor: 0.5, patience: 5 })
function descend(rateNow: () => number, observe: (loss: number) => void) {
  const random = seededRandom(3)
  const seen: { loss: number; rate: number }[] = []
  const x = Array.from({ length: 30 }, () => 2)
  for (let observation = 0; observation < 60; observation++) {
    let sum = 0
    for (let step = 0; step < 20; step++) {
      for (let i = 0; i < x.length; i++) {
        sum += x[i] * x[i]
        x[i] -= rateNow() * (2 * x[i] + 4 * (random() - 0.5))
      }
    }
    const loss = sum / (20 * x.length)
    seen.push({ loss: loss, rate: rateNow() })
    observe(loss)
  }
  return seen
}
const watched = descend(
  () => plateau.rate,
  (loss) => plateau.observe(loss),
)
const level = descend(
  () => 0.1,
  () => {},
)
/** The observations after which the rate fell. */
const falls = watched.flatMap(({ rate }, k) =>
  k + 1 < watched.length && watched[k + 1].rate < rate ? [k] : [],
)
const lowestBefore = (end: number) => {
  const losses = watched.slice(0, end + 1).map(({ loss }) => loss)
  return losses.indexOf(Math.min(...losses))
}
display(
  panels(
    [
      lines({
        title: 'loss',
        alt: 'Both losses fall at once. The one with the constant rate then stays at its height, up and down; the other gets lower with each new rate.',
        xTitle: 'observation (20 steps each)',
        yTitle: 'mean of x²',
        logY: true,
        series: [
          { name: 'reduce on plateau', y: watched.map(({ loss }) => loss) },
          { name: 'constant', y: level.map(({ loss }) => loss) },
        ],
      }),
      lines({
        title: 'learning rate',
        alt: `The rate of reduce on plateau is halved ${falls.length} times, the first time after observation ${falls[0]}.`,
        xTitle: 'observation (20 steps each)',
        yTitle: 'rate',
        series: [
          { name: 'reduce on plateau', y: watched.map(({ rate }) => rate) },
          { name: 'constant', y: level.map(({ rate }) => rate) },
        ],
      }),
    ],
    { title: 'The rate follows the loss' },
  ),
)
records(
  falls.slice(0, 3).map((at) => ({
    'rate is halved after': at,
    'lowest loss before, at': lowestBefore(at),
    'observations between': at - lowestBefore(at),
  })),
  { caption: 'The first three falls' },
)

// %% [markdown]
// The gain is that nobody had to know the number of steps. The price stands in the last column: it reacts _late_, since it must first see that nothing happens; and every new lowest value, be it by luck, starts the count anew. It also has a state (the rate, the lowest loss, the count),
// which must be saved with the run.
//
// | schedule | for it | against it |
// | --- | --- | --- |
// | constant | one number | rarely ends as low as it could |
// | step decay | easy to reason about | the milestones are chosen by hand |
// | _cosine schedule_ | smooth, one number more | needs the number of steps in advance |
// | warmup + line, warmup + cosine | a calm start as well | two numbers more |
// | one cycle | allows a high peak | the whole plan hangs on that peak |
// | reduce on plateau | adapts to the run | can react late |
//
// Which ends lowest? That is a question for real data and several runs; [lesson 10](10-batch-size.ipynb) measures the seven of this table.
//
// ## A thousand steps in one kernel, on every machine
//
// A schedule is a rule of one number, like an optimizer. So the whole table can be computed at once, by one kernel, on each machine of the library: `reference` counts in
// float64, `simd` and gpu.js in float32. The bound is 10⁻⁹, one millionth of the peak.

// %% id=kernel
const kernels = []
for (const name of ['reference', 'simd', 'gpu'] as const) {
  const machine = await useBackend(name)
  const there = await table(schedule, 1000, { backend: name })
  const away = there.map(({ rate }, step) => Math.abs(rate - rates[step].rate))
  kernels.push({ machine, away, largest: Math.max(...away) })
}
await useBackend('auto')
display(
  records(
    kernels.map(({ machine, largest }) => ({
      machine,
      'largest difference': largest,
      'within 10⁻⁹': largest <= 1e-9,
    })),
    { caption: 'The table of 1001 rates, beside the function itself' },
  ),
)
// Rounding is another at every step: the largest of each 50 says more than a thousand numbers.
const ends = Array.from({ length: 20 }, (_, k) => 50 * (k + 1))
lines({
  title: 'How far the float32 kernels are from the function',
  alt: 'The largest difference of each 50 steps, a line for each machine: it stays around 10⁻¹⁰, a tenth of the bound.',
  xTitle: 'the 50 steps up to',
  yTitle: 'largest |difference|',
  series: kernels.slice(1).map(({ machine, away }) => ({
    name: machine,
    x: ends,
    y: ends.map((end) => Math.max(...away.slice(end - 50, end))),
    markers: true,
  })),
})

// %% [markdown]
// ## Your turn: the schedule
//
// Write `rate(step, { peak, warmup, total })` for whole steps from 0 to total. `warmup` may be 0 and is smaller than `total`. The rate is `peak` at step = warmup and 0 at step = total.
// Rates are compared to 10⁻⁹.

// %% exercise=warmup-cosine
interface Warmup {
  peak: number
  warmup: number
  total: number
}

function rate(step: number, { peak, warmup, total }: Warmup): number {
  // BEGIN SOLUTION
  if (step < warmup) return (peak * step) / warmup
  const done = (step - warmup) / (total - warmup)
  return peak * 0.5 * (1 + Math.cos(Math.PI * done))
  // END SOLUTION
}

// %% check=warmup-cosine
await check('warmup-cosine', rate)

// %% [markdown]
// ## Your turn: its table
//
// Write `rateTable(every, options)`: one row `{ step, rate }` for the steps 0, every, 2·every, … up to total, total included if it is one of them. Use your own
// `rate`. The check compares with your `rate` as well: what is wrong there is not held against you twice.

// %% exercise=rate-table
interface RateRow {
  step: number
  rate: number
}

function rateTable(every: number, options: Warmup): RateRow[] {
  // BEGIN SOLUTION
  const list: RateRow[] = []
  for (let step = 0; step <= options.total; step += every) {
    list.push({ step, rate: rate(step, options) })
  }
  return list
  // END SOLUTION
}

// %% check=rate-table
await check('rate-table', { rate: rate, rateTable: rateTable })

// %% [markdown]
// ## True or false?
//
// Write `true` or `false` for each, then run both cells.
//
// 1. With 100 steps of warmup and 1000 in all, the cosine takes 1000 steps.
// 2. For a training of twice the length only the end of the schedule changes.
// 3. Half-way, at step 500, warmup + line is below warmup + cosine.
// 4. In the cell of pure noise, warmup makes the way shorter mainly because its rates are smaller.
// 5. Reduce on plateau cuts the rate as soon as the loss has stopped falling.

// %% id=quiz
const answers = [true, true, true, true, true]

// %% id=quiz-answers
const cosineSteps = 1000 - rates.findIndex((row) => row.rate === 0.001)
const longer = warmupCosine({ peak: 0.001, warmup: 100, total: 2000 })
const ofWarmup = rates.slice(0, 20).reduce((sum, row) => sum + row.rate, 0) / 20
const waits = falls.map((at) => at - lowestBefore(at))
const facts = [
  {
    is: cosineSteps === 1000,
    because: `the warmup counts: ${cosineSteps} steps are left for the cosine`,
  },
  {
    is: Math.abs(longer(300) - schedule(300)) < 1e-6,
    because: `at step 300 it would be ${longer(300).toFixed(6)} in place of ${schedule(300).toFixed(6)}. Decide on the length before you start: changed in the middle, the rate jumps`,
  },
  {
    is: zoo['warmup + line'](500) < schedule(500),
    because: `${zoo['warmup + line'](500).toFixed(6)} and ${schedule(500).toFixed(6)}: the half cosine stays near the peak for a while. At step 900 it is the other way round: ${zoo['warmup + line'](900).toFixed(6)} and ${schedule(900).toFixed(6)}`,
  },
  {
    is: 1 - ofWarmup / 0.001 > 0.9 * (1 - withWarmup / withConstant),
    because: `the mean of the first 20 rates is ${(ofWarmup / 0.001).toFixed(3)} of the peak, and the way ${(withWarmup / withConstant).toFixed(3)} of the other: little is left to explain`,
  },
  {
    is: waits.every((wait) => wait <= 1),
    because: `it waited ${waits.join(', ')} observations`,
  },
]
quiz(answers, facts)

// %% [markdown]
// ## To keep
//
// - **Symptom:** the loss explodes, or jumps to a plateau, within the first hundred steps, and is fine with a smaller rate. **Look at** the rate and the gradient norm of those
//   steps.
// - **First move:** a warmup of about 5 % of the steps. **Which curve should move:** the training loss, at its very beginning.
// - **Read next:** Goyal and others, _Accurate, Large Minibatch SGD_ (2017), section 2.2, on warmup; Loshchilov and Hutter, _SGDR_ (2017), on the cosine and its restarts; Smith and Topin, _Super-Convergence_ (2018), on one cycle.
//
// **On to [lesson 04](04-momentum-valley.ipynb):** a valley that is steep one way and gentle the other, and an optimizer that remembers where it was going.
//
// [All lessons](00-start-here.ipynb) · [Glossary](glossary.ipynb)
