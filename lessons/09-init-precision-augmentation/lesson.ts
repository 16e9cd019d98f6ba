// %% [markdown]
// # First weights, few digits, more data
//
// **The question.** Three things are decided before the first step of training: how large the first weights are, how many digits a number has, and what the training rows look like.
// Each can ruin a run that no optimizer will save, and each has a simple remedy. What goes wrong, and how does one see it?
//
// You will send numbers through twenty layers, round them to 16 bits, move digits by a pixel, and write two small rules yourself. About 30 minutes. You need to know what a layer
// and a gradient are; lesson 07 says what batch norm does.

// %%
import {
  accuracy,
  adam,
  batches,
  batchNorm,
  check,
  cosine,
  counts,
  crossEntropy,
  Dataset,
  digits,
  display,
  evaluate,
  fanInUniform,
  fit,
  heNormal,
  type Init,
  initialize,
  type Layer,
  linear,
  lines,
  panels,
  quiz,
  records,
  relu,
  seededRandom,
  sequential,
  sgd,
  split,
  spreadOf,
  standardize,
  standardNormal,
  type Tensor,
  tensor,
  xavierNormal,
} from 'downhill'

// %% [markdown]
// ## Part 1: how large are the first weights?
//
// A layer adds up n products, $z = \sum_i w_i x_i$. The weights are drawn independently of one another, with mean 0 and standard deviation s. Then $w_i x_i$ has
// the variance $s^2 x_i^2$, and variances of independent numbers add up. On average over rows and units:
//
// $$\overline{z^2} = n\,s^2\;\overline{x^2}$$
//
// (The bar is that average.) relu then sets the negative half to 0, and with it half of the mean square. So each layer multiplies the mean square by
//
// $$\frac{n\,s^2}{2}$$
//
// and twenty layers by the twentieth power of that.
//
// ## Guess before you run
//
// Twenty layers of 128 units with relu, inputs of mean square 1, weights with standard deviation 0.1. What is the mean square after the last layer? And with 0.2?

// %% id=guess
const guess = { 0.1: 0.1, 0.2: 10 }

// %% id=signal
const width = 128
const depth = 20
const gaussian =
  (s: number): Init =>
  (shape, place) =>
    standardNormal(shape, place).map((z) => s * z)
const ways: Record<string, Init> = {
  's = 0.1': gaussian(0.1),
  's = 0.2': gaussian(0.2),
  'within ±1/√n': fanInUniform,
  Xavier: xavierNormal(),
  He: heNormal(),
}
const meanSquare = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((sum, value) => sum + value * value, 0) / values.length
const signals = Object.entries(ways).map(([name, init]) => {
  const layers = Array.from({ length: depth }, (_, k) =>
    linear(width, width, { init: init, bias: false, seed: k + 1 }),
  )
  const activation = relu()
  let x: Tensor = tensor(standardNormal([64 * width], { seed: 50, step: 0, stream: 0 }), {
    shape: [64, width],
  })
  const forward = [meanSquare(x.dataSync())]
  for (const layer of layers) {
    x = activation(layer(x))
    forward.push(meanSquare(x.dataSync()))
  }
  // Backwards: a gradient of mean square 1 for each output.
  const from = tensor(standardNormal([64 * width], { seed: 51, step: 0, stream: 0 }), {
    shape: [64, width],
  })
  x.mul(from).sum().backward()
  const backward = layers.map((layer) => meanSquare(layer.parameters()[0].grad?.dataSync() ?? []))
  return { name, forward, backward }
})
const after = (name: string) =>
  signals.find((one) => one.name === name)?.forward.at(-1) ?? Number.NaN
records(
  [
    {
      s: '0.1',
      'your guess': guess[0.1],
      'the rule': ((width * 0.1 ** 2) / 2) ** depth,
      measured: after('s = 0.1'),
    },
    {
      s: '0.2',
      'your guess': guess[0.2],
      'the rule': ((width * 0.2 ** 2) / 2) ** depth,
      measured: after('s = 0.2'),
    },
  ],
  { caption: 'Mean square after 20 layers' },
)

