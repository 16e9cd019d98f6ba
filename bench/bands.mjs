// Measures what recipes of the final project reach: where its bands lie, and how much luck is in a mark.
//   node bench/bands.mjs [MARKINGS, default 8] [FIRST SEED, default 5000]
// Each marking is the mean accuracy over five splits. Splits on which recipes were searched are others: notebooks have 1 to 5, the search had 101 to 320.
import { digits, digitsProject, split, spreadOf, trainRecipe } from '../dist/index.js'

const [markings = 8, from = 5000] = process.argv.slice(2).map(Number)
const plain = { optimizer: 'sgd', lr: 0.05, batchSize: 32, epochs: 20, hidden: [32] }
const long = { ...plain, epochs: 40, hidden: [128], schedule: 'cosine' }
const adamw = { ...long, optimizer: 'adamw', lr: 0.01 }
const nesterov = { ...long, lr: 0.2, momentum: 0.9, nesterov: true }
const smooth = { augment: 'jitter', activation: 'gelu', labelSmoothing: 0.15 }
const recipes = {
  plain,
  'the best rate': { ...plain, lr: 0.2 },
  'Nesterov, cosine, wider, all rows': { ...nesterov, lr: 0.1 },
  'AdamW, cosine, wider, all rows': adamw,
  'AdamW, jitter': { ...adamw, augment: 'jitter' },
  'Nesterov, jitter, gelu, smoothing': { ...nesterov, ...smooth },
  'AdamW 0.02, jitter, gelu, smoothing': { ...adamw, ...smooth, lr: 0.02 },
}

const all = await digits()
async function accuracyOf(recipe, seed) {
  const parts = split(all, {
    train: digitsProject.train,
    validation: digitsProject.validation,
    seed,
  })
  const { train, validation, test } = parts
  const run = await trainRecipe(recipe, { train, validation, seed, rows: digitsProject.rows })
  return 100 * (await run.accuracy(test))
}
const means = (values) =>
  Array.from({ length: markings }, (_, k) => spreadOf(values.slice(5 * k, 5 * k + 5)).mean)
const text = (values) => {
  const { mean, sd } = spreadOf(values)
  return `${mean.toFixed(2)} ± ${sd.toFixed(2)}`
}

let base
for (const [name, recipe] of Object.entries(recipes)) {
  const began = process.cpuUsage()
  const values = []
  for (let seed = from; seed < from + 5 * markings; seed++)
    values.push(await accuracyOf(recipe, seed))
  const { user, system } = process.cpuUsage(began)
  base ??= values
  const gains = values.map((value, k) => value - base[k])
  console.log(
    `${name.padEnd(38)} a split ${text(values)}, a marking ${text(means(values))}, its gain ${text(means(gains))}, ${((user + system) / 1e6 / values.length).toFixed(2)} s a training`,
  )
}
