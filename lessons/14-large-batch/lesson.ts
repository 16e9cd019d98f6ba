// %% [markdown]
// # Large batches: LAMB, LARS, Lookahead
//
// **The question.** With eight times the machines you can take eight times the batch, and an epoch has an eighth of the steps. What must become of the learning rate? And
// when a single rate no longer suits all layers, what do LARS and LAMB do about it?
//
// You will scale a rate by two rules and see why SGD and Adam need different ones, look at the sizes of weights and gradients layer by layer, measure on digits whether all this
// pays at the size of a lesson, and write the trust ratio. About 30 minutes. You should know SGD, Adam (lesson 01) and warmup (lesson 03).

// %%
import {
  accuracy,
  adam,
  batches,
  check,
  compare,
  cosine,
  counts,
  crossEntropy,
  digits,
  display,
  gradientNoise,
  initialize,
  lamb,
  lars,
  linear,
  lines,
  lookahead,
  panels,
  parameter,
  quiz,
  records,
  relu,
  scaledRate,
  scaledSchedule,
  schedulePlot,
  sequential,
  sgd,
  split,
  spreadOf,
  standardize,
  type Tensor,
  useBackend,
} from 'downhill'

// Digits of calculations are printed below: float64.
await useBackend('reference')

// %% [markdown]
// ## Two rules of thumb
//
// A batch of B examples gives the mean of B gradients. Take k times as many: the mean hardly changes, its _noise_ (how much it varies from batch to batch) shrinks by √k, and there are k times
// fewer steps in an epoch. To get as far in an epoch, the steps must be longer.
//
// - **Linear**, for SGD: k times the batch, k times the rate.
// - **Square root**, for Adam and its kin: k times the batch, √k times the rate.
//
// Both come with a **warmup**: the long steps are dangerous while the weights are fresh, so the rate begins near 0 and rises to its new value. The example that is quoted most: SGD with rate
// 0.1 at batch 256 goes to batch 2048.

// %% id=linear-scaling
const usual = { lr: 0.1, batch: 256, newBatch: 2048 }
const scaled = scaledSchedule({ ...usual, warmup: 100, total: 1000 })
display(
  records(
    [
      { batch: usual.batch, 'rate of SGD': usual.lr },
      { batch: usual.newBatch, 'rate of SGD': scaledRate(usual) },
    ],
    { caption: `Linear: ${usual.newBatch / usual.batch} times the batch, as many times the rate` },
  ),
)
schedulePlot(
  {
    'batch 2048: 0.8 after a warmup': scaled,
    'batch 256: 0.1': cosine({ peak: usual.lr, total: 1000 }),
  },
  {
    steps: 1000,
    title: 'Rates over a run (the steps of batch 2048 are 8 times as large)',
    alt: 'The rate of batch 2048 climbs to 0.8 in its warmup and falls to 0 along half a cosine; that of batch 256 starts at 0.1 and falls to 0.',
  },
)

// %% [markdown]
// ## A slip in print, and why it is one
//
// One text takes **Adam** from batch 32 and rate 0.001 to batch 2048 by the linear rule. The same text says that Adam's rate lies between 0.0001 and 0.003.

// %% id=adam-scaling
const printed = { lr: 0.001, batch: 32, newBatch: 2048 }
const range = [1e-4, 3e-3]
records(
  (['linear', 'square-root'] as const).map((rule) => {
    const rate = scaledRate({ ...printed, rule })
    return {
      rule: rule,
      'rate of Adam at batch 2048': rate,
      'times the largest of its range': rate / range[1],
    }
  }),
  { digits: { 'rate of Adam at batch 2048': 4, 'times the largest of its range': 1 } },
)

// %% [markdown]
// ## Guess before you run
//
// Why should the rules differ? Take the simplest problem with noise: f(x) = ½·x², where each gradient is x plus noise of size σ/√B. Once x is small, only the noise moves it, and the loss stays at a
// _floor_ whose height tells how rough the steps are. With batch 8 and a good rate the floor has some height. Now batch 128, sixteen times as many. For each optimizer: which factor for the rate keeps
// both the speed (per example seen) and the floor? Write 1, 4 or 16; the rules above have an answer, and you may bet against it. And if Adam gets the factor of the other rule, 16: how many times as high as that of batch 8 is its floor then?

