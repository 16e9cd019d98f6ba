// %% [markdown]
// # What goes wrong: six runs
//
// **The question.** A run went badly. There are a dozen things that you could change, and each try costs time. Which one comes first?
//
// You will look at six broken runs, of which you see the curves and nothing else, say what is wrong with each and what you would try, and then measure whether the order of tries
// matters. About 30 minutes. You should have trained a network before (lessons 01 to 07), and need no formula.

// %%
import {
  check,
  crossEntropy,
  diagnose,
  digits,
  display,
  fitGap,
  heUniform,
  initialize,
  linear,
  lines,
  lint,
  misconceptions,
  moveRules,
  panels,
  quiz,
  recipeNote,
  records,
  relu,
  sequential,
  sigmoid,
  split,
  stages,
  standardize,
  symptoms,
  type TroubledName,
  type TroubledRun,
  tensor,
  troubledRun,
} from 'downhill'

// %% [markdown]
// ## Guess before you run
//
// Here is one case in words. A small network learns digits with Adam; the learning rate is 0.1 and a batch has 8 rows. The loss jumps up and down. Somebody proposes four changes,
// each of them alone: a rate of 0.01 (`lr: 0.01`), batches of 64 rows (`batchSize: 64`), gradients clipped to norm 1 (`clip: 1`), RMSprop in place of Adam (`optimizer: 'rmsprop'`).
// **Which of the four brings the validation loss down most?** And after which of them, if any, does the jumping stop?

// %% id=guess
const guess = { best: 'clip: 1', enough: ['batchSize: 64', 'clip: 1'] }

// %% [markdown]
// Keep your answer. The measurement comes below.
//
// ## What to look at
//
// Four curves belong side by side, for each of them alone can deceive:
//
// - the **train loss**: the mean loss of the rows that are trained on. It says whether the optimizer does its work;
// - the **validation loss**: the same for rows that are kept aside. It says whether what is learned holds for others;
// - the **validation metric**, here accuracy, the share of digits that are named rightly. It is what you want in the end, and moves later and in steps;
// - the **learning rate**, since a bend in a curve is often a bend of the rate.
//
// A fifth is worth having: the **gradient norm**, the length of all gradients together. Far above 1 they explode, far below 0.01 hardly anything arrives.
//
// ## Six runs
//
// `troubledRun('A')` to `troubledRun('F')` train six small networks on 8 × 8 digits, really and now. Every one has something wrong in its recipe. The recipe is hidden in the library, so
// that you can do what one does in practice: look at the curves first. A row of the figure is a run, the last panel has the rates of all; mind the scales, and what does _not_ move. (For runs of your own `history.plot()` draws the
// same, and the gradient norm.)

// %% id=runs
const names = ['A', 'B', 'C', 'D', 'E', 'F'] as const
const runs = new Map<TroubledName, Awaited<ReturnType<typeof troubledRun>>>()
for (const name of names) runs.set(name, await troubledRun(name))
const runOf = (name: TroubledName) => runs.get(name)!
const epochs = (name: TroubledName) => runOf(name).history.column('epoch')
const rates = (name: TroubledName) => runOf(name).history.column('lr')
const short = (value: number) => (Number.isFinite(value) ? value.toPrecision(2) : 'not a number')
const fromTo = (values: readonly number[]) =>
  `from ${short(values[0])} to ${short(values[values.length - 1])}`
const curve = (title: string, yTitle: string, name: TroubledName, columns: [string, string][]) =>
  lines({
    title: `${name}: ${title}`,
    alt: `Run ${name}, ${columns.map(([label, column]) => `${label} ${fromTo(runOf(name).history.column(column))}`).join(', ')}.`,
    xTitle: 'epoch',
    yTitle: yTitle,
    logY: name === 'D' && title === 'losses',
    series: columns.map(([label, column]) => ({
      name: label,
      x: epochs(name),
      y: runOf(name).history.column(column),
      markers: true,
    })),
  })
