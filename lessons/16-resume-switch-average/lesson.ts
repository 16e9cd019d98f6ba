// %% [markdown]
// # Resume, switch, average
//
// **The question.** A training of ten hours ends after six, since the machine was switched off. You have the weights. Can you go on as if nothing had happened? And if you may go on, may you go on with **another
// optimizer**? And must the weights of the last step be the ones that you keep?
//
// You will break a training off and resume it in seven ways, carry an optimizer's memory into a new task, switch from Adam to SGD, and average weights along the way, with batch norm where it needs care. What
// depends on chance is measured over five seeds, and differences are judged by the rule of lesson 06 (|mean| > 2 sd). This one takes two sittings: about 25 minutes to resume, and as long again from “Switch” on. You should know Adam's m̂ and v̂ (lesson 01), schedules (lesson 03) and batch norm (lesson 07).

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
  dropout,
  ema,
  evaluate,
  fit,
  gradientNoise,
  initialize,
  linear,
  lines,
  lint,
  type Model,
  type OptimizerState,
  panels,
  parameter,
  quiz,
  records,
  relu,
  type Schedule,
  sequence,
  sequential,
  sgd,
  split,
  spreadOf,
  standardize,
  stateToJson,
  swa,
  type Tensor,
  type TrainingRecipe,
  updateBatchNorm,
  useBackend,
  warmup,
  warmupCosine,
} from 'downhill'

const seeds = [1, 2, 3, 4, 5]
/** Numbers by name, one for each seed. */
function notebook() {
  const all = new Map<string, number[]>()
  return {
    put: (name: string, value: number) => all.set(name, [...(all.get(name) ?? []), value]),
    of: (name: string) => all.get(name) ?? [],
  }
}
const mean = (values: number[]) => spreadOf(values).mean
/** Mean ± standard deviation over the seeds. */
const pm = (values: number[], places = 3) => {
  const { mean, sd } = spreadOf(values)
  return `${mean.toFixed(places)} ± ${sd.toFixed(places)}`
}
/** Seed by seed, so that what the seed does to both cancels. */
const minus = (a: number[], b: number[]) => a.map((value, k) => value - b[k])
const isClear = (differences: number[]) => counts(spreadOf(differences))
const word = (differences: number[], up: string, down: string) =>
  isClear(differences) ? (mean(differences) > 0 ? up : down) : 'no difference seen'

// %% [markdown]
// ## Words
//
// The **state** of an optimizer is what it remembers from step to step: for Adam the averages m and v, a number each for every weight, and t, how many steps they were made of. A **checkpoint** is a file with all that is needed to go on: weights,
// state, and where in the training one was. To **resume** is to go on from it. A **fresh** state is that of an optimizer that has made no step.
//
// ## Guess before you run
//
// 1. Somebody saves the weights alone and goes on with a fresh Adam. What will the training loss do in the next steps, compared with a training that was not broken off: `'jump'`, `'nothing'` or `'fall faster'`?
// 2. Somebody saves nearly all. Which one loss does most harm: `'m'`, `'v'` or `'t'`?
// 3. By what number must Adam's rate be multiplied when SGD takes over?

// %% id=guess
const guess = { 'weights alone': 'nothing', worst: 'm', factor: 1 }

// %% [markdown]
// ## One weight, by hand
//
// f(x) = x² from x = 2, by Adam, 40 steps with a warmup and half a cosine. After 20 steps we break off. `stateDict()` gives the state as plain data, which can be written to a file as text. This is all of it, a line for each part:

// %% id=state
await useBackend('reference')
const [half, end] = [20, 40]
const rate = warmupCosine({ peak: 0.1, warmup: 5, total: end })
function start(x: number, lr: Schedule = rate) {
  const weight = parameter([x])
  return { weight: weight, optimizer: adam([weight], { lr: lr }) }
}
type Walker = ReturnType<typeof start>
async function walk({ weight, optimizer }: Walker, steps: number): Promise<number[]> {
  const path: number[] = []
  for (let step = 0; step < steps; step++) {
    optimizer.zeroGrad()
    weight.square().sum().backward()
    optimizer.step()
    path.push((await weight.data())[0])
  }
  return path
}
const unbroken = await walk(start(2), end)
const first = start(2)
const before = await walk(first, half)
const text = stateToJson(await first.optimizer.stateDict())
for (const [name, value] of Object.entries(JSON.parse(text)))
  console.log(`${name}: ${JSON.stringify(value)}`)

// %% [markdown]
// `arrays` holds m and v, `t` counts the steps of this weight, `steps` those of the optimizer. The schedule is a function, and no file holds a function: you give it again, and `steps` says where in it we are. The weights are not in it; the model has them.
//
// Now go on from x of step 20: once with everything, and then each time without one thing.

// %% id=parts
const broken = before[half - 1]
/** The state after an edit, in a new optimizer. */
function resumed(
  edit: (state: OptimizerState) => OptimizerState | undefined,
  lr: Schedule = rate,
): Walker {
  const walker = start(broken, lr)
  const state = edit(JSON.parse(text))
  if (state) walker.optimizer.loadStateDict(state)
  return walker
}
const without = (name: 'm' | 'v') => (state: OptimizerState) => {
  for (const { arrays } of state.params) arrays[name] = arrays[name].map(() => 0)
  return state
}
const withoutT = (state: OptimizerState) => {
  for (const one of state.params) one.t = 0
  return state
}
const whole = (state: OptimizerState) => state
const nothing = () => undefined
const ways: Record<string, Walker> = {
  everything: resumed(whole),
  'weights alone': resumed(nothing),
  'weights, and the place in the schedule': resumed(nothing, (k) => rate(k + half)),
  'all but the place in the schedule': resumed(whole, sequence([rate, rate], [half])),
  'all but t': resumed(withoutT),
  'all but m': resumed(without('m')),
  'all but v': resumed(without('v')),
}
const paths: Record<string, number[]> = {}
for (const [way, walker] of Object.entries(ways)) paths[way] = await walk(walker, end - half)
records(
  [{ way: 'never broken off', path: unbroken.slice(half) }]
    .concat(Object.entries(paths).map(([way, path]) => ({ way: way, path: path })))
    .map(({ way, path }) => ({
      saved: way,
      'x of step 21': path[0],
      'step 22': path[1],
      'step 40': path[path.length - 1],
      'the same bits': path.every((x, k) => x === unbroken[half + k]),
    })),
  { digits: 12, caption: `Step 20 ended at x = ${broken.toFixed(12)}` },
)