// %% [markdown]
// (The rule is a mean over all weights that could be drawn; measured is one draw.) A factor of two in s, and twelve powers of ten in what comes out. Only one s keeps the size: $n s^2/2 = 1$.
//
// - **He:** $s = \sqrt{2/n}$, n the number of inputs. For relu.
// - **Xavier** (also called Glorot): $s = \sqrt{2/(n_{in}+n_{out})}$, a compromise between the way forward and the way back. It lacks the factor 2 for relu; it is made for tanh.
// - Within ±1/√n, uniformly: what PyTorch does for a linear layer unless told otherwise, and so does this library. Its variance is 1/(3n).

// %% id=layers
panels(
  [
    lines({
      title: 'Forward: mean square of the outputs',
      alt: 'Forward, over the layers: straight lines on a logarithmic axis. With He’s weights the mean square stays near 1, with s = 0.2 it rises, with the others it falls, most for weights within ±1/√n.',
      xTitle: 'layer',
      yTitle: 'mean square',
      logY: true,
      series: signals.map(({ name, forward }) => ({ name, y: forward })),
    }),
    lines({
      title: 'Backward: mean square of the gradients',
      alt: 'Backward: the gradients of a network have about one size in all its layers, and between the networks they differ by many powers of ten.',
      xTitle: 'layer whose weights they are of',
      yTitle: 'mean square',
      logY: true,
      series: signals.map(({ name, backward }) => ({
        name,
        x: backward.map((_, k) => k + 1),
        y: backward,
      })),
    }),
  ],
  { title: `Twenty layers of ${width} units with relu, before any training`, same: 'y' },
)

// %% [markdown]
// A straight line on a logarithmic axis is a constant factor a layer. Where the signal fades, the gradients are tiny in _all_ layers at once: each is a product of what came forward
// and what comes back. These are **vanishing gradients**; where the signal grows, they are huge in all layers, **exploding** ones. A network that has either shows a loss that does not move, or NaN.
//
// ## Does it matter for training? Measured
//
// Ten layers of 32 units, 400 digits, SGD with momentum, five epochs, five seeds. The last arm has the default weights and batch norm in each layer.

// %% id=deep
const all = await digits()
const seeds = [1, 2, 3, 4, 5]
const deepNetwork = (seed: number, init: Init, norm: boolean): Layer => {
  const hidden = Array.from({ length: 10 }, (_, k) => [
    linear(k === 0 ? 64 : 32, 32, { init: init }),
    ...(norm ? [batchNorm(32)] : []),
    relu(),
  ])
  const model = sequential(...hidden.flat(), linear(32, 10, { init: init }))
  initialize(model, { seed })
  return model
}
const pm = (values: number[]) =>
  `${spreadOf(values).mean.toFixed(3)} ± ${spreadOf(values).sd.toFixed(3)}`
const starts = [
  { name: 'within ±1/√n', init: fanInUniform, norm: false },
  { name: 'Xavier', init: xavierNormal(), norm: false },
  { name: 'He', init: heNormal(), norm: false },
  { name: 'within ±1/√n, batch norm', init: fanInUniform, norm: true },
]
const deep: { name: string; courses: number[][]; tested: number[] }[] = []
for (const { name, init, norm } of starts) {
  const courses: number[][] = []
  const tested: number[] = []
  for (const seed of seeds) {
    const parts = split(all, { train: 400, seed })
    const { sets } = standardize(parts.train, parts.test)
    const model = deepNetwork(seed, init, norm)
    const history = await fit(model, {
      train: sets[0],
      optimizer: sgd(model.parameters(), { lr: 0.02, momentum: 0.9 }),
      epochs: 5,
      progress: false,
    })
    courses.push(history.column('trainLoss'))
    tested.push(
      (await evaluate(model, sets[1], { metrics: { accuracy: accuracy } })).metrics.accuracy,
    )
  }
  deep.push({ name, courses, tested })
}
records(
  deep.map(({ name, courses, tested }) => ({
    'first weights': name,
    'train loss at last': pm(courses.map((course) => course.at(-1) ?? Number.NaN)),
    'test accuracy': pm(tested),
    'better than default in':
      name === deep[0].name
        ? ''
        : `${tested.filter((value, k) => value > deep[0].tested[k]).length} of ${seeds.length} seeds`,
  })),
  { caption: `Ten layers, five epochs: mean ± standard deviation over ${seeds.length} seeds` },
)

