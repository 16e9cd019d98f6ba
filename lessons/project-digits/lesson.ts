// %% [markdown]
// # The project: digits within a budget
//
// **The question.** You may show a small network 12,000 pictures of digits, and not one more. How many digits that it has never seen can it read afterwards?
//
// There is no new formula here. You have all the parts: optimizers, rates and schedules, regularizers, augmentation, averages, seeds, and an order in which to try things. This is the place to use
// them on something that is marked by what comes out. Take an evening; each training lasts less than a second, and some of the fun is in the numbers that do not move.

// %%
import {
  check,
  checkDigitsRecipe,
  comparisonPlot,
  counts,
  type DigitsRecipe,
  diagnose,
  digitAugmentations,
  digits,
  digitsProject,
  digitsRecipeFields,
  display,
  type History,
  historyPlot,
  lines,
  lint,
  moveRules,
  quiz,
  recipeNote,
  records,
  seededRandom,
  split,
  spreadOf,
  stages,
  type TrainedRecipe,
  trainRecipe,
} from 'downhill'

// %% [markdown]
// ## What is given
//
// **The data.** Of the 1797 digits (8 × 8 pixels) 300 are for learning, 400 for **validation**, which is what you choose by, and the rest **judges**: it is looked at once, at the end. A **seed** decides
// which rows go where, the first weights, and the order. Five seeds are five fresh starts.
//
// **The budget.** Each time that a picture goes through the network to be learned from, it costs one row: 12,000 rows are 40 **epochs** (rounds) of 300, whatever the batch size. A changed picture costs as much as
// an unchanged one. Looking at the validation rows is free.
//
// **The recipe.** You hand in no program but data: an object with words and numbers. `trainRecipe` trains by it, here and where your work is marked, so what you measure is what counts. A plain one to start from:

// %% id=plain
const plain: DigitsRecipe = {
  optimizer: 'sgd',
  lr: 0.05,
  batchSize: 32,
  epochs: 20,
  hidden: [32],
}
const all = await digits()
const seeds = [1, 2, 3, 4, 5]
const dataOf = (seed: number) =>
  split(all, { train: digitsProject.train, validation: digitsProject.validation, seed })
records([
  {
    'rows to learn from': digitsProject.train,
    'for validation': digitsProject.validation,
    'that judge': dataOf(1).test.length,
    'budget (rows)': digitsProject.rows,
    'the plain recipe uses': plain.epochs * digitsProject.train,
  },
])

// %% [markdown]
// All that a recipe may say. Most of these words have a lesson: momentum 04, Adam and RMSprop 05, decay 06, dropout, norm layers and stopping 07, schedules 03, smoothing and others 08, augmentation 09, LAMB 14, averages of weights 16. (New are `nadam`, Adam that looks ahead as Nesterov does, `radam`, Adam that holds back its first steps, and `lion`, which steps by the sign of an average.)
// Whoever wrote a rule in lesson 15 may hand it in: `optimizer: 'own'`, and `rule` with its text.

// %% id=fields
records(
  digitsRecipeFields().map(({ field, values, default: usual, forWhich }) => ({
    field,
    'what it may be': values,
    'if not said': usual,
    optimizers: forWhich,
  })),
  { caption: 'The fields of a recipe' },
)

// %% [markdown]
// Five of them in words. `warmup` is the share of the steps in which the rate climbs from 0. `clip` shortens gradients that are longer than it. `patience` stops a run whose validation loss has not improved for so many epochs, and takes the best weights
// back. `average` hands in a mean of the weights of many steps instead of the last ones: of all with β = `averageDecay` (`ema`), or of the last quarter (`swa`). And `augment` changes the pictures anew in each epoch; you will see how.
//
// ## Guess before you run
//
// Which **one** field, changed alone in the plain recipe, will raise the accuracy most? And where will your best recipe end, in percent?

// %% id=guess
const guess = { field: 'optimizer', best: 95 }

// %% [markdown]
// ## How to look at a run
//
// Four curves side by side: the **train loss** says whether it learns, the **validation loss** whether what it learns holds for others, the **accuracy** is what you want, and the **learning rate** explains many a bend in the
// other three. `diagnose` reads them by fixed limits and says what to try first. `run` trains one recipe on one seed.

