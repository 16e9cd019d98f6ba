// %% [markdown]
// # L2 is not weight decay
//
// **The question.** Large weights are suspicious: often they fit noise. There are two old ways to keep weights small, and many texts use their
// names for one another. Do they do the same? With plain gradient descent they do. With Adam they do not, and that is why _AdamW_ exists.
//
// You will compare both on single weights, see what Adam makes of them, find two slips in a printed text, measure decay on real digits over five
// seeds, and write both rules. About 30 minutes. You should know Adam's m̂ and v̂ (lesson 01).

// %%
import {
  accuracy,
  adam,
  adamw,
  check,
  compare,
  cosine,
  counts,
  decayTwoWays,
  decayWeights,
  digits,
  display,
  initialize,
  layerNorm,
  linear,
  lines,
  noDecayGroups,
  panels,
  parameter,
  quiz,
  records,
  relu,
  type Spread,
  sequential,
  sgd,
  split,
  standardize,
  type Tensor,
  tensor,
  trace,
  useBackend,
} from 'downhill'

// Digits of calculations are printed below: float64.
await useBackend('reference')

// %% [markdown]
// ## The two ways
//
// θ is a weight, g its gradient, α the learning rate, and λ says how strongly weights are to be kept small.
//
// **L2 in the loss.** Add ½·λ·θ² to the loss. Its slope is λ·θ, so the optimizer sees another gradient:
//
// $$g \leftarrow g + \lambda\,\theta$$
//
// **Weight decay.** Leave the loss and the gradient alone. In each step take a small share off the weight itself:
//
// $$\theta \leftarrow \theta - \alpha\,\lambda\,\theta$$
//
// The second is called _decoupled_, since it does not pass through the optimizer's averages.
//
// ## Guess before you run
//
// Two weights are 1. The gradient of the first wobbles around 0 by about 0.01, that of the second by about 10. Both are trained with Adam, and once
// more with a _regularizer_, as such pulls are called. How many times farther does the regularizer move the **first** weight than the second? Put a number for each way.

// %% id=guess
const guess = { 'L2 in the gradient': 1, 'decoupled decay': 1 }

// %% [markdown]
// ## Plain gradient descent: no difference
//
// With SGD both ways are one: θ − α·(g + λ·θ) is (1 − α·λ)·θ − α·g. Here are four weights with gradients of very different size, twenty steps, both
// ways. The last rows repeat it with momentum, which is an average that only L2 enters.

// %% id=sgd
const scales = [0.01, 0.1, 1, 10]
const [lr, weightDecay] = [0.01, 0.1]

async function sgdBothWays(momentum: number) {
  const [a, b] = [parameter(scales.map(() => 1)), parameter(scales.map(() => 1))]
  const l2 = sgd([a], { lr: lr, weightDecay: weightDecay, momentum: momentum })
  const plain = sgd([b], { lr: lr, momentum: momentum })
  for (let t = 1; t <= 20; t++) {
    a.grad = tensor(scales.map((scale) => scale * Math.cos(t)))
    b.grad = a.grad
    l2.step()
    decayWeights([b], lr * weightDecay)
    plain.step()
  }
  const [left, right] = [await a.data(), await b.data()]
  return scales.map((scale, i) => ({
    momentum: momentum,
    'size of the gradient': scale,
    'θ, L2': left[i],
    'θ, decay': right[i],
    difference: (left[i] - right[i]).toExponential(1),
  }))
}
const withoutMomentum = await sgdBothWays(0)
const withMomentum = await sgdBothWays(0.9)
records([...withoutMomentum, ...withMomentum], {
  digits: { momentum: 1, 'size of the gradient': 2, 'θ, L2': 6, 'θ, decay': 6 },
  caption: 'SGD, 20 steps, α = 0.01, λ = 0.1',
})