display(
  panels(
    [
      ...names.flatMap((name) => [
        curve('losses', 'loss (nats)', name, [
          ['train', 'trainLoss'],
          ['validation', 'validationLoss'],
        ]),
        curve('accuracy', 'share that is right', name, [['validation accuracy', 'accuracy']]),
      ]),
      lines({
        title: 'A to F: learning rates',
        alt: `Learning rates: ${names.map((name) => `${name} ${short(rates(name)[0])}`).join(', ')}, the same in all epochs.`,
        xTitle: 'epoch',
        yTitle: 'learning rate',
        logY: true,
        series: names.map((name) => ({ name: name, y: rates(name), x: epochs(name) })),
      }),
    ],
    { title: 'Six runs: what belongs side by side (each panel has its own scale)' },
  ),
)
records(
  names.map((name) => {
    const { history, accuracy } = runOf(name)
    return {
      run: name,
      'train loss, first epoch': history.rows[0].trainLoss,
      'last epoch': history.last.trainLoss,
      'largest gradient norm': Math.max(...history.column('maxGradientNorm')),
      'train accuracy': accuracy.train,
      'validation accuracy': accuracy.validation,
      ended: history.stopped?.why ?? '',
    }
  }),
  {
    digits: { 'train accuracy': 2, 'validation accuracy': 2 },
    caption: 'The same runs in numbers. Guessing among ten digits has an accuracy near 0.1',
  },
)

// %% [markdown]
// A help for reading: a network that gives each of ten digits the probability 1/10 has a loss of ln 10. Look which runs start there, and which never leave it.

// %% id=chance
records([{ 'loss of a guess among ten': Math.log(10) }], { digits: 3 })

// %% [markdown]
// ## Symptoms and first fixes
//
// A **symptom** is what the curves show, a **fix** is what you change. These are the words that the _advisor_ of the library uses:

// %% id=words
const asked = [
  'lower-rate',
  'raise-rate',
  'overfit-one-batch',
  'larger-batch',
  'clip',
  'stop-earlier',
  'larger-model',
  'other-optimizer',
]
display(
  records(
    Object.entries(symptoms).map(([symptom, looks]) => ({ symptom, 'what it looks like': looks })),
    { caption: 'Symptoms, the gravest first' },
  ),
)
records(
  moveRules
    .filter(({ code }) => asked.includes(code))
    .sort((a, b) => a.code.localeCompare(b.code))
    .map(({ code, move, why }) => ({ fix: code, 'what to do': move({}), why })),
  { caption: 'Some fixes, by the alphabet: which comes when is the question of this lesson' },
)

// %% [markdown]
// ## Your turn: six runs
//
// Write `sixRuns()`, which takes nothing and returns what you see: an object with a field for each run, A to F, each `{ symptom, fix }` in words of the two tables. The fix is the
// **first** thing that you would try, not everything that may help. Where several symptoms show, any of them counts; the fix must suit the run. You see two of the six marked here, the
// others when your work is marked.

// %% exercise=six-runs
interface Answer {
  symptom: string
  fix: string
}

function sixRuns(): Record<string, Answer> {
  // BEGIN SOLUTION
  return {
    A: { symptom: 'oscillating', fix: 'lower-rate' },
    B: { symptom: 'slow', fix: 'raise-rate' },
    C: { symptom: 'overfitting', fix: 'stop-earlier' },
    D: { symptom: 'not-finite', fix: 'lower-rate' },
    E: { symptom: 'underfitting', fix: 'larger-model' },
    F: { symptom: 'not-decreasing', fix: 'overfit-one-batch' },
  }
  // END SOLUTION
}

// %% check=six-runs
await check('six-runs', sixRuns)

// %% [markdown]
// ## Does the order matter? Measured
//
// Now the case of the guess, which is run A. Each change alone, five **seeds** each: a seed decides which rows are kept aside, the first weights and the order of the rows. A sixth line was not
// asked for: plain gradient descent (SGD), at the same rate of 0.1.

// %% id=order
const seeds = [1, 2, 3, 4, 5]
const changes: Record<string, TroubledRun> = {
  'nothing changed': {},
  'lr: 0.01': { lr: 0.01 },
  'batchSize: 64': { batchSize: 64 },
  'clip: 1': { clip: 1 },
  "optimizer: 'rmsprop'": { optimizer: 'rmsprop' },
  "optimizer: 'sgd'": { optimizer: 'sgd' },
}
const mean = (values: readonly number[]) => values.reduce((sum, x) => sum + x, 0) / values.length
const sd = (values: readonly number[]) =>
  Math.sqrt(values.reduce((sum, x) => sum + (x - mean(values)) ** 2, 0) / (values.length - 1))
