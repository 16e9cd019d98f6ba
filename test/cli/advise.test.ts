import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { History, recipeSchema } from 'downhill'
import { afterAll, expect, test, vi } from 'vitest'

vi.setConfig({ testTimeout: 120_000 })

const folder = mkdtempSync(join(tmpdir(), 'advise-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function file(name: string, content: unknown): string {
  const path = join(folder, name)
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
  return path
}

function advise(...args: string[]) {
  const command = ['dist/cli/main.js', 'advise', ...args]
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { encoding: 'utf8' })
  return { status, stdout, stderr }
}

const unsteady = {
  optimizer: 'adam',
  lr: 0.1,
  batchSize: 8,
  precision: 'float16',
  symptoms: ['oscillating'],
}

test('a recipe with a symptom: red flags, then moves, the rate first and the optimizer last', () => {
  const path = file('unsteady.json', unsteady)
  const { status, stdout, stderr } = advise(path)
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  expect(stdout).toContain('critical  adam-rate-high: adam with lr 0.1\n')
  const stages = Array.from(stdout.matchAll(/^\d\. ([a-z ]+):/gm), ([, stage]) => stage)
  expect(stages[0]).toBe('learning rate')
  expect(stages.at(-1)).toBe('optimizer')
  const json = advise(path, '--json', '--strict')
  expect(json.status).toBe(1)
  const { findings, diagnosis } = JSON.parse(json.stdout)
  expect(findings[0]).toMatchObject({ code: 'adam-rate-high', severity: 'critical' })
  expect(diagnosis.moves[0]).toMatchObject({ order: 1, code: 'lower-rate' })
})

test('a model without an optimizer gets one, and a good recipe passes --strict', () => {
  const { status, stdout } = advise(file('cnn.json', { model: 'cnn', batchSize: 512 }), '--json')
  const { choice } = JSON.parse(stdout)
  expect(status).toBe(0)
  expect(choice).toMatchObject({ code: 'cnn-best', recipe: { optimizer: 'sgd', lr: 0.2 } })
  expect(choice.options[0]).toMatchObject({ option: 'optimizer', value: 'sgd' })
  expect(advise(file('chosen.json', choice.recipe), '--strict').status).toBe(0)
})

test('a history as fit writes it is diagnosed, NaN included, and noted', () => {
  const row = { step: 1, metrics: {}, lr: [1], gradientNorm: 1, maxGradientNorm: 1, skipped: 0 }
  const losses = [2.3, Number.NaN]
  const rows = losses.map((trainLoss, k) => ({ ...row, epoch: k + 1, trainLoss, seconds: 1 }))
  const path = file('history.json', JSON.stringify(new History(rows)))
  const { status, stdout } = advise(file('r.json', { optimizer: 'sgd', lr: 1 }), '--history', path)
  expect(status).toBe(0)
  expect(stdout).toContain('Seen: not-finite')
  expect(stdout).toContain(
    '1. learning rate: Divide the learning rate by 3 to 10: 1 → 0.333 to 0.1.',
  )
  expect(stdout).toContain('Note on this run\n  main symptom: not-finite: in epoch 2')
})

test('a byte-order mark at the beginning of a file is no mistake', () => {
  const path = file('bom.json', `\uFEFF${JSON.stringify({ optimizer: 'sgd', lr: 10 })}`)
  const { status, stdout } = advise(path, '--strict')
  expect(status).toBe(1)
  expect(stdout).toContain('major  sgd-rate-high: sgd with lr 10\n')
})

test('--schema prints the schema', () => {
  const { status, stdout } = advise('--schema')
  expect([status, JSON.parse(stdout)]).toEqual([0, recipeSchema])
})

test('what is wrong is said in a line, with its place, and fails', () => {
  const good = file('good.json', {})
  const wrong: [string[], string][] = [
    [[], 'advise: which recipe?'],
    [[join(folder, 'none.json')], 'none.json: cannot be read (ENOENT)'],
    [[file('no.json', '{ lr: 1 }')], 'no.json: must be JSON, such as { "optimizer": "adamw"'],
    [[file('lr.json', { lr: -1 })], 'lr.json: recipe.lr must be ≥ 0, got -1'],
    [[file('name.json', { rate: 1 })], 'name.json: recipe: there is no field "rate"; it has name,'],
    [
      [file('typo.json', { optimiser: 'sgd' })],
      'typo.json: recipe: there is no field "optimiser"; did you mean optimizer? it has',
    ],
    [[file('empty.json', '')], 'empty.json: must be JSON, such as'],
    [[file('nan.json', '{ "lr": NaN\n}')], `Unexpected token 'N', "{ "lr": NaN }" is not`],
    [[file('inf.json', '{ "lr": 1e999 }')], 'inf.json: recipe.lr must be finite and ≥ 0, got Inf'],
    [[file('list.json', [])], 'list.json: recipe must be an object, got []'],
    [[folder], 'it is a folder; give the path of a JSON file'],
    [
      [file('deep.json', `${'['.repeat(50_000)}${']'.repeat(50_000)}`)],
      'deep.json: must not be nested thousands of levels deep; see --schema',
    ],
    [[good, '--history', file('h1.json', {})], 'h1.json: history.rows is missing'],
    [
      [good, '--history', file('h2.json', [{ epoch: 1, trainLoss: 'low' }])],
      'h2.json: rows[0].trainLoss must be a number or null, got "low"',
    ],
    [[good, '--history', file('h3.json', [null])], 'h3.json: rows[0] must be an object, got null'],
  ]
  for (const [args, message] of wrong) {
    const { status, stdout, stderr } = advise(...args)
    expect(stderr, message).toMatch(/^downhill: .*\n$/)
    expect(stderr).toContain(message)
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
  }
})