// %% id=deep-curves
const epochs = deep[0].courses[0].map((_, k) => k + 1)
lines({
  title: 'Ten layers: the training loss, five seeds',
  alt: 'Training loss over five epochs, mean and band of five seeds: level for weights within ±1/√n; falling for He’s weights and with batch norm.',
  xTitle: 'epoch',
  yTitle: 'loss (cross-entropy)',
  series: deep.map(({ name, courses }) => {
    const at = epochs.map((_, k) => spreadOf(courses.map((course) => course[k])))
    const band = {
      low: at.map(({ mean, sd }) => mean - sd),
      high: at.map(({ mean, sd }) => mean + sd),
    }
    return { name, x: epochs, y: at.map(({ mean }) => mean), band }
  }),
})

// %% [markdown]
// The flat line is a network that gives every digit the same chance, which costs ln 10 a row. Nothing is wrong with its optimizer, its data or its learning rate. The networks of part 3
// have two layers, start from the same default weights, and learn. Batch norm repairs it as well: it makes the mean square 1 before every relu, whatever the weights are.
//
// ## Part 2: few digits
//
// A **float32** has 24 binary digits, a **float16** (fp16, "half") 11, and a **bfloat16** 8. Half the bits, half the memory, and on some hardware many times the speed. What is
// lost? Not every JavaScript has 16-bit numbers yet, but rounding to them is seven lines: a number between $2^e$ and $2^{e+1}$ goes to the nearest multiple of
// $2^{e-10}$ (bfloat16: $2^{e-7}$), and no multiple is finer than that of the smallest e.

// %% id=half
interface Format {
  /** Binary digits after the first. */
  bits: number
  smallest: number
  largest: number
}
const fp16: Format = { bits: 10, smallest: -14, largest: 15 }
const bf16: Format = { bits: 7, smallest: -126, largest: 127 }

function rounded(x: number, { bits, smallest, largest }: Format): number {
  if (x === 0 || !Number.isFinite(x)) return x
  const exponent = Math.max(smallest, Math.floor(Math.log2(Math.abs(x))))
  const unit = 2 ** (exponent - bits)
  const [below, rest] = [Math.floor(x / unit), x / unit - Math.floor(x / unit)]
  // To the nearest; from half-way to the even one.
  const whole = rest > 0.5 || (rest === 0.5 && below % 2 !== 0) ? below + 1 : below
  return Math.abs(whole * unit) < 2 ** (largest + 1) ? whole * unit : Math.sign(x) * Infinity
}
const half = (x: number) => rounded(x, fp16)

records(
  [0.1, 1 + 0.0004, 1 + 0.0005, 2049, 65504, 65520, 1e-4, 6e-8, 1e-8, 1e-40].map((x) => ({
    number: String(x),
    float32: Math.fround(x),
    float16: half(x),
    bfloat16: rounded(x, bf16),
  })),
  { caption: 'The same numbers in three formats' },
)

// %% [markdown]
// float16 ends at 65504, and between 0 and 6·10⁻⁸ it has no number. bfloat16 has the range of float32 and even fewer digits. Three things follow.
//
// ### Small gradients become 0
//
// Here are the gradients of a small network on digits (those that are not 0 in float32), after one epoch and after 80, multiplied by a factor and rounded to float16. How many
// become 0, how many infinite?