// %% [markdown]
// Without momentum the differences are rounding of the last digits: there the two names mean one thing. With
// momentum the ways part already: the share of L2 is added up with the gradients, step after step; decay acts once a step and is gone.
//
// ## Adam: the same λ, another effect
//
// Adam divides what it is given by √v̂, the recent size of the gradient. L2 is part of what it is given, so **L2 is divided as well**; decay of the weight
// itself is not. First the four weights again, by the library's worked example:

// %% id=adam
const four = await decayTwoWays('adam', { lr: lr, weightDecay: weightDecay, steps: 20 })
records(
  four.map(({ l2, decay, difference, rootVHat }, i) => ({
    'size of the gradient': scales[i],
    '√v̂': rootVHat,
    'θ, Adam + L2': l2,
    'θ, AdamW': decay,
    difference,
  })),
  {
    digits: {
      'size of the gradient': 2,
      '√v̂': 4,
      'θ, Adam + L2': 5,
      'θ, AdamW': 5,
      difference: 5,
    },
    caption: 'Adam, 20 steps, α = 0.01, λ = 0.1',
  },
)

// %% [markdown]
// Decay treats the four alike. L2 pulls hard on the weight whose gradients are small and hardly at all on the one with large gradients. How exactly? Take
// 25 weights, from gradients of 0.01 to gradients of 10, and train them three times: without a regularizer, with L2, with decay. The _pull_ of a
// regularizer is how far it moved the weight away from where it ends without. λ is small here, so that the pull does not change the path much.

// %% id=pull
const sizes = Array.from({ length: 25 }, (_, i) => 10 ** (-2 + i / 8))
const weak = { lr: 0.01, weightDecay: 0.001 }
const walkLength = 200

async function walked(make: (params: Tensor[]) => { step(): void }) {
  const weights = parameter(sizes.map(() => 1))
  const optimizer = make([weights])
  for (let t = 1; t <= walkLength; t++) {
    weights.grad = tensor(sizes.map((size) => size * Math.cos(t)))
    optimizer.step()
  }
  return [...(await weights.data())]
}

/** √v̂ after the walk, from Adam's state. */
async function spreadOfGradients() {
  const weights = parameter(sizes.map(() => 1))
  const optimizer = adam([weights], { lr: 0 })
  for (let t = 1; t <= walkLength; t++) {
    weights.grad = tensor(sizes.map((size) => size * Math.cos(t)))
    optimizer.step()
  }
  const { v } = (await optimizer.stateDict()).params[0].arrays
  return sizes.map((_, i) => Math.sqrt(v[i] / (1 - 0.999 ** walkLength)))
}

const free = await walked((params) => adam(params, { lr: weak.lr }))
const byL2 = await walked((params) => adam(params, weak))
const byDecay = await walked((params) => adamw(params, weak))
const roots = await spreadOfGradients()
const pull = (ends: number[]) => ends.map((end, i) => free[i] - end)
lines({
  title: 'How far each regularizer pulls a weight in 200 steps (λ = 0.001)',
  xTitle: '√v̂, the size of the gradient',
  yTitle: 'pull towards 0',
  logX: true,
  logY: true,
  series: [
    { name: 'Adam + L2', x: roots, y: pull(byL2), markers: 'only' },
    { name: 'AdamW', x: roots, y: pull(byDecay), markers: 'only' },
    {
      name: 'steps · α·λ / √v̂',
      x: roots,
      y: roots.map((root) => (walkLength * weak.lr * weak.weightDecay) / root),
    },
  ],
  alt: 'The pull of L2 under Adam falls as one over the size of the gradient, over three powers of ten; the pull of AdamW is the same for all weights.',
})

// %% id=against-the-guess
const timesFarther = (ends: number[]) => pull(ends)[0] / (pull(ends).at(-1) ?? Number.NaN)
records(
  [
    {
      regularizer: 'L2 in the gradient',
      'your guess': guess['L2 in the gradient'],
      measured: timesFarther(byL2),
    },
    {
      regularizer: 'decoupled decay',
      'your guess': guess['decoupled decay'],
      measured: timesFarther(byDecay),
    },
  ],
  {
    digits: { 'your guess': 0, measured: 1 },
    caption: 'How many times farther the weight with the smallest gradients is pulled',
  },
)

