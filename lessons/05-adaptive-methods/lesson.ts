// %% [markdown]
// # Adaptive methods and bias correction
//
// **The question.** The gradient of one weight is a thousand times larger than that of its neighbour. Which learning rate suits both? An **adaptive** method does not choose: it divides each gradient by a measure
// of its own size. Adagrad, RMSprop and Adam do this in three ways. What does each remember, what does each forget, and what goes wrong at the very beginning?
//
// You will watch the length of their steps, move β by a slider, try sparse and badly scaled gradients, on real data too, and write both Adagrad and RMSprop. About 30 minutes. Lesson 01 (Adam's rule) comes before it.

// %%
import {
  adagrad,
  adam,
  bceWithLogits,
  biasCorrection,
  breastCancer,
  check,
  descentPlot,
  display,
  linear,
  lines,
  parameter,
  quiz,
  records,
  rmsprop,
  seededRandom,
  sgd,
  sliders,
  split,
  standardize,
  type Tensor,
  tensor,
  trace,
  useBackend,
} from 'downhill'

// The digits below are float64. Without this line tensors are float32, and faster.
await useBackend('reference')

// %% [markdown]
// ## Three rules
//
// Each of them keeps, for each weight, a number about the squares of its gradients g. **Adagrad** adds them all up:
//
// $$s \leftarrow s + g^2 \qquad p \leftarrow p - \alpha\,\frac{g}{\sqrt{s}+\varepsilon}$$
//
// **RMSprop** forgets: it keeps a _running average_, of which β of the old is kept and 1 − β of the new is taken in. (The root of an average of squares is called the _root mean square_, RMS.)
//
// $$v \leftarrow \beta v + (1-\beta)\,g^2 \qquad p \leftarrow p - \alpha\,\frac{g}{\sqrt{v}+\varepsilon}$$
//
// **Adam** is RMSprop with two additions: g itself is replaced by a running average m, which is a kind of momentum, and both averages are corrected for their start at 0. The small ε keeps 0 / 0 away.
//
// ## Guess before you run
//
// The gradient is 1 at every step, and α = 0.1. How long is the first step of RMSprop with β = 0.99? How long is the hundredth step of Adagrad?

// %% id=guess
const guess = { 'RMSprop, step 1': 0.1, 'Adagrad, step 100': 0.1 }

// %% id=steady
const steady = { start: 0, gradient: () => 1, steps: 400, options: { lr: 0.1 } }
const positions = (rows: { x: number }[]): number[] => [0, ...rows.map(({ x }) => x)]
const steadyPaths = {
  Adagrad: positions(await trace(adagrad, steady)),
  'RMSprop, β = 0.99': positions(await trace(rmsprop, steady)),
  Adam: positions(await trace(adam, steady)),
}
const stepOf = (path: number[], t: number): number => Math.abs(path[t] - path[t - 1])
display(
  descentPlot(steadyPaths, {
    show: 'step size',
    logY: true,
    title: 'Length of each step while the gradient is 1 (α = 0.1)',
    alt: 'Adam’s steps are level at 0.1. RMSprop begins at ten times as much and comes down to it. Adagrad begins at 0.1 and falls for ever.',
  }),
)
records(
  Object.entries(steadyPaths).map(([method, path]) => ({
    method: method,
    'step 1': stepOf(path, 1),
    'step 10': stepOf(path, 10),
    'step 100': stepOf(path, 100),
    'step 400': stepOf(path, 400),
  })),
  {
    digits: 4,
    caption: `You guessed ${guess['RMSprop, step 1']} for RMSprop’s first and ${guess['Adagrad, step 100']} for Adagrad’s hundredth step`,
  },
)

// %% [markdown]
// - **Adagrad**: s grows by 1 a step, so the step is α / √t. It never stops shrinking: its learning rate goes to zero.
// - **RMSprop**: its first v is only (1 − β)·g², a hundredth. Divided by the root of it, the first step is ten times α. _RMSprop has no bias correction_, and its first steps are the longest of all.
// - **Adam**: α from the first step on.
//
// ## Bias correction
//
// An average that starts at 0 is too small at first: after t steps it has taken in a share of 1 − βᵗ only. Dividing by that share puts it right: m̂ = m / (1 − βᵗ), v̂ = v / (1 − βᵗ).
// Here is Adam on x² from 2, α = 0.01, with both corrections and with none.