// %% id=guess
const guess = { SGD: 1, Adam: 1, 'floor of Adam × 16': 1 }

// %% id=noise
const [copies, sigma, examples] = [100, 10, 12_800]
const seeds = [1, 2, 3, 4, 5]
const smallBatch = { size: 8, every: 64 }
const largeBatch = { size: 128, every: 4 }

interface Steps {
  step(): void
  zeroGrad(): void
  readonly averages?: boolean
  evaluate?(): void
  train?(): void
}
type Make = (params: Tensor[], lr: number) => Steps
const makers: Record<'SGD' | 'Adam', { lr: number; make: Make }> = {
  SGD: { lr: 0.01, make: (params, lr) => sgd(params, { lr: lr }) },
  Adam: { lr: 0.035, make: (params, lr) => adam(params, { lr: lr }) },
}

/** The mean loss over many copies of x, each with noise of its own, every so many steps. */
async function floorOf(
  optimizerOf: (params: Tensor[]) => Steps,
  batch: { size: number; every: number },
  seed: number,
): Promise<number[]> {
  const x = parameter(new Float64Array(copies).fill(3))
  const optimizer = optimizerOf([x])
  const losses: number[] = []
  for (let step = 0; step <= examples / batch.size; step++) {
    if (step % batch.every === 0) {
      if (optimizer.averages) optimizer.evaluate?.() // Lookahead is measured by its slow weights
      const values = await x.data()
      losses.push(values.reduce((sum, value) => sum + value ** 2, 0) / (2 * copies))
      if (optimizer.averages) optimizer.train?.()
    }
    optimizer.zeroGrad()
    x.square().sum().mul(0.5).backward()
    gradientNoise([x], step, { eta: sigma ** 2 / batch.size, gamma: 0, seed: seed })
    optimizer.step()
  }
  return losses
}

const pm = ({ mean, sd }: { mean: number; sd: number }, places = 3) =>
  `${mean.toFixed(places)} ± ${sd.toFixed(places)}`
const average = (values: number[]) => spreadOf(values).mean

async function overSeeds(one: (seed: number) => Promise<number[]>) {
  const runs: number[][] = []
  for (const seed of seeds) runs.push(await one(seed))
  return {
    path: runs[0].map((_, k) => average(runs.map((run) => run[k]))),
    floor: spreadOf(runs.map((run) => average(run.slice(-8)))),
  }
}

async function scalingOf(name: 'SGD' | 'Adam') {
  const { lr, make } = makers[name]
  const small = await overSeeds((seed) => floorOf((x) => make(x, lr), smallBatch, seed))
  const large: { factor: number; path: number[]; floor: { mean: number; sd: number } }[] = []
  for (const factor of [1, 4, 16]) {
    const found = await overSeeds((seed) => floorOf((x) => make(x, factor * lr), largeBatch, seed))
    large.push({ factor: factor, ...found })
  }
  return { name: name, small: small, large: large }
}
await useBackend('auto')
const scalings = [await scalingOf('SGD'), await scalingOf('Adam')]
const seen = scalings[0].small.path.map((_, k) => k * smallBatch.size * smallBatch.every)
panels(
  scalings.map(({ name, small, large }) =>
    lines({
      title: name,
      alt: `${name}: the loss on a logarithmic axis for batch 8, and for batch 128 with the rate times 1, 4 and 16; one of the three walks like the small batch.`,
      xTitle: 'examples seen',
      yTitle: 'loss (mean of 5 seeds)',
      logY: true,
      series: [
        { name: 'batch 8', x: seen, y: small.path },
        ...large.map(({ factor, path }) => ({
          name: `batch 128, rate × ${factor}`,
          x: seen,
          y: path,
        })),
      ],
    }),
  ),
  { title: 'Sixteen times the batch: which rate walks like the small one?', same: 'y' },
)

// %% id=noise-table
const nearest = (scaling: (typeof scalings)[number]) =>
  scaling.large.reduce((best, row) => {
    const away = (floor: number) => Math.abs(Math.log(floor / scaling.small.floor.mean))
    return away(row.floor.mean) < away(best.floor.mean) ? row : best
  })