// %% [markdown]
// The dots of L2 lie near the line α·λ/√v̂, and AdamW's are level. This is the whole difference: **under Adam, L2 spares exactly those weights that have
// large gradients**, whether that is wanted or not. It also means that a λ found for one cannot be used for the other.
//
// ## A slip in print: decay without α
//
// One text writes AdamW's decay as θ ← θ − λ·θ, without α. Is that a slip? It is a convention that exists, but not the one whose values of λ people quote:
//
// - **α·λ·θ**: PyTorch, Optax, Keras, this library. λ = 0.01 is meant for this form, and decay follows the schedule of α.
// - **η·λ·θ**, where η is the schedule alone, between 0 and 1: the paper. Changing α does not change the decay.
// - **λ·θ** in every step, whatever the schedule: TensorFlow Addons, and pytorch-optimizer's `fixed_decay`.
//
// All three with the same λ = 0.01, a cosine schedule with a peak of α = 0.001, and a weight that has no gradient at all:

// %% id=without-lr
const [lambda, total] = [0.01, 100]

async function decayedBy(amount: (t: number) => number): Promise<number[]> {
  const weight = parameter([1])
  const path = [1]
  for (let t = 0; t < total; t++) {
    decayWeights([weight], amount(t))
    path.push((await weight.data())[0])
  }
  return path
}

const alpha = cosine({ peak: 0.001, total: total })
const shape = cosine({ peak: 1, total: total })
const still = { start: 1, gradient: () => 0, steps: total }
const withAlpha = [
  1,
  ...(await trace(adamw, { ...still, options: { lr: alpha, weightDecay: lambda } })).map(
    ({ x }) => x,
  ),
]
const withShape = await decayedBy((t) => shape(t) * lambda)
const withNothing = await decayedBy(() => lambda)
display(
  lines({
    title: 'What is left of a weight without gradient (λ = 0.01)',
    alt: 'A weight that starts at 1: with α·λ·θ it stays nearly level, with η·λ·θ it falls and levels off, with λ·θ it falls all the way.',
    xTitle: 'step',
    yTitle: 'weight',
    series: [
      { name: 'α·λ·θ (AdamW of this library)', y: withAlpha },
      { name: 'η·λ·θ (the paper)', y: withShape },
      { name: 'λ·θ (the printed text)', y: withNothing },
    ],
  }),
)
records(
  [
    { decay: 'α·λ·θ', 'taken off in 100 steps (%)': 100 * (1 - withAlpha[total]) },
    { decay: 'η·λ·θ', 'taken off in 100 steps (%)': 100 * (1 - withShape[total]) },
    { decay: 'λ·θ', 'taken off in 100 steps (%)': 100 * (1 - withNothing[total]) },
  ],
  { digits: 3 },
)

// %% [markdown]
// From next to nothing to more than half, by one and the same λ. To copy a λ between these forms, divide or multiply by α. And read the manual:
// which α·λ does _your_ library mean?
//
// ## How strong is a λ?
//
// With α·λ a step, a weight without gradient halves after ln ½ / ln(1 − α·λ) steps. The table has the values that people start from for different
// tasks. They are **rules of thumb**, from whoever wrote them down; the last column is arithmetic.

