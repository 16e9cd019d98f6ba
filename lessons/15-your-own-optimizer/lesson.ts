// %% [markdown]
// # Write your own optimizer and run it on every backend
//
// **The question.** You have an idea: steps of one fixed length, always downhill. How much must you write until it trains a network, with vectors of the processor or on a graphics
// card, and can be saved and traced? One function for one number. And then: do all machines give the same answer?
//
// You will write a rule, look inside it, break it on purpose, send it to every machine, find a weakness that only shows when machines are compared, mend it in an exercise, and
// train on digits. About 30 minutes. You should know momentum's average m (lesson 01 or 04).

// %%
import {
  accuracy,
  adam,
  type BackendName,
  check,
  compare,
  counts,
  defineOptimizer,
  descentPlot,
  digits,
  display,
  fraction,
  initialize,
  linear,
  lines,
  type NumberOption,
  nonNegative,
  type OptimizerFactory,
  parameter,
  positive,
  quiz,
  rate,
  records,
  relu,
  sequential,
  sgd,
  split,
  spreadOf,
  standardize,
  type Tensor,
  tensor,
  trace,
  useBackend,
} from 'downhill'

// Digits of calculations are printed below: float64.
await useBackend('reference')

// %% [markdown]
// ## The idea, as a rule for one number
//
// Average the gradient as momentum does, and go by the learning rate α in the direction of the average's **sign**, whatever its size:
//
// $$m \leftarrow \beta\,m + (1-\beta)\,g \qquad p \leftarrow p - \alpha\,\operatorname{sign}(m)$$
//
// This is known as _signum_. `defineOptimizer` takes it as it stands there: the names of the **options**, each with its default and the values that it may have; the names of the
// **state**, the numbers kept for each weight, which start at 0; and the **rule**, which gets one weight p, its gradient g, the state, and the options, and returns the new weight and the
// new state.

// %% id=signum
const signum = defineOptimizer({
  name: 'signum',
  options: { lr: rate(0.01), beta: fraction(0.9) },
  state: ['m'],
  rule(p, g, m, { lr, beta }) {
    const average = beta * m + (1 - beta) * g
    const direction = Math.sign(average)
    return [p - lr * direction, average]
  },
})

// %% [markdown]
// ## Guess before you run
//
// 1. On f(x) = x² from x = 1 with α = 0.1: how far from 0 is x after 100 steps?
// 2. Machines compute with 16 digits (float64) or 7 (float32). How far apart, at most, are a thousand weights after 200 steps on two machines, with α = 0.01?

// %% id=guess
const guess = { 'distance from 0': 0, 'machines apart': 1e-7 }

// %% [markdown]
// ## Look inside
//
// `trace` works with your rule as with the built-in ones. What the rule names with `const` is a column.

// %% id=trace
const square = { start: 1, gradient: (x: number) => 2 * x }
const inside = await trace(signum, { ...square, steps: 100, options: { lr: 0.1 } })
records(inside.slice(0, 20), {
  digits: { t: 0, g: 2, m: 4, direction: 0, x: 2 },
  caption: 'signum on x² from 1, α = 0.1',
})

// %% id=paths
const xs = (rows: readonly { x: number }[]) => [square.start, ...rows.map(({ x }) => x)]
display(
  descentPlot(
    {
      signum: xs(inside),
      SGD: xs(await trace(sgd, { ...square, steps: 100, options: { lr: 0.1 } })),
      Adam: xs(await trace(adam, { ...square, steps: 100, options: { lr: 0.1 } })),
    },
    {
      title: 'x at each of 100 steps on x² (α = 0.1)',
      alt: 'SGD and Adam come to rest at 0. Signum goes down in a straight line, passes 0 and swings around it in a zigzag to the end.',
    },
  ),
)
const rest = inside.slice(-20).map(({ x }) => Math.abs(x))
records(
  [
    {
      'your guess': guess['distance from 0'],
      'at step 100': Math.abs(inside[99].x),
      'largest of the last 20 steps': Math.max(...rest),
    },
  ],
  { digits: 3, caption: 'How far from the minimum signum is in the end' },
)