// %% [markdown]
// Only the second row has the same bits in every step. The others:
//
// - **weights alone:** the schedule starts again, with a warmup from 0, so step 21 does not move x at all. With the place in the schedule, the fresh Adam makes a step of a full α, as every first step of Adam is (lesson 01).
// - **all but t:** m̂ = m / (1 − β₁ᵗ) and v̂ = v / (1 − β₂ᵗ) undo the start at 0. With t = 1 again they take m and v for those of a first step, and enlarge m tenfold, v a thousandfold. Which of the two wins depends on how old they are: here the step gets longer; later in a training it gets shorter.
// - **all but v:** the worst. m is there, t says that v needs little correction, and v is made of one gradient, of which it takes 1 − β₂ = 0.001: Adam divides by far too little.
//
// So m, v and t belong together: half a state can be worse than none.
//
// ## A training on digits
//
// What else is there to remember? The order of the rows, and the random numbers of dropout. In this library the order is a function of the seed and the epoch's number, dropout counts its draws in the model's state, and `fit` keeps all of it in a checkpoint:
// in a file (`checkpoint: { path: 'run.checkpoint', everySteps: 100 }`), or, so that a page can do it too, in anything with `get` and `set`. The seeds stand in your program. Here we break off in epoch 4 of 8, begin the program anew, and go on.

// %% id=checkpoint
await useBackend('auto')
const all = await digits()
const parts = new Map(
  seeds.map((seed) => {
    const { train, validation, test } = split(all, { train: 512, validation: 400, seed: seed })
    const [a, b, c] = standardize(train, validation, test).sets
    return [seed, { rows: a, validation: b, test: c }]
  }),
)
const partsOf = (seed: number) => parts.get(seed) ?? { rows: all, validation: all, test: all }

const store = new Map<string, Uint8Array>()
function program() {
  const model = sequential(linear(64, 32), relu(), dropout(0.2), linear(32, 10))
  initialize(model, { seed: 1 })
  const lr = warmupCosine({ peak: 0.01, warmup: 16, total: 16 * 8 })
  const { rows, validation } = partsOf(1)
  const optimizer = adam(model.parameters(), { lr: lr })
  const options = { train: rows, validation, optimizer, epochs: 8, seed: 1, progress: false }
  return { model: model, options: options }
}
const numbersOf = async (model: Model) =>
  Object.values(await model.stateDict()).flatMap(({ data }) => data)

const never = program()
await fit(never.model, never.options)

const power = new AbortController()
const cut = program()
const { stopped } = await fit(cut.model, {
  ...cut.options,
  checkpoint: { store: store },
  signal: power.signal,
  onEpoch: ({ epoch }) => {
    if (epoch === 3) power.abort()
  },
})
console.log(stopped?.message)

const careful = program()
await fit(careful.model, { ...careful.options, checkpoint: { store: store }, resume: true })
const careless = program()
careless.model.loadStateDict(await cut.model.stateDict())
await fit(careless.model, { ...careless.options, epochs: 5 })

const target = await numbersOf(never.model)
const differing = async (model: Model) =>
  (await numbersOf(model)).filter((value, k) => value !== target[k]).length
records(
  [
    { training: 'resumed from the checkpoint', differ: await differing(careful.model) },
    { training: 'the weights alone, five more epochs', differ: await differing(careless.model) },
  ],
  {
    caption: `Of ${target.length} numbers of the network, those that differ from a training never broken off, be it in the last bit (the checkpoint has ${store.get('downhill')?.length} bytes)`,
  },
)

// %% [markdown]
// It holds on one kind of machine; another may round differently.
//
// ## What is lost, and what it costs
//
// One number on one curve proves little. So: five seeds, Adam with a constant rate of 0.01 for ten epochs, a break, three more epochs. After each step we measure the loss of all 512 training rows.

// %% id=losses
const network = (seed: number, classes = 10) => {
  const model = sequential(linear(64, 32), relu(), linear(32, classes))
  initialize(model, { seed: seed })
  return model
}
interface Steps {
  step(): void
  zeroGrad(): void
}
/** Trains for some epochs; calls `look` after each step. */
async function trainOn(
  model: Model,
  optimizer: Steps,
  rows: Dataset,
  order: { seed: number; from: number; to: number; size?: number },
  look?: () => void | Promise<void>,
) {
  const { seed, from, to, size = 32 } = order
  for (let epoch = from; epoch < to; epoch++) {
    for (const { x, y } of batches(rows, { size: size, seed: seed, epoch: epoch })) {
      model.train()
      optimizer.zeroGrad()
      crossEntropy(model(x), y).backward()
      optimizer.step()
      await look?.()
    }
  }
}
const edits: Record<string, (state: OptimizerState) => OptimizerState | undefined> = {
  everything: whole,
  'weights alone': nothing,
  'all but t': withoutT,
  'all but m': without('m'),
  'all but v': without('v'),
  'all but the order': whole,
}
const tail = 48
const breaks = notebook()
for (const seed of seeds) {
  const { rows, validation } = partsOf(seed)
  const model = network(seed)
  const optimizer = adam(model.parameters(), { lr: 0.01 })
  await trainOn(model, optimizer, rows, { seed: seed, from: 0, to: 10 })
  const [weights, state] = [await model.stateDict(), stateToJson(await optimizer.stateDict())]
  breaks.put('before', (await evaluate(model, rows)).loss)
  for (const [saved, edit] of Object.entries(edits)) {
    const next = network(seed + 100)
    next.loadStateDict(weights)
    const anew = adam(next.parameters(), { lr: 0.01 })
    const kept = edit(JSON.parse(state))
    if (kept) anew.loadStateDict(kept)
    const losses: number[] = []
    const from = saved === 'all but the order' ? 0 : 10
    await trainOn(next, anew, rows, { seed: seed, from: from, to: from + 3 }, async () => {
      losses.push((await evaluate(next, rows)).loss)
    })
    for (const [k, loss] of losses.entries()) breaks.put(`${saved}, ${k + 1}`, loss)
    breaks.put(`${saved}, highest`, Math.max(...losses))
    breaks.put(`${saved}, validation`, (await evaluate(next, validation)).loss)
  }
}
const after = Array.from({ length: tail }, (_, k) => k + 1)
const drawn = (title: string, names: string[], logY: boolean, alt: string) =>
  lines({
    title: title,
    xTitle: 'step after the break',
    yTitle: 'training loss (nats)',
    logY: logY,
    alt: alt,
    series: names.map((name) => ({
      name: name,
      x: after,
      y: after.map((step) => mean(breaks.of(`${name}, ${step}`))),
    })),
  })