// %% id=by-task
const usual = [
  { task: 'convolutional network, SGD', range: '1e-4 … 5e-4', start: 1e-4, 'usual α': 0.1 },
  { task: 'vision transformer, AdamW', range: '0.05 … 0.1', start: 0.05, 'usual α': 1e-3 },
  { task: 'language transformer, AdamW', range: '0.01 … 0.1', start: 0.01, 'usual α': 3e-4 },
  { task: 'small model', range: '0 … 1e-4', start: 1e-5, 'usual α': 1e-3 },
  { task: 'reinforcement learning', range: '0', start: 0, 'usual α': 3e-4 },
]
records(
  usual.map((row) => ({
    task: row.task,
    'λ, range': row.range,
    'λ to start with': String(row.start),
    'usual α': String(row['usual α']),
    'steps until a weight is halved':
      row.start === 0
        ? 'never'
        : Math.round(Math.log(0.5) / Math.log1p(-row['usual α'] * row.start)).toLocaleString('en'),
  })),
  { caption: 'Where people start, and how slow that is' },
)

// %% [markdown]
// All are gentle: they act over tens of thousands of steps. (Momentum 0.9 makes the L2 of SGD ten times as strong, by the 1 / (1 − μ) of lesson 04: thousands of steps.) A run of 300 steps will hardly notice them. So a sensible search tries powers of ten, 10⁻⁵ to
// 10⁻¹, and more for a short run.
//
// ## Measured: digits, five seeds
//
// 200 handwritten digits to train on, 400 to validate, a network with one _hidden layer_ (between input and output), 25 _epochs_ (passes over all rows). Seven λ, the powers of ten from 10⁻⁵ to 10, are tried with Adam + L2 and with AdamW, all else
// equal, with five seeds: each has its own split, first weights and order. The figures show mean and standard deviation (sd) over the seeds. This cell trains 75 networks,
// in some seconds.
//
// The network takes the 64 brightnesses of a picture and gives ten numbers, one for each digit, which are made into probabilities. Each layer computes weighted sums of what it gets; between them stands _ReLU_ (`relu`), max(0, x): without it two layers could do no more than one.
// The loss is the _cross-entropy_: minus the natural logarithm of the probability that the right digit got, the mean over the rows. Who is sure and right has 0, who gives each of ten digits the same has ln 10 ≈ 2.3. It is counted in _nats_.
//
// Guess first: which λ is best for AdamW here, and is the same λ best for L2?

// %% id=digits-guess
const bestGuess = { AdamW: 0.01, 'Adam + L2': 0.01 }

// %% id=digits
await useBackend('auto')
const strengths = [1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1, 10]
const seeds = [1, 2, 3, 4, 5]
const all = await digits()
const parts = new Map(
  seeds.map((seed) => {
    const { train, validation } = split(all, { train: 200, validation: 400, seed: seed })
    const [scaledTrain, scaledValidation] = standardize(train, validation).sets
    return [seed, { train: scaledTrain, validation: scaledValidation }]
  }),
)
const network = (seed: number) => {
  const model = sequential(linear(64, 64), relu(), linear(64, 10))
  initialize(model, { seed: seed })
  return model
}
const recipe = (
  name: string,
  optimizer: (params: Tensor[]) => ReturnType<typeof adam | typeof adamw>,
) => ({
  name: name,
  model: network,
  optimizer: optimizer,
})
const comparison = await compare(
  [
    recipe('none', (params) => adam(params, { lr: 3e-3 })),
    ...strengths.map((strength) =>
      recipe(`AdamW ${strength}`, (params) => adamw(params, { lr: 3e-3, weightDecay: strength })),
    ),
    ...strengths.map((strength) =>
      recipe(`Adam + L2 ${strength}`, (params) =>
        adam(params, { lr: 3e-3, weightDecay: strength }),
      ),
    ),
  ],
  {
    seeds: seeds,
    data: (seed) => parts.get(seed) ?? { train: all },
    epochs: 25,
    batchSize: 32,
    metrics: { accuracy: accuracy },
    column: 'validationLoss',
    progress: false,
  },
)
const last = (name: string, column: string) => {
  const { mean, sd } = comparison.band(name, column)
  return { mean: mean.at(-1) ?? Number.NaN, sd: sd.at(-1) ?? Number.NaN }
}
const against = (column: string, title: string) =>
  lines({
    title: title,
    alt: `${title} at seven values of λ, mean and band of five seeds, for AdamW and for Adam + L2: level at first, rising for large λ, and for L2 at far smaller ones.`,
    xTitle: 'λ',
    logX: true,
    yTitle: 'loss (mean ± sd, 5 seeds)',
    series: ['AdamW', 'Adam + L2'].map((name) => {
      const spreads = strengths.map((strength) => last(`${name} ${strength}`, column))
      return {
        name: name,
        x: strengths,
        y: spreads.map(({ mean }) => mean),
        markers: true,
        band: {
          low: spreads.map(({ mean, sd }) => mean - sd),
          high: spreads.map(({ mean, sd }) => mean + sd),
        },
      }
    }),
  })