display(
  records(
    scalings.map((scaling) => ({
      optimizer: scaling.name,
      'floor, batch 8': pm(scaling.small.floor, 4),
      ...Object.fromEntries(
        scaling.large.map(({ factor, floor }) => [`batch 128, × ${factor}`, pm(floor, 4)]),
      ),
      nearest: `× ${nearest(scaling).factor}`,
      'your guess': `× ${guess[scaling.name]}`,
    })),
    { caption: 'Loss at the end: mean ± standard deviation over 5 seeds' },
  ),
)
const ofAdam = scalings[1]
records(
  [
    {
      'floor of Adam × 16': ofAdam.large[2].floor.mean / ofAdam.small.floor.mean,
      'your guess': guess['floor of Adam × 16'],
    },
  ],
  { digits: { 'floor of Adam × 16': 1 }, caption: 'As a multiple of the floor at batch 8' },
)

// %% [markdown]
// Read the column "nearest", and look which curve lies on that of the small batch. Theory says × 16 for SGD, the linear rule, and × 4 for Adam, the square root. The reason is one line: Adam divides by √v̂, and where noise rules, √v̂ is
// the noise, which the large batch has made √k times smaller. **Adam's steps have grown by √k already**; the other √k is yours. The linear rule on top of it makes them √k times too long, and the floor too high.
//
// ## The same on digits
//
// Rules of thumb want measuring. 1024 digits, 12 epochs, batch 32 against batch 512: 384 steps against 24. The rates of batch 32 were searched for beforehand. All runs warm up over a fifth of their steps, then
// follow a cosine; five seeds, each with its own split, first weights and order.

// %% id=digits
const all = await digits()
const parts = new Map(
  seeds.map((seed) => {
    const { train, validation, test } = split(all, { train: 1024, validation: 400, seed: seed })
    const { sets } = standardize(train, validation, test)
    return [seed, { train: sets[0], validation: sets[1], test: sets[2] }]
  }),
)
const network = (seed: number) => {
  const model = sequential(linear(64, 32), relu(), linear(32, 10))
  initialize(model, { seed: seed })
  return model
}
const epochs = 12
const stepsAt = (batch: number) => epochs * Math.ceil(1024 / batch)
/** A warmup over a fifth of the steps, then half a cosine. */
const warmed = (lr: number, batch: number) => {
  const total = stepsAt(batch)
  const warmup = Math.ceil(total / 5)
  return scaledSchedule({ lr: lr, batch: batch, newBatch: batch, warmup: warmup, total: total })
}
const shared = {
  seeds: seeds,
  data: (seed: number) => parts.get(seed) ?? { train: all },
  epochs: epochs,
  metrics: { accuracy: accuracy },
  progress: false,
}
const recipe = (
  name: string,
  batchSize: number,
  optimizer: (params: Tensor[]) => ReturnType<typeof sgd | typeof adam>,
) => ({
  name: name,
  model: network,
  batchSize: batchSize,
  optimizer: optimizer,
})
const good = { SGD: 0.04, Adam: 0.005 }
const bySgd = (lr: number, batch: number) => (params: Tensor[]) =>
  sgd(params, { lr: warmed(lr, batch), momentum: 0.9 })
const byAdam = (lr: number, batch: number) => (params: Tensor[]) =>
  adam(params, { lr: warmed(lr, batch) })
const times = { same: 1, 'square root': Math.sqrt(16), linear: 16 }
const rules = ['same', 'square root', 'linear'] as const
const onDigits = await compare(
  [
    recipe('SGD, batch 32', 32, bySgd(good.SGD, 32)),
    ...rules.map((rule) => recipe(`SGD, ${rule}`, 512, bySgd(good.SGD * times[rule], 512))),
    recipe('Adam, batch 32', 32, byAdam(good.Adam, 32)),
    ...rules.map((rule) => recipe(`Adam, ${rule}`, 512, byAdam(good.Adam * times[rule], 512))),
  ],
  shared,
)
const last = (name: string, column: string) => {
  const { mean, sd } = onDigits.band(name, column)
  return pm({ mean: mean.at(-1) ?? Number.NaN, sd: sd.at(-1) ?? Number.NaN })
}
records(
  onDigits.rows.map(({ recipe, steps }) => ({
    'optimizer and rule': recipe,
    steps: steps.mean,
    'training loss': last(recipe, 'trainLoss'),
    'validation loss': last(recipe, 'validationLoss'),
    'validation accuracy': last(recipe, 'accuracy'),
  })),
  { caption: 'Batch 512 unless it says 32; mean ± standard deviation over 5 seeds' },
)