// %% [markdown]
// Down it goes in even steps, and at the bottom it does not stop: a step of signum is never shorter than α, so it circles around the minimum, and the average, which lags behind,
// carries it past. What do the curves of SGD and Adam do there? Only a smaller α brings signum nearer, so it wants a schedule.
//
// ## Break it on purpose
//
// A rule is not run, it is **read**: its text is taken apart and written anew for each machine. So it can hold only what every machine has: numbers, its arguments, `const`, `return`,
// arithmetic, comparisons inside `… ? … : …`, and `Math` functions. Whatever else you write is refused at the first use, with your
// line, counted from the first of the rule:

// %% id=errors
const outside = 2
const options = { lr: rate(0.1) }
const broken = [
  defineOptimizer({
    name: 'loop',
    options: options,
    state: [],
    rule(p, g, { lr }) {
      let sum = p
      for (let k = 0; k < 2; k++) sum -= lr * g
      return [sum]
    },
  }),
  defineOptimizer({
    name: 'branch',
    options: options,
    state: [],
    rule(p, g, { lr }) {
      if (g > 0) return [p - lr]
      return [p + lr]
    },
  }),
  defineOptimizer({
    name: 'chance',
    options: options,
    state: [],
    rule: (p, g, { lr }) => [p - lr * g * Math.random()],
  }),
  defineOptimizer({
    name: 'outsider',
    options: options,
    state: [],
    rule(p, g, { lr }) {
      const twice = outside * g
      return [p - lr * twice]
    },
  }),
  defineOptimizer({
    name: 'forgetful',
    options: options,
    state: ['m'],
    rule: (p, _g, m, { lr }) => [p - lr * m],
  }),
]
for (const optimizer of broken) {
  try {
    await trace(optimizer, { ...square, steps: 1 })
  } catch (error) {
    const [first] = (error as Error).message.split('\n')
    console.log(`${(error as Error).name}: ${first}\n`)
  }
}
try {
  signum([parameter([1])], { beta: 1 })
} catch (error) {
  console.log(`${(error as Error).name}: ${(error as Error).message}`)
}

// %% [markdown]
// The `if` becomes `g > 0 ? p - lr : p + lr`; the number from outside becomes an option or stands in the rule; what the rule keeps it must return. The last message is about a value, not
// about the rule: `fraction` says 0 ≤ β < 1, so you never wrote that test.
//
// ## On every machine
//
// `reference` is JavaScript in float64, `simd` is WebAssembly in float32, four numbers at a time, and `gpu` is gpu.js, which takes a graphics card where it finds one. In Node it
// usually finds none and makes WebAssembly or JavaScript of the same kernel (`gpu: webasm`, `gpu: cpu`): slow, but a proof that the kernel is right.
//
// A thousand weights, each with a minimum of its own: f = Σ (wᵢ − sin i)². The same code runs everywhere; only the name of the machine, the _backend_, changes.

// %% id=machines
const machines: BackendName[] = ['reference', 'simd', 'gpu', 'gpu:cpu']
const count = 1000

interface Ended {
  machine: string
  weights: number[]
}

async function endOn(
  name: BackendName,
  make: (params: Tensor[]) => { step(): void; zeroGrad(): void },
  steps: number,
): Promise<Ended> {
  const machine = await useBackend(name)
  try {
    const weights = parameter(Array.from({ length: count }, (_, i) => i / count))
    const target = tensor(Array.from({ length: count }, (_, i) => Math.sin(i)))
    const optimizer = make([weights])
    for (let step = 0; step < steps; step++) {
      optimizer.zeroGrad()
      weights.sub(target).square().sum().backward()
      optimizer.step()
    }
    return { machine: machine, weights: [...(await weights.data())] }
  } finally {
    await useBackend('reference')
  }
}