const four = ['everything', 'weights alone', 'all but t', 'all but m']
panels(
  [
    drawn(
      'Four ways',
      four,
      false,
      'Training loss after the break. With everything it falls evenly; with the weights alone it first rises and later crosses below; without t or without m it falls more slowly.',
    ),
    drawn(
      'With "all but v", logarithmic',
      [...four, 'all but v'],
      true,
      'The same on a logarithmic scale, with the training that lost v: it lies thousands of times above the others.',
    ),
  ],
  { title: 'Adam goes on after a break (mean of 5 seeds; the scales differ)' },
)

// %% id=losses-table
/** Logarithms of ratios: a run that explodes a thousandfold in one seed and tenfold in another has exploded in both. */
const ratio = (saved: string, when: string | number) =>
  minus(
    breaks.of(`${saved}, ${when}`).map(Math.log),
    breaks.of(`everything, ${when}`).map(Math.log),
  )
const times = (saved: string, when: string | number) => {
  if (!isClear(ratio(saved, when))) return 'no difference seen'
  const factor = Math.exp(mean(ratio(saved, when)))
  return `× ${factor < 100 ? factor.toPrecision(4) : Math.round(factor)}`
}
const some = (values: number[]) => pm(values, mean(values) < 10 ? 4 : 0)
records(
  Object.keys(edits).map((saved) => ({
    saved: saved,
    'highest loss after the break': some(breaks.of(`${saved}, highest`)),
    'against everything': saved === 'everything' ? '' : times(saved, 'highest'),
    'loss 48 steps later': some(breaks.of(`${saved}, ${tail}`)),
    'then against everything': saved === 'everything' ? '' : times(saved, tail),
    'validation loss, then': some(breaks.of(`${saved}, validation`)),
    'it is': saved === 'everything' ? '' : times(saved, 'validation'),
  })),
  {
    caption: `Loss before the break: ${some(breaks.of('before'))}. Mean ± sd over 5 seeds; factors are means of the logarithm, "no difference seen" where it does not count`,
  },
)

// %% id=against-the-guess
const harm = ['m', 'v', 't'].reduce((worst, part) =>
  mean(ratio(`all but ${part}`, 'highest')) > mean(ratio(`all but ${worst}`, 'highest'))
    ? part
    : worst,
)
records(
  [
    {
      question: 'weights alone, at first',
      'your guess': guess['weights alone'],
      measured: word(ratio('weights alone', 'highest'), 'jump', 'fall faster'),
    },
    { question: 'worst to lose', 'your guess': guess.worst, measured: harm },
  ],
  { caption: 'Against your guess' },
)

// %% [markdown]
// With the weights alone the loss **jumps**: after ten epochs the gradients are small and disagree, and Adam, which knows that, makes short steps; a fresh one does not know, and moves every weight by a full α. Then look at the end of the figure: the fresh one
// comes out **below**. Its v has forgotten the large gradients of the first epochs, so it divides by less, which is a larger rate. That is no method: it is another rate in effect, and the validation loss gained nothing by it (last column). If
// you wanted that, you would raise the rate.
//
// Without t the training hardly notices at first, and is slower for a long time: v is taken for a young one and enlarged, so that Adam divides by too much, for hundreds of steps. Without m little happens, since ten steps fill it again. Without v all is lost. And the order of the rows changes the
// path, not its height: whoever wants the same bits needs it, whoever wants a good network does not.
//
// ## A new task
//
// Resuming means: the same loss goes on. If the loss is another one, as in transfer (lesson 11), then m and v are memories of something else. Does that harm? A network has learned the digits 0–4 with Adam and gets the digits 5–9: 200 pictures, 8 epochs, at four rates, once with a
// fresh Adam, once with the old state.

// %% id=new-task
const five = (from: number) => {
  const some = all.filter((digit) => digit >= from && digit < from + 5)
  return new Dataset({
    ...some,
    x: some.x.map((row) => row.map((ink) => ink / 16)),
    y: some.y.map((digit) => digit - from),
    classes: [0, 1, 2, 3, 4].map((k) => String(from + k)),
  })
}
const [low, high] = [five(0), five(5)]
const newRates = [0.003, 0.01, 0.03, 0.1]
const tasks = notebook()
const metrics = { accuracy: accuracy }
for (const seed of seeds) {
  const old = network(seed, 5)
  const oldAdam = adam(old.parameters(), { lr: 0.01 })
  const oldRows = split(low, { train: 450, seed: seed }).train
  await trainOn(old, oldAdam, oldRows, { seed: seed, from: 0, to: 30 })
  const [weights, state] = [await old.stateDict(), stateToJson(await oldAdam.stateDict())]
  const cuts = split(high, { train: 200, validation: 300, seed: seed })
  for (const lr of newRates)
    for (const kind of ['fresh', 'kept']) {
      const model = network(seed + 100, 5)
      model.loadStateDict(weights)
      const optimizer = adam(model.parameters(), { lr: lr })
      if (kind === 'kept') {
        const kept: OptimizerState = JSON.parse(state)
        kept.groups[0].options.lr = lr
        optimizer.loadStateDict(kept)
      }
      const begin = await numbersOf(model)
      await trainOn(model, optimizer, cuts.train, { seed: seed, from: 0, to: 1 })
      const moved = minus(await numbersOf(model), begin).map((x) => x ** 2)
      await trainOn(model, optimizer, cuts.train, { seed: seed, from: 1, to: 8 })
      const seen = await evaluate(model, cuts.validation, { metrics: metrics })
      tasks.put(`${kind} ${lr}, moved`, Math.sqrt(mean(moved)) / lr)
      tasks.put(`${kind} ${lr}, accuracy`, 100 * seen.metrics.accuracy)
    }
}
const taskGain = (lr: number) =>
  minus(tasks.of(`kept ${lr}, accuracy`), tasks.of(`fresh ${lr}, accuracy`))
