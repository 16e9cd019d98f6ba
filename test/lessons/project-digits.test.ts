import { readFileSync } from 'node:fs'
import { type DigitsRecipe, digitsProject, type Plain } from 'downhill'
import { beforeAll, describe, expect, test } from 'vitest'
import { hiddenExercises } from '../../lessons/hidden.js'
import { bands, leastEffect, tolerance, trainedOn } from '../../lessons/project-digits/hidden.js'
import { wellFormed } from '../../lessons/project-digits/recipes.js'
import { referee } from '../../lessons/project-digits/referee.js'
import { visibleExercises } from '../../lessons/visible.js'
import { seededRandom } from '../../src/checks/random.js'
import { localStudent, runChecks } from '../../src/checks/run.js'
import type { Functions } from '../support/answers.js'

/** One marking: five splits are trained for each recipe, so there is one draw of them; bands and tolerances are measured by bench/bands.mjs. */
async function marked(id: 'recipe' | 'note', functions: Functions) {
  const exercise = {
    ...visibleExercises.get(id)!,
    checks: [visibleExercises, hiddenExercises].flatMap((all) => all.get(id)!.checks),
  }
  const { checks, points } = await runChecks(exercise, localStudent(functions), seededRandom(17))
  const lost = checks.filter(({ ok }) => !ok).map(({ name }) => name)
  return { points, lost, got: checks.map(({ name, got }) => `${name}: ${got}`).join('\n') }
}

const plain: DigitsRecipe = {
  optimizer: 'sgd',
  lr: 0.05,
  batchSize: 32,
  epochs: 20,
  hidden: [32],
}
const better = { epochs: 40, hidden: [128], schedule: 'cosine', augment: 'jitter' } as const
const smooth = { activation: 'gelu', labelSmoothing: 0.15 } as const
const adamwCosine: DigitsRecipe = { ...plain, ...better, ...smooth, optimizer: 'adamw', lr: 0.02 }
const nesterov: DigitsRecipe = {
  ...plain,
  ...better,
  ...smooth,
  ...{ lr: 0.2, momentum: 0.9, nesterov: true },
}
const names = bands.map((_, k) => `band-${k + 1}`)