/** How far each weight is from where the first of the list has it. */
const apart = ([first, ...others]: Ended[]) =>
  others.map(({ machine, weights }) => ({
    machine: machine,
    distances: weights.map((w, i) => Math.abs(w - first.weights[i])),
  }))

async function onAll(steps: number): Promise<Ended[]> {
  const ends: Ended[] = []
  for (const name of machines)
    ends.push(await endOn(name, (params) => signum(params, { lr: 0.01 }), steps))
  return ends
}

const table = (steps: number, ends: Ended[]) =>
  apart(ends).map(({ machine, distances }) => ({
    steps: steps,
    machine: machine,
    'largest distance to the reference': Math.max(...distances).toExponential(1),
    'weights apart by more than 0.001': distances.filter((d) => d > 1e-3).length,
  }))
const after50 = await onAll(50)
const after200 = await onAll(200)
records([...table(50, after50), ...table(200, after200)], {
  caption: `signum, α = 0.01, ${count} weights; your guess for 200 steps: ${guess['machines apart']}`,
})

// %% [markdown]
// After 50 steps the machines should agree to about the seventh digit: that is what float32 has. Now the last column after 200 steps. A distance of 0.02 would be **two whole steps**, and nobody made a mistake. Look at one
// of the weights that are apart:

// %% id=astray
const [reference200, simd200] = after200
const astray = reference200.weights.findIndex((w, i) => Math.abs(w - simd200.weights[i]) > 1e-3)
if (astray >= 0) {
  const target = Math.sin(astray)
  const path = async (backend: BackendName) =>
    await trace(signum, {
      start: astray / count,
      gradient: (x) => 2 * (x - target),
      steps: 200,
      options: { lr: 0.01 },
      backend: backend,
    })
  const exact = await path('reference')
  const single = await path('simd')
  const first = exact.findIndex(({ direction }, k) => direction !== single[k].direction)
  display(
    records(
      [exact, single].map((rows, k) => ({
        machine: ['reference', 'simd'][k],
        step: first + 1,
        m: first < 0 ? '' : rows[first].m.toExponential(2),
        direction: first < 0 ? '' : rows[first].direction,
      })),
      { caption: `Weight ${astray}: the first step in which the two machines part` },
    ),
  )
}

// %% [markdown]
// In that step the gradients have cancelled, and what is left in the average m is rounding: a hair above 0 on one machine, below 0 on the other. The sign of a hair is ±1, so the
// rule **jumps**: a millionth becomes a whole step. No machine can cure that; the rule can. If you ever wonder why two computers give you different networks, ask first whether something in the recipe
// jumps.
//
// ## How long does a step take?
//
// For rules of one kind the answer depends on the machine and on the number of weights. Here is a small measurement of signum, with the same thing written by hand as a JavaScript
// loop beside it. It is rough: other programs are running. The notebook `speed.ipynb` does it with care, up to millions of weights.

// %% id=time
const sizes = [100, 1000, 10_000, 100_000]

/** Microseconds a step: the quickest of the rounds of five that fit into 60 ms, since other programs only ever make it slower. */
async function timed(step: () => void, done: () => Promise<unknown>): Promise<number> {
  let best = Number.POSITIVE_INFINITY
  const begin = performance.now()
  for (let round = 0; round < 4 || performance.now() - begin < 60; round++) {
    const from = performance.now()
    for (let k = 0; k < 5; k++) step()
    await done()
    best = Math.min(best, (1000 * (performance.now() - from)) / 5)
  }
  return best
}

async function timesOn(name: BackendName) {
  const machine = await useBackend(name)
  const times: number[] = []
  for (const size of sizes) {
    const weights = parameter(new Float64Array(size))
    weights.grad = tensor(Float64Array.from({ length: size }, (_, i) => Math.sin(i)))
    const optimizer = signum([weights])
    times.push(
      await timed(
        () => optimizer.step(),
        () => weights.data(),
      ),
    )
  }
  return { name: machine, y: times }
}

