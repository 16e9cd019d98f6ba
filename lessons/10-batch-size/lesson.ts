// %% [markdown]
// # Batch size, accumulation, and the learning rate
//
// **The question.** A **batch** is the group of rows whose mean gradient makes one step. Suppose that your batch becomes eight times as large. What does the gradient gain? What if the memory is too small for it? And what must
// happen to the learning rate?
//
// You will measure the noise of a gradient, build a large batch out of small ones, scale learning rates by two rules, one of which is wrong for Adam, and see what a rate that falls does against noise. About 30 minutes.

// %%
import {
  accuracy,
  adam,
  batches,
  batchNorm,
  check,
  compare,
  comparisonPlot,
  constant,
  cosine,
  counts,
  crossEntropy,
  digits,
  display,
  fit,
  type Layer,
  linear,
  lines,
  misconceptions,
  oneCycle,
  quiz,
  type Recipe,
  records,
  reduceOnPlateau,
  relu,
  type Schedule,
  sequential,
  sgd,
  split,
  spreadOf,
  standardize,
  stepDecay,
  type Tensor,
  useBackend,
  warmup,
  warmupCosine,
  warmupLinear,
} from 'downhill'

const seeds = [1, 2, 3, 4, 5]
const pictures = await digits()
const parts = split(pictures, { train: 1024, validation: 400, seed: 1 })
const [train, validation] = standardize(parts.train, parts.validation).sets
const network = (seed: number, ...middle: Layer[]) =>
  sequential(linear(64, 32, { seed }), ...middle, relu(), linear(32, 10, { seed: seed + 100 }))

// %% [markdown]
// ## Guess before you run
//
// The gradient of a batch differs from the gradient of all rows by chance. When the batch is 16 times as large, by what number is that difference divided?

// %% id=guess
const guess = 16

// %% [markdown]
// ## The noise of a gradient
//
// The network has its first weights, and stays there. For each batch size we look at many batches and measure how far their gradient is from that of all 1024 rows, as a share of the latter's length.

// %% id=noise
async function gradientOf(model: Layer, x: Tensor, y: Tensor): Promise<number[]> {
  const parameters = model.parameters()
  for (const parameter of parameters) parameter.grad = null
  crossEntropy(model(x), y).backward()
  const all: number[] = []
  for (const { grad } of parameters) if (grad) all.push(...(await grad.data()))
  return all
}
const distance = (a: number[], b: number[]) => Math.hypot(...a.map((value, i) => value - b[i]))

const still = network(1)
const [whole] = batches(train, { size: 1024 })
const full = await gradientOf(still, whole.x, whole.y)
const length = Math.hypot(...full)
const sizes = [8, 32, 128, 512]
const noise: number[] = []
for (const size of sizes) {
  const found: number[] = []
  for (const { x, y } of batches(train, { size, seed: 2 })) {
    found.push(distance(await gradientOf(still, x, y), full) / length)
    if (found.length === 32) break
  }
  noise.push(spreadOf(found).mean)
}
display(
  lines({
    title: 'How far the gradient of a batch is from that of all rows',
    alt: 'On two logarithmic axes the measured distance falls along the straight line of one over the square root of the rows, and a little below it for the largest batch.',
    xTitle: 'rows in the batch',
    yTitle: 'distance / length of the full gradient',
    series: [
      { name: 'measured', x: sizes, y: noise, markers: true },
      { name: '1/√rows', x: sizes, y: sizes.map((size) => noise[0] * Math.sqrt(8 / size)) },
    ],
    logX: true,
    logY: true,
  }),
)
const divided = noise[0] / noise[2]
records(
  sizes.map((size, k) => ({
    rows: size,
    noise: noise[k],
    'smaller than at 8': noise[0] / noise[k],
  })),
  {
    digits: { noise: 3, 'smaller than at 8': 1 },
    caption: `16 times the batch: the noise is divided by ${divided.toFixed(1)}; your guess: ${guess}`,
  },
)