// %% id=look
const run = (recipe: DigitsRecipe, seed: number): Promise<TrainedRecipe> => {
  const { train, validation } = dataOf(seed)
  return trainRecipe(recipe, { train, validation, seed: seed, rows: digitsProject.rows })
}
const adviceOn = async (trained: TrainedRecipe, seed: number) => {
  const { train, validation } = dataOf(seed)
  const accuracy = {
    train: await trained.accuracy(train),
    validation: await trained.accuracy(validation),
  }
  return diagnose(trained.history, { recipe: trained.recipe, accuracy: accuracy })
}
const first = await run(plain, 1)
display(
  historyPlot(first.history, {
    title: 'The plain recipe, seed 1',
    alt: `Both losses fall side by side to ${first.history.last.trainLoss.toFixed(2)} and ${first.history.last.validationLoss?.toFixed(2)}; the accuracy rises, fast at first; the rate is level.`,
  }),
)
await adviceOn(first, 1)

// %% [markdown]
// Nothing stands out, says the advisor: the limits are for runs that are ill, and this one is only unfinished. Look for yourself. Are the losses still falling when the run ends? How far apart are they?
//
// ## A method
//
// A dozen fields with a few values each are more recipes than you will ever train. What follows is a way through, and it is the same on any task:
//
// 1. **One batch by heart.** If the network cannot learn 32 pictures, something is broken, and no tuning mends it.
// 2. **The learning rate.** Before everything else, over a wide range; and again after each change that matters.
// 3. **One change at a time**, measured on several seeds, paired, with a table of all your tries, the bad ones too.
// 4. **Look at what is still wrong**, with your own eyes.
// 5. **In the order of fixes** (lesson 13): rate, numbers, batch, data and loss, gradients, regularization; another optimizer last.
//
// ### 1. One batch by heart

// %% id=one-batch
const batch = dataOf(1).train.rows(Array.from({ length: 32 }, (_, k) => k))
const byHeart = await trainRecipe(
  { ...plain, lr: 0.1, epochs: 60 },
  { train: batch, validation: dataOf(1).validation, seed: 1 },
)
records(
  [
    {
      'train loss at first': byHeart.history.rows[0].trainLoss,
      'after 60 steps': byHeart.history.last.trainLoss,
      'of the batch, right': await byHeart.accuracy(batch),
      'of the others, right': byHeart.history.last.metrics.accuracy,
    },
  ],
  { digits: 3, caption: '32 pictures, again and again' },
)

// %% [markdown]
// It can learn. (And 32 pictures already teach it something about the others.)
//
// ### 2. The learning rate
//
// Every other comparison is worthless while the rate is wrong: you would be comparing how far each recipe is from a good rate. `measure` trains a recipe on all seeds; it remembers what it has trained, so running a cell again costs nothing.

// %% id=rates
interface Measured {
  accuracies: number[]
  histories: History[]
  runs: TrainedRecipe[]
}
const measured = new Map<string, Measured>()
const measure = async (recipe: DigitsRecipe): Promise<Measured> => {
  const key = JSON.stringify(checkDigitsRecipe(recipe))
  const known = measured.get(key)
  if (known) return known
  const runs: TrainedRecipe[] = []
  for (const seed of seeds) runs.push(await run(recipe, seed))
  const accuracies: number[] = []
  for (const [k, seed] of seeds.entries())
    accuracies.push(100 * (await runs[k].accuracy(dataOf(seed).validation)))
  const histories = runs.map(({ history }) => history)
  const found = { accuracies: accuracies, histories: histories, runs: runs }
  measured.set(key, found)
  return found
}
const rates = [0.01, 0.03, 0.1, 0.3, 1]
const swept: Measured[] = []
for (const lr of rates) swept.push(await measure({ ...plain, lr: lr }))
const means = swept.map(({ accuracies }) => spreadOf(accuracies))
display(
  lines({
    title: 'The plain recipe at five learning rates',
    alt: `Validation accuracy at the learning rates ${rates.join(', ')}: ${means.map(({ mean }) => mean.toFixed(0)).join(', ')} percent.`,
    xTitle: 'learning rate',
    yTitle: 'validation accuracy (%)',
    logX: true,
    series: [
      {
        name: 'mean of five seeds, ± one standard deviation',
        x: rates,
        y: means.map(({ mean }) => mean),
        markers: true,
        band: {
          low: means.map(({ mean, sd }) => mean - sd),
          high: means.map(({ mean, sd }) => mean + sd),
        },
      },
    ],
  }),
)
const bestRate =
  rates[means.findIndex(({ mean }) => mean === Math.max(...means.map((m) => m.mean)))]