// %% [markdown]
// 24 short steps are 24 short steps: compare the rows with the same rate with those of batch 32. How much do longer steps make up for? And look at Adam. Which of its two rules is the better one here? Seed by
// seed, and by the rule of lesson 06:

// %% id=adam-rules
const atEnd = (name: string, column: 'validationLoss' | 'accuracy') =>
  onDigits.of(name).map(({ history }) => {
    const row = history.rows.at(-1)
    return (column === 'accuracy' ? row?.metrics.accuracy : row?.validationLoss) ?? Number.NaN
  })
records(
  (['accuracy', 'validationLoss'] as const).map((column) => {
    const right = atEnd('Adam, square root', column)
    const difference = spreadOf(atEnd('Adam, linear', column).map((value, k) => value - right[k]))
    return {
      'of Adam at batch 512': column === 'accuracy' ? 'validation accuracy' : 'validation loss',
      'linear − square root': pm(difference),
      counts: counts(difference) ? 'yes' : 'no',
    }
  }),
)

// %% [markdown]
// Where the linear rule is ahead, it is against what we have just learned. But in 24 steps there is no floor of noise yet; what counts is to get on, so the reason for the square root is missing. **A rule of
// thumb tells you where to begin the search**, in the right power of ten, not where it ends.
//
// And the warmup? The same SGD, linear, and at twice that rate, with and without it:

// %% id=warmup
const linearRate = good.SGD * times.linear
const warmups = await compare(
  [linearRate, 2 * linearRate].flatMap((lr) => [
    recipe(`with warmup, ${lr.toFixed(2)}`, 512, bySgd(lr, 512)),
    recipe(`without, ${lr.toFixed(2)}`, 512, (params) =>
      sgd(params, { lr: cosine({ peak: lr, total: stepsAt(512) }), momentum: 0.9 }),
    ),
  ]),
  shared,
)
const paired = (a: string, b: string) => {
  const [left, right] = [a, b].map((name) =>
    warmups.of(name).map(({ history }) => 100 * (history.rows.at(-1)?.metrics.accuracy ?? 0)),
  )
  return spreadOf(left.map((value, k) => value - right[k]))
}
records(
  [linearRate, 2 * linearRate].map((lr) => {
    const names = [`with warmup, ${lr.toFixed(2)}`, `without, ${lr.toFixed(2)}`]
    const difference = paired(names[0], names[1])
    return {
      'rate of SGD': lr.toFixed(2),
      'with − without (percent points)': pm(difference, 2),
      counts: counts(difference) ? 'yes' : 'no',
    }
  }),
  { caption: 'Validation accuracy, seed by seed' },
)

// %% [markdown]
// A warmup costs steps, and a network of two layers on digits is not the patient it was made for: those who trained ResNet-50 with batches of 8192 (Goyal and others, below) were more accurate with it. Do not expect a cure where there
// is no illness; look at the last column.
//
// ## One rate for all layers?
//
// A rate scaled 8, 32, 64 times has to suit every layer at once. Look at a fresh network of six layers, tensor by tensor: how long are weights and gradients? The last column is their ratio.

// %% id=layers
const tensors = Array.from(
  { length: 12 },
  (_, k) => `${k % 2 === 0 ? 'weights' : 'biases'} ${1 + Math.floor(k / 2)}`,
)
const [batch] = batches(parts.get(1)?.train ?? all, { size: 512, seed: 1 })
const length = async (values: Promise<ArrayLike<number>>) => Math.hypot(...Array.from(await values))

