import { Dataset } from '../data/dataset.js'
import { display } from '../host/display.js'
import { findHost } from '../host/host.js'
import type { FitOptions } from '../training/options.js'
import { findingsIn, findingsTable, redFlags } from './lint.js'
import type { TrainingRecipe } from './recipe.js'

type Values = Readonly<Record<string, unknown>>

/** Values of a schedule that are looked at for its peak. */
const samples = 200

function stepsOf({ train, epochs, batchSize = 32, accumulate = 1 }: FitOptions): number {
  const rows = train instanceof Dataset ? train.length : 1000 * batchSize
  return Math.ceil(Math.ceil(rows / batchSize) / accumulate) * epochs
}

/** An option as a number: of a schedule its largest value within the run. */
function numberIn(value: unknown, steps: number): number | undefined {
  if (typeof value === 'number') return value
  if (typeof value !== 'function') return undefined
  const apart = Math.max(1, Math.floor(steps / samples))
  let largest = Number.NEGATIVE_INFINITY
  for (let step = 0; step < steps; step += apart) largest = Math.max(largest, value(step) as number)
  return Number.isFinite(largest) ? largest : undefined
}

/**
 * The recipe that options of `fit` amount to, as far as they tell: what `fit` looks through before it trains. Add what only you know (the kind of model,
 * which rates were tried), and ask `lint`.
 * Tests     test/advisor/lintFit.test.ts
 * @example
 * const { train } = split(await digits(), { train: 200, seed: 1 })
 * const recipe = recipeOfFit({ train, optimizer: sgd(network.parameters(), { lr: 0.1, momentum: 0.9 }), epochs: 5, batchSize: 64 })
 * lint({ ...recipe, lrTuned: true }).rows.map(({ code }) => code)   // ['momentum-without-nesterov']
 */
export function recipeOfFit(options: FitOptions): TrainingRecipe {
  const { optimizer, epochs, batchSize = 32, accumulate = 1, clip } = options
  const groups = optimizer.groups.map((group) => group as unknown as Values)
  const [first = {}] = groups
  const steps = stepsOf(options)
  const numbers = Object.fromEntries(
    ['lr', 'momentum', 'beta1', 'beta2', 'eps'].flatMap((name) => {
      const value = numberIn(first[name], steps)
      return value === undefined ? [] : [[name, value]]
    }),
  )
  const flags = Object.fromEntries(
    ['nesterov', 'decoupled'].flatMap((name) =>
      typeof first[name] === 'boolean' ? [[name, first[name]]] : [],
    ),
  )
  const decays = groups.map(({ weightDecay }) => numberIn(weightDecay, steps) ?? 0)
  const limit = typeof clip === 'object' ? clip.limit : clip
  const schedule = typeof first.lr === 'function' ? first.lr.name : 'constant'
  return {
    optimizer: optimizer.name,
    ...numbers,
    ...flags,
    ...(schedule && { schedule }),
    ...(groups.some((group) => 'weightDecay' in group) && { weightDecay: Math.max(...decays) }),
    ...(decays.some((decay) => decay > 0) && {
      biasesDecay: optimizer.groups.some(
        ({ params }, k) => decays[k]! > 0 && params.some(({ shape }) => shape.length < 2),
      ),
    }),
    batchSize: batchSize * accumulate,
    epochs,
    ...(limit !== undefined && limit > 0 && Number.isFinite(limit) && { clip: limit }),
  }
}

/** What would be a nuisance at each training is left out: matters of taste, and questions that options of `fit` cannot answer. */
const noted = redFlags.filter(({ severity, asks }) => severity !== 'low' && !asks)

let shown = { cell: undefined as unknown, texts: new Set<string>() }

/** Shows what `lint` finds in options of `fit`: a note, once a cell. Advice is no reason to stop a training, so it never throws. */
export function lintFit(options: FitOptions): void {
  try {
    const findings = findingsIn(recipeOfFit(options), noted)
    if (findings.length === 0) return
    const note = findingsTable(findings, 'A note before training (lint: false turns it off)')
    const cell = findHost().cell?.()
    if (shown.cell !== cell) shown = { cell, texts: new Set() }
    if (shown.texts.has(String(note))) return
    shown.texts.add(String(note))
    display(note)
  } catch {
    // An optimizer of one's own may have options that are none of ours.
  }
}