// %% id=bias
const bias = await biasCorrection()
records(
  [1, 2, 3, 5, 10, 20].map((t) => {
    const { g, m, mHat, vHat, x } = bias.corrected[t - 1]
    const without = bias.uncorrected[t - 1]
    return {
      t: t,
      g: g,
      m: m,
      'm / g': m / g,
      m̂: mHat,
      '√v̂': Math.sqrt(vHat),
      '√v': Math.sqrt(without.v),
      x: x,
      'x, uncorrected': without.x,
    }
  }),
  { digits: { t: 0, g: 3, m: 3, 'm / g': 3, m̂: 3, '√v̂': 3, '√v': 3, x: 4, 'x, uncorrected': 4 } },
)

// %% [markdown]
// In the first row m is a tenth of the gradient, since 1 − β₁ = 0.1. So one would expect that steps are too short without correction. They are too **long**: √v is too small by even more, √0.001 ≈ 0.03, and it stands below the fraction line.

// %% id=bias-steps
const fromTwo = (rows: { x: number }[]): number[] => [2, ...rows.map(({ x }) => x)]
descentPlot(
  { 'with correction': fromTwo(bias.corrected), without: fromTwo(bias.uncorrected) },
  {
    show: 'step size',
    title: 'Adam on x²: length of the first 20 steps (α = 0.01)',
    alt: 'With correction the steps are level at α. Without it they are more than three times as long from the first one on, and longer still around the tenth.',
  },
)

// %% [markdown]
// Twenty steps several times as long as you asked for, at the moment when the weights are random and the gradients are largest: that is what the correction prevents. RMSprop lives without it, and is often started with a smaller α or a warmup.
//
// ## How long is the memory?
//
// β says how much of the old average is kept. What the average sees is about the last 1 / (1 − β) values: 10 for 0.9, 1000 for 0.999. Move β and compare the average as it is with the corrected one. The dots are noisy numbers around 1;
// half-way they jump to 2. Try: the β that is smoothest and still follows the jump; β = 0.99 at the beginning. (Without JupyterLab the picture of the first position is what you see.)

// %% id=sliders
const noiseOf = seededRandom(3)
const seen = Array.from({ length: 200 }, (_, k) => (k < 100 ? 1 : 2) + noiseOf() - 0.5)
/** Adam's m and m̂ when the values are its gradients: the average as it is, and the corrected one. */
async function averages(values: number[], beta: number) {
  let next = 0
  const rows = await trace(adam, {
    start: 0,
    gradient: () => values[next++],
    steps: values.length,
    options: { beta1: beta },
  })
  return { plain: rows.map(({ m }) => m), corrected: rows.map(({ mHat }) => mHat) }
}
await sliders(
  { beta: { min: 0, max: 0.999, step: 0.001, value: 0.95, label: 'β' } },
  async ({ beta }) => {
    const { plain, corrected } = await averages(seen, beta)
    return lines({
      title: `β = ${beta}: a memory of about ${Math.round(1 / (1 - beta))} steps`,
      alt: `Noisy values around 1, from step 100 on around 2. At the first step the average is ${plain[0].toFixed(2)} and the corrected one ${corrected[0].toFixed(2)}; both follow the jump with a delay.`,
      xTitle: 'step',
      yTitle: 'value',
      series: [
        { name: 'corrected average', y: corrected },
        { name: 'average', y: plain },
        { name: 'values', y: seen, markers: 'only' },
      ],
    })
  },
)

// %% [markdown]
// The same memory decides how long one bad batch is remembered. Give Adam gradients of 1, and a single one of 100 at step 2000. After it v̂ is far too large, and the steps are too short, until v has forgotten.

// %% id=spike
async function recovery(beta2: number): Promise<number> {
  const rows = await trace(adam, {
    start: 0,
    gradient: (() => {
      let t = 0
      return () => (++t === 2000 ? 100 : 1)
    })(),
    steps: 4000,
    options: { lr: 0.001, beta2: beta2 },
  })
  const lengths = rows.map(({ x }, k) => Math.abs(x - (k > 0 ? rows[k - 1].x : 0)))
  const shortened = lengths.map((length) => length < 0.0005)
  return shortened.lastIndexOf(true) + 1 - 2000
}
const recoveries: {
  'β₂': number
  'about 1 / (1 − β₂)': number
  'steps below half of α': number
}[] = []
for (const beta2 of [0.999, 0.98, 0.95])
  recoveries.push({
    'β₂': beta2,
    'about 1 / (1 − β₂)': Math.round(1 / (1 - beta2)),
    'steps below half of α': await recovery(beta2),
  })