console.log(`best of these: ${bestRate}`)

// %% [markdown]
// A hill with a cliff: up slowly from the left, and down at once on the right. Another optimizer has its hill elsewhere (for Adam look between 0.001 and 0.03), a schedule that falls to 0 allows a higher peak.
//
// Now your guess. One field of the plain recipe changed, and nothing else: the gain in percentage points, seed by seed.

// %% id=alone
const pm = (values: readonly number[], digits = 2) => {
  const { mean, sd } = spreadOf(values)
  return `${mean.toFixed(digits)} ± ${sd.toFixed(digits)}`
}
const gainsOf = async (recipe: DigitsRecipe) => {
  const base = (await measure(plain)).accuracies
  return (await measure(recipe)).accuracies.map((accuracy, k) => accuracy - base[k])
}
const changes: Partial<DigitsRecipe>[] = [
  { lr: bestRate },
  { epochs: 40 },
  { momentum: 0.9 },
  { optimizer: 'adamw' },
  { hidden: [128] },
  { batchSize: 16 },
  { schedule: 'cosine' },
  { dropout: 0.2 },
  { augment: 'noise' },
]
const alone: { field: string; value: string; gain: string; mean: number }[] = []
for (const change of changes) {
  const gains = await gainsOf({ ...plain, ...change })
  const [field, value] = Object.entries(change)[0]
  alone.push({ field: field, value: String(value), gain: pm(gains), mean: spreadOf(gains).mean })
}
alone.sort((a, b) => b.mean - a.mean)
records(
  alone.map(({ field, value, gain }) => ({ field, value, 'gain (points)': gain })),
  {
    caption: 'One field of the plain recipe, changed alone',
    mark: ({ field }, column) =>
      column === 'field' && field === guess.field ? 'your guess' : undefined,
  },
)

// %% [markdown]
// The plain recipe is not trained through. Which of these changes are longer steps, or more of them, in disguise? And what does that say about a regularizer that is tried **before** the rate is right?
//
// ### 3. The table of tries
//
// Your laboratory. Each line changes **one** field of a line above it. The **gain** is the difference to the plain recipe, seed by seed; it counts (lesson 06) if it is more than twice its standard deviation. Add lines, run the cell, think, add
// lines. Do not delete the bad ones: they are what you know.

// %% id=tries
const tries: Record<string, DigitsRecipe> = {
  plain: plain,
  'its best rate': { ...plain, lr: bestRate },
  'all of the budget': { ...plain, lr: bestRate, epochs: 40 },
  'mirrored pictures': { ...plain, lr: bestRate, epochs: 40, augment: 'mirror' },
  // Yours from here on:
}
const board = []
for (const [name, recipe] of Object.entries(tries)) {
  const { accuracies, runs } = await measure(recipe)
  const gains = await gainsOf(recipe)
  board.push({
    try: name,
    'validation accuracy (%)': pm(accuracies),
    'gain over plain (points)': name === 'plain' ? '' : pm(gains),
    counts: name === 'plain' ? '' : counts(spreadOf(gains)) ? 'yes' : 'not on five seeds',
    rows: runs[0].rows,
    mean: spreadOf(accuracies).mean,
  })
}
board.sort((a, b) => b.mean - a.mean)
records(
  board.map(({ mean: _, ...row }) => row),
  { caption: `Your tries, the best first: mean ± standard deviation over ${seeds.length} seeds` },
)

// %% [markdown]
// The best line beside the plain one, all four curves. Which of them moved?

// %% id=curves
const leader = board[0].try
comparisonPlot(
  {
    plain: (await measure(plain)).histories,
    [leader]: (await measure(tries[leader])).histories,
  },
  {
    title: `plain and ${leader}: mean of five seeds`,
    alt: `Train loss, validation loss, accuracy and learning rate over the epochs, a line and a band of five seeds for plain and for ${leader}.`,
    logY: true,
  },
)

// %% [markdown]
// ### 4. What is still wrong
//
// Numbers say how many; pictures say why. These are the validation digits of seed 1 that the leader of your table reads wrongly: the truth, and what it read. Would you have read them?