// %% [markdown]
// The line falls by the **square root**: the law of means of independent numbers. (It falls faster where a batch is a good part of all 1024 rows, since rows are not drawn twice.) So a large batch is poor value: 16 times the work for a quarter of the noise.
//
// ## A large batch out of small ones
//
// If the memory does not hold 64 rows, take four parts of 16, add their gradients, and step once. That is **gradient accumulation**. Each part gives the mean over its own rows, so a part of n rows counts n/N:
//
// $$g = \sum_k \frac{n_k}{N}\, g_k \qquad N = \sum_k n_k$$
//
// `fit` has it as `accumulate`. Is it equal to the large batch? We train both from the same weights in float64 and compare all weights at the end; then once more with batch norm in the network.

// %% id=equal
await useBackend('reference')
async function trained(
  batchSize: number,
  accumulate: number,
  ...middle: Layer[]
): Promise<number[]> {
  const model = network(1, ...middle)
  const optimizer = sgd(model.parameters(), { lr: 0.05, momentum: 0.9 })
  // 250 rows: the last batch is smaller, and its parts are not equal.
  const rows = train.rows(Array.from({ length: 250 }, (_, k) => k))
  await fit(model, {
    train: rows,
    optimizer,
    epochs: 2,
    batchSize,
    accumulate,
    seed: 3,
    progress: false,
  })
  const weights: number[] = []
  for (const parameter of model.parameters()) weights.push(...(await parameter.data()))
  return weights
}
const apart = (a: number[], b: number[]) => Math.max(...a.map((value, i) => Math.abs(value - b[i])))
const withoutNorm = apart(await trained(64, 1), await trained(16, 4))
const withNorm = apart(await trained(64, 1, batchNorm(32)), await trained(16, 4, batchNorm(32)))
await useBackend('auto')
records(
  [
    {
      network: 'linear layers and ReLU',
      'largest difference of a weight': withoutNorm.toExponential(1),
    },
    { network: 'with batch norm', 'largest difference of a weight': withNorm.toExponential(1) },
  ],
  { caption: '1 × 64 rows against 4 × 16 rows, after two epochs' },
)

// %% [markdown]
// The first difference is rounding. The second is not: batch norm takes mean and variance of the 16 rows that it sees, not of 64. Whatever looks at a whole batch (batch norm), or is not a sum (clipping each part by itself), makes accumulation something else.
//
// ## Your turn: accumulate
//
// Write `accumulate(parts)`. Each part is `{ rows, gradient }`, where `gradient` is the mean over its rows; return the mean gradient over all rows together. There is at least one part, with at least one row; all gradients have the same length. Numbers are compared to 10⁻⁹.

// %% exercise=accumulate
interface Part {
  rows: number
  gradient: number[]
}

function accumulate(parts: Part[]): number[] {
  // BEGIN SOLUTION
  let total = 0
  const sum = parts[0].gradient.map(() => 0)
  for (const { rows, gradient } of parts) {
    total += rows
    for (let i = 0; i < sum.length; i++) sum[i] += rows * gradient[i]
  }
  return sum.map((value) => value / total)
  // END SOLUTION
}

// %% check=accumulate
await check('accumulate', accumulate)

// %% [markdown]
// ## Eight times the batch with SGD
//
// In one epoch a batch of 256 makes an eighth of the steps that a batch of 32 makes. If a step along the mean of 256 gradients is to go as far as eight small ones did, its rate must be eight times as large: the **linear rule**. The well-known example goes from batch 256 and rate 0.1 to
// batch 2048 and rate 0.8, with a **warmup**: the rate climbs to its value over the first steps. The digits are too few for 2048, so here is the same factor of 8 and the same rates, from 32 to 256 rows. All train 10 epochs.

// %% id=linear
const arm = (name: string, batchSize: number, lr: number | Schedule): Recipe => ({
  name,
  model: (seed) => network(seed),
  optimizer: (params) => sgd(params, { lr }),
  batchSize,
})
const bySgd = await compare(
  [
    arm('32 rows, 0.1', 32, 0.1),
    arm('256 rows, 0.1: unchanged', 256, 0.1),
    arm('256 rows, 0.28: square root', 256, 0.1 * Math.sqrt(8)),
    arm('256 rows, 0.8: linear', 256, 0.8),
    arm('256 rows, 0.8 after warmup', 256, warmup({ peak: 0.8, warmup: 8 })),
  ],
  {
    seeds: seeds,
    train: train,
    validation: validation,
    epochs: 10,
    metrics: { accuracy: accuracy },
    column: 'trainLoss',
  },
)
display(bySgd.table())
bySgd.plot({
  title: 'SGD: ten epochs with 32 and with 256 rows',
  alt: 'Losses, accuracy and rate over the epochs: a line and a band of five seeds for batches of 32 rows, and for 256 rows with the rate as it was, by the square root, by the linear rule, and by that after a warmup.',
})