panels([against('trainLoss', 'Training loss'), against('validationLoss', 'Validation loss')], {
  title: 'The same λ under two names: 200 digits, after 25 epochs',
  same: 'y',
})

// %% [markdown]
// Two curves of the same form, but one is shifted by powers of ten: what L2 does with a certain λ, decay does with a far larger one. The table has the numbers, and
// the differences to the run without a regularizer, taken seed by seed.
//
// When is such a difference more than luck? The rule of this course: a _difference that counts_ is one, taken seed by seed, whose mean over five seeds is **more than twice its standard deviation** (exactly: 2.06 times). With ten seeds the mean is steadier, and 1.03 times is enough.
// If there were no true difference, luck alone would get that far about once in a hundred times, however many seeds there are: it is Student's t-test, and `counts` computes it. That is strict, for a lesson looks at many differences, and lesson 08 shows what looser rules let through. A difference that does not count may be there all the same: it was not seen.

// %% id=digits-table
/** Of a loss: less is better. */
const beyond = (difference: Spread) =>
  !counts(difference) ? 'no' : difference.mean < 0 ? 'better' : 'worse'
const pm = ({ mean, sd }: { mean: number; sd: number }, places = 3) =>
  `${mean.toFixed(places)} ± ${sd.toFixed(places)}`
records(
  comparison.rows.map(({ recipe, difference }) => ({
    recipe: recipe,
    'training loss': pm(last(recipe, 'trainLoss')),
    'validation loss': pm(last(recipe, 'validationLoss')),
    accuracy: pm(last(recipe, 'accuracy')),
    'validation loss − none': difference ? pm(difference, 4) : '',
    counts: difference ? beyond(difference) : '',
  })),
  { caption: 'Mean ± standard deviation over 5 seeds; differences seed by seed' },
)

// %% id=digits-best
const nothing = { mean: Number.NaN, sd: Number.NaN, n: 0 }
const toNone = (name: string) =>
  comparison.rows.find(({ recipe }) => recipe === name)?.difference ?? nothing
const bestOf = (name: string) =>
  strengths.reduce((best, strength) =>
    last(`${name} ${strength}`, 'validationLoss').mean <
    last(`${name} ${best}`, 'validationLoss').mean
      ? strength
      : best,
  )
records(
  (['AdamW', 'Adam + L2'] as const).map((name) => ({
    optimizer: name,
    'your guess': String(bestGuess[name]),
    'lowest mean validation loss at λ': String(bestOf(name)),
    'its difference to none': pm(toNone(`${name} ${bestOf(name)}`), 4),
    counts: beyond(toNone(`${name} ${bestOf(name)}`)),
    'worse than none at λ':
      strengths.filter((s) => beyond(toNone(`${name} ${s}`)) === 'worse').join(', ') || 'none',
  })),
  { caption: 'The best λ of each, and those that harm' },
)

// %% [markdown]
// Read the column "counts" before you praise a λ. Where even the best λ has a "no", **this run does not show that weight decay helps**; the last column shows which values plainly
// harm. The range that is usually searched, 10⁻⁵ to 10⁻¹, is too gentle for AdamW to be noticed in so few steps, as the table of half-lives said. And "one weight decay is right for
// all" cannot be true: compare the two rows. Not even two optimizers share it.
//
// ## Another slip: too high, too low
//
// The same text heads its paragraph on decay that is **too high** with "overfitting", and on decay **too low** with "underfitting". _Overfitting_ means that
// training goes well and validation does not; _underfitting_ that already training goes badly. Put the ends of the table beside what is printed:

// %% id=high-low
const verdict = (name: string) => {
  const [train, validation] = [last(name, 'trainLoss').mean, last(name, 'validationLoss').mean]
  return {
    'training loss': train,
    'validation loss': validation,
    'the curves say':
      train > Math.log(10) / 4
        ? 'underfitting'
        : validation > 2 * train
          ? 'overfitting'
          : 'neither',
  }
}
records(
  [
    { decay: 'too high: AdamW, λ = 10', printed: 'overfitting', ...verdict('AdamW 10') },
    { decay: 'too low: none', printed: 'underfitting', ...verdict('none') },
  ],
  {
    digits: 3,
    mark: (row, column) =>
      column === 'the curves say' && row.printed !== row[column] ? 'not as printed' : undefined,
    caption:
      'Underfitting: a training loss above a quarter of ln 10, the loss of guessing. Overfitting: validation above twice the training loss',
  },
)

// %% [markdown]
// It is the other way round. Decay that is too high holds the weights so small that not even the training set is learned: it underfits. Decay that is too low leaves the
// network free to learn its 200 digits by heart: it overfits.
//
// ## What should not decay
//
// _Biases_ (what a layer adds), and the scales and shifts of _norm layers_ (which bring numbers to mean 0 and variance 1, lesson 07), are usually left alone. They are few, a bias only shifts what a layer gives, and pulling the scale of a norm
// layer to 0 silences it. `noDecayGroups` splits the parameters of a model by dimension and by name, and says why:

// %% id=groups
const withNorm = sequential(linear(64, 64), layerNorm(64), relu(), linear(64, 10))
const { groups, rows } = noDecayGroups(withNorm.parameters(), { weightDecay: 0.01 })
const optimizer = adamw(groups, { lr: 1e-3 })
const numbersIn = (params: readonly Tensor[]) => params.reduce((sum, { size }) => sum + size, 0)
display(records(rows, { caption: 'Which parameters decay' }))
records(
  optimizer.groups.map(({ params, weightDecay }) => ({
    λ: weightDecay,
    tensors: params.length,
    numbers: numbersIn(params),
  })),
  { caption: 'The groups of the optimizer' },
)

// %% [markdown]
// ## Your turn: L2 in the gradient, decay of the weight
//
// You wrote Adam's averages in lesson 01, so here they are given: `moments(g, state, options)` takes a gradient and returns the new averages and the direction
// m̂ / (√v̂ + ε). Everything that is to be learned here is what you give to it, and what you do with the weight.

// %% id=moments
interface State {
  m: number
  v: number
  t: number
}
interface Options {
  lr: number
  beta1: number
  beta2: number
  eps: number
  weightDecay: number
}

/** Adam's averages after the gradient g, and the direction that they give. */
function moments(g: number, state: State, options: Options): State & { direction: number } {
  const { beta1, beta2, eps } = options
  const t = state.t + 1
  const m = beta1 * state.m + (1 - beta1) * g
  const v = beta2 * state.v + (1 - beta2) * g * g
  const direction = m / (1 - beta1 ** t) / (Math.sqrt(v / (1 - beta2 ** t)) + eps)
  return { m, v, t, direction }
}

// %% [markdown]
// Write `adamL2Step(x, g, state, options)`: one step of Adam with L2 in the gradient.
//
// - `x` is the weight, `g` the gradient of the loss **without** the _penalty_, what is added to the loss; here that is ½·λ·x², with λ = `options.weightDecay`;
// - `state` is `{ m, v, t }`, t being the steps already done; `options` is `{ lr, beta1, beta2, eps, weightDecay }`;
// - return `{ x, m, v, t }`: the new weight, the new averages before their correction, the new count.
//
// Numbers are compared to 10⁻⁶.