const pm = (values: readonly number[]) => `${mean(values).toFixed(2)} ± ${sd(values).toFixed(2)}`
/** What a change brought, seed by seed. */
const gaps = (after: readonly number[], before: readonly number[]) =>
  after.map((loss, k) => loss - before[k])
const unchanged = 'nothing changed'
const tries: { change: string; losses: number[]; accuracies: number[]; unsteady: number }[] = []
for (const [change, options] of Object.entries(changes)) {
  const losses: number[] = []
  const accuracies: number[] = []
  let unsteady = 0
  for (const seed of seeds) {
    const { history, accuracy } = await troubledRun('A', { ...options, seed })
    losses.push(history.last.validationLoss ?? Number.NaN)
    accuracies.push(accuracy.validation)
    const found = diagnose(history).symptoms.map(({ symptom }) => symptom)
    if (found.includes('oscillating') || found.includes('exploding')) unsteady++
  }
  tries.push({ change, losses, accuracies, unsteady })
}
records(
  tries.map(({ change, losses, accuracies, unsteady }) => ({
    change,
    'validation loss': pm(losses),
    'validation accuracy': `${mean(accuracies).toFixed(3)} ± ${sd(accuracies).toFixed(3)}`,
    'minus nothing changed': change === unchanged ? '' : pm(gaps(losses, tries[0].losses)),
    'still oscillating or exploding': `${unsteady} of ${seeds.length}`,
  })),
  {
    caption: `Run A, one change at a time: mean ± standard deviation over ${seeds.length} seeds`,
    mark: ({ change }, column) =>
      column === 'change' && change === guess.best
        ? 'your best'
        : column === 'still oscillating or exploding' && guess.enough.includes(change)
          ? 'you: it stops'
          : undefined,
  },
)

// %% [markdown]
// Read the last two columns: which change lowers the loss by a difference that counts (lesson 06: its mean is more than twice its standard deviation), and after which one does no seed jump any longer? What to expect of each: a tenth of the rate makes
// every step a tenth as long. A larger batch makes the direction steadier, but the steps stay as long as before (and an epoch has fewer of them). Clipping shortens the gradient; but Adam divides by the size of the gradient
// anyway, so the step keeps its length. RMSprop divides in the same way, and has the same rate.
//
// SGD does not divide, and its row is a trap. 0.1 is far too much _for Adam_, whose step is about as long as the rate, and a usual rate for SGD, whose step is the rate times the gradient.
// Whatever the row shows, the change of the optimizer changed the length of the steps as well: **a new optimizer with the old rate is a change of the rate in disguise**. Whoever praises the
// optimizer for it has drawn the wrong conclusion.
//
// That is the reason for the order. What is cheap to try and explains most comes first:

// %% id=stages
records(
  stages.map((stage, k) => ({
    place: k + 1,
    stage,
    'fixes that the advisor knows': moveRules
      .filter((rule) => rule.stage === stage)
      .map(({ code }) => code)
      .join(', '),
  })),
  { caption: 'The order of fixes: rate, numbers, batch, gradients; the optimizer last' },
)

// %% [markdown]
// ## What the advisor says
//
// `diagnose(history)` looks for the symptoms by fixed limits, and lists the fixes in this order. It gets the accuracies too. Compare with what you wrote; it is a program, and may be
// wrong where you are right.

// %% id=diagnoses
const diagnoses = new Map(
  names.map((name) => {
    const { history, accuracy, recipe } = runOf(name)
    return [name, diagnose(history, { accuracy, recipe })] as const
  }),
)
const yours = (name: TroubledName): string => {
  try {
    const answer = sixRuns()[name]
    return `${answer.symptom}, ${answer.fix}`
  } catch {
    return 'not written yet'
  }
}
records(
  names.map((name) => {
    const { symptoms: there, first } = diagnoses.get(name)!
    return {
      run: name,
      you: yours(name),
      'the advisor saw': there.map(({ symptom }) => symptom).join(', '),
      'its first fix': first?.code ?? '',
    }
  }),
  { caption: 'You and the advisor' },
)