records(
  newRates.map((lr) => ({
    α: String(lr),
    'moved / α, fresh': pm(tasks.of(`fresh ${lr}, moved`), 2),
    'moved / α, kept': pm(tasks.of(`kept ${lr}, moved`), 2),
    'accuracy, fresh (%)': pm(tasks.of(`fresh ${lr}, accuracy`), 1),
    'accuracy, kept (%)': pm(tasks.of(`kept ${lr}, accuracy`), 1),
    'kept − fresh (points)': pm(taskGain(lr), 1),
  })),
  {
    caption:
      'How far a weight moved in the first epoch (root of the mean square), and validation accuracy after eight: mean ± sd over 5 seeds',
  },
)

// %% [markdown]
// At small rates the old state was **ahead**, at the largest it is behind in the mean, and its seeds scatter widely. The columns "moved" tell the cause of both: at the end of the old task the gradients were tiny, so its v is tiny, Adam divides by too little, and the same α moves the weights about twice as far. The old state is a
// hidden factor on the rate, which nobody has chosen: go down one row in the column "fresh", and it has caught up. "A new task begins with a fresh state" does not mean that the old one must fail; it means that α is again what it says.
//
// ## Switch: Adam first, then SGD
//
// _Here the second sitting begins. What comes needs the cells above: after a pause run them all once more (Run > Run All Above Selected Cell)._
//
// There is an old wish to have both: Adam's fast start, and the end of SGD, which on some tasks is said to generalize better (Keskar and Socher, 2017). Three things must then be decided: the state, the rate, the warmup.
//
// **The state.** The library refuses another optimizer's:

// %% id=refused
const adamWeights = new Map<number, Awaited<ReturnType<Model['stateDict']>>>()
const adamStates = new Map<number, OptimizerState>()
for (const seed of seeds) {
  const model = network(seed)
  const optimizer = adam(model.parameters(), { lr: 0.01 })
  await trainOn(model, optimizer, partsOf(seed).rows, { seed: seed, from: 0, to: 3 })
  adamWeights.set(seed, await model.stateDict())
  adamStates.set(seed, await optimizer.stateDict())
}
const adamState = (seed: number): OptimizerState => {
  const state = adamStates.get(seed)
  if (!state) throw new RangeError(`there was no training with seed ${seed}`)
  return structuredClone(state)
}
try {
  sgd(network(1).parameters(), { momentum: 0.9 }).loadStateDict(adamState(1))
} catch (error) {
  console.log(`${(error as Error).name}: ${(error as Error).message}`)
}

// %% [markdown]
// Both keep something called m. In Adam it is an average, m = β₁·m + (1 − β₁)·g, about as large as a gradient; in SGD with momentum a sum, m = μ·m + g, about 1/(1 − μ) = 10 times as large. One could convert it; one need not, since ten steps fill it again, as you have seen.
//
// **The rate.** After three epochs with Adam at 0.01, six epochs go on in sixteen ways: SGD, SGD with momentum 0.9, and Adam itself with its state, each at several multiples of 0.01. Adam gets multiples too: else only one side would be tuned (lesson 12).

// %% id=switch
const adamRate = 0.01
type Optimizer = ReturnType<typeof sgd> | ReturnType<typeof adam>
type Make = (params: Tensor[], lr: Schedule | number, seed: number) => Optimizer
const makers: Record<string, Make> = {
  'Adam goes on': (params, lr, seed) => {
    const optimizer = adam(params, { lr: lr })
    const state = adamState(seed)
    if (typeof lr === 'number') state.groups[0].options.lr = lr
    optimizer.loadStateDict(state)
    return optimizer
  },
  SGD: (params, lr) => sgd(params, { lr: lr }),
  'SGD, momentum 0.9': (params, lr) => sgd(params, { lr: lr, momentum: 0.9 }),
  'fresh Adam': (params, lr) => adam(params, { lr: lr }),
}
const tried: Record<string, number[]> = {
  'Adam goes on': [0.1, 0.3, 1, 3],
  SGD: [1, 3, 10, 30, 100, 300],
  'SGD, momentum 0.9': [0.3, 1, 3, 10, 30, 100],
}
const switches = notebook()
/** Six epochs from where Adam was after three, for each seed; infinite where a run broke off. */
async function goOn(name: string, kind: string, lr: Schedule | number) {
  for (const seed of seeds) {
    const model = network(seed + 100)
    model.loadStateDict(adamWeights.get(seed) ?? {})
    const { rows, validation, test } = partsOf(seed)
    const history = await fit(model, {
      train: rows,
      validation: validation,
      optimizer: makers[kind](model.parameters(), lr, seed),
      epochs: 6,
      seed: seed + 50,
      progress: false,
    })
    const shown = (loss = Number.NaN) =>
      history.stopped?.why === 'nonFinite' ? Number.POSITIVE_INFINITY : loss
    switches.put(`${name}, first epoch`, shown(history.rows[0].trainLoss))
    switches.put(`${name}, training`, shown(history.last.trainLoss))
    switches.put(`${name}, validation`, shown(history.last.validationLoss))
    const judged = await evaluate(model, test, { metrics: metrics })
    switches.put(`${name}, test`, 100 * judged.metrics.accuracy)
  }
}
for (const [kind, factors] of Object.entries(tried))
  for (const factor of factors) await goOn(`${kind} × ${factor}`, kind, factor * adamRate)

/** Of all seeds; infinite if one run broke off. */
const level = (values: number[]) =>
  values.every(Number.isFinite) ? mean(values) : Number.POSITIVE_INFINITY
const against = (title: string, column: string, top: number, alt: string) => {
  const shown = (value: number) => (value <= top ? value : Number.NaN)
  return lines({
    title: title,
    xTitle: 'rate / 0.01',
    yTitle: 'loss (nats)',
    logX: true,
    alt: alt,
    series: Object.entries(tried).map(([kind, factors]) => {
      const found = factors.map((factor) => switches.of(`${kind} × ${factor}, ${column}`))
      return {
        name: kind,
        x: factors,
        y: found.map((values) => shown(level(values))),
        markers: true,
        band: {
          low: found.map((values) => shown(level(values) - spreadOf(values).sd)),
          high: found.map((values) => shown(level(values) + spreadOf(values).sd)),
        },
      }
    }),
  })
}
panels(
  [
    against(
      'Training loss',
      'training',
      0.3,
      'Training loss against the rate: three falling curves of like shape, Adam at the smallest rates, SGD with momentum next, plain SGD at the largest.',
    ),
    against(
      'Validation loss',
      'validation',
      0.5,
      'Validation loss against the rate: three shallow valleys at different rates, with wide bands that overlap.',
    ),
  ],
  { title: 'Six epochs after the switch: mean ± sd of 5 seeds (above the frame left out)' },
)

