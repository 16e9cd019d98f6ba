import { createRequire } from 'node:module'
import { Worker } from 'node:worker_threads'
import { digitsProject, type FullRecipe } from 'downhill'
import type { Curve } from './recipes.js'

/** What came of a recipe on one split. A number that is not finite is null. */
export interface Refereed {
  /** On the rows that judge; 0 for a run that ended in NaN. */
  accuracy: number
  /** After the last epoch. */
  curves: Record<Curve, number | null>
  /** What `diagnose` would try first, or 'stop'. */
  next: string
  /** Codes of what `lint` finds critical or major. */
  findings: string[]
}

/** Milliseconds for one training. One takes a third of a second, the longest that a recipe may ask for less than two, on one core that is free. */
const limit = 60_000

/**
 * What the thread runs, as text, so that no bundler can lose its file: it takes the library that was built. The recipe has been checked, and is data; the
 * linter's recipe is written from what was trained.
 */
const source = `
const { parentPort, workerData } = require('node:worker_threads')
const { digits, split, trainRecipe, diagnose, lint } = require(workerData.library)
const { project } = workerData
const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length
async function referee({ recipe, seed }) {
  const parts = split(await digits(), { train: project.train, validation: project.validation, seed })
  const { train, validation, test } = parts
  const run = await trainRecipe(recipe, { train, validation, seed, rows: project.rows })
  const { rows, last, stopped } = run.history
  const broken = stopped && stopped.why === 'nonFinite'
  const accuracy = { train: await run.accuracy(train), validation: await run.accuracy(validation) }
  const { first } = diagnose(run.history, { recipe: run.recipe, accuracy })
  const { gradientNorm } = rows[0]
  const told = {
    ...run.recipe,
    clipped: mean(rows.map((row) => row.clipped ?? 0)),
    ...(Number.isFinite(gradientNorm) && { gradientNorm }),
  }
  const finite = (value) => (Number.isFinite(value) ? value : null)
  return {
    accuracy: broken ? 0 : await run.accuracy(test),
    curves: {
      trainLoss: finite(last.trainLoss),
      validationLoss: finite(last.validationLoss),
      accuracy: finite(last.metrics.accuracy),
    },
    next: first ? first.code : 'stop',
    findings: lint(told).rows
      .filter(({ severity }) => severity === 'critical' || severity === 'major')
      .map(({ code }) => code),
  }
}
parentPort.on('message', (job) =>
  referee(job).then(
    (result) => parentPort.postMessage({ result }),
    (error) => parentPort.postMessage({ error: String(error.message) }),
  ),
)`

/** What was trained already, by recipe and seed: several checks ask for the same. */
const known = new Map<string, Promise<Refereed>>()
const mostKnown = 1000

/**
 * Trains a recipe on each split, in a thread that ends with it, or that is ended when a training takes too long: the grader goes on marking others meanwhile.
 * @throws Error when a training was ended, or failed
 */
export function referee(recipe: FullRecipe, seeds: readonly number[]): Promise<Refereed[]> {
  if (known.size > mostKnown) known.clear()
  const keyOf = (seed: number) => `${seed} ${JSON.stringify(recipe)}`
  const missing = seeds.filter((seed) => !known.has(keyOf(seed)))
  if (missing.length > 0) {
    const results = trainAll(recipe, missing)
    for (const [k, seed] of missing.entries()) {
      const one = results.then((all) => all[k]!)
      one.catch(() => known.delete(keyOf(seed)))
      known.set(keyOf(seed), one)
    }
  }
  return Promise.all(seeds.map((seed) => known.get(keyOf(seed))!))
}

async function trainAll(recipe: FullRecipe, seeds: readonly number[]): Promise<Refereed[]> {
  const library = createRequire(import.meta.url).resolve('downhill')
  const worker = new Worker(source, {
    eval: true,
    execArgv: [],
    workerData: { library, project: digitsProject },
    resourceLimits: { maxOldGenerationSizeMb: 512 },
  })
  // While it is being ended, nobody else listens, and an error without a listener would end the grader.
  worker.on('error', () => {})
  try {
    const results: Refereed[] = []
    for (const seed of seeds) results.push(await answered(worker, { recipe, seed }))
    return results
  } finally {
    await worker.terminate()
  }
}

function answered(worker: Worker, job: { recipe: FullRecipe; seed: number }): Promise<Refereed> {
  return new Promise((resolve, reject) => {
    const settle = (then: () => void): void => {
      clearTimeout(timer)
      worker.off('message', told).off('error', broke).off('exit', left)
      then()
    }
    const fail = (what: string) => settle(() => reject(new Error(`the training ${what}`)))
    const told = ({ result, error }: { result?: Refereed; error?: string }) =>
      result ? settle(() => resolve(result)) : fail(`failed: ${error}`)
    const broke = (error: Error) => fail(`ended: ${error.message}`)
    const left = () => fail('ended by itself')
    const timer = setTimeout(() => fail(`took more than ${limit / 1000} s and was ended`), limit)
    worker.on('message', told).on('error', broke).on('exit', left).postMessage(job)
  })
}