async function timesByHand() {
  const times: number[] = []
  for (const size of sizes) {
    const [p, m] = [new Float64Array(size), new Float64Array(size)]
    const g = Float64Array.from({ length: size }, (_, i) => Math.sin(i))
    const step = () => {
      for (let i = 0; i < size; i++) {
        m[i] = 0.9 * m[i] + 0.1 * g[i]
        p[i] -= 0.01 * Math.sign(m[i])
      }
    }
    times.push(await timed(step, async () => p))
  }
  return { name: 'a loop by hand', y: times }
}

const measured = [await timesByHand()]
for (const name of machines) measured.push(await timesOn(name))
await useBackend('reference')
const perMachine = new Map(measured.map((series) => [series.name, series]))
lines({
  title: 'Time of one step of signum',
  alt: 'Time against the number of weights, both logarithmic: a line for the loop by hand and for each machine, level on the left where a step has a price of its own, and rising on the right.',
  xTitle: 'weights',
  yTitle: 'time of a step (µs)',
  logX: true,
  logY: true,
  series: [...perMachine.values()].map((series) => ({
    ...series,
    x: sizes,
    markers: true,
  })),
})

// %% [markdown]
// Look at the left: where the line of a machine is nearly level, a step has a price of its own, whatever it moves. For few weights the loop by hand, which checks nothing and saves nothing, is hard to
// beat. On the right lines rise with the number of weights. A graphics card would start high and stay level longest; a processor that plays one shows only the cost of it.
//
// ## Your turn: a sign that does not jump
//
// Replace the sign by a quotient that is about ±1 for large averages and goes smoothly through 0. Correct the average's start at 0 as Adam does, and add decoupled decay:
//
// $$m \leftarrow \beta\,m + (1-\beta)\,g \qquad \hat m = \frac{m}{1-\beta^{\,t}} \qquad p \leftarrow p - \alpha\left(\frac{\hat m}{\lvert\hat m\rvert+\delta} + \lambda\,p\right)$$
//
// Write `makeSoftSign()`. It returns what `defineOptimizer` returns, and the definition has
//
// - the name `'softSign'` and one state, `m`, the average **before** its correction;
// - the options `lr` (α, a `rate`, default 0.01), `beta` (β, in [0, 1), default 0.9), `delta` (δ > 0, default 0.001) and `weightDecay` (λ ≥ 0, default 0).
//
// t, the number of this step (1, 2, …), is in the last argument of the rule, beside the options. The rule must take that argument apart in braces, where it stands, as signum does. `fraction`, `positive` and `nonNegative` are the ranges that you need.

// %% id=soft-sign-type
type SoftSign = OptimizerFactory<{
  lr: NumberOption<number>
  beta: NumberOption<number>
  delta: NumberOption<number>
  weightDecay: NumberOption<number>
}>

// %% exercise=own-rule
function makeSoftSign(): SoftSign {
  // BEGIN SOLUTION
  const numbers = ['m'] as const
  return defineOptimizer({
    name: 'softSign',
    options: {
      lr: rate(1e-2),
      beta: fraction(0.9),
      delta: positive(0.001),
      weightDecay: nonNegative(0),
    },
    state: numbers,
    rule(p, g, m, { lr, beta, delta, weightDecay, t }) {
      const kept = beta * m + (1 - beta) * g
      const corrected = kept / (1 - beta ** t)
      const direction = corrected / (Math.abs(corrected) + delta)
      return [p - lr * (direction + weightDecay * p), kept]
    },
  })
  // END SOLUTION
}

// %% [markdown]
// The checks use your optimizer through two functions. Leave them as they are: one walks a single number in float64 and gives the table of x and m, the other steps a whole list on a machine that
// it is told, and gives the weights. Numbers are compared to 10⁻⁹ in float64, and to 10⁻⁵ between machines.

// %% id=walks
type SoftSignOptions = { lr?: number; beta?: number; delta?: number; weightDecay?: number }