// %% id=switch-table
const bestFactor = (kind: string) => {
  const at = (factor: number) => level(switches.of(`${kind} × ${factor}, validation`))
  return tried[kind].reduce((best, factor) => (at(factor) < at(best) ? factor : best))
}
const told = (values: number[]) =>
  level(values) < 10 ? pm(values) : values.every(Number.isFinite) ? 'above 10' : 'broke off'
records(
  Object.entries(tried).flatMap(([kind, factors]) =>
    factors.map((factor) => ({
      optimizer: kind,
      'rate / 0.01': factor,
      'training loss': told(switches.of(`${kind} × ${factor}, training`)),
      'validation loss': told(switches.of(`${kind} × ${factor}, validation`)),
    })),
  ),
  {
    caption: 'After six epochs, mean ± sd over 5 seeds',
    mark: (row, name) =>
      name === 'rate / 0.01' && row[name] === bestFactor(row.optimizer) ? 'best' : undefined,
  },
)

// %% id=switch-test
const onTest = (kind: string) => switches.of(`${kind} × ${bestFactor(kind)}, test`)
const minusAdam = (kind: string) => minus(onTest(kind), onTest('Adam goes on'))
records(
  Object.keys(tried).map((kind) => ({
    optimizer: kind,
    'best rate / 0.01': bestFactor(kind),
    'test accuracy (%)': pm(onTest(kind), 1),
    'minus Adam (points)': kind === 'Adam goes on' ? '' : pm(minusAdam(kind), 2),
    counts: kind === 'Adam goes on' ? '' : isClear(minusAdam(kind)) ? 'yes' : 'no',
  })),
  { caption: `Each with its best rate, on the test set; your factor for SGD: ${guess.factor}` },
)

// %% [markdown]
// With the same rate SGD **stands still**: its training loss is where Adam left it. It does no harm, and that is why it is easily overlooked: the curve is flat, and looks finished. What suits SGD is far higher, and that SGD with momentum wants about a tenth of what plain SGD wants
// has the reason from above: momentum adds ten gradients up. The marked rows are your measurement of the rule of thumb "10 to 100 times Adam's rate".
//
// Whether the switch pays is another question. Read the column "counts" of the last table: nothing in it says that one has to switch.
//
// ## Warmup after the switch
//
// **The warmup.** Fresh averages are made of few gradients, and a fresh Adam makes full steps from the first one on. So we also go on with a fresh Adam, and look at the training loss of the first epoch (16 steps): with the whole rate at once, and with a warmup over this epoch.

// %% id=switch-warmup
const bestSgd = bestFactor('SGD') * adamRate
const warmups = [
  { way: 'to SGD, its best rate', kind: 'SGD', lr: bestSgd },
  { way: 'to SGD, three times as much', kind: 'SGD', lr: 3 * bestSgd },
  { way: 'to a fresh Adam, its rate', kind: 'fresh Adam', lr: adamRate },
]
for (const { way, kind, lr } of warmups) {
  await goOn(`${way}, at once`, kind, lr)
  await goOn(`${way}, warm`, kind, warmup({ peak: lr, warmup: 16 }))
}
const softened = (way: string, column: string) =>
  word(
    minus(
      switches.of(`${way}, warm, ${column}`).map(Math.log),
      switches.of(`${way}, at once, ${column}`).map(Math.log),
    ),
    'higher with warmup',
    'lower with warmup',
  )
records(
  warmups.map(({ way, lr }) => ({
    switch: way,
    rate: String(Number(lr.toPrecision(2))),
    'first epoch, at once': told(switches.of(`${way}, at once, first epoch`)),
    'with warmup': told(switches.of(`${way}, warm, first epoch`)),
    'the first epoch is': softened(way, 'first epoch'),
    'the end (validation) is': softened(way, 'validation'),
  })),
  {
    caption:
      'Training loss of the epoch after the switch, mean ± sd over 5 seeds; compared by logarithms, seed by seed',
  },
)

// %% [markdown]
// Read the column of the first epoch and that of the end apart. What a warmup softens is the first epoch; whether anything of that is left at the end, the last column says. A warmup does not mend a rate that is wrong.
//
// ## What the linter says
//
// It reads recipes as plain data, and says what each reason rests on.

// %% id=lint
const recipes: Record<string, TrainingRecipe> = {
  'resumed with the weights alone': { resumed: { sameTask: true, state: 'fresh' } },
  'a new task with the old state': { resumed: { sameTask: false, state: 'loaded' } },
  'Adam → SGD, all kept': {
    optimizer: 'sgd',
    lr: adamRate,
    lrTuned: true,
    batchSize: 32,
    switchedFrom: { optimizer: 'adam', lr: adamRate, state: 'kept' },
  },
  'Adam → SGD, with care': {
    optimizer: 'sgd',
    lr: bestSgd,
    lrTuned: true,
    batchSize: 32,
    warmup: 0.05,
    switchedFrom: { optimizer: 'adam', lr: adamRate, state: 'fresh' },
  },
}
records(
  Object.entries(recipes).flatMap(([recipe, given]) => {
    const { rows } = lint(given)
    const flags = rows.map(({ severity, code, found, evidence }) => ({
      severity: severity,
      code: code,
      found: found,
      evidence: evidence,
    }))
    const none = { severity: '', code: 'no red flags', found: '', evidence: '' }
    return (flags.length > 0 ? flags : [none]).map((row) => ({ recipe: recipe, ...row }))
  }),
  { caption: 'Four recipes' },
)

// %% [markdown]
// ## Average: many weights in place of the last
//
// With a constant rate SGD does not come to rest: it wanders around the minimum, and the last weights are one place of many. Their **mean** is nearer to the middle than nearly all of them. Two ways to keep it, one more copy of the weights each:
//
// $$\text{EMA:}\quad a \leftarrow \beta\,a + (1-\beta)\,w \qquad\qquad \text{SWA:}\quad a \leftarrow a + \frac{w - a}{n+1}$$
//
// The **exponential moving average** forgets: it is a mean over about the last 1/(1 − β) steps. **Stochastic weight averaging** is the plain mean of all weights since some step; n counts those that are in it. Neither changes the training; both only watch.
//
// First ½·x² with noise on the gradient: a hundred weights that start at 3, SGD with 0.3, and the averages beside it. SWA begins at step 50.