// %% id=underflow
const firstParts = split(all, { train: 400, seed: 1 })
const [practice] = standardize(firstParts.train, firstParts.test).sets
const small = sequential(linear(64, 64), relu(), linear(64, 10))
initialize(small, { seed: 1 })
const smallOptimizer = sgd(small.parameters(), { lr: 0.1, momentum: 0.9 })
const gradientsNow = (): number[] => {
  const [{ x, y }] = batches(practice, { size: practice.length })
  smallOptimizer.zeroGrad()
  crossEntropy(small(x), y).backward()
  return small
    .parameters()
    .flatMap((p) => [...(p.grad?.dataSync() ?? [])])
    .filter((g) => g !== 0)
}
const training = (count: number) =>
  fit(small, { train: practice, optimizer: smallOptimizer, epochs: count, progress: false })
await training(1)
const early = gradientsNow()
await training(79)
const late = gradientsNow()
const factors = Array.from({ length: 41 }, (_, k) => 2 ** (k - 12))
const share = (values: number[], factor: number, test: (g: number) => boolean) =>
  values.filter((g) => test(half(factor * g))).length / values.length
const isZero = (g: number) => g === 0
const isInfinite = (g: number) => !Number.isFinite(g)
display(
  lines({
    title: 'Gradients in float16, by the factor on the loss',
    alt: 'The share of gradients that become 0 falls as the factor grows, the share that become infinite rises at far larger factors; after epoch 80 both curves lie farther to the right.',
    xTitle: 'factor on the loss',
    yTitle: 'share of the gradients',
    logX: true,
    series: [
      {
        name: 'become 0, after epoch 80',
        x: factors,
        y: factors.map((f) => share(late, f, isZero)),
      },
      {
        name: 'become 0, after epoch 1',
        x: factors,
        y: factors.map((f) => share(early, f, isZero)),
      },
      {
        name: 'infinite, after epoch 80',
        x: factors,
        y: factors.map((f) => share(late, f, isInfinite)),
      },
      {
        name: 'infinite, after epoch 1',
        x: factors,
        y: factors.map((f) => share(early, f, isInfinite)),
      },
    ],
  }),
)
records(
  Object.entries({ 'after epoch 1': early, 'after epoch 80': late }).map(([when, values]) => {
    const safe = factors.filter(
      (f) => share(values, f, isZero) < 0.01 && share(values, f, isInfinite) === 0,
    )
    return {
      gradients: when,
      'become 0 at factor 1 (%)': 100 * share(values, 1, isZero),
      'safe from factor': `2^${Math.log2(Math.min(...safe))}`,
      'to factor': `2^${Math.log2(Math.max(...safe))}`,
    }
  }),
  {
    digits: { 'become 0 at factor 1 (%)': 2 },
    caption:
      'Safe: fewer than 1 % of them become 0, and none is infinite; tried from 2^-12 to 2^28',
  },
)

// %% [markdown]
// The curves move to the right as training goes on, since the gradients shrink with the loss: a factor that was more than enough may not be later. Between the curves lies a wide range of safe factors, and that is what **loss scaling** uses: multiply the loss by a large factor before going backwards, so that all gradients are
// multiplied by it, and divide by it in float32 before the step.
//
// ### Small steps are lost
//
// Look at 1 + 0.0004 in the table: in float16 it is 1. What becomes of a weight of 1 that takes this step a thousand times?

// %% id=small-steps
let [inHalf, master] = [1, 1]
for (let step = 0; step < 1000; step++) {
  inHalf = half(inHalf + half(0.0004))
  master = Math.fround(master + 0.0004)
}
records(
  [
    { 'the weight is kept in': 'float16', 'what the network uses': inHalf },
    {
      'the weight is kept in': 'float32, and a copy rounded',
      'what the network uses': half(master),
    },
  ],
  { caption: 'A weight of 1 after a thousand steps of 0.0004' },
)

// %% [markdown]
// In float16 it has not moved at all. Hence the **master weights**: keep the weights in float32, and give the network a copy that is rounded.
//
// **Guess:** which of these trainings will reach the accuracy of float32: `weights and gradients in float16`, `float16 with master weights`, `tiny loss, no loss scaling`, `tiny loss, loss scaling 2²²`?
// To have small gradients, the loss is divided by 2²² in the last two, and the learning rate multiplied by as much: with enough digits that changes nothing. Keep in the list what you believe in.