// %% exercise=adam-l2
function adamL2Step(x: number, g: number, state: State, options: Options): State & { x: number } {
  // BEGIN SOLUTION
  const { m, v, t, direction } = moments(g + options.weightDecay * x, state, options)
  return { x: x - options.lr * direction, m, v, t }
  // END SOLUTION
}

// %% check=adam-l2
await check('adam-l2', adamL2Step)

// %% [markdown]
// Now `adamwStep(x, g, state, options)`: the same contract, but with decoupled decay in the form of PyTorch, α·λ·x, where x is the weight **before** the step. (Taking the decay
// off first and then making Adam's step is the same sum.)

// %% exercise=adamw-step
function adamwStep(x: number, g: number, state: State, options: Options): State & { x: number } {
  // BEGIN SOLUTION
  const { m, v, t, direction } = moments(g, state, options)
  return { x: x - options.lr * (direction + options.weightDecay * x), m, v, t }
  // END SOLUTION
}

// %% check=adamw-step
await check('adamw-step', adamwStep)

// %% [markdown]
// ## True or false?
//
// Decide, write `true` or `false` for each, and run both cells.
//
// 1. With plain SGD, L2 and weight decay with the same λ give the same weights.
// 2. `adam(params, { weightDecay: 0.01 })` and `adamw(params, { weightDecay: 0.01 })` are the same.
// 3. Under Adam, L2 pulls most on the weights with the largest gradients.
// 4. When α goes down by a schedule, AdamW's decay in PyTorch's form goes down as well.
// 5. Too much weight decay makes a network overfit.

// %% id=quiz
const answers = [true, true, true, true, true]

// %% id=quiz-answers
const largest = (rows: { difference: string }[]) =>
  Math.max(...rows.map(({ difference }) => Math.abs(Number(difference))))
const facts = [
  {
    is: largest(withoutMomentum) < 1e-12,
    because: 'the table of SGD: differences of rounding, as long as there is no momentum',
  },
  {
    is: four.every(({ difference }) => Math.abs(difference) < 1e-12),
    because: 'the table of Adam: L2 passes through v̂, decay does not',
  },
  {
    is: timesFarther(byL2) < 1,
    because: 'the figure: the pull is α·λ/√v̂, least where √v̂ is large',
  },
  {
    is: withAlpha[total] - withAlpha[total - 1] > withAlpha[1] - withAlpha[0],
    because: 'the decay of a step is α·λ·θ: the last of the 100 steps took off less than the first',
  },
  {
    is: verdict('AdamW 10')['the curves say'] === 'overfitting',
    because: `with λ = 10 the curves say ${verdict('AdamW 10')['the curves say']}: training loss ${verdict('AdamW 10')['training loss'].toFixed(2)}, without decay ${verdict('none')['training loss'].toFixed(2)}`,
  },
]
quiz(answers, facts)

// %% [markdown]
// ## To keep
//
// - **Symptom:** the training loss falls, the validation loss rises. **Look at** whether your "weight decay" is L2 in disguise: an Adam with `weightDecay` above 0.
// - **First move:** AdamW with λ = 0.01, then powers of ten, on the validation set; biases and norm layers in a group without decay. **Which curve should move:** the gap between
//   validation and training loss closes. If the training loss rises as well, λ is too high.
// - **When you change α**, the decay α·λ changes with it.
// - **Read next:** Loshchilov and Hutter, _Decoupled Weight Decay Regularization_ (2019), sections 2 and 4; Zhang, Wang, Xu and Grosse, _Three Mechanisms of Weight Decay
//   Regularization_ (2019), on what decay does in networks with norm layers.
//
// **On to [lesson 07](07-dropout-norm-stopping.ipynb):** dropout and its kin.
//
// [All lessons](00-start-here.ipynb) · [Glossary](glossary.ipynb)