async function afterBackward() {
  const hidden = Array.from({ length: 4 }, () => [linear(32, 32), relu()]).flat()
  const model = sequential(linear(64, 32), relu(), ...hidden, linear(32, 10))
  initialize(model, { seed: 1 })
  crossEntropy(model(batch.x), batch.y).backward()
  return model.parameters()
}
const fresh = await afterBackward()
const sizes: {
  tensor: string
  numbers: number
  '‖w‖': number
  '‖g‖': number
  '‖w‖ / ‖g‖': number
}[] = []
for (const [k, param] of fresh.entries()) {
  const [w, g] = [await length(param.data()), param.grad ? await length(param.grad.data()) : 0]
  sizes.push({ tensor: tensors[k], numbers: param.size, '‖w‖': w, '‖g‖': g, '‖w‖ / ‖g‖': w / g })
}
records(sizes, {
  digits: { numbers: 0, '‖w‖': 2, '‖g‖': 4, '‖w‖ / ‖g‖': 0 },
  caption: 'A fresh network of six layers, one batch of 512 digits',
})

// %% [markdown]
// With SGD a tensor moves by α·‖g‖, so relative to its length by α·‖g‖/‖w‖: far for some, hardly for others. The largest rate is set by the tensor that suffers first. **LARS** and **LAMB** give each
// tensor a factor φ of its own, the _trust ratio_, which makes the step as long as the weights say, not the gradient:
//
// $$\text{LARS:}\quad \varphi = \eta\,\frac{\lVert w\rVert}{\lVert g\rVert + \lambda\lVert w\rVert} \qquad w \leftarrow w - \alpha\,\varphi\,(g + \lambda w)\ \text{(with momentum)}$$
//
// $$\text{LAMB:}\quad u = \frac{\hat m}{\sqrt{\hat v}+\varepsilon} + \lambda w \qquad \varphi = \frac{\lVert w\rVert}{\lVert u\rVert} \qquad w \leftarrow w - \alpha\,\varphi\,u$$
//
// Norms are those of one tensor; φ = 1 where one of them is 0. Guess: by what part of its length does a tensor move in one step of LAMB with α = 0.01? Then see, for four optimizers:

// %% id=moved
async function movedBy(make: (params: Tensor[]) => { step(): void }): Promise<number[]> {
  const params = await afterBackward()
  const before = await Promise.all(params.map(async (param) => Array.from(await param.data())))
  make(params).step()
  const after = await Promise.all(params.map(async (param) => Array.from(await param.data())))
  return before.map((w, k) => Math.hypot(...w.map((x, i) => after[k][i] - x)) / Math.hypot(...w))
}
const moved = {
  'SGD, 0.1': await movedBy((params) => sgd(params, { lr: 0.1 })),
  'Adam, 0.001': await movedBy((params) => adam(params, { lr: 0.001 })),
  'LARS, 10': await movedBy((params) => lars(params, { lr: 10, weightDecay: 1e-4 })),
  'LAMB, 0.01': await movedBy((params) => lamb(params, { lr: 0.01 })),
}
display(
  lines({
    title: 'How far one step moves each tensor',
    alt: 'LARS and LAMB are level lines: every tensor moves by the same share of its length. The line of SGD goes up and down over powers of ten, that of Adam less.',
    xTitle: 'layer (weights at the whole number, biases half-way to the next)',
    yTitle: 'share of its length',
    logY: true,
    series: Object.entries(moved).map(([name, shares]) => ({
      name: name,
      x: shares.map((_, k) => 1 + k / 2),
      y: shares,
      markers: true,
    })),
  }),
)
records(
  Object.entries(moved).map(([name, shares]) => ({
    'optimizer, α': name,
    'smallest share (%)': 100 * Math.min(...shares),
    'largest share (%)': 100 * Math.max(...shares),
    'largest / smallest': Math.max(...shares) / Math.min(...shares),
  })),
  { digits: { 'smallest share (%)': 3, 'largest share (%)': 3, 'largest / smallest': 1 } },
)

// %% [markdown]
// LARS and LAMB move all tensors by the same share: α·η for LARS (η is 0.001; nearly, since its φ adds the lengths of g and λw, which do not point the same way), α for LAMB. That is the whole idea. It also says what their rates mean, and why LARS has such large ones.
//
// ## What they cost and are for
//
// The memory is counted from the optimizers' own state; the words are a rule of thumb from texts on the subject.