// %% id=wrong
/** Pictures in a row of eight as SVG, each with a line of text below. */
const gallery = (pictures: { row: readonly number[]; text: string }[], title: string) => {
  const [size, wide] = [9, 8]
  const place = (k: number) => `translate(${(k % wide) * 90 + 9} ${Math.floor(k / wide) * 100 + 9})`
  const pixels = (row: readonly number[]) =>
    row
      .map((ink, i) => {
        const grey = Math.round(255 * (1 - Math.min(16, Math.max(0, ink)) / 16))
        return `<rect x="${(i % 8) * size}" y="${Math.floor(i / 8) * size}" width="${size}" height="${size}" fill="rgb(${grey},${grey},${grey})"/>`
      })
      .join('')
  const cells = pictures.map(
    ({ row, text }, k) =>
      `<g transform="${place(k)}"><rect x="-1" y="-1" width="74" height="74" fill="none" stroke="#888"/>${pixels(row)}<text x="36" y="86" font-size="12" font-family="sans-serif" text-anchor="middle" fill="#222">${text}</text></g>`,
  )
  const [width, height] = [wide * 90, Math.ceil(pictures.length / wide) * 100 + 5]
  const words = pictures.map(({ text }) => text).join('; ')
  return {
    'image/svg+xml': `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${title}: ${words}"><title>${title}</title><rect width="${width}" height="${height}" fill="white"/>${cells.join('')}</svg>`,
    'text/plain': `${title}: ${words}`,
  }
}
const wrongOf = async (recipe: DigitsRecipe) => {
  const { validation } = dataOf(1)
  const read = await (await measure(recipe)).runs[0].predict(validation)
  return read.flatMap((digit, k) =>
    digit === validation.y[k]
      ? []
      : [{ row: validation.x[k], text: `${validation.y[k]}, read ${digit < 0 ? 'NaN' : digit}` }],
  )
}
const wrong = await wrongOf(tries[leader])
console.log(`${wrong.length} of ${dataOf(1).validation.length} are read wrongly by "${leader}"`)
display(gallery(wrong.slice(0, 24), 'Digits that are read wrongly'), { raw: true })

// %% [markdown]
// Thin, slanted, cut off, written by another hand: 300 pictures do not show it all the ways to write a 9. More pictures would help, and there are none; but there are **changed** ones. Here is what `augment` can do to a digit, each time anew (`shift` moves it by a pixel; `jitter` turns, slants, stretches and moves it, each a little):

// %% id=augment
const random = seededRandom(4)
const kinds = ['shift', 'noise'] as const
const { x: rowsSeen, y: labels } = dataOf(1).train
const sample = [2, 6].map((digit) => rowsSeen[labels.indexOf(digit)])
const shown = sample.flatMap((row) => [
  { row: row, text: 'as it is' },
  ...kinds.map((kind) => ({ row: digitAugmentations[kind](row, random), text: kind })),
  // Half of the time only: here it is.
  { row: digitAugmentations.mirror(row, () => 0), text: 'mirror' },
  ...(['jitter', 'jitter', 'jitter', 'jitter'] as const).map((kind) => ({
    row: digitAugmentations[kind](row, random),
    text: kind,
  })),
])
display(gallery(shown, 'Two digits, changed'), { raw: true })

// %% [markdown]
// Which of these leave the label right, and which look like what another hand might have written? Guess, then put them into the table of tries.
//
// ### 5. What comes next
//
// When you are stuck, the order of fixes. These are the moves that the advisor knows; you will need their codes for the note.

// %% id=moves
records(
  [...moveRules]
    .sort((a, b) => stages.indexOf(a.stage) - stages.indexOf(b.stage))
    .map(({ code, stage, for: against }) => ({ move: code, stage, against: against.join(', ') })),
  { caption: 'Moves, in the order in which to try them; and "stop" when nothing stands out' },
)

// %% [markdown]
// ## Your turn: the recipe
//
// Write `recipe()`. It takes nothing and returns the recipe that you hand in, with no more than 12,000 rows. It is asked once, trained on five splits that nobody has seen, and the mean of the five accuracies on the rows that judge decides:
//
// | points | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 |
// | --- | --- | --- | --- | --- | --- | --- | --- | --- |
// | from a mean accuracy of | 92 % | 93 % | 94 % | 95 % | 95.5 % | 96 % | 96.5 % | 97 % |
//
// Half a percentage point is forgiven at each, since splits differ. One more point is for a recipe that reaches the first band and in which `lint` finds nothing critical or major. Visible here: that it is a recipe, that it fits the budget, and that it trains.