records(recoveries, {
  digits: { 'β₂': 3 },
  caption: 'After one gradient of 100 among gradients of 1 (at step 2000)',
})

// %% [markdown]
// It takes longer than 1 / (1 − β₂) steps, four to five times as long with the two short memories, since the one gradient of 100 stands in v with its square: 10 000 times the others. And
// that is what is behind the common advice for (β₁, β₂), which are rules of thumb: (0.9, 0.999) by default; (0.9, 0.98) for transformers, and when training is unstable; (0.9, 0.95) for very long runs of large models.
//
// ## A scale of its own for each weight
//
// Six weights start at 1 and should come to 0. The loss is the sum of c·w², and c goes from one thousandth to one hundred. All methods take 300 steps; SGD with the largest power of ten that is stable, the others with α = 0.01.

// %% id=scales
const scales = [0.001, 0.01, 0.1, 1, 10, 100]
const walkAt = (c: number, lr: number) => ({
  start: 1,
  gradient: (w: number) => 2 * c * w,
  steps: 300,
  options: { lr: lr },
})
const scaleRows: { c: number; SGD: number; Adagrad: number; RMSprop: number; Adam: number }[] = []
for (const c of scales)
  scaleRows.push({
    c: c,
    SGD: (await trace(sgd, walkAt(c, 0.001)))[299].x,
    Adagrad: (await trace(adagrad, walkAt(c, 0.01)))[299].x,
    RMSprop: (await trace(rmsprop, walkAt(c, 0.01)))[299].x,
    Adam: (await trace(adam, walkAt(c, 0.01)))[299].x,
  })
records(scaleRows, {
  digits: { SGD: 4, Adagrad: 4, RMSprop: 4, Adam: 4 },
  caption: 'w after 300 steps, started at 1',
})

// %% [markdown]
// Look down each column. SGD moves the weight with c = 0.001 hardly at all. For the other three all rows are the same: a factor in front of the loss cancels in g / √v. (Adagrad is slower here than the other two, with the same α: its steps shrink.)
//
// The scale cancels as long as ε is small beside √v. With a tiny gradient ε takes over:

// %% id=eps
const firstStep = async (g: number, eps: number): Promise<number> => {
  const [row] = await trace(adam, {
    start: 0,
    gradient: () => g,
    steps: 1,
    options: { lr: 0.01, eps: eps },
  })
  return Math.abs(row.x) / 0.01
}
const epsRows: { gradient: string; 'ε = 10⁻⁸': number; 'ε = 10⁻⁷': number; 'ε = 10⁻⁶': number }[] =
  []
for (const g of [1, 1e-4, 1e-6, 1e-8])
  epsRows.push({
    gradient: g.toExponential(0),
    'ε = 10⁻⁸': await firstStep(g, 1e-8),
    'ε = 10⁻⁷': await firstStep(g, 1e-7),
    'ε = 10⁻⁶': await firstStep(g, 1e-6),
  })
display(records(epsRows, { digits: 3, caption: 'Adam’s first step as a share of α' }))
/** The nearest number that 16 bits hold, for numbers below 2⁻¹⁴: a multiple of 2⁻²⁴. */
const half = (x: number): number => Math.round(x / 2 ** -24) * 2 ** -24
records(
  [1e-8, 1e-7, 1e-6].map((eps) => ({
    ε: eps.toExponential(0),
    'stored in float16': half(eps).toExponential(2),
    '0 / (0 + ε)': 0 / (0 + half(eps)),
  })),
  { caption: 'ε in half precision' },
)

// %% [markdown]
// So ε is a threshold: gradients well above it are scaled to full steps, those below stay small. When gradients are so tiny that they are mostly noise, a larger ε keeps noise from being blown up to full steps. In half precision (lesson 09) 10⁻⁸
// is rounded to **0**, and 0 / 0 is not a number. Hence the advice: ε = 10⁻⁸ usually, 10⁻⁷ to 10⁻⁶ when gradients are tiny, when NaN appears, or in fp16 (16 bits, lesson 09).
//
// ## Sparse gradients
//
// Some weights rarely get a gradient at all: those of rare words, rare categories. Here are twenty _features_, numbers that describe an example; ten are present in every second example, ten in one of a hundred. Each example's target is the sum of the true weights (±1) of what is present, plus noise.
// We compare how far the learned weights are from the true ones after 1000 examples: five seeds, and for each method the learning rate that is best on average, from the same _grid_, the list of rates that are tried.