/** x and m after each step, for these gradients. */
async function softSignTrace(start: number, gradients: number[], chosen: SoftSignOptions) {
  let step = 0
  const rows = await trace(makeSoftSign(), {
    start: start,
    gradient: () => gradients[step++],
    steps: gradients.length,
    options: chosen,
  })
  return rows.map(({ x, m }) => ({ x, m }))
}

/** The weights after a step with each of these gradients, on the named machine. */
async function softSignOn(
  name: BackendName,
  start: number[],
  gradients: number[][],
  chosen: SoftSignOptions,
) {
  await useBackend(name)
  try {
    const weights = parameter(start)
    const optimizer = makeSoftSign()([weights], chosen)
    for (const gradient of gradients) {
      weights.grad = tensor(gradient)
      optimizer.step()
    }
    return [...(await weights.data())]
  } finally {
    await useBackend('reference')
  }
}

// %% check=own-rule
await check('own-rule', { softSignTrace: softSignTrace, softSignOn: softSignOn })

// %% [markdown]
// Now watch it where signum went astray: the same thousand weights, 200 steps, every machine. (Until the exercise is done this cell says so.)

// %% id=yours-everywhere
try {
  const ends: Ended[] = []
  for (const name of machines)
    ends.push(await endOn(name, (params) => makeSoftSign()(params, { lr: 0.01, delta: 0.1 }), 200))
  display(records(table(200, ends), { caption: 'softSign, α = 0.01, δ = 0.1' }))
} catch (error) {
  console.log(`Not yet: ${(error as Error).message}`)
}

// %% [markdown]
// No jump, no parting: compare with the table of signum, row by row.
//
// ## A network: is signum any good?
//
// 200 digits to train on, 400 to choose the learning rate by, the other 1197 to measure with. Four rates for each optimizer, so that each has the same chance; 20 epochs; five seeds, each with its
// own split, first weights and order. Guess first: which of the two is ahead on the test digits, and by how many percent points?

// %% id=digits-guess
const ahead = { optimizer: 'Adam', points: 5 }

// %% id=digits
await useBackend('auto')
const seeds = [1, 2, 3, 4, 5]
const all = await digits()
const parts = new Map(
  seeds.map((seed) => {
    const { train, validation, test } = split(all, { train: 200, validation: 400, seed: seed })
    const { sets } = standardize(train, validation, test)
    return [seed, { train: sets[0], validation: sets[1], test: sets[2] }]
  }),
)
const model = (seed: number) => {
  const network = sequential(linear(64, 64), relu(), linear(64, 10))
  initialize(network, { seed: seed })
  return network
}
const rates = {
  Adam: [1e-3, 3e-3, 1e-2, 3e-2],
  signum: [3e-4, 1e-3, 3e-3, 1e-2],
}
const comparison = await compare(
  [
    ...rates.Adam.map((lr) => ({
      name: `Adam ${lr}`,
      model: model,
      optimizer: (params: Tensor[]) => adam(params, { lr }),
    })),
    ...rates.signum.map((lr) => ({
      name: `signum ${lr}`,
      model: model,
      optimizer: (params: Tensor[]) => signum(params, { lr }),
    })),
  ],
  {
    seeds: seeds,
    data: (seed) => parts.get(seed) ?? { train: all },
    epochs: 20,
    batchSize: 32,
    metrics: { accuracy: accuracy },
    progress: false,
  },
)
const pm = ({ mean, sd }: { mean: number; sd: number }) => `${mean.toFixed(3)} ± ${sd.toFixed(3)}`
records(
  comparison.rows.map(({ recipe, final }) => ({
    'optimizer and α': recipe,
    'validation accuracy': pm(final),
  })),
  { caption: 'After 20 epochs, mean ± standard deviation over 5 seeds' },
)

// %% id=digits-best
const bestOf = (name: 'Adam' | 'signum') =>
  comparison.rows
    .filter(({ recipe }) => recipe.startsWith(name))
    .reduce((best, row) => (row.final.mean > best.final.mean ? row : best)).recipe