// %% id=precision-guess
const precisionGuess = ['weights and gradients in float16', 'tiny loss, no loss scaling']

// %% id=precision
interface Precision {
  name: string
  /** On the weights that are kept. */
  kept: (x: number) => number
  /** On the copy that the network computes with, and on the gradients. */
  used: (x: number) => number
  tiny: number
  scale: number
}
const same = (x: number) => x
const precisions: Precision[] = [
  { name: 'float32', kept: same, used: same, tiny: 1, scale: 1 },
  { name: 'weights and gradients in float16', kept: half, used: half, tiny: 1, scale: 1 },
  { name: 'float16 with master weights', kept: same, used: half, tiny: 1, scale: 1 },
  { name: 'tiny loss, no loss scaling', kept: same, used: half, tiny: 2 ** -22, scale: 1 },
  { name: 'tiny loss, loss scaling 2²²', kept: same, used: half, tiny: 2 ** -22, scale: 2 ** 22 },
]
const passes = 3
/** Plain SGD, written out, since the weights live outside the network. Returns the test accuracy. */
async function inPrecision(seed: number, { kept, used, tiny, scale }: Precision): Promise<number> {
  const parts = split(all, { train: 400, seed })
  const [train, test] = standardize(parts.train, parts.test).sets
  const model = sequential(linear(64, 32, { init: heNormal() }), relu(), linear(32, 10))
  initialize(model, { seed })
  const params = model.parameters()
  const names = Object.keys(model.namedParameters())
  const weights = params.map((p) => [...p.dataSync()].map(kept))
  const load = () =>
    model.loadStateDict(
      Object.fromEntries(
        names.map((name, k) => [name, { shape: [...params[k].shape], data: weights[k].map(used) }]),
      ),
    )
  const lr = 0.1 / tiny
  for (let epoch = 0; epoch < passes; epoch++) {
    for (const { x, y } of batches(train, { size: 32, seed, epoch })) {
      load()
      for (const p of params) p.grad = null
      crossEntropy(model(x), y)
        .mul(tiny * scale)
        .backward()
      for (const [k, p] of params.entries()) {
        const gradient = p.grad?.dataSync() ?? []
        weights[k] = weights[k].map((w, i) => kept(w - (lr * used(gradient[i])) / scale))
      }
    }
  }
  load()
  return (await evaluate(model, test, { metrics: { accuracy: accuracy } })).metrics.accuracy
}
const reached: { name: string; tested: number[] }[] = []
for (const precision of precisions) {
  const tested: number[] = []
  for (const seed of seeds) tested.push(await inPrecision(seed, precision))
  reached.push({ name: precision.name, tested })
}
records(
  reached.map(({ name, tested }) => ({
    training: name,
    'test accuracy': pm(tested),
    'difference to float32': pm(tested.map((value, k) => value - reached[0].tested[k])),
  })),
  {
    caption: `${passes} epochs of SGD: mean ± standard deviation over ${seeds.length} seeds`,
    mark: ({ training }, column) =>
      column === 'training' && precisionGuess.includes(training) ? 'your guess' : undefined,
  },
)

// %% [markdown]
// The last column says which of them is ruinous. If weights kept in float16 do no harm there, remember that these steps are few and large; the table before shows which ones they
// lose.
//
// Master weights, and loss scaling where gradients are tiny: that is **mixed precision**. The heavy products are in 16 bits, what accumulates is in
// 32. With bfloat16 loss scaling is needless, since it has the range; master weights are needed all the more.
//
// How is the factor chosen? By trying, all the time: start high, halve it when a gradient comes out infinite or NaN (and leave that step out), double it after many good steps. That is
// your exercise below.
//
// ### ε
//
// Adam divides by √v̂ + ε, and the usual ε is 10⁻⁸. Here is the first step of Adam, divided by α, if v and ε are held in float16. It should be 1, and 0 where g is 0.