// %% exercise=recipe
function recipe(): DigitsRecipe {
  // BEGIN SOLUTION
  const optimizing = { optimizer: 'adamw', lr: 0.02, schedule: 'cosine', batchSize: 32 } as const
  const generalizing = { augment: 'jitter', labelSmoothing: 0.15 } as const
  const network = { hidden: [128], activation: 'gelu' } as const
  return { ...optimizing, ...generalizing, ...network, epochs: 40 }
  // END SOLUTION
}

// %% check=recipe
await check('recipe', recipe)

// %% [markdown]
// ## The rows that judge, once
//
// Run this when you have chosen, not to choose by: whoever looks at the judge after each try has made it a second validation set. Until `recipe()` is written, the leader of your table stands in.

// %% id=judge
const ofYours = (): { name: string; recipe: DigitsRecipe } => {
  try {
    const own = recipe()
    checkDigitsRecipe(own, { rows: digitsProject.rows, length: digitsProject.train })
    return { name: 'your recipe', recipe: own }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return { name: `${leader} (${why})`, recipe: tries[leader] }
  }
}
const chosen = ofYours()
const judged: number[] = []
for (const [k, seed] of seeds.entries())
  judged.push(100 * (await (await measure(chosen.recipe)).runs[k].accuracy(dataOf(seed).test)))
display(
  records(
    [
      {
        recipe: chosen.name,
        'validation accuracy (%)': pm((await measure(chosen.recipe)).accuracies),
        'on the rows that judge (%)': pm(judged),
        'you guessed': guess.best,
      },
    ],
    { caption: `Mean ± standard deviation over ${seeds.length} seeds` },
  ),
)
lint((await measure(chosen.recipe)).runs[0].recipe)

// %% [markdown]
// Is the first number above the second? You chose what was best on validation, and part of being best is luck: the more you tried, the more.
//
// (`no-rate-range` asks which rates you tried: it cannot know, and costs nothing.)
//
// ## Your turn: the note, as an experiment
//
// The course has asked for a **note** after each run: what was changed, which curve moved, what comes next. Here the note is an experiment that somebody else can repeat. Choose one change that taught you something. It need not be a good one.
//
// Write `note()`, which returns an object with these fields:
//
// | field | what |
// | --- | --- |
// | `before`, `after` | two recipes within the budget that differ in **one** field |
// | `changed` | the name of that field |
// | `curve` | which curve moved: `trainLoss`, `validationLoss` or `accuracy` (that of validation), by its value after the last epoch |
// | `direction` | `up` or `down` |
// | `next` | the code of the move that `diagnose` gives first for `after`, or `stop` if it gives none |
//
// Both recipes are then trained on five fresh splits. The curve must have moved as you say, and beyond the noise: the mean of the five differences is more than twice their standard deviation, and more than half a percent of what the curve was (a rate that is a millionth higher moves every split alike, and means nothing). For `next`, one of the five splits is enough. Try it here first. As it stands the cell compares recipes that differ in two fields, which is no note yet:

// %% id=experiment
const experiment = async (before: DigitsRecipe, after: DigitsRecipe) => {
  const [old, now] = [await measure(before), await measure(after)]
  const last = ({ histories }: Measured, curve: string) =>
    histories.map(({ last: row }) =>
      curve === 'accuracy'
        ? row.metrics.accuracy
        : curve === 'trainLoss'
          ? row.trainLoss
          : row.validationLoss!,
    )
  const [a, b] = [checkDigitsRecipe(before), checkDigitsRecipe(after)]
  const text = (value: unknown) => JSON.stringify(value)
  const fields = (Object.keys(a) as (keyof typeof a)[]).filter((f) => text(a[f]) !== text(b[f]))
  const next: string[] = []
  for (const [k, seed] of seeds.entries())
    next.push((await adviceOn(now.runs[k], seed)).first?.code ?? 'stop')
  return records(
    ['trainLoss', 'validationLoss', 'accuracy'].map((curve) => {
      const differences = last(now, curve).map((value, k) => value - last(old, curve)[k])
      const was = spreadOf(last(old, curve)).mean
      const difference = spreadOf(differences)
      const enough = Math.abs(difference.mean) > 0.005 * was
      return {
        curve,
        before: pm(last(old, curve), 3),
        after: pm(last(now, curve), 3),
        'after − before': pm(differences, 3),
        'beyond the noise': enough && counts(difference) ? 'yes' : 'no',
      }
    }),
    { caption: `Changed: ${fields.join(', ') || 'nothing'}. Next, by seed: ${next.join(', ')}` },
  )
}
await experiment(plain, tries['all of the budget'])