// %% [markdown]
// Compare the final losses with the first row: which rule lets the large batch learn as much in as many epochs? And compare the last two rows: where the first steps at the full rate do no harm, a warmup only costs steps, here 8 of 40. The linear rule is a rule of thumb: it ends where the rate becomes unstable (lesson 04), however large the batch.
//
// ## An erratum: Adam
//
// A teaching text scales Adam's rate linearly too: 0.001 at batch 32 becomes 0.064 at batch 2048, which is outside the range of 10⁻⁴ to 3·10⁻³ that the same text gives for Adam. Adam divides by √v̂, and when the gradient is mostly noise, √v̂ is the size of that noise. With k times the batch the noise shrinks by √k, so
// what a step gains along the mean gradient grows by √k all by itself. To make up for k times fewer steps, the rate adds the other √k. That is the **square-root rule**, the usual one for Adam: 0.001·√64 = 0.008. Both versions, with the same factor of 64, from 16 to 1024 rows:

// %% id=adam-erratum
const adamArm = (name: string, batchSize: number, lr: number): Recipe => ({
  name,
  model: (seed) => network(seed),
  optimizer: (params) => adam(params, { lr }),
  batchSize,
})
const byAdam = await compare(
  [
    adamArm('16 rows, 0.001', 16, 0.001),
    adamArm('1024 rows, 0.001: unchanged', 1024, 0.001),
    adamArm('1024 rows, 0.008: square root', 1024, 0.008),
    adamArm('1024 rows, 0.064: linear (the erratum)', 1024, 0.064),
  ],
  {
    seeds: seeds,
    train: train,
    validation: validation,
    epochs: 20,
    metrics: { accuracy: accuracy },
    column: 'validationLoss',
  },
)
display(byAdam.table())
byAdam.plot({
  title: 'Adam: twenty epochs with 16 and with 1024 rows',
  alt: 'Losses, accuracy and rate over the epochs: a line and a band of five seeds for batches of 16 rows, and for 1024 rows with the rate as it was, by the square root, and by the linear rule.',
})

// %% [markdown]
// Twenty epochs of 1024 rows are 20 steps; the figure shows how far each rule gets in them, and how calmly. Compare "final" with "best" in the table: where they part, the rate was too high for the end of the run. And look at the last two rows
// before you believe either rule: in so few steps what counts is to get on, not to be calm, so a rate that Adam's own range forbids may still end in front. Where the noise decides, lesson 14 measures both rules once more.
//
// ## Which batch size?
//
// | rows | what is usually said | what to do |
// | --- | --- | --- |
// | 8–32 | noisy, which regularizes; slow | a small rate, or momentum above 0.9 |
// | 64–256 | the usual start | start here |
// | 512 and more | smooth; _sharper minima_ (narrow ones); needs a higher rate | scale the rate, with a warmup |
//
// The noise of the second column you have measured. The rest are rules of thumb: here are four sizes, five seeds each, at rates scaled linearly from 0.05 at 32 rows.

// %% id=sizes
const bySize = await compare(
  [8, 32, 128, 512].map((size) => arm(`${size} rows`, size, (0.05 * size) / 32)),
  {
    seeds: seeds,
    train: train,
    validation: validation,
    epochs: 5,
    metrics: { accuracy: accuracy },
  },
)
bySize.table()

// %% [markdown]
// Look at the differences to the first row: does one of them count (lesson 06: is its mean more than twice its standard deviation), so that this experiment finds a batch that is better than 8 rows, or worse? What it says is about these digits and five epochs; the steps that each made stand in the last column.
//
// ## A falling rate against the noise
//
// A larger batch is one way to less noise. A rate that falls is another: as the steps get shorter, the noise moves the weights less, and the loss settles. So the peak may be higher. Do the schedules of lesson 03 pay? Here are seven of
// them for five epochs of 32 rows, each with the best of four peaks, chosen by the validation loss. The table then has the test set, which decided nothing, seed by seed beside the constant rate. Each seed has a split of its own, so that the luck of one split cannot decide, and there are
// ten: where many differences are looked at, five are few. The last column shows what the first five alone would have said.