// %% id=sparse
type Make = (params: Tensor[], lr: number) => { step(): void; zeroGrad(): void }
const methods: Record<string, Make> = {
  SGD: (params, lr) => sgd(params, { lr: lr }),
  Adagrad: (params, lr) => adagrad(params, { lr: lr }),
  RMSprop: (params, lr) => rmsprop(params, { lr: lr }),
  Adam: (params, lr) => adam(params, { lr: lr }),
}
const present = Array.from({ length: 20 }, (_, k) => (k < 10 ? 0.5 : 0.01))
const meanOf = (a: number[]): number => a.reduce((sum, x) => sum + x / a.length, 0)
const sdOf = (a: number[]): number =>
  Math.sqrt(a.reduce((sum, x) => sum + (x - meanOf(a)) ** 2 / (a.length - 1), 0))
const plusMinus = (a: number[]): string => `${meanOf(a).toFixed(3)} ± ${sdOf(a).toFixed(3)}`

async function errorsOf(make: Make, lr: number, seed: number) {
  const random = seededRandom(seed)
  const truth = present.map(() => (random() < 0.5 ? -1 : 1))
  const w = parameter(present.map(() => 0))
  const optimizer = make([w], lr)
  for (let example = 0; example < 1000; example++) {
    const x = present.map((p): number => (random() < p ? 1 : 0))
    const now = await w.data()
    const error = x.reduce((sum, here, i) => sum + here * (now[i] - truth[i]), 0) + random() - 0.5
    w.grad = tensor(x.map((here) => here * error))
    optimizer.step()
  }
  const learned = await w.data()
  const away = truth.map((value, i) => Math.abs(learned[i] - value))
  return { frequent: meanOf(away.slice(0, 10)), rare: meanOf(away.slice(10)) }
}
const seeds = [1, 2, 3, 4, 5]
const sparseRows: {
  method: string
  α: number
  frequent: string
  rare: string
}[] = []
for (const [method, make] of Object.entries(methods)) {
  const tried: { lr: number; frequent: number[]; rare: number[] }[] = []
  for (const lr of [0.01, 0.03, 0.1, 0.3, 1, 3]) {
    const all: { frequent: number; rare: number }[] = []
    for (const seed of seeds) all.push(await errorsOf(make, lr, seed))
    tried.push({ lr: lr, frequent: all.map((e) => e.frequent), rare: all.map((e) => e.rare) })
  }
  const total = (t: { frequent: number[]; rare: number[] }) => meanOf(t.frequent) + meanOf(t.rare)
  const best = tried.reduce((a, b) => (total(b) < total(a) ? b : a))
  sparseRows.push({
    method: method,
    α: best.lr,
    frequent: plusMinus(best.frequent),
    rare: plusMinus(best.rare),
  })
}
records(
  sparseRows.map(({ method, α, frequent, rare }) => ({
    method: method,
    'best α': α,
    'error, frequent features': frequent,
    'error, rare features': rare,
  })),
  { caption: 'Mean |w − true w| after 1000 examples, mean ± sd over 5 seeds' },
)

// %% [markdown]
// One rate must serve both columns of SGD: large enough for the rare features, it makes the frequent ones noisy. The adaptive methods give the rare features longer steps. Both their columns are below those of SGD: that of the frequent features
// by more than three of its sd, that of the rare ones by about one, too little for five seeds to settle. This is what Adagrad was invented for, and its shrinking rate is no harm here: each weight's rate shrinks with _its own_ gradients.
//
// ## When the target moves
//
// The same memory is a burden when the world changes. The minimum of (x − c)² lies at c = 1 for 1000 steps, then at c = −1.

// %% id=moving
const moving = () => {
  let t = 0
  return {
    start: 0,
    gradient: (x: number) => 2 * (x - (++t <= 1000 ? 1 : -1)),
    steps: 2000,
    options: { lr: 0.05 },
  }
}
const movingPaths = {
  Adagrad: positions(await trace(adagrad, moving())),
  'RMSprop, β = 0.99': positions(await trace(rmsprop, moving())),
  Adam: positions(await trace(adam, moving())),
}
descentPlot(movingPaths, {
  title: 'x while the minimum jumps from 1 to −1 at step 1000 (α = 0.05)',
  alt: 'RMSprop and Adam are at 1 soon, and at −1 soon after the jump; Adam overshoots both times. Adagrad comes to 1 slowly and has not arrived at −1 by the end.',
})