// %% id=wander
const [copies, beta] = [100, 0.95]
const [steps, begin] = [300, 50]
const wandered = notebook()
const kindsOfWeights = ['last weights', `EMA, β = ${beta}`, `SWA from step ${begin}`]
const pathsOfOne: number[][] = [[], [], []]
for (const seed of seeds) {
  const weights = parameter(new Float64Array(copies).fill(3))
  const optimizer = sgd([weights], { lr: 0.3 })
  const averages = [ema([weights], { decay: beta }), swa([weights], { start: begin })]
  const valuesNow = async () => {
    const values = [await weights.data()]
    for (const average of averages) {
      average.apply()
      values.push(await weights.data())
      average.restore()
    }
    return values
  }
  for (let step = 0; step < steps; step++) {
    optimizer.zeroGrad()
    weights.square().sum().mul(0.5).backward()
    gradientNoise([weights], step, { eta: 1, gamma: 0, seed: seed })
    optimizer.step()
    for (const average of averages) average.update()
    if (seed === 1)
      for (const [k, values] of (await valuesNow()).entries())
        pathsOfOne[k].push(k === 2 && step < begin ? Number.NaN : values[0])
  }
  for (const [k, values] of (await valuesNow()).entries())
    wandered.put(kindsOfWeights[k], Math.sqrt(mean([...values].map((value) => value ** 2))))
}
display(
  lines({
    title: 'One of a hundred weights, and its averages',
    xTitle: 'step',
    yTitle: 'x',
    alt: 'x against the step: the last weight falls from 3 and then wanders around 0; its EMA follows late and wanders less; the SWA, from step 50 on, hardly moves.',
    series: kindsOfWeights.map((name, k) => ({ name: name, y: pathsOfOne[k] })),
  }),
)
const restless = mean(wandered.of(kindsOfWeights[0]))
records(
  kindsOfWeights.map((name) => ({
    what: name,
    'distance from the minimum': pm(wandered.of(name)),
    'nearer than the last weights': `${(restless / mean(wandered.of(name))).toFixed(1)} times`,
  })),
  { caption: 'After 300 steps: root of the mean square of 100 weights, mean ± sd over 5 seeds' },
)

// %% [markdown]
// The EMA follows with a delay, which you see in the first steps, and stays a little restless; the mean of 250 steps is calmer. The smaller the rate, the less there is to average away; a
// rate that goes to zero calms the weights by itself. So one expects: averaging helps **with a noisy constant rate**, and hardly with a cosine to zero. Is it so?
//
// ## On digits, with batch norm
//
// Batch norm brings a catch. Its **running statistics** (mean and variance of each unit, for evaluation) are no weights, and nobody averages them: they belong to the weights that trained. Averaged weights give other activations, so their statistics must be computed anew, by
// sending the training rows through the network once: `updateBatchNorm` (in PyTorch `update_bn`). If the averages live in a second network, as they do in PyTorch, that one has the statistics that it had when it was made: often those of no training at all.
//
// SGD with momentum 0.9 and batches of 16, ten epochs, at a constant 0.2, which is noisy, and with a cosine from 0.2 to 0. EMA with β = 0.99; SWA from the middle on. All are measured on copies, so that the training does not notice.

// %% id=averages
const normed = (seed: number) => {
  const model = sequential(linear(64, 32), batchNorm(32), relu(), linear(32, 10))
  initialize(model, { seed: seed })
  return model
}
const isRunning = (path: string) => path.includes('running') || path.includes('numBatches')
const [span, perEpoch] = [10, 32]
const schedules: Record<string, Schedule | number> = {
  constant: 0.2,
  cosine: cosine({ peak: 0.2, total: span * perEpoch }),
}
const averaged = notebook()
for (const [schedule, lr] of Object.entries(schedules))
  for (const seed of seeds) {
    const { rows, validation, test } = partsOf(seed)
    const model = normed(seed)
    const params = model.parameters()
    const optimizer = sgd(params, { lr: lr, momentum: 0.9 })
    const averages = {
      EMA: ema(params, { decay: 0.99 }),
      SWA: swa(params, { start: (span / 2) * perEpoch }),
    }
    const copy = normed(seed + 100)
    const untrained = await copy.stateDict()
    const inputs = Array.from(batches(rows, { size: 128, shuffle: false }), (batch) => batch.x)
    const measure = async (what: string) => {
      const seen = await evaluate(copy, validation, { metrics: metrics })
      const unseen = await evaluate(copy, test, { metrics: metrics })
      const name = `${schedule}, ${what}`
      averaged.put(`${name}, training`, (await evaluate(copy, rows)).loss)
      averaged.put(`${name}, loss`, seen.loss)
      averaged.put(`${name}, accuracy`, 100 * seen.metrics.accuracy)
      averaged.put(`${name}, test`, 100 * unseen.metrics.accuracy)
    }
    const look = async (what: string, epoch: number) => {
      const { loss } = await evaluate(copy, validation)
      averaged.put(`${schedule}, ${what}, epoch ${epoch + 1}`, loss)
    }
    for (let epoch = 0; epoch < span; epoch++) {
      const order = { seed: seed, from: epoch, to: epoch + 1, size: 16 }
      await trainOn(model, optimizer, rows, order, () => {
        averages.EMA.update()
        averages.SWA.update()
      })
      const over = epoch === span - 1
      copy.loadStateDict(await model.stateDict())
      await look('last', epoch)
      if (over) await measure('last')
      for (const name of ['EMA', 'SWA'] as const) {
        averages[name].apply()
        const state = await model.stateDict()
        averages[name].restore()
        copy.loadStateDict(state)
        if (over) await measure(`${name}, the training's statistics`)
        await updateBatchNorm(copy, inputs)
        await look(name, epoch)
        if (!over) continue
        await measure(`${name}, new statistics`)
        const own = Object.entries(state).filter(([path]) => !isRunning(path))
        copy.loadStateDict({ ...untrained, ...Object.fromEntries(own) })
        await measure(`${name}, a second network's statistics`)
      }
    }
  }
const epochsOf = (what: string) =>
  Array.from({ length: span }, (_, k) => k + 1).filter((k) => what !== 'SWA' || k > span / 2)