// %% id=schedules
const tenSeeds = [...seeds, 6, 7, 8, 9, 10]
const passes = 5
const total = passes * (1024 / 32)
const shapes: Record<string, (peak: number) => Schedule> = {
  constant: (peak) => constant(peak),
  'step decay': (peak) => stepDecay({ peak, every: total / 4, gamma: 0.5 }),
  cosine: (peak) => cosine({ peak, total: total }),
  'warmup + line': (peak) => warmupLinear({ peak, warmup: total / 10, total: total }),
  'warmup + cosine': (peak) => warmupCosine({ peak, warmup: total / 10, total: total }),
  'one cycle': (peak) => oneCycle({ peak, total: total }),
  'reduce on plateau': (peak) => reduceOnPlateau({ peak, factor: 0.5, patience: 0 }),
}
/** The split of a seed. */
const dataOf = (seed: number) => {
  const own = split(pictures, { train: 1024, validation: 400, seed })
  const [train, validation, test] = standardize(own.train, own.validation, own.test).sets
  return { train, validation, test }
}
const peaks = [0.1, 0.3, 1, 3]
const bySchedule = await compare(
  Object.entries(shapes).flatMap(([name, shape]) =>
    peaks.map((peak) => ({
      ...arm(`${name}, ${peak}`, 32, peak),
      optimizer: (params: Tensor[]) => sgd(params, { lr: shape(peak) }),
    })),
  ),
  {
    seeds: tenSeeds,
    data: dataOf,
    epochs: passes,
    metrics: { accuracy: accuracy },
  },
)
const tunedSchedules = Object.keys(shapes).map((name) => {
  const tries = peaks.map((peak) => {
    const runs = bySchedule.of(`${name}, ${peak}`)
    const { mean } = spreadOf(runs.map(({ history }) => history.last.validationLoss))
    return { peak: peak, runs: runs, loss: Number.isFinite(mean) ? mean : Infinity }
  })
  return { name: name, ...tries.reduce((best, one) => (one.loss < best.loss ? one : best)) }
})
display(
  comparisonPlot(
    Object.fromEntries(
      tunedSchedules.map(({ name, runs }) => [name, runs.map(({ history }) => history)]),
    ),
    {
      title: 'Seven schedules, each at its best peak: mean of ten seeds',
      alt: 'Training loss, validation loss, accuracy and rate over five epochs, a line for each schedule: those that fall by plan have a higher peak and end with a lower training loss than the constant rate; the validation losses come together.',
      bands: false,
      logY: true,
    },
  ),
)
const tested = (
  name: string,
  of: (test: { loss: number; metrics: Record<string, number> }) => number,
) => tunedSchedules.find((one) => one.name === name)!.runs.map((run) => of(run.test!))
const beside = (name: string, of: Parameters<typeof tested>[1]) =>
  tested(name, of).map((value, k) => value - tested('constant', of)[k])
/** Of differences of which less is better. */
const judged = (differences: number[]) => {
  const { mean, sd } = spreadOf(differences)
  const said = !counts(spreadOf(differences)) ? 'no' : mean < 0 ? 'better' : 'worse'
  return { text: `${mean.toFixed(3)} ± ${sd.toFixed(3)}`, counts: said }
}
records(
  tunedSchedules.map(({ name, peak }) => {
    const [loss, wrong] = [
      beside(name, (test) => test.loss),
      beside(name, (test) => 100 * (1 - test.metrics.accuracy)),
    ]
    const five = judged(loss.slice(0, seeds.length))
    const shown = (text: string) => (name === 'constant' ? '' : text)
    return {
      schedule: name,
      peak: peak,
      'test loss': spreadOf(tested(name, (test) => test.loss)).mean,
      'minus constant': shown(judged(loss).text),
      'it counts': shown(judged(loss).counts),
      'wrong answers minus constant (points)': shown(judged(wrong).text),
      'they count': shown(judged(wrong).counts),
      'loss, first five seeds': shown(`${five.text}: ${five.counts}`),
    }
  }),
  {
    digits: { 'test loss': 3 },
    caption: `Test set (${dataOf(1).test.length} rows), ten seeds; differences seed by seed, less is better`,
  },
)