// %% exercise=note
interface Note {
  before: DigitsRecipe
  after: DigitsRecipe
  changed: string
  curve: 'trainLoss' | 'validationLoss' | 'accuracy'
  direction: 'up' | 'down'
  next: string
}

function note(): Note {
  // BEGIN SOLUTION
  const before = { ...plain, activation: 'tanh' } as const
  const seen = { changed: 'lr', curve: 'trainLoss', direction: 'down', next: 'stop' } as const
  return { ...seen, before, after: { ...before, lr: 0.15 } }
  // END SOLUTION
}

// %% check=note
await check('note', note)

// %% [markdown]
// And the same in prose, as the library writes it: the leader of your table (or your recipe) beside the plain one, on seed 1. Is the next move one of optimization, or of data and model?

// %% id=recipe-note
recipeNote((await measure(chosen.recipe)).histories[0], {
  before: first.history,
  changed: `plain → ${chosen.name}`,
  recipe: (await measure(chosen.recipe)).runs[0].recipe,
})

// %% [markdown]
// ## True or false?
//
// Write `true` or `false` for each, and run both cells: your measurements answer.
//
// 1. The plain recipe gets better by a higher learning rate than by twice as many epochs at its own rate.
// 2. An augmentation is good as long as it makes more pictures.
// 3. A network that reads all 300 pictures it learned from reads others just as well, to within 2 points.

// %% id=quiz
const answers = [true, true, true]

// %% id=quiz-answers
/** How much better the first recipe is, seed by seed. */
const lead = async (recipe: DigitsRecipe, other: DigitsRecipe) => {
  const [own, theirs] = [await measure(recipe), await measure(other)]
  return own.accuracies.map((accuracy, k) => accuracy - theirs.accuracies[k])
}
const higher = await lead({ ...plain, lr: bestRate }, { ...plain, epochs: 40 })
const mirror = await lead(tries['mirrored pictures'], tries['all of the budget'])
const longest = await measure(tries['all of the budget'])
const behind: number[] = []
for (const [k, seed] of seeds.entries()) {
  const known = 100 * (await longest.runs[k].accuracy(dataOf(seed).train))
  behind.push(known - longest.accuracies[k])
}
const facts = [
  {
    is: spreadOf(higher).mean > 0,
    because: `the better rate, minus 40 epochs: ${pm(higher)} points`,
  },
  {
    is: spreadOf(mirror).mean >= 0,
    because: `mirrored, minus unchanged: ${pm(mirror)} points. A mirrored 2 is no 2`,
  },
  {
    is: spreadOf(behind).mean <= 2,
    because: `"all of the budget" reads ${pm(behind)} points more of those it learned from than of the others`,
  },
]
quiz(answers, facts)

// %% [markdown]
// ## To keep
//
// - **The method** outlives the recipe: one batch by heart; the rate; one change at a time on several seeds; look at what is wrong; the order of fixes, the optimizer last.
// - **A table of all tries** is worth more than a good memory: it shows what you tried, how often, and what never counted.
// - **When nothing stands out any longer**, what is left to gain lies in the data. That is where your largest step after the rate came from, is it not?
// - **Choose on validation, judge once.** The number that you report is the one that you did not choose by.
// - **Read next:** Karpathy, _A Recipe for Training Neural Networks_ (2019); Godbole, Dahl and others, _Deep Learning Tuning Playbook_ (2023); Simard, Steinkraus and Platt, _Best Practices for Convolutional Neural Networks Applied to Visual Document Analysis_ (2003), on bent digits; Müller,
//   Kornblith and Hinton, _When Does Label Smoothing Help?_ (2019).
//
// You have reached the end of the course. What you train next is yours. [All lessons and your points](00-start-here.ipynb) · [Glossary](glossary.ipynb)