// %% id=rows
async function arraysOf(
  make: (params: Tensor[]) => Steps & { stateDict(): Promise<{ params: { arrays: object }[] }> },
) {
  const optimizer = make(await afterBackward())
  optimizer.step()
  return Object.keys((await optimizer.stateDict()).params[0].arrays).length
}
const withMomentum = (params: Tensor[]) => sgd(params, { lr: 0.1, momentum: 0.9 })
records(
  [
    {
      optimizer: 'LAMB',
      'floats a weight': await arraysOf((params) => lamb(params)),
      'typical α': '0.001',
      'best for': 'transformers, batches above 8K',
      issue: 'needless below that',
    },
    {
      optimizer: 'LARS with momentum',
      'floats a weight': await arraysOf((params) => lars(params, { momentum: 0.9 })),
      'typical α': 'large, scaled with the batch',
      'best for': 'convolutional networks, batches above 8K',
      issue: 'needless below that',
    },
    {
      optimizer: 'Lookahead around SGD with momentum',
      'floats a weight': await arraysOf((params) => lookahead(withMomentum(params), { k: 1 })),
      'typical α': "the base's",
      'best for': 'steadiness around any optimizer',
      issue: 'one more copy of the weights, a little more work',
    },
  ],
  { caption: `SGD with momentum keeps ${await arraysOf(withMomentum)}` },
)

// %% [markdown]
// ## Do they pay at our size?
//
// "Needless below 8K" is a claim. Batch 512 on digits is all that we have: four optimizers, three rates each, chosen on the validation set; then the test set, seed by seed against SGD. Guess first: who wins?

// %% id=tuned-guess
const winner = 'LAMB'

// %% id=tuned
const grids = {
  SGD: [0.4, 0.8, 1.6],
  Adam: [0.03, 0.1, 0.3],
  LARS: [30, 100, 300],
  LAMB: [0.1, 0.3, 1],
}
type Name = keyof typeof grids
const chosen: Record<
  Name,
  (
    lr: number,
  ) => (params: Tensor[]) => ReturnType<typeof sgd | typeof adam | typeof lars | typeof lamb>
> = {
  SGD: (lr) => bySgd(lr, 512),
  Adam: (lr) => byAdam(lr, 512),
  LARS: (lr) => (params) => lars(params, { lr: warmed(lr, 512), momentum: 0.9, weightDecay: 1e-4 }),
  LAMB: (lr) => (params) => lamb(params, { lr: warmed(lr, 512) }),
}
const fourNames = Object.keys(grids) as Name[]
const tuned = await compare(
  fourNames.flatMap((name) =>
    grids[name].map((lr) => ({
      name: `${name} ${lr}`,
      model: network,
      batchSize: 512,
      optimizer: chosen[name](lr),
    })),
  ),
  shared,
)
const bestOf = (name: Name) =>
  tuned.rows
    .filter(({ recipe }) => recipe.startsWith(name))
    .reduce((best, row) => (row.final.mean > best.final.mean ? row : best))
const onTest = (name: Name) =>
  tuned.of(bestOf(name).recipe).map(({ test }) => 100 * (test?.metrics.accuracy ?? Number.NaN))
const compared = fourNames.map((name) => {
  const toSgd = spreadOf(onTest(name).map((value, k) => value - onTest('SGD')[k]))
  return {
    'optimizer, best α': bestOf(name).recipe,
    'validation accuracy (%)': pm(
      {
        mean: 100 * bestOf(name).final.mean,
        sd: 100 * bestOf(name).final.sd,
      },
      1,
    ),
    'test accuracy (%)': pm(spreadOf(onTest(name)), 1),
    'test, minus SGD': name === 'SGD' ? '' : pm(toSgd, 2),
    counts: name === 'SGD' ? '' : counts(toSgd) ? 'yes' : 'no',
  }
})
records(compared, {
  caption: `Batch 512, 24 steps, mean ± standard deviation over 5 seeds. You said: ${winner}`,
})