const bandOf = (name: string, x: number[]) => {
  const at = x.map((epoch) => spreadOf(averaged.of(`${name}, epoch ${epoch}`)))
  return {
    x: x,
    y: at.map((one) => one.mean),
    band: { low: at.map((one) => one.mean - one.sd), high: at.map((one) => one.mean + one.sd) },
  }
}
panels(
  Object.keys(schedules).map((schedule) =>
    lines({
      title: schedule,
      xTitle: 'epoch',
      yTitle: 'validation loss (nats)',
      alt: `Validation loss with the ${schedule} rate, in bands of one standard deviation: ${schedule === 'constant' ? 'the last weights stay restless and high, their EMA and, from epoch 6 on, their SWA lie below them' : 'the last weights, their EMA and their SWA come together toward the end'}.`,
      series: ['last', 'EMA', 'SWA'].map((what) => ({
        name: what === 'last' ? 'last weights' : what,
        ...bandOf(`${schedule}, ${what}`, epochsOf(what)),
      })),
    }),
  ),
  { title: 'Last and averaged weights, statistics computed anew: mean ± sd of 5 seeds' },
)

// %% id=averages-table
const gain = (schedule: string, what: string, column: string) =>
  minus(
    averaged.of(`${schedule}, ${what}, new statistics, ${column}`),
    averaged.of(`${schedule}, last, ${column}`),
  )
const yes = (differences: number[]) => (isClear(differences) ? 'yes' : 'no')
display(
  records(
    Object.keys(schedules).flatMap((schedule) =>
      ['last', 'EMA', 'SWA'].map((what) => {
        const name = `${schedule}, ${what === 'last' ? what : `${what}, new statistics`}`
        return {
          rate: schedule,
          weights: what,
          'validation loss': pm(averaged.of(`${name}, loss`)),
          'differs from last': what === 'last' ? '' : yes(gain(schedule, what, 'loss')),
          'validation accuracy (%)': pm(averaged.of(`${name}, accuracy`), 1),
          'test, minus last (points)': what === 'last' ? '' : pm(gain(schedule, what, 'test'), 2),
          counts: what === 'last' ? '' : yes(gain(schedule, what, 'test')),
        }
      }),
    ),
    {
      caption: 'Mean ± sd over 5 seeds; "differs" and "counts": seed by seed, by more than two sd',
    },
  ),
)
const across = minus(
  averaged.of('constant, EMA, new statistics, test'),
  averaged.of('cosine, last, test'),
)
records([{ 'test accuracy (points)': pm(across, 2), counts: yes(across) }], {
  caption: 'EMA of the constant rate, minus the last weights of the cosine',
})

// %% [markdown]
// With the noisy constant rate both averages have a lower loss than the last weights. In test accuracy both are ahead in the mean; the column "counts" says where that is more than noise. With the cosine there is next to nothing left to gain. And the small table compares the two cures with each other. Averaging and
// lowering the rate do the same work. What averaging has over a schedule: one need not know beforehand when the training will end.
//
// And the statistics?

// %% id=statistics
const sets = ["the training's statistics", 'new statistics', "a second network's statistics"]
/** Losses by the logarithm of their ratio, as above. */
const versusNew = (what: string, set: string, column: string) =>
  minus(
    averaged.of(`constant, ${what}, ${set}, ${column}`).map(Math.log),
    averaged.of(`constant, ${what}, new statistics, ${column}`).map(Math.log),
  )
records(
  ['EMA', 'SWA'].flatMap((what) =>
    sets.map((set) => ({
      weights: what,
      'running statistics': set,
      'training loss': pm(averaged.of(`constant, ${what}, ${set}, training`), 4),
      'than with new ones':
        set === sets[1] ? '' : word(versusNew(what, set, 'training'), 'higher', 'lower'),
      'validation loss': pm(averaged.of(`constant, ${what}, ${set}, loss`)),
      'it is': set === sets[1] ? '' : word(versusNew(what, set, 'loss'), 'higher', 'lower'),
      'test accuracy (%)': pm(averaged.of(`constant, ${what}, ${set}, test`), 1),
    })),
  ),
  { caption: 'Averaged weights of the constant rate, with three sorts of statistics; 5 seeds' },
)

// %% [markdown]
// The statistics of a network that was never trained make the validation loss several times as high: that is the mistake which `updateBatchNorm` is for. (Inputs were standardized here, so even these are not wildly wrong.) Those of the training are near: new ones fit
// the training rows better, and on other rows this run shows no gain from them. `fit` with `average: ema(…)` leaves the training's statistics in the model: call `updateBatchNorm` after it, and measure.
//
// ## Your turn: save and resume
//
// Here is a step of Adam on lists of numbers; you need not change it.

// %% id=one-step
interface Moments {
  weights: number[]
  m: number[]
  v: number[]
}
interface Run {
  /** The first weights of a new training. */
  start: number[]
  /** The training rows. */
  rows: number[][]
  lr: number
  decay: number
  beta1: number
  beta2: number
  eps: number
}

/** The t-th step of Adam, t = 1, 2, …, with the rate of this step. */
function adamStep(
  { weights, m, v }: Moments,
  g: number[],
  t: number,
  lr: number,
  run: Run,
): Moments {
  const { beta1, beta2, eps } = run
  const newM = m.map((value, i) => beta1 * value + (1 - beta1) * g[i])
  const newV = v.map((value, i) => beta2 * value + (1 - beta2) * g[i] ** 2)
  const moved = weights.map((w, i) => {
    const [mHat, vHat] = [newM[i] / (1 - beta1 ** t), newV[i] / (1 - beta2 ** t)]
    return w - (lr * mHat) / (Math.sqrt(vHat) + eps)
  })
  return { weights: moved, m: newM, v: newV }
}

// %% [markdown]
// Write `adamRun(run, steps, saved)`: it makes so many steps and returns `{ weights, saved }`, the weights after them and a **text** (one string) from which a later call can go on.
//
// - If `saved` is `null`, a new training begins: weights are `run.start`, m and v are 0. Otherwise `saved` is a text that a former call returned, and the training goes on where that call ended. `run.start` then means nothing: a new process has other first weights.
// - Number the steps s = 0, 1, 2, … over the **whole** training, breaks or not. Step s takes the row `rows[s % rows.length]`; its gradient is weights − row; its rate is lr·decayˢ; Adam's t is s + 1.
// - The form of the text is yours. `JSON.stringify` writes every digit of a number. What is not in the text is lost: keep nothing in variables outside of the function.
//
// A broken and resumed training must give the weights of one that was never broken off, to 10⁻¹².