// %% [markdown]
// The whole list for run A, with its reasons, and what each of them rests on:

// %% id=whole
diagnoses.get('A')

// %% [markdown]
// With what you know beside the curves it can say more. The same trouble, in mixed precision (numbers of 16 bits, some of them): look at the second line.

// %% id=mixed
diagnose([], {
  recipe: { optimizer: 'adam', lr: 0.1, batchSize: 8, precision: 'float16' },
  symptoms: ['oscillating'],
})

// %% [markdown]
// ## Following the order: run F
//
// Compare run F with ln 10. The list of fixes starts with a **check**, no fix at all: train on a single batch. A network that has enough weights learns 32 digits by heart in a few dozen steps. If it
// cannot, no tuning will mend it. Then the rate, over all magnitudes; then the gradients.

// %% id=stuck
const stuck: [string, TroubledRun][] = [
  ['check: one batch of 32 rows, 60 epochs', { rows: 32, epochs: 60 }],
  ['the same with relu, for comparison', { rows: 32, epochs: 60, activation: 'relu' }],
  ['rate 0.001', { lr: 0.001 }],
  ['rate 0.01', { lr: 0.01 }],
  ['rate 1', { lr: 1 }],
  ['rate 10', { lr: 10 }],
]
const stuckRows = []
for (const [tried, options] of stuck) {
  const { history, accuracy } = await troubledRun('F', options)
  stuckRows.push({
    tried,
    'train loss': history.last.trainLoss,
    'train accuracy': accuracy.train,
  })
}
records(stuckRows, { digits: 3, caption: 'Run F' })

// %% [markdown]
// Compare the first two rows: the same batch, as many steps. If one network learns it by heart and the other does not, it is not for want of steps. Then the rates, over four magnitudes: does any of
// them bring the loss clearly below ln 10? If none does, look at the gradients **layer by layer**. The recipe is no secret any longer: five layers of 32 units with a _sigmoid_ after each (it squeezes all numbers between 0 and 1). Beside it the same
// network with relu, and first weights as He proposed for it (lesson 09).

// %% id=layers
const parts = split(await digits(), { train: 400, seed: 1 })
const [scaled] = standardize(parts.train).sets
const some = { x: tensor(scaled.x.slice(0, 128)), y: tensor(scaled.y.slice(0, 128)) }
const depth = 5
const normsOf = (activation: 'sigmoid' | 'relu'): number[] => {
  const layers = Array.from({ length: depth }, (_, k) => {
    const inputs = k === 0 ? 64 : 32
    return activation === 'relu'
      ? [linear(inputs, 32, { init: heUniform() }), relu()]
      : [linear(inputs, 32), sigmoid()]
  })
  const model = sequential(...layers.flat(), linear(32, 10))
  initialize(model, { seed: 1 })
  crossEntropy(model(some.x), some.y).backward()
  const weights = model.parameters().filter(({ shape }) => shape.length === 2)
  return weights.map(({ grad }) => Math.hypot(...grad!.dataSync()))
}
const norms = { sigmoid: normsOf('sigmoid'), relu: normsOf('relu') }
display(
  lines({
    title: 'Run F before its first step: how much gradient reaches each layer',
    xTitle: 'layer (1 is next to the pixels)',
    yTitle: 'gradient norm of its weights',
    logY: true,
    series: Object.entries(norms).map(([name, y]) => ({
      name: name === 'relu' ? 'relu, weights by He' : name,
      x: y.map((_, k) => k + 1),
      y,
      markers: true,
    })),
    alt: 'Gradient norm of the weights against the layer, on a logarithmic scale: a line for sigmoid and one for relu with weights by He.',
  }),
)
records(
  Object.entries(norms).map(([activation, all]) => ({
    activation,
    'all weights together': Math.hypot(...all),
    'next to the pixels': all[0],
    'last layer ÷ first': all[all.length - 1] / all[0],
  })),
  { digits: 5, caption: 'Gradient norms before the first step' },
)