// %% id=moved
const arrival = (path: number[]): number | string => {
  const k = path.slice(1000).findIndex((x) => x < -0.9)
  return k < 0 ? 'not in 1000' : k
}
records(
  Object.entries(movingPaths).map(([method, path]) => ({
    method: method,
    'steps until x < −0.9': arrival(path),
    'x at the end': path[2000],
  })),
  { digits: { 'x at the end': 3 }, caption: 'After the jump' },
)

// %% [markdown]
// Adagrad remembers everything, and is slowest. RMSprop and Adam forget. That is why RMSprop is named for problems that change while one learns: recurrent networks, reinforcement learning.
//
// ## Real data, badly scaled
//
// The breast cancer data as they come: an area of hundreds beside a smoothness of 0.1. A linear classifier (a weighted sum of the 30 columns, whose sign is the answer), 60 steps on all training rows, five seeds (first weights, and the _split_: which row is for what). Each method gets, out of the same eight, the learning rate with the lowest _validation loss_, that on rows kept aside to choose by, the _validation set_; the _accuracy_, the share of right answers, is that on the _test set_, rows that decide nothing. Then the same with
// **standardized** data: each column moved and scaled to mean 0 and standard deviation 1.

// %% id=real
const measured = await breastCancer()
interface Trial {
  validation: number
  accuracy: number
}
async function trial(make: Make, lr: number, seed: number, scaled: boolean): Promise<Trial> {
  const parts = split(measured, { validation: 0.25, test: 0.25, seed: seed })
  const sets = scaled
    ? standardize(parts.train, parts.validation, parts.test).sets
    : ([parts.train, parts.validation, parts.test] as const)
  const [train, validation, test] = sets.map(({ x, y }) => ({
    x: tensor(x),
    y: tensor(y.map((label) => [label])),
    labels: y,
  }))
  const model = linear(30, 1, { seed: seed })
  const optimizer = make(model.parameters(), lr)
  for (let step = 0; step < 60; step++) {
    optimizer.zeroGrad()
    bceWithLogits(model(train.x), train.y).backward()
    optimizer.step()
  }
  const loss = await bceWithLogits(model(validation.x), validation.y).item()
  const scores = await model(test.x).data()
  const right = test.labels.filter((label, i) => scores[i] > 0 === (label === 1)).length
  return { validation: loss, accuracy: right / test.labels.length }
}
const powers = [-6, -5, -4, -3, -2, -1, 0, 1]
const realRows: {
  data: string
  method: string
  'best α': number
  'test accuracy': string
  'above the commoner class': string
  mean: number
}[] = []
/** Method → its mean accuracy at each rate, on standardized data. */
const byRate: Record<string, number[]> = {}
const ones = meanOf([...measured.y])
const commoner = Math.max(ones, 1 - ones)
for (const scaled of [false, true])
  for (const [method, make] of Object.entries(methods)) {
    let best = { lr: 0, validation: Number.POSITIVE_INFINITY, accuracies: [0] }
    const means: number[] = []
    for (const power of powers) {
      const trials: Trial[] = []
      for (const seed of seeds) trials.push(await trial(make, 10 ** power, seed, scaled))
      const validation = meanOf(trials.map((one) => one.validation))
      const accuracies = trials.map(({ accuracy }) => accuracy)
      means.push(meanOf(accuracies))
      if (validation < best.validation)
        best = { lr: 10 ** power, validation: validation, accuracies: accuracies }
    }
    if (scaled) byRate[method] = means
    realRows.push({
      data: scaled ? 'standardized' : 'as measured',
      method: method,
      'best α': best.lr,
      'test accuracy': plusMinus(best.accuracies),
      'above the commoner class': `${best.accuracies.filter((a) => a > commoner).length} of ${seeds.length} seeds`,
      mean: meanOf(best.accuracies),
    })
  }
records(
  realRows.map(({ mean, ...row }) => row),
  {
    caption: `Accuracy on test rows, mean ± sd over 5 seeds; always the commoner class: ${commoner.toFixed(3)}`,
  },
)