// %% exercise=adam-resume
function adamRun(
  run: Run,
  steps: number,
  saved: string | null,
): { weights: number[]; saved: string } {
  // BEGIN SOLUTION
  const zeros = run.start.map(() => 0)
  const begin = { weights: run.start, m: zeros, v: zeros, done: 0 }
  let { done, ...moments } = saved === null ? begin : (JSON.parse(saved) as typeof begin)
  for (const stop = done + steps; done < stop; done++) {
    const row = run.rows[done % run.rows.length]
    const g = moments.weights.map((w, i) => w - row[i])
    moments = adamStep(moments, g, done + 1, run.lr * run.decay ** done, run)
  }
  return { weights: moments.weights, saved: JSON.stringify({ ...moments, done: done }) }
  // END SOLUTION
}

// %% check=adam-resume
await check('adam-resume', adamRun)

// %% [markdown]
// ## Your turn: both averages
//
// Write `updateAverages(averages, weights, beta)`. `averages` is `{ n, ema, swa }`: n sets of weights are in them so far, `ema` and `swa` are the two averages as lists. Return all three with these weights taken in. If n is 0, both lists are empty, and the first weights are the average: of both. Later EMA is
// β·a + (1 − β)·w, and SWA the plain mean of all n + 1 sets of weights. Numbers are compared to 10⁻⁹.

// %% exercise=weight-averages
interface Averages {
  n: number
  ema: number[]
  swa: number[]
}

function updateAverages({ n, ema, swa }: Averages, weights: number[], beta: number): Averages {
  // BEGIN SOLUTION
  if (n === 0) return { n: 1, ema: [...weights], swa: [...weights] }
  return {
    n: n + 1,
    ema: ema.map((a, i) => beta * a + (1 - beta) * weights[i]),
    swa: swa.map((a, i) => a + (weights[i] - a) / (n + 1)),
  }
  // END SOLUTION
}

// %% check=weight-averages
await check('weight-averages', updateAverages)

// %% [markdown]
// ## True or false?
//
// Decide, write `true` or `false` for each, and run both cells.
//
// 1. To go on as if nothing had happened, the weights and m and v are enough.
// 2. A part of Adam's state can be worse than none of it.
// 3. The learning rate that works for Adam works for SGD: after a switch it may stay.
// 4. A paper found that a switch from Adam to SGD ends with a higher accuracy, so it does here.
// 5. Averaged weights are better than the last ones, whatever the schedule.
// 6. Averaged weights in a second network need running statistics of their own.
// 7. What is ahead after the first epoch is ahead at the end.

// %% id=quiz
const answers = [true, true, true, true, true, true, true]

// %% id=quiz-answers
const cosineGains = ['EMA', 'SWA'].map((what) => gain('cosine', what, 'test'))
/** Who has the lower validation loss. */
const ahead = (epoch: number) => {
  const [a, b] = ['last', 'EMA'].map((what) =>
    mean(averaged.of(`constant, ${what}, epoch ${epoch}`)),
  )
  return a < b ? 'the last weights' : 'their EMA'
}
const strangers = versusNew('EMA', sets[2], 'loss')
const facts = [
  {
    is: ['all but t', 'all but the place in the schedule'].every((way) =>
      paths[way].every((x, k) => x === unbroken[half + k]),
    ),
    because: 'the table of one weight: t and the place in the schedule are needed, too',
  },
  {
    is:
      mean(ratio('all but v', 'highest')) > mean(ratio('weights alone', 'highest')) &&
      isClear(ratio('all but v', 'highest')),
    because: `without v alone the loss rose to ${some(breaks.of('all but v, highest'))}, with no state at all to ${some(breaks.of('weights alone, highest'))}`,
  },
  {
    is: bestFactor('SGD') === 1,
    because: `the best of those tried was ${bestFactor('SGD')} times as large, with momentum ${bestFactor('SGD, momentum 0.9')} times`,
  },
  {
    is: ['SGD', 'SGD, momentum 0.9'].every(
      (kind) => word(minusAdam(kind), 'more', 'less') === 'more',
    ),
    because: `minus Adam: SGD ${pm(minusAdam('SGD'), 2)}, with momentum ${pm(minusAdam('SGD, momentum 0.9'), 2)} points`,
  },
  {
    is: cosineGains.every((values) => isClear(values) && mean(values) > 0),
    because: `with the cosine EMA gained ${pm(cosineGains[0], 2)}, SWA ${pm(cosineGains[1], 2)} points`,
  },
  {
    is: word(strangers, 'higher', 'lower') === 'higher',
    because: `with those of a second network the validation loss of EMA is ${Math.exp(mean(strangers)).toFixed(1)} times as high`,
  },
  {
    is: ahead(1) === ahead(span),
    because: `at the constant rate ahead after epoch 1: ${ahead(1)}, after epoch ${span}: ${ahead(span)}`,
  },
]
quiz(answers, facts)

// %% [markdown]
// ## To keep
//
// - **Symptom:** the loss jumps exactly where a training was resumed. **First move:** look whether the optimizer's state was loaded: m, v **and** t, the place in the schedule, the epoch for the order. **Which curve should move:** none; the training loss goes on as if there had been no
//   break. **Next move:** test it, before you need it: resume once on purpose and compare bits.
// - **A new task** begins with a fresh state and a search for the rate.
// - **Symptom:** flat after a switch to SGD. **First move:** its own rate, by a search; begin at 10 to 100 times Adam's, a tenth of that with momentum 0.9. Fresh state, short warmup. **Which curve should move:** the training loss. If it moves and the validation does not, the optimizer was
//   not what held it back.
// - **Symptom:** the validation loss is restless at a constant rate. **First move:** lower the rate toward the end, or average: EMA if you do not know where the end is, SWA over the last part. With batch norm compute the statistics anew.
// - **Read next:** Kingma and Ba, _Adam_ (2015), sections 3 and 7.2: bias correction, and averages of weights; Polyak and Juditsky, _Acceleration of Stochastic Approximation by Averaging_ (1992); Izmailov and others, _Averaging Weights Leads to Wider Optima and
//   Better Generalization_ (2018): SWA, and batch norm in section 3; Keskar and Socher, _Improving Generalization Performance by Switching from Adam to SGD_ (2017).
//
// **On to [the project](project-digits.ipynb):** all of it, on digits, marked by what your network reads.
//
// [All lessons](00-start-here.ipynb) · [Glossary](glossary.ipynb)