// %% [markdown]
// A sigmoid's slope is at most 1/4, and on its way down the gradient is multiplied by it in each layer, and by weights that are small too. What is left for the layer that sees the pixels stands in the
// third column: that is what a **vanishing** gradient is. Now look at the second one, the _common_ norm, which is what `fit` writes down. Is it far below 0.01? The last layer has its share in any case. That
// is why one looks layer by layer.
//
// ## Mended, and noted
//
// One change for each run, as the order says. Early stopping puts back the best weights of run C.

// %% id=mended
const cures: Record<TroubledName, { changed: string; options: TroubledRun }> = {
  A: { changed: 'lr 0.1 → 0.01', options: { lr: 0.01 } },
  B: { changed: 'lr 0.003 → 0.01', options: { lr: 0.01 } },
  C: {
    changed: 'early stopping, patience 5',
    options: { earlyStopping: { patience: 5, restoreBest: true } },
  },
  D: { changed: 'lr 10 → 1', options: { lr: 1 } },
  E: { changed: 'hidden units 2 → 32', options: { hidden: [32] } },
  F: { changed: 'relu with He weights', options: { activation: 'relu' } },
}
const after = new Map<TroubledName, Awaited<ReturnType<typeof troubledRun>>>()
for (const name of names) after.set(name, await troubledRun(name, cures[name].options))
records(
  names.map((name) => {
    const { history, accuracy, recipe } = after.get(name)!
    const next = diagnose(history, { accuracy, recipe })
    return {
      run: name,
      changed: cures[name].changed,
      'validation accuracy before': runOf(name).accuracy.validation,
      after: accuracy.validation,
      'still seen': next.symptoms.map(({ symptom }) => symptom).join(', '),
      next: next.first?.code ?? 'nothing: the training does its work',
    }
  }),
  { digits: 2, caption: 'After one change' },
)

// %% [markdown]
// Read the last two columns: one change is not always enough. Where the old symptom is still there, do the same once more (not C: its curves go on past the best
// epoch, but its weights are those of that epoch). Where there is a new one, it was hidden behind the first. And where the advisor
// sees nothing, mind that its limits are coarse: the table after next shows what was left to gain. So you change **one** thing, look again, and write down what you saw. `recipeNote` does the writing,
// from two runs:

// %% id=note
recipeNote(after.get('B')!.history, {
  before: runOf('B').history,
  changed: cures.B.changed,
  recipe: after.get('B')!.recipe,
})

// %% id=again
const again: [TroubledName, TroubledRun][] = [
  ['B', { lr: 0.03 }],
  ['B', { lr: 0.1 }],
  ['D', { lr: 0.3 }],
  ['D', { lr: 0.1 }],
  ['E', { lr: 0.03 }],
  ['E', { epochs: 60 }],
]
const againRows = []
for (const [name, options] of again) {
  const { history, accuracy, recipe } = await troubledRun(name, options)
  againRows.push({
    run: name,
    lr: String(recipe.lr),
    epochs: history.last.epoch,
    'validation loss': history.last.validationLoss,
    'validation accuracy': accuracy.validation,
  })
}
records(againRows, {
  digits: { 'validation accuracy': 2 },
  caption:
    'B and D: the same fix once more; E: a higher rate, or more time, in place of more units',
})

// %% [markdown]
// ## Before it runs: the linter
//
// Some faults can be seen in the recipe, before any time is spent. `lint(recipe)` looks for red flags; here are the six recipes at last.

// %% id=lint
records(
  names.map((name) => {
    const { optimizer, lr, batchSize } = runOf(name).recipe
    const found = lint(runOf(name).recipe).rows
    return {
      run: name,
      recipe: `${optimizer}, lr ${lr}, batch ${batchSize}`,
      'critical or major': found
        .filter(({ severity }) => severity === 'critical' || severity === 'major')
        .map(({ code }) => code)
        .join(', '),
      lesser: found
        .filter(({ severity }) => severity === 'medium' || severity === 'low')
        .map(({ code }) => code)
        .join(', '),
    }
  }),
  { caption: 'What the linter says of the recipes alone' },
)