describe('a recipe', () => {
  test.each<[string, DigitsRecipe]>([
    ['AdamW and a cosine', adamwCosine],
    ['SGD with Nesterov', nesterov],
  ])(
    '%s: all points',
    async (_, recipe) => {
      const { points, lost, got } = await marked('recipe', { recipe: () => recipe })
      expect(lost, got).toEqual([])
      expect(points).toBe(12)
    },
    300_000,
  )

  test('AdamW alone: its rate is right, and nothing holds it back: the lower bands', async () => {
    const { augment: _, ...rest } = { ...adamwCosine, ...plain, optimizer: 'adamw', lr: 0.01 }
    const { points, lost } = await marked('recipe', { recipe: () => rest })
    expect(lost).not.toContain('band-2')
    expect(lost).toEqual(expect.arrayContaining(['band-7', 'band-8']))
    expect(points).toBeGreaterThanOrEqual(6)
    expect(points).toBeLessThanOrEqual(10)
  }, 300_000)

  test('the plain one: no band, and no point for being clean', async () => {
    const { points, lost } = await marked('recipe', { recipe: () => plain })
    expect(lost).toEqual([...names, 'clean'])
    expect(points).toBe(3)
  }, 300_000)

  test('mirrored digits', async () => {
    const { lost } = await marked('recipe', {
      recipe: () => ({ ...adamwCosine, augment: 'mirror' }),
    })
    expect(lost).toEqual(expect.arrayContaining(['band-5', 'band-6', 'band-7', 'band-8']))
  }, 300_000)

  test('a decay that Adam divides away is not clean', async () => {
    const recipe = { ...adamwCosine, optimizer: 'adam', weightDecay: 1e-6 }
    const { lost, points } = await marked('recipe', { recipe: () => recipe })
    expect([lost, points]).toEqual([['clean'], 11])
  }, 300_000)

  test('more than the budget: well formed, and no more', async () => {
    const { lost, points } = await marked('recipe', {
      recipe: () => ({ ...adamwCosine, epochs: 41 }),
    })
    expect([lost, points]).toEqual([['in-budget', 'rehearsal', ...names, 'clean'], 1])
  })

  test('one that ends in NaN has an accuracy of 0', async () => {
    const recipe = { ...plain, lr: 10, momentum: 0.99, weightDecay: 10 }
    const { lost, points, got } = await marked('recipe', { recipe: () => recipe })
    expect([lost, points]).toEqual([['rehearsal', ...names, 'clean'], 2])
    expect(got).toContain('band-1: 0.00 %')
  }, 300_000)

  test.each<[string, () => unknown]>([
    [
      'the stub',
      () => {
        throw new Error('recipe: write this function')
      },
    ],
    ['nothing', () => undefined],
    ['a promise that fails', () => Promise.reject(new Error('no'))],
    ['a function', () => () => plain],
    ['a foreign field', () => ({ ...plain, constructor: plain })],
    ['a prototype', () => JSON.parse(`{"__proto__": ${JSON.stringify(adamwCosine)}}`)],
    ['a denormal', () => ({ ...plain, lr: 5e-324 })],
    ['too many units', () => ({ ...plain, hidden: [1e9] })],
    ['a long list', () => ({ ...plain, hidden: new Array(1e7) })],
    [
      'a rule that is a program',
      () => ({ ...plain, optimizer: 'own', rule: '() => process.exit()' }),
    ],
    ['a measured accuracy', () => ({ ...plain, accuracy: 1 })],
  ])(
    '%s: no points, and the grader goes on',
    async (_, recipe) => {
      const { points, lost } = await marked('recipe', { recipe } as Functions)
      expect([points, lost.length]).toEqual([0, 12])
    },
    60_000,
  )

  test('it is asked once for all checks, and what it says later does not count', async () => {
    let asked = 0
    const recipe = () => {
      asked += 1
      return asked === 1 ? plain : adamwCosine
    }
    expect((await marked('recipe', { recipe })).points).toBe(3)
    expect(asked).toBe(1)
  }, 300_000)
})

const higher = { before: plain, after: { ...plain, lr: 0.15 }, changed: 'lr' }
const right = { ...higher, curve: 'trainLoss', direction: 'down', next: 'stop' }