// %% id=epsilon
const firstStep = (g: number, eps: number): number => half(g) / (Math.sqrt(half(g * g)) + half(eps))
const epsilons = [1e-8, 1e-7, 1e-6, 1e-4].map((eps) => ({
  ε: String(eps),
  'ε in float16': half(eps),
  'g = 0': String(firstStep(0, eps)),
  'g = 0.0001': String(Number(firstStep(1e-4, eps).toPrecision(3))),
  'g = 0.1': String(Number(firstStep(0.1, eps).toPrecision(3))),
}))
records(epsilons, { caption: 'Length of the first step of Adam, as a multiple of α' })

// %% [markdown]
// In float16 10⁻⁸ _is_ 0, and 0 / 0 is NaN: this is why one reads "ε from 10⁻⁷ to 10⁻⁶ when gradients are tiny, or NaN appears, or with fp16". It is a rule of thumb, and the column of g = 0.0001
// shows its limit: such an ε prevents NaN, but g² has become 0 long before g, and the step is far too long. Keep m and v in float32. If NaN appears in float32, look for its cause
// first.
//
// ## Part 3: more data out of the same
//
// **Data augmentation** shows the network changed copies of its rows, other ones in each epoch: changed in ways that leave the label right. A digit moved by a pixel is the same digit.
// What of its mirror image?

// %% id=pictures
const shades = [' ', '░', '▒', '▓', '█']
const moved = (row: readonly number[], right: number, down: number): number[] =>
  row.map((_, i) => {
    const [y, x] = [Math.floor(i / 8) - down, (i % 8) - right]
    return x >= 0 && x < 8 && y >= 0 && y < 8 ? row[8 * y + x] : 0
  })
const mirrored = (row: readonly number[]): number[] =>
  row.map((_, i) => row[8 * Math.floor(i / 8) + 7 - (i % 8)])
const pictures = [0, 3, 4].flatMap((k) => [all.x[k], moved(all.x[k], 1, 1), mirrored(all.x[k])])
const drawn = Array.from({ length: 8 }, (_, y) =>
  pictures
    .map((row) =>
      row
        .slice(8 * y, 8 * y + 8)
        .map((ink) => shades[Math.round(ink / 4)].repeat(2))
        .join(''),
    )
    .join('│'),
)
console.log('The digits 0, 3 and 4: as they are, moved by a pixel to the right and down, mirrored')
console.log(drawn.join('\n'))

// %% [markdown]
// **Guess:** 200 digits to train on. Which rows make the best network for the 1397 test digits: `none` changed, `moved by a pixel`, or `mirrored half of the time`? And for the same test digits, each moved by up to a pixel?

// %% id=augment-guess
const augmentGuess = { 'as they are': 'moved by a pixel', 'moved test digits': 'moved by a pixel' }

// %% id=augment
type Change = (row: readonly number[], random: () => number) => readonly number[]
const byOne: Change = (row, random) =>
  moved(row, Math.floor(3 * random()) - 1, Math.floor(3 * random()) - 1)