// %% [markdown]
// `no-rate-range` means that nobody says which other rates were tried. Else the linter catches what is out of the usual range, and no more: whether 0.003 is slow depends on
// network and data, and that a network has too few units, or layers through which nothing passes, stands in no range. Curves cannot be replaced.
//
// ## Over or under?
//
// The gap of two accuracies has a rule of thumb: training far above validation is **overfitting**, the network knows its rows by heart; both poor and alike is **underfitting**, it does not
// even fit what it sees. The limits, 0.1 apart and below 0.7, are a choice. What is poor depends on the task: 0.6 among a thousand classes is much.

// %% id=gap
const pairs = [
  { train: 0.99, validation: 0.7 },
  { train: 0.6, validation: 0.58 },
  { train: 0.95, validation: 0.93 },
]
const finite = names.filter((name) => runOf(name).history.stopped?.why !== 'nonFinite')
records(
  [
    ...pairs.map((pair) => ({ what: 'example', ...pair, 'first fix': '' })),
    ...finite.map((name) => ({
      what: `run ${name}`,
      ...runOf(name).accuracy,
      'first fix': diagnoses.get(name)!.first?.code ?? '',
    })),
  ].map(({ what, train, validation, 'first fix': fix }) => ({
    what,
    train,
    validation,
    'it is': fitGap({ train, validation }),
    'first fix': fix,
  })),
  {
    digits: 2,
    caption: 'Accuracies; a run that ended without weights that are numbers is left out',
  },
)

// %% [markdown]
// Look at the runs that are called underfitting, and at the last column: do all of them want a larger network? A run may have had too little time, or may not learn at all. The threshold sees the end of
// a curve, you have seen the curve. Again the order helps: rate and gradients come before the size of the model.
//
// ## Your turn: read the curves
//
// Write `readCurves({ train, validation })`, two lists of losses of equal length, one number an epoch, at least five. It returns one word, that of the **first** rule that fits:
//
// 1. `'not-finite'`: a loss in either list is NaN or infinite;
// 2. `'oscillating'`: the train loss turns at 40 % or more of its inner epochs. An inner epoch has one before and one after; it turns there if one of the two differences is above 0
//    and the other below;
// 3. `'diverging'`: the last train loss is more than 1.5 times the smallest;
// 4. `'not-decreasing'`: the smallest train loss is less than 3 % below the first;
// 5. `'overfitting'`: each of the last three validation losses is more than 1.05 times the smallest;
// 6. `'slow'`: the last train loss is more than 0.7 times the first;
// 7. `'nothing'`: else.

// %% exercise=read-curves
interface Curves {
  train: number[]
  validation: number[]
}

function readCurves({ train, validation }: Curves): string {
  // BEGIN SOLUTION
  if (![...train, ...validation].every(Number.isFinite)) return 'not-finite'
  const steps = train.slice(1).map((loss, k) => loss - train[k])
  const turns = steps.filter((step, k) => k > 0 && step * steps[k - 1] < 0).length
  if (turns >= 0.4 * (train.length - 2)) return 'oscillating'
  const [first, last, best] = [train[0], train[train.length - 1], Math.min(...train)]
  if (last > 1.5 * best) return 'diverging'
  if (best > 0.97 * first) return 'not-decreasing'
  const limit = 1.05 * Math.min(...validation)
  if (validation.slice(-3).every((loss) => loss > limit)) return 'overfitting'
  return last > 0.7 * first ? 'slow' : 'nothing'
  // END SOLUTION
}

// %% check=read-curves
await check('read-curves', readCurves)

// %% [markdown]
// ## Your turn: the next fix in order
//
// Write `nextFix(fixes, tried)`. `fixes` is a list of `{ code, stage }` in any order, each stage one of those of the table above: check, learning rate, numerical stability,
// batch size, data and loss, gradients, regularization, optimizer. `tried` lists codes that did not help. Return the code of the fix to try next: of those not tried the one whose stage comes
// first; of two in the same stage the one that is first in the list; `null` if nothing is left.

// %% exercise=next-fix
interface Fix {
  code: string
  stage: string
}