describe('a note', () => {
  test.each<[string, object]>([
    ['a better rate', right],
    [
      'a change for the worse, seen in another curve',
      {
        before: plain,
        after: { ...plain, augment: 'mirror' },
        ...{ changed: 'augment', curve: 'accuracy', direction: 'down', next: 'stop' },
      },
    ],
  ])(
    '%s: all points',
    async (_, note) => {
      const { lost, points, got } = await marked('note', { note: () => note })
      expect([lost, points], got).toEqual([[], 8])
    },
    300_000,
  )

  test('a rate that is far too high, and what to do: how far the loss goes up is chance', async () => {
    const after = { ...plain, lr: 1 }
    const note = { ...higher, after, curve: 'validationLoss', direction: 'up', next: 'lower-rate' }
    const { lost, got } = await marked('note', { note: () => note })
    expect(
      lost.filter((name) => name !== 'beyond-noise'),
      got,
    ).toEqual([])
  }, 300_000)

  test.each<[string, object, string[], number]>([
    ['the other direction', { ...right, direction: 'up' }, ['direction', 'beyond-noise'], 5],
    [
      'a rate that is hardly higher: all splits agree, and it means nothing',
      { ...right, after: { ...plain, lr: 0.05001 } },
      ['beyond-noise'],
      6,
    ],
    ['a move that nobody advises', { ...right, next: 'larger-model' }, ['next-move'], 6],
    [
      'two changes, one named',
      { ...right, after: { ...plain, lr: 0.15, epochs: 40 } },
      ['one-change', 'direction', 'beyond-noise'],
      4,
    ],
    ['no change', { ...right, after: plain }, ['one-change', 'direction', 'beyond-noise'], 4],
    ['another field named', { ...right, changed: 'epochs' }, ['one-change'], 7],
    [
      'prose',
      { ...right, curve: 'the loss', direction: 'better', next: 'Train longer.' },
      ['words', 'direction', 'beyond-noise', 'next-move'],
      2,
    ],
    [
      'recipes that are none',
      { ...right, before: { lr: 1 }, after: 'better' },
      ['two-recipes', 'one-change', 'direction', 'beyond-noise', 'next-move'],
      1,
    ],
  ])(
    '%s',
    async (_, note, lost, points) => {
      const found = await marked('note', { note: () => note })
      expect(found.lost, found.got).toEqual(lost)
      expect(found.points).toBe(points)
    },
    300_000,
  )

  test('an effect that is noise: one direction is right, and neither is beyond it', async () => {
    const before = { ...plain, lr: 0.2 }
    const small = { before, after: { ...before, warmup: 0.1 }, changed: 'warmup', next: 'stop' }
    const sides = await Promise.all(
      ['up', 'down'].map((direction) =>
        marked('note', { note: () => ({ ...small, curve: 'accuracy', direction }) }),
      ),
    )
    const lost = sides.map((side) => side.lost.filter((name) => name !== 'next-move'))
    expect(lost.toSorted((x, y) => x.length - y.length)).toEqual([
      ['beyond-noise'],
      ['direction', 'beyond-noise'],
    ])
  }, 300_000)

  test('the stub, and nothing', async () => {
    const stub = () => {
      throw new Error('note: write this function')
    }
    expect((await marked('note', { note: stub })).points).toBe(0)
    expect((await marked('note', { note: () => ({}) })).points).toBe(0)
  })
})

describe('the referee', () => {
  let one: Awaited<ReturnType<typeof referee>>
  const full = wellFormed(plain as unknown as Plain)
  beforeAll(async () => {
    one = await referee(full, [1, 2])
  }, 300_000)

  test('gives the same for the same seed, and trains it once', async () => {
    expect(await referee(full, [2, 1])).toEqual([...one].reverse())
    expect((await referee(full, [1]))[0]).toBe(one[0])
  })

  test('does not hold up its own process', async () => {
    let turns = 0
    const timer = setInterval(() => (turns += 1), 5)
    await referee(full, [3])
    clearInterval(timer)
    expect(turns).toBeGreaterThan(10)
  }, 300_000)

  test('says what fails, and does not keep it', async () => {
    const broken = { ...full, batchSize: 301 }
    await expect(referee(broken, [1])).rejects.toThrow(
      'the training failed: trainRecipe: batchSize',
    )
    await expect(referee(broken, [1])).rejects.toThrow('the training failed')
  }, 300_000)

  test('what failed is not begun again by each check of a marking', async () => {
    const [random, broken] = [seededRandom(1), { ...full, batchSize: 301 }]
    const failing = trainedOn(random, broken)
    expect(trainedOn(random, { ...broken })).toBe(failing)
    await expect(failing).rejects.toThrow('the training failed')
  }, 300_000)
})

test('the numbers that the notebook says are those that are checked', () => {
  const text = readFileSync('lessons/project-digits/lesson.ts', 'utf8')
  const said = bands.map((band) => `${Number((100 * band).toFixed(1))} %`).join(' | ')
  expect(text).toContain(`| ${said} |`)
  expect(text).toContain(`${digitsProject.rows / 1000},000 pictures`)
  const [, budget] = visibleExercises.get('recipe')!.checks
  expect(budget!.rule).toBe(
    `epochs · ${digitsProject.train} rows are at most ${digitsProject.rows}`,
  )
  expect([tolerance, leastEffect]).toEqual([0.005, 0.005])
  expect(text).toContain('more than half a percent of what the curve was')
})