// %% [markdown]
// Three things to look at. Which schedules could use a higher peak than the constant rate, and end with a lower training loss? Does any of them gain on the test set so that it counts? And would the first five seeds have said the same? Luck passes the rule once in a hundred times, so who looks at many
// differences is fooled now and then, and schedules that are alike are lucky together. **What counts once is worth more seeds before it is worth a rule.** "Constant is rarely the best" is a rule of thumb too. (Reduce on plateau does nothing where the validation loss falls in every epoch; its line then lies under that of the constant rate.)
//
// ## Your turn: scale the rate
//
// Write `scaleRate(lr, from, to, optimizer)`: the rate for a batch of `to` rows, when `lr` is right for `from` rows. `optimizer` is `'sgd'` (linear rule) or `'adam'` or `'adamw'` (square-root rule). A smaller batch scales down. Numbers are compared to 10⁻⁹.

// %% exercise=scale-rate
function scaleRate(
  lr: number,
  from: number,
  to: number,
  optimizer: 'sgd' | 'adam' | 'adamw',
): number {
  // BEGIN SOLUTION
  const times = to / from
  return lr * (optimizer === 'sgd' ? times : Math.sqrt(times))
  // END SOLUTION
}

// %% check=scale-rate
await check('scale-rate', scaleRate)

// %% [markdown]
// ## True or false?
//
// Decide, write `true` or `false` for each, and run both cells.
//
// 1. A batch of 128 rows has a sixteenth of the noise of one of 8.
// 2. Accumulating 4 × 16 rows equals a batch of 64, for a network of linear layers and ReLU.
// 3. It is equal for every network.
// 4. A larger batch only makes it faster: with the same rate and as many epochs, eight times the batch ends at as low a training loss.

// %% id=quiz
const answers = [true, true, true, true]

// %% id=quiz-answers
const [base, unchanged] = bySgd.rows
const behind = unchanged.difference ?? { mean: Number.NaN, sd: Number.NaN, n: 0 }
const claim = misconceptions.find(({ code }) => code === 'batch-changes-nothing')!
const facts = [
  { is: divided > 12, because: `it was divided by ${divided.toFixed(1)}` },
  { is: withoutNorm < 1e-9, because: `the weights differ by ${withoutNorm.toExponential(1)}` },
  { is: withNorm < 1e-9, because: `with batch norm by ${withNorm.toExponential(1)}` },
  {
    is: !(counts(behind) && behind.mean > 0),
    because: `training loss ${unchanged.final.mean.toFixed(3)} against ${base.final.mean.toFixed(3)}, seed by seed ${behind.mean.toFixed(3)} ± ${behind.sd.toFixed(3)} more. ${claim.truth}`,
  },
]
quiz(answers, facts)

// %% [markdown]
// ## To keep
//
// - **Symptom:** after the batch grew, training is slower for the same number of epochs. **Look at** the number of steps, the learning rate, and the gradient norm.
// - **First move:** scale the rate: linearly for SGD, by the square root for Adam, with a warmup. **Which curve should move:** the training loss per epoch, back to where it was. If it jumps instead, go half-way back.
// - **Out of memory:** accumulate; clip once, after the sum; mind batch norm.
// - **Next move:** at batches above 8000 rows, LARS and LAMB (lesson 14).
// - **Read next:** Goyal and others, _Accurate, Large Minibatch SGD_ (2017), on the linear rule and warmup; Malladi and others, _On the SDEs and Scaling Rules for Adaptive Gradient Algorithms_ (2022), on the square root; Keskar and others, _On Large-Batch Training_ (2017), on sharp minima; Shallue and
//   others, _Measuring the Effects of Data Parallelism_ (2019), on what rules of thumb are worth.
//
// **On to [lesson 11](11-transfer.ipynb):** a network that has learned one task takes on another.
//
// [All lessons](00-start-here.ipynb) · [Glossary](glossary.ipynb)
