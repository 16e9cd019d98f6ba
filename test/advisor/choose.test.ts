import { choose, display, lint, type OptimizerChoice, presets, type Task } from 'downhill'
import { afterEach, expect, test } from 'vitest'
import { noHost, shown, useHost } from '../support/host.js'

afterEach(noHost)

const short = ({ code, recipe: { optimizer, lr, weightDecay } }: OptimizerChoice) => {
  return [code, optimizer, lr, weightDecay]
}

const cases: [Task, unknown[]][] = [
  [{ model: 'transformer' }, ['transformer', 'adamw', 3e-4, 0.01]],
  [{ model: 'vit' }, ['vit', 'adamw', 1e-3, 0.05]],
  [{ model: 'cnn' }, ['cnn-best', 'sgd', 0.1, 5e-4]],
  [{ model: 'cnn', goal: 'fast-start' }, ['cnn-fast', 'adamw', 1e-3, 1e-4]],
  [{ model: 'cnn', tuning: 'none' }, ['cnn-fast', 'adamw', 1e-3, 1e-4]],
  [{ model: 'cnn', batchSize: 16 }, ['cnn-fast', 'adamw', 1e-3, 1e-4]],
  [{ model: 'cnn', goal: 'best-end', batchSize: 512 }, ['cnn-best', 'sgd', 0.2, 5e-4]],
  [{ model: 'rnn' }, ['rnn-adam', 'adam', 1e-3, 0]],
  [{ model: 'rnn', memory: 'tight' }, ['rnn-rmsprop', 'rmsprop', 1e-3, 0]],
  [{ model: 'rnn', needsDecay: true }, ['rnn-adam', 'adamw', 1e-3, 0.01]],
  [{ model: 'policy' }, ['reinforcement', 'adam', 3e-4, 0]],
  [{ model: 'policy', batchSize: 20_000 }, ['reinforcement', 'adam', 3e-4, 0]],
  [{ model: 'transformer', batchSize: 16_384 }, ['large-batch-transformer', 'lamb', 1e-3, 0.01]],
  [{ model: 'cnn', batchSize: 32_768 }, ['large-batch-vision', 'lars', 12.8, 1e-4]],
  [{ model: 'cnn', batchSize: 8192 }, ['cnn-best', 'sgd', 3.2, 5e-4]],
  [{ model: 'mlp' }, ['table', 'adamw', 1e-3, 1e-4]],
  [{ goal: 'fast-start' }, ['quick-baseline', 'adam', 1e-3, 0]],
  [{ goal: 'fast-start', needsDecay: true }, ['otherwise', 'adamw', 1e-3, 0.01]],
  [{ needsDecay: false }, ['otherwise', 'adamw', 1e-3, 0]],
  [{}, ['otherwise', 'adamw', 1e-3, 0.01]],
]

test.each(cases)('%j', (task, expected) => {
  const choice = choose(task)
  expect(short(choice)).toEqual(expected)
  const grave = lint(choice.recipe).rows.filter(({ severity }) => /critical|major/.test(severity))
  expect(grave).toEqual([])
})

test('every preset but those that are only an alternative can be reached', () => {
  const reached = new Set(cases.map(([task]) => choose(task).code))
  const others = presets.map(({ code }) => code).filter((code) => !reached.has(code))
  expect(others).toEqual(['language-model'])
  const { alternatives } = choose({ model: 'transformer' })
  expect(alternatives.map(({ code }) => code)).toEqual([
    'language-model',
    'large-batch-transformer',
  ])
})

test('a rate that is scaled says from what, and a huge batch warms up', () => {
  const { rows, recipe } = choose({ model: 'cnn', batchSize: 1024 })
  expect(rows.find(({ option }) => option === 'lr')).toEqual({
    option: 'lr',
    value: 0.4,
    why: 'lr 0.1 at batch 256, scaled with the batch',
  })
  expect(recipe.momentum).toBe(0.9)
  expect(choose({ model: 'mlp', batchSize: 10_000 }).recipe.warmup).toBe(0.05)
})

test('float16 has an ε and a scale of its own', () => {
  const { recipe } = choose({ model: 'rnn', precision: 'float16' })
  expect(recipe).toMatchObject({ eps: 1e-7, lossScaling: true })
  expect(choose({ model: 'cnn', precision: 'float16' }).recipe.eps).toBeUndefined()
})

test('each option once, with a reason; memory and alternatives are told', async () => {
  useHost()
  const choice = choose({ model: 'transformer', memory: 'tight', tuning: 'plenty' })
  const names = choice.rows.map(({ option }) => option)
  expect(names).toEqual([
    'optimizer',
    'lr',
    'schedule',
    'warmup',
    'batchSize',
    'weightDecay',
    'clip',
  ])
  expect(choice.rows[0]!.why).toBe(
    'transformers; keeps 2 numbers for each weight; adafactor keeps far less',
  )
  display(choice)
  const bundle = await shown[0]!.bundle
  expect(bundle['text/html']).toContain(
    '<td>lr</td><td>0.0003</td><td style="text-align:left">search from 0.0001 to 0.0005 with findLearningRate(…)</td>',
  )
  expect(bundle['text/plain']).toMatch(
    /^adamw, for transformers \(rule of thumb: .*\)\n {2}optimizer: adamw/,
  )
})

test('what is no task is refused', () => {
  expect(() => choose({ model: 'gan' } as never)).toThrow(
    'choose: task.model must be transformer, vit, cnn, rnn, mlp, policy or other, got "gan"',
  )
  expect(() => choose({ lr: 1 } as never)).toThrow('choose: task: there is no field "lr"')
  expect(() => choose({ batchSize: 0 })).toThrow('choose: task.batchSize must be ≥ 1, got 0')
})