// %% [markdown]
// Read the last column before the others (lesson 06: a difference counts when its mean is more than twice its standard deviation). Where it says no, this experiment has not found a difference, however the means are ordered.
//
// ## Lookahead: two sets of weights
//
// Another way to calm long steps. An optimizer, any, walks k steps with the _fast weights_; then the _slow weights_ go a part α (no rate this time; ½ is usual) of the way after them, and the fast ones start from there again:
//
// $$\text{every } k \text{ steps:}\qquad s \leftarrow s + \alpha\,(w - s) \qquad w \leftarrow s$$
//
// Back to ½·x² with noise, batch 100, and a rate that is too bold: SGD with 0.5. Beside it Lookahead around the same SGD, and SGD with a smaller rate. Guess: does Lookahead lower the floor? Could the smaller rate do it as well?

// %% id=lookahead
const middle = { size: 100, every: 1 }
const walkers: Record<string, (params: Tensor[]) => Steps> = {
  'SGD 0.5': (params) => sgd(params, { lr: 0.5 }),
  'Lookahead(SGD 0.5), k = 5, α = ½': (params) =>
    lookahead(sgd(params, { lr: 0.5 }), { k: 5, alpha: 0.5 }),
  'SGD 0.2': (params) => sgd(params, { lr: 0.2 }),
}
const walked: { name: string; path: number[]; floor: { mean: number; sd: number } }[] = []
for (const [name, make] of Object.entries(walkers))
  walked.push({ name: name, ...(await overSeeds((seed) => floorOf(make, middle, seed))) })
display(
  lines({
    title: 'Lookahead on a noisy ½·x²',
    alt: 'SGD with 0.5 falls fastest and stays at the highest floor. Lookahead falls in stairs to a lower one; SGD with 0.2 is at about the same floor sooner.',
    xTitle: 'step',
    yTitle: 'loss (mean of 5 seeds)',
    logY: true,
    series: walked.map(({ name, path }) => ({ name: name, y: path.slice(0, 61) })),
  }),
)
records(
  walked.map(({ name, path, floor }) => ({
    optimizer: name,
    'steps until the loss is below 0.2': path.findIndex((loss) => loss < 0.2),
    'floor (mean ± sd, 5 seeds)': pm(floor, 4),
  })),
)

// %% [markdown]
// Compare the first two rows: what does Lookahead do to the floor, and what to the speed at the start? Now the last row: where a smaller rate has as low a floor and gets there sooner, Lookahead is a dearer way to a smaller rate. Its inventors saw
// gains on real networks, mostly that a badly chosen rate hurts less. It is an insurance; measure whether you need it.
//
// ## Your turn: the scaled rate
//
// Write `newRate(lr, batch, newBatch, optimizer)`: `lr` works at `batch`; return the rate for `newBatch`, by the linear rule if `optimizer` is `'sgd'`, by the square root if it is `'adam'`. Batches may
// become smaller, too. Numbers are compared to 10⁻⁹.

// %% exercise=scaled-rate
function newRate(lr: number, batch: number, newBatch: number, optimizer: 'sgd' | 'adam'): number {
  // BEGIN SOLUTION
  const factor = newBatch / batch
  return lr * (optimizer === 'sgd' ? factor : Math.sqrt(factor))
  // END SOLUTION
}

// %% check=scaled-rate
await check('scaled-rate', newRate)

// %% [markdown]
// ## Your turn: the trust ratio of LARS
//
// Write `trustRatio(weights, gradient, { eta, weightDecay })`: two lists of the same length, those of one tensor; return φ = η·‖w‖ / (‖g‖ + λ·‖w‖), and 1 if ‖w‖ is 0 or ‖g‖ is 0. ‖·‖ is the root of the sum of squares. Numbers are compared to 10⁻⁶, so an ε of 10⁻⁸ in the denominator passes.

// %% exercise=trust-ratio
function trustRatio(
  weights: number[],
  gradient: number[],
  { eta, weightDecay }: { eta: number; weightDecay: number },
): number {
  // BEGIN SOLUTION
  const [w, g] = [Math.hypot(...weights), Math.hypot(...gradient)]
  return w === 0 || g === 0 ? 1 : (eta * w) / (g + weightDecay * w)
  // END SOLUTION
}

// %% check=trust-ratio
await check('trust-ratio', trustRatio)

