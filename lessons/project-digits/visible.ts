import {
  digits,
  digitsProject,
  type Exercise,
  moveRules,
  registerExercise,
  split,
  trainRecipe,
  withHints,
} from 'downhill'
import { field } from '../plain.js'
import hints from './hints.md'
import {
  answerOf,
  curves,
  differences,
  experimentOf,
  verdictOf,
  wellFormed,
  withinBudget,
} from './recipes.js'

const few = 50

const recipe: Exercise = {
  id: 'recipe',
  functionName: 'recipe',
  checks: [
    {
      name: 'well-formed',
      points: 1,
      rule: 'a recipe in the fields, words and ranges of the table',
      async test(student) {
        const given = await answerOf(student, 'recipe')
        return verdictOf('a recipe that can be trained', () => {
          const { optimizer, lr } = wellFormed(given)
          return `${optimizer}, lr ${lr}`
        })
      },
    },
    {
      name: 'in-budget',
      points: 1,
      rule: 'epochs · 300 rows are at most 12000',
      async test(student) {
        const given = await answerOf(student, 'recipe')
        return verdictOf(`at most ${digitsProject.rows} rows`, () => {
          const { epochs } = withinBudget(given)
          return `${epochs * digitsProject.train} rows`
        })
      },
    },
    {
      name: 'rehearsal',
      points: 1,
      rule: 'it trains: on 50 rows the train loss stays finite, and falls',
      async test(student) {
        const full = withinBudget(await answerOf(student, 'recipe'))
        // Small enough for any process: the real training is the referee's, in a thread of its own.
        const { train, validation } = split(await digits(), { train: few, validation: few })
        const given = { ...full, batchSize: Math.min(few, full.batchSize) }
        const { history } = await trainRecipe(given, { train, validation, seed: 1 })
        const [first, last] = [history.rows[0]!.trainLoss, history.last.trainLoss]
        return {
          ok: Number.isFinite(last) && (last < first || full.epochs === 1),
          expected: `a loss below that of the first epoch, ${first.toFixed(3)}`,
          got: last.toFixed(3),
        }
      },
    },
  ],
}

const words: Readonly<Record<string, readonly string[]>> = {
  curve: curves,
  direction: ['up', 'down'],
  next: [...moveRules.map(({ code }) => code), 'stop'],
}

const note: Exercise = {
  id: 'note',
  functionName: 'note',
  checks: [
    {
      name: 'two-recipes',
      points: 1,
      rule: 'before and after: two recipes within the budget',
      async test(student) {
        const given = await answerOf(student, 'note')
        return verdictOf('two recipes that can be trained', () => {
          const { before, after } = experimentOf(given)
          return `${before.optimizer}, lr ${before.lr}; ${after.optimizer}, lr ${after.lr}`
        })
      },
    },
    {
      name: 'one-change',
      points: 1,
      rule: 'they differ in one field, and `changed` is its name',
      async test(student) {
        const given = await answerOf(student, 'note')
        const { before, after } = experimentOf(given)
        const changed = String(field(given, 'changed'))
        const found = differences(before, after)
        return {
          ok: found.length === 1 && found[0] === changed,
          expected: 'one field, named in changed',
          got: `they differ in ${found.join(', ') || 'nothing'}; changed is ${changed}`,
        }
      },
    },
    {
      name: 'words',
      points: 1,
      rule: 'curve, direction and next are words of the table',
      async test(student) {
        const given = await answerOf(student, 'note')
        const odd = Object.keys(words).find(
          (name) => !words[name]!.includes(String(field(given, name))),
        )
        return {
          ok: odd === undefined,
          expected: odd ? `${odd}: ${words[odd]!.join(', ')}` : 'words of the table',
          got: odd ? String(field(given, odd)) : 'words of the table',
        }
      },
    },
  ],
}

export const visible = [recipe, note].map((exercise) => withHints(exercise, hints))
for (const exercise of visible) registerExercise(exercise)