function nextFix(fixes: Fix[], tried: string[]): string | null {
  // BEGIN SOLUTION
  const order: readonly string[] = stages
  const left = fixes.filter(({ code }) => !tried.includes(code))
  left.sort((a, b) => order.indexOf(a.stage) - order.indexOf(b.stage))
  return left.length > 0 ? left[0].code : null
  // END SOLUTION
}

// %% check=next-fix
await check('next-fix', nextFix)

// %% [markdown]
// ## True or false?
//
// Write `true` or `false` for each, then run both cells: the second answers from what this notebook computed.
//
// 1. It does not learn: we need another optimizer.
// 2. Clipping makes any learning rate safe.
// 3. As long as the train loss falls, the run is fine.
// 4. Train and validation accuracy are both low, so the network is too small.
// 5. A good linter makes looking at curves needless.

// %% id=quiz
const answers = [true, true, true, true, true]

// %% id=quiz-answers
const tried = (change: string) => tries.find((one) => one.change === change)!
const claimOf = (code: string) => misconceptions.find((one) => one.code === code)!.truth
const low = finite.filter((name) => fitGap({ ...runOf(name).accuracy }) === 'underfitting')
const wantLarger = low.filter((name) => diagnoses.get(name)!.first?.code === 'larger-model')
const flagged = names.filter((name) =>
  lint(runOf(name).recipe).rows.some(({ severity }) => /critical|major/.test(severity)),
)
const fallen = runOf('C').history
const clipped = tried('clip: 1')
const toRate = gaps(tried("optimizer: 'rmsprop'").losses, tried('lr: 0.01').losses)
const facts = [
  {
    is: mean(toRate) < 0,
    because: `in run A another optimizer at the old rate ends at ${pm(tried("optimizer: 'rmsprop'").losses)}, a tenth of the rate at ${pm(tried('lr: 0.01').losses)}; SGD brings its own length of step. ${claimOf('optimizer-is-to-blame')}`,
  },
  {
    is: clipped.unsteady === 0,
    because: `with clip 1 run A was still unsteady in ${clipped.unsteady} of ${seeds.length} seeds. ${claimOf('clipping-cures')}`,
  },
  {
    is: fallen.last.validationLoss! <= 1.05 * fallen.best().validationLoss!,
    because: `in run C the train loss went to ${fallen.last.trainLoss.toFixed(2)} at the end, the validation loss from ${fallen.best().validationLoss?.toFixed(2)} at best to ${fallen.last.validationLoss?.toFixed(2)}`,
  },
  {
    is: wantLarger.length === low.length,
    because: `both were low in the runs ${low.join(', ')}; a larger network was the first fix for ${wantLarger.join(', ')}`,
  },
  {
    is: flagged.length === names.length,
    because: `it had something critical or major to say of ${flagged.length} of ${names.length} recipes`,
  },
]
quiz(answers, facts)

// %% [markdown]
// ## To keep
//
// - **Symptom → first move.** Jumps or NaN: lower the rate, by 3 to 10. Slow and smooth: raise it, by 2 to 3. Stuck from the start: one batch by heart, before anything else. Training better, validation
//   worse: stop earlier, then one regularizer. Both poor, and no longer falling: a larger model. A pretrained backbone that drifts: a smaller rate for it (lesson 11).
// - **The order:** rate, numbers, batch, data and loss, gradients, regularization; the optimizer last. One change at a time.
// - **Which curve should move?** Say it before you run. If another one moved, you have learned something else.
// - **Next:** when nothing stands out any longer, optimization is done: what is left to gain lies in data and model. Write the note (`recipeNote`) after every run.
// - **Read next:** Bengio, _Practical Recommendations for Gradient-Based Training of Deep Architectures_ (2012); Glorot and Bengio, _Understanding the Difficulty of Training Deep Feedforward
//   Neural Networks_ (2010); Choi and others, _On Empirical Comparisons of Optimizers for Deep Learning_ (2019).
//
// **On to [lesson 14](14-large-batch.ipynb):** what many machines gain, and the optimizers made for them.
//
// [All lessons](00-start-here.ipynb) · [Glossary](glossary.ipynb)