// %% [markdown]
// ## Your turn: a step of LAMB
//
// Adam's part is done: for each tensor you get its `weights` and its `directions`, m̂ / (√v̂ + ε). Write `lambStep(weights, directions, { lr, weightDecay })`. Both are lists of lists, one list for each tensor; return the new weights in the
// same form. For each tensor: u = direction + λ·w; φ = ‖w‖ / ‖u‖, or 1 if one of the two is 0; w − α·φ·u. λ is above 0. Numbers are compared to 10⁻⁶.

// %% exercise=lamb-step
function lambStep(
  weights: number[][],
  directions: number[][],
  { lr, weightDecay }: { lr: number; weightDecay: number },
): number[][] {
  // BEGIN SOLUTION
  return weights.map((w, k) => {
    const u = w.map((x, i) => directions[k][i] + weightDecay * x)
    const [wNorm, uNorm] = [Math.hypot(...w), Math.hypot(...u)]
    const ratio = wNorm > 0 && uNorm > 0 ? wNorm / uNorm : 1
    return w.map((x, i) => x - lr * ratio * u[i])
  })
  // END SOLUTION
}

// %% check=lamb-step
await check('lamb-step', lambStep)

// %% [markdown]
// ## True or false?
//
// Decide, write `true` or `false` for each, and run both cells.
//
// 1. The linear rule is right for Adam as well.
// 2. LAMB's trust ratio is one number for the whole network.
// 3. With LAMB, a step of rate α moves each tensor by α times its length.
// 4. LAMB keeps as many numbers for each weight as Adam does.
// 5. Lookahead lowers the noise of a bold rate without any price.

// %% id=quiz
const answers = [true, true, true, true, true]

// %% id=quiz-answers
const ratios = sizes.map((row) => row['‖w‖'] / Math.sqrt(row.numbers))
const facts = [
  {
    is: nearest(scalings[1]).factor === 16,
    because: `the table of floors: for Adam the nearest to the small batch is × ${nearest(scalings[1]).factor}; linear would be × 16`,
  },
  {
    is: Math.max(...ratios) / Math.min(...ratios) < 1.01,
    because: 'in the first step ‖u‖ is about √n, so φ is about ‖w‖/√n, another for each tensor',
  },
  {
    is: moved['LAMB, 0.01'].every((share) => Math.abs(share - 0.01) < 1e-4),
    because: 'the figure of moves, and the last row of its table',
  },
  {
    is: (await arraysOf((params) => lamb(params))) === (await arraysOf((params) => adam(params))),
    because: 'counted from their state: m and v',
  },
  {
    is:
      walked[1].path.findIndex((loss) => loss < 0.2) <=
      walked[0].path.findIndex((loss) => loss < 0.2),
    because: 'the figure: it starts slower, and keeps one more copy of the weights',
  },
]
quiz(answers, facts)

// %% [markdown]
// ## To keep
//
// - **Symptom:** after a move to a larger batch the loss falls slower per epoch. **First move:** scale the rate, linearly for SGD, by the square root for Adam, with a warmup; then search around it. **Which curve should move:** the
//   training loss against **examples seen**.
// - **Symptom:** the scaled rate blows up one layer first. **Look at** ‖w‖ and ‖g‖ tensor by tensor. **Next move:** a longer warmup, then LARS (vision) or LAMB (transformers), if the batch is in the thousands.
// - **Below some thousands** tune SGD or AdamW first: at our size the table above is all that the special ones had to offer.
// - **Read next:** Goyal and others, _Accurate, Large Minibatch SGD: Training ImageNet in 1 Hour_ (2017), section 2: the linear rule and warmup; Krizhevsky, _One weird trick for parallelizing convolutional neural networks_ (2014), and
//   Malladi, Lyu, Panigrahi and Arora, _On the SDEs and Scaling Rules for Adaptive Gradient Algorithms_ (2022): the square root; You, Gitman and Ginsburg, _Large Batch Training of Convolutional Networks_ (2017): LARS; You and others, _Large
//   Batch Optimization for Deep Learning: Training BERT in 76 minutes_ (2020): LAMB; Zhang, Lucas, Hinton and Ba, _Lookahead Optimizer: k steps forward, 1 step back_ (2019).
//
// **On to [lesson 15](15-your-own-optimizer.ipynb):** an optimizer that you write yourself.
//
// [All lessons](00-start-here.ipynb) · [Glossary](glossary.ipynb)