const tested = (name: 'Adam' | 'signum') =>
  comparison.of(bestOf(name)).map(({ test }) => 100 * (test?.metrics.accuracy ?? Number.NaN))
const difference = spreadOf(tested('Adam').map((value, k) => value - tested('signum')[k]))
records(
  [
    ...(['Adam', 'signum'] as const).map((name) => ({
      what: `${bestOf(name)}, test accuracy (%)`,
      measured: pm(spreadOf(tested(name))),
    })),
    { what: 'Adam − signum, seed by seed (percent points)', measured: pm(difference) },
    {
      what: 'does it count (lesson 06)?',
      measured: counts(difference) ? 'yes' : 'no',
    },
  ],
  { caption: `You said: ${ahead.optimizer} ahead by ${ahead.points}` },
)

// %% [markdown]
// One line of arithmetic, and it trains a network. Whether one of the two is really ahead, read in the last two rows (lesson 06), not in the means alone. Note where signum's best α lies: each of its steps moves **every** weight by α.
//
// ## True or false?
//
// Decide, write `true` or `false` for each, and run both cells.
//
// 1. With signum, halving all gradients halves the step.
// 2. A rule may use a number that another cell defined.
// 3. If two machines end with different weights, one of them has an error.
// 4. With a fixed α signum comes to rest at the minimum.
// 5. The exercise's quotient m̂ / (|m̂| + δ) is never longer than 1.

// %% id=quiz
const answers = [true, true, true, true, true]

// %% id=quiz-answers
const half = await trace(signum, {
  start: 1,
  gradient: (x) => x,
  steps: 5,
  options: { lr: 0.1 },
})
const refused = await trace(broken[3], { ...square, steps: 1 }).then(
  () => false,
  () => true,
)
const facts = [
  {
    is: half.some(({ x }, k) => Math.abs(x - inside[k].x) > 1e-9),
    because: 'the sign of g / 2 is that of g: the same steps',
  },
  {
    is: !refused,
    because: 'the rule is read, not run: nothing outside of it is there on a graphics card',
  },
  {
    is: apart(after50).some(({ distances }) => Math.max(...distances) > 1e-5),
    because: 'with as many digits as each has, they agree, until the rule jumps',
  },
  { is: Math.max(...rest) < 1e-6, because: 'it circles: a step is never shorter than α' },
  {
    is: [-1e3, -1, -1e-3, 0, 1e-3, 1, 1e3].every((m) => Math.abs(m / (Math.abs(m) + 0.001)) <= 1),
    because: 'the denominator is at least |m̂|',
  },
]
quiz(answers, facts)

// %% [markdown]
// ## To keep
//
// - **One rule**: options with ranges, state, arithmetic. Trace it on x² first: five rows show most mistakes.
// - **Symptom:** two machines, or two versions of a library, train different networks from the same seed. **Look at** what jumps: signs, thresholds, comparisons, choices by rank.
// - **First move:** make it smooth, or compare distributions over seeds, not single runs. **Which curve should move:** the distance between the runs.
// - **Symptom:** the loss falls quickly and then trembles. **First move:** a schedule for α, before another optimizer.
// - A rule may also use `norm(x)`, `mean(x)`, `sum(x)` of its tensor, from its last argument: LAMB is written so (lesson 14).
// - **Read next:** Bernstein, Wang, Azizzadenesheli and Anandkumar, _signSGD: Compressed Optimisation for Non-Convex Problems_ (2018); Chen and others, _Symbolic Discovery of Optimization
//   Algorithms_ (2023), where a search found a relative of signum, Lion (`lion` in this library).
//
// **On to [lesson 16](16-resume-switch-average.ipynb):** state that can be saved and resumed. How long a step takes on your computer: [speed](speed.ipynb).
//
// [All lessons](00-start-here.ipynb) · [Glossary](glossary.ipynb)