// %% [markdown]
// Two lessons in one table. On data as measured, look at the last column: which methods became a classifier with every seed, and which did no better than always guessing the commoner class? On standardized data
// compare the four means with their sd, and with everything above them. **Scale the data first; an optimizer is a poor substitute.** Inside a deep network you cannot standardize every
// layer's input by hand, and that is where adaptive methods earn their keep. Note the column of α too: a rate that is right for one method is wrong for another by powers of ten, in a ratio that depends on the data.
//
// An adaptive method divides by the size of the gradients. Does that choose the learning rate for you? The same runs, standardized, at each of the eight rates:

// %% id=rates
records(
  Object.entries(byRate).map(([method, means]) => ({
    method: method,
    ...Object.fromEntries(powers.map((power, k) => [`α = 10^${power}`, means[k]])),
  })),
  { digits: 3, caption: 'Test accuracy after 60 steps, standardized data, mean over 5 seeds' },
)

// %% [markdown]
// The steps of the weights suit one another; how long all of them are is still yours to say.
//
// ## What they cost, and where they are used
//
// The memory is a fact, and computed; the rest of the table is custom, a place to start from and no more.

// %% id=memory
const numbersKept = async (make: (p: Tensor[]) => { step(): void; stateDict(): unknown }) => {
  const weight = parameter([1])
  const optimizer = make([weight])
  weight.grad = tensor([1])
  optimizer.step()
  const state = (await optimizer.stateDict()) as { params: { arrays: object }[] }
  return Object.keys(state.params[0].arrays).length
}
const memory = {
  Adagrad: await numbersKept((p) => adagrad(p)),
  RMSprop: await numbersKept((p) => rmsprop(p)),
  'RMSprop with momentum': await numbersKept((p) => rmsprop(p, { momentum: 0.9 })),
  'RMSprop, centered, with momentum': await numbersKept((p) =>
    rmsprop(p, { momentum: 0.9, centered: true }),
  ),
  Adam: await numbersKept((p) => adam(p)),
}
records(
  Object.entries(memory).map(([method, numbers]) => ({
    method: method,
    'numbers kept for each weight': numbers,
  })),
)

// %% [markdown]
// | method | start with α | said to be good for | known weakness |
// | --- | --- | --- | --- |
// | Adagrad | 0.01 | sparse features | its rate goes to zero |
// | RMSprop, β = 0.99 | 0.001 (0.0001 to 0.001) | recurrent networks, what changes, reinforcement learning | no bias correction |
// | Adam, (0.9, 0.999) | 0.001 (0.0001 to 0.003) | a quick _baseline_ to compare with, recurrent networks, reinforcement learning (0.0003), small batches | weight decay is mixed into g: lesson 06 |
//
// (_Centered_ RMSprop subtracts the square of the mean gradient, so it divides by the standard deviation instead of the RMS.)
//
// ## Your turn: Adagrad
//
// Write `adagradStep(x, g, s, { lr, eps })` with plain numbers; `s` is the sum of squares so far (0 at first). Return `{ x, s }`. ε beside the root or inside it: both are right. Numbers are compared to 10⁻⁶.

// %% exercise=adagrad-step
interface Scaling {
  lr: number
  eps: number
}

function adagradStep(
  x: number,
  g: number,
  s: number,
  { lr, eps }: Scaling,
): { x: number; s: number } {
  // BEGIN SOLUTION
  const sum = s + g * g
  return { x: x - (lr * g) / (Math.sqrt(sum) + eps), s: sum }
  // END SOLUTION
}

// %% check=adagrad-step
await check('adagrad-step', adagradStep)

// %% [markdown]
// ## Your turn: RMSprop
//
// Write `rmspropStep(x, g, v, { lr, beta, eps })`; return `{ x, v }`. No bias correction, no momentum.

// %% exercise=rmsprop-step
interface Averaging extends Scaling {
  beta: number
}

function rmspropStep(
  x: number,
  g: number,
  v: number,
  { lr, beta, eps }: Averaging,
): { x: number; v: number } {
  // BEGIN SOLUTION
  const square = beta * v + (1 - beta) * g * g
  return { x: x - (lr * g) / (Math.sqrt(square) + eps), v: square }
  // END SOLUTION
}

// %% check=rmsprop-step
await check('rmsprop-step', rmspropStep)

// %% [markdown]
// ## Your turn: a corrected average
//
// Write `correctedAverage(values, beta)`: the running average after each value, from 0 and bias-corrected. A list comes back, as long as `values`.