const changes: Record<string, Change> = {
  none: (row) => row,
  'moved by a pixel': byOne,
  'mirrored half of the time': (row, random) => (random() < 0.5 ? mirrored(row) : row),
}
/** The rows changed, then from 0 … 16 to −1 … 1. */
const changed = (data: Dataset, change: Change, seed: number): Dataset => {
  const random = seededRandom(seed)
  const x = data.x.map((row) => change(row, random).map((ink) => ink / 8 - 1))
  return new Dataset({ ...data, x: x })
}
const cycles = 15
const augmented: { name: string; plain: number[]; shifted: number[] }[] = []
for (const [name, change] of Object.entries(changes)) {
  const [plain, shifted]: number[][] = [[], []]
  for (const seed of seeds) {
    const parts = split(all, { train: 200, test: 1397, seed })
    const model = sequential(linear(64, 64), relu(), linear(64, 10))
    initialize(model, { seed })
    await fit(model, {
      train: (epoch) =>
        batches(changed(parts.train, change, 1000 * seed + epoch), {
          size: 32,
          seed: seed,
          epoch: epoch,
        }),
      loss: crossEntropy,
      optimizer: adam(model.parameters(), { lr: cosine({ peak: 0.01, total: 7 * cycles }) }),
      epochs: cycles,
      progress: false,
    })
    const measured = async (how: Change) =>
      (await evaluate(model, changed(parts.test, how, 7), { metrics: { accuracy: accuracy } }))
        .metrics.accuracy
    plain.push(await measured(changes.none))
    shifted.push(await measured(byOne))
  }
  augmented.push({ name, plain, shifted })
}
const gains = (values: number[], base: number[]) => values.map((value, k) => value - base[k])
records(
  augmented.map(({ name, plain, shifted }) => ({
    'training rows': name,
    'test accuracy': pm(plain),
    'difference to none': pm(gains(plain, augmented[0].plain)),
    'on moved test digits': pm(shifted),
    'difference there': pm(gains(shifted, augmented[0].shifted)),
  })),
  {
    caption: `${cycles} epochs: mean ± standard deviation over ${seeds.length} seeds; differences seed by seed`,
  },
)

// %% id=augment-verdict
const best = (which: 'plain' | 'shifted') =>
  augmented.reduce((a, b) => (spreadOf(b[which]).mean > spreadOf(a[which]).mean ? b : a)).name
records(
  [
    {
      'test digits': 'as they are',
      'your guess': augmentGuess['as they are'],
      'best mean': best('plain'),
    },
    {
      'test digits': 'moved by up to a pixel',
      'your guess': augmentGuess['moved test digits'],
      'best mean': best('shifted'),
    },
  ],
  { caption: 'Which training rows were best' },
)

// %% [markdown]
// Were you surprised? Compare the two columns of differences. These digits were centred before anybody saw them, and fill their 8 × 8 pixels: moving them costs pixels at the edge, and teaches what the test never asks. Changed
// rows also take longer to learn: give `cycles` more and look how much of the difference stays. On digits that _are_ moved the question is another one, and a network that never saw one moved is badly
// prepared for it. And a mirrored digit is mostly no digit at all: its label is wrong.
//
// **The rule:** augment with what will happen in use, and with nothing that changes the label. Then measure.
//
// ## Your turn: the size of the signal
//
// Write `signal(start, layers)`. `start` is the mean square of the inputs, and `layers` a list of `{ inputs, std }`: how many inputs each unit of the layer has, and the standard
// deviation of its weights. Each layer is followed by relu. Return the list of the mean squares after each layer that the rule of part 1 expects. Numbers are compared to
// 10⁻⁹.

// %% exercise=signal-size
interface LayerSize {
  inputs: number
  std: number
}

function signal(start: number, layers: LayerSize[]): number[] {
  // BEGIN SOLUTION
  const sizes: number[] = []
  let size = start
  for (const { inputs, std } of layers) {
    size *= (inputs * std ** 2) / 2
    sizes.push(size)
  }
  return sizes
  // END SOLUTION
}

// %% check=signal-size
await check('signal-size', signal)

// %% [markdown]
// ## Your turn: loss scaling
//
// Write `scaledStep(weights, gradients, state, options)`, one step of SGD with loss scaling:
//
// - `gradients` are those of scale times the loss, one for each weight. Some may be infinite or NaN;
// - `state` is `{ scale, good }`: the factor in use, and how many good steps there were since it last changed;
// - `options` is `{ lr, factor, interval }`;
// - if **any** gradient is not finite, the weights stay, the scale is divided by `factor`, and `good` becomes 0;
// - otherwise each weight moves by −lr times its gradient **without the scale**, and `good` grows by 1. When it reaches `interval`, the scale is multiplied by `factor` and `good`
//   becomes 0;
// - return `{ weights, scale, good }`. Numbers are compared to 10⁻⁹.

// %% exercise=loss-scaling
interface ScaleState {
  scale: number
  good: number
}
interface ScaleOptions {
  lr: number
  factor: number
  interval: number
}

