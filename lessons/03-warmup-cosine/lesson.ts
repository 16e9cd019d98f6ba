// %% [markdown]
// # Warmup, then half a cosine
//
// **The question.** The learning rate need not be one number. Large models are usually trained with a rate that rises in a straight line at
// first and then falls along half a cosine. What rate is that at a given step, and why start small at all?
//
// You will compute the schedule, compare it with a printed table, see what a small start changes for Adam, and write the schedule and its
// table yourself. About 20 minutes.

// %%
import {
  adam,
  check,
  constant,
  cosine,
  display,
  lines,
  records,
  schedulePlot,
  seededRandom,
  stepDecay,
  table,
  trace,
  useBackend,
  warmupCosine,
  warmupCosineTable,
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
// ## Beside the others

// %% id=others
schedulePlot(
  {
    'warmup + cosine': schedule,
    cosine: cosine({ peak: 0.001, total: 1000 }),
    'step decay': stepDecay({ peak: 0.001, every: 300, gamma: 0.5 }),
    constant: constant(0.001),
  },
  {
    steps: 1000,
    title: 'Four schedules of the same peak',
    alt: 'The constant rate is level. The cosine falls from the peak to 0, and so does the one with warmup, after a rise from 0. Step decay falls in stairs.',
  },
)

// %% [markdown]
// | schedule | for it | against it |
// | --- | --- | --- |
// | constant | one number | rarely ends as low as it could |
// | _step decay_ | easy to reason about | the milestones are chosen by hand |
// | _cosine schedule_ | smooth, one number more | needs the number of steps in advance |
// | warmup + cosine | a calm start as well | two numbers more |
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
// 1. With 100 steps of warmup and 1000 in all, the cosine takes 1000 steps.
// 2. A longer training only needs a larger `total`.
// 3. Warmup is needed for every optimizer and every model.
// 4. At the end of the cosine the model stops learning.
//
// <details><summary>Answers: decide first, then open</summary>
//
// 1. False: 900, since the warmup counts.
// 2. True for the formula, but decide before you start: changing `total` in the middle makes the rate jump.
// 3. False: it matters most for transformers, large batches and adaptive optimizers (lesson 05). Common lengths are 1 to 10 % of the
//    steps, which is a _rule of thumb_: a place to start from.
// 4. Nearly true: the rate goes to 0, so the last steps change little. That is the point: what is left of the noise
//    settles.
//
// </details>
//
// ## To keep
//
// - **Symptom:** the loss explodes, or jumps to a plateau, within the first hundred steps, and is fine with a smaller rate. **Look at** the rate and the gradient norm of those
//   steps.
// - **First move:** a warmup of about 5 % of the steps. **Which curve should move:** the training loss, at its very beginning.
// - **Read next:** Goyal and others, _Accurate, Large Minibatch SGD_ (2017), section 2.2, on warmup; Loshchilov and Hutter, _SGDR_ (2017), on the cosine.
//
// **On to [lesson 04](04-momentum-valley.ipynb):** a valley that is steep one way and gentle the other, and an optimizer that remembers where it was going.
//
// [All lessons](00-start-here.ipynb) · [Glossary](glossary.ipynb)