// %% exercise=corrected-average
function correctedAverage(values: number[], beta: number): number[] {
  // BEGIN SOLUTION
  let m = 0
  return values.map((value, k) => {
    m = beta * m + (1 - beta) * value
    return m / (1 - beta ** (k + 1))
  })
  // END SOLUTION
}

// %% check=corrected-average
await check('corrected-average', correctedAverage)

// %% [markdown]
// ## True or false?
//
// Write `true` or `false` for each, then run both cells.
//
// 1. Without bias correction, Adam's first step is too short.
// 2. Multiplying the loss by 1000 changes the path of RMSprop.
// 3. With a steady gradient, Adagrad's step 400 is half as long as its step 100.
// 4. On standardized data the adaptive methods were clearly better than SGD (by more than 5 points of accuracy).
// 5. With β₂ = 0.98 Adam forgets a bad gradient sooner than with 0.999.
// 6. Adaptive methods need no learning rate: Adam comes within 5 points of its best accuracy with all eight.
// 7. The defaults were chosen by experts: α = 0.001 was the best rate for Adam here.

// %% id=quiz
const answers = [true, true, true, true, true, true, true]

// %% id=quiz-answers
const accuracyOf = (data: string, method: string): number =>
  realRows.find((row) => row.data === data && row.method === method)?.mean ?? Number.NaN
const times = async (factor: number) => (await trace(rmsprop, walkAt(factor, 0.01)))[299].x
const ratio = stepOf(steadyPaths.Adagrad, 400) / stepOf(steadyPaths.Adagrad, 100)
const bestAdaptive = Math.max(
  ...['Adagrad', 'RMSprop', 'Adam'].map((method) => accuracyOf('standardized', method)),
)
const adamRates = realRows.filter((row) => row.method === 'Adam').map((row) => row['best α'])
const longer = Math.abs(bias.uncorrected[0].x - 2) / Math.abs(bias.corrected[0].x - 2)
const facts = [
  {
    is: longer < 1,
    because: `it is ${longer.toFixed(2)} times as long: √v is too small by more than m is`,
  },
  {
    is: Math.abs((await times(1000)) - (await times(1))) > 1e-6,
    because: 'the table of scales: the factor cancels in g / √v',
  },
  {
    is: Math.abs(ratio - 0.5) < 0.01,
    because: `α / √t: √(100 / 400), measured ${ratio.toFixed(3)}`,
  },
  {
    is: bestAdaptive > accuracyOf('standardized', 'SGD') + 0.05,
    because: `the table of real data: the best of the three has ${bestAdaptive.toFixed(3)}, SGD ${accuracyOf('standardized', 'SGD').toFixed(3)}`,
  },
  {
    is: recoveries[1]['steps below half of α'] < recoveries[0]['steps below half of α'],
    because: `the table of recoveries: ${recoveries[1]['steps below half of α']} steps instead of ${recoveries[0]['steps below half of α']}`,
  },
  {
    is: Math.max(...byRate.Adam) - Math.min(...byRate.Adam) < 0.05,
    because: `the table of rates: from ${Math.min(...byRate.Adam).toFixed(3)} to ${Math.max(...byRate.Adam).toFixed(3)}`,
  },
  {
    is: adamRates.every((rate) => rate === 0.001),
    because: `by validation loss it was ${adamRates.join(' on the data as measured, ')} on standardized ones: this task was not theirs`,
  },
]
quiz(answers, facts)

// %% [markdown]
// ## To keep
//
// - **Symptom:** some weights hardly move while others jump: rare features, layers of different scale. **Look at** the size of the gradients, weight by weight or layer by layer.
// - **First move:** standardize the inputs; then an adaptive method, with its own α. If it stalls late, look whether it is Adagrad; if it jumps in the first steps, look whether it is RMSprop, and warm up. **Which curve should move:** the training loss.
// - **Read next:** Duchi, Hazan and Singer, _Adaptive Subgradient Methods for Online Learning and Stochastic Optimization_ (2011); Tieleman and Hinton, _Lecture 6.5, RMSprop_ (2012); Kingma and Ba, _Adam_ (2015), section 3, the correction; Reddi, Kale and
//   Kumar, _On the Convergence of Adam and Beyond_ (2018), what a short memory can break.
//
// **On to [lesson 06](06-l2-is-not-weight-decay.ipynb):** weight decay, which Adam's division spoils.
//
// [All lessons](00-start-here.ipynb) · [Glossary](glossary.ipynb)