function scaledStep(
  weights: number[],
  gradients: number[],
  { scale, good }: ScaleState,
  { lr, factor, interval }: ScaleOptions,
): ScaleState & { weights: number[] } {
  // BEGIN SOLUTION
  if (!gradients.every(Number.isFinite)) return { weights, scale: scale / factor, good: 0 }
  const next = weights.map((w, i) => w - (lr * gradients[i]) / scale)
  const grown = good + 1 >= interval
  return { weights: next, scale: grown ? scale * factor : scale, good: grown ? 0 : good + 1 }
  // END SOLUTION
}

// %% check=loss-scaling
await check('loss-scaling', scaledStep)

// %% [markdown]
// ## True or false?
//
// Write `true` or `false` for each, then run both cells: the second answers from what this notebook computed.
//
// 1. If the weights are small enough at the start, a deep network is on the safe side.
// 2. With He's rule the mean square stays within a factor of ten over 20 layers of relu.
// 3. In float16, 2048 + 1 is 2048.
// 4. Float16 costs accuracy, whatever one does.
// 5. ε = 10⁻⁶ makes Adam in float16 as good as in float32.
// 6. Augmentation can lower the accuracy on the test set.

// %% id=quiz
const answers = [true, false, false, true, true, false]

// %% id=quiz-answers
const mean = (name: string, list: { name: string; tested: number[] }[]) =>
  spreadOf(list.find((one) => one.name === name)?.tested ?? []).mean
const he = after('He')
const worse = augmented.filter(({ plain }) => {
  const difference = spreadOf(gains(plain, augmented[0].plain))
  return counts(difference) && difference.mean < 0
})
const facts = [
  {
    is: mean('within ±1/√n', deep) >= mean('He', deep),
    because: `ten layers: ${mean('within ±1/√n', deep).toFixed(3)} with the smaller weights, ${mean('He', deep).toFixed(3)} with He's`,
  },
  { is: he > 0.1 && he < 10, because: `it was ${he.toFixed(2)} after 20 layers` },
  { is: half(2048 + 1) === 2048, because: 'above 2048 only even numbers are left' },
  {
    is: Math.abs(mean('float16 with master weights', reached) - mean('float32', reached)) > 0.01,
    because: `with master weights ${mean('float16 with master weights', reached).toFixed(3)}, in float32 ${mean('float32', reached).toFixed(3)}`,
  },
  {
    is: Math.abs(firstStep(1e-4, 1e-6) - 1) < 0.1,
    because: `g = 0.0001 makes a first step of ${firstStep(1e-4, 1e-6).toFixed(0)}·α: v has become 0`,
  },
  {
    is: worse.length > 0,
    because: `lower, by a difference that counts: ${worse.map(({ name }) => name).join(', ') || 'none'}`,
  },
]
quiz(answers, facts)

// %% [markdown]
// ## To keep
//
// - **Symptom:** the loss does not move from its first value, or is NaN after a few steps. **Look at** the gradient norm of each layer before the first step: far below 0.01 it vanishes, far above 1
//   it explodes. **First move:** He's weights for relu, Xavier's for tanh; then norm layers. **Which curve should move:** the training loss, in the first epoch.
// - **Symptom:** NaN or a standstill only in 16 bits. **First move:** loss scaling for a standstill, a smaller scale for NaN; weights, m and v in float32.
// - **Symptom:** good on the test set, poor in use. **Next move:** the data, not the optimizer: augment with what happens in use.
// - **Read next:** Glorot and Bengio, _Understanding the Difficulty of Training Deep Feedforward Neural Networks_ (2010); He, Zhang, Ren and Sun, _Delving Deep into Rectifiers_ (2015);
//   Micikevicius and others, _Mixed Precision Training_ (2018); Shorten and Khoshgoftaar, _A Survey on Image Data Augmentation for Deep Learning_ (2019).
//
// **On to [lesson 10](10-batch-size.ipynb):** what a larger batch gains, and what it asks of the learning rate.
//
// [All lessons](00-start-here.ipynb) · [Glossary](glossary.ipynb)
