import * as downhill from 'downhill'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { claims, type FixtureFile } from '../support/claims.js'
import {
  casesOf,
  expectRow,
  optionsOf,
  rowsOf,
  unnamed,
  writtenRows,
} from '../support/coming-from.js'
import { ExampleModule } from '../support/examples.js'
import { goldenCases } from '../support/golden.js'

const pages = ['coming-from', 'conventions']
const rows = pages.flatMap(rowsOf)
const optimizers = rows.filter((row) => casesOf(row).length > 0)
const others = rows.filter((row) => casesOf(row).length === 0)

test.each(pages)('no line of the tables of docs/%s.md was overlooked', (page) => {
  expect(rowsOf(page).length).toBe(writtenRows(page))
})

test("TensorFlow.js' cases are run here", () => {
  const ids = goldenCases('tfjs', 'docs/coming-from').map(({ id }) => id)
  const proven = optimizers.flatMap(casesOf).filter(({ file }) => file === 'tfjs')
  expect(proven.map(({ fixture }) => fixture.id).sort()).toEqual([...ids].sort())
})

test('each golden case of an optimizer that is run by a test proves one line', () => {
  const proven = optimizers.flatMap(casesOf)
  const files = [...new Set(proven.map(({ file }) => file))]
  const claimed = files.flatMap((file: FixtureFile) =>
    Object.values(claims[file].run).flatMap((ids) => ids.map((id) => `${file}: ${id}`)),
  )
  expect(proven.map(({ file, fixture }) => `${file}: ${fixture.id}`).sort()).toEqual(claimed.sort())
})

/** Is the first case of a row its library's defaults? Their names say so, and one of them wrongly. */
const isDefault = ({ id }: { id: string }): boolean =>
  id.endsWith('_default') && id !== 'timm_rmsproptf_default'

describe.each(optimizers)('$theirs', (row) => {
  const proofs = casesOf(row)

  test.each(proofs)('$fixture.id', (proof) => expectRow(row, proof))

  test('names every hyperparameter that matters', () => {
    expect(unnamed(row, proofs)).toEqual([])
  })

  test('tells what differs by default, and nothing else', () => {
    const [first] = proofs
    const { name, options } = optionsOf(row, first!.fixture)
    const { compiler } = (downhill as unknown as Record<string, typeof downhill.adam>)[name]!
    const spec = compiler?.spec as Record<string, { default: unknown }> | undefined
    const told = Array.from(
      row.differs.matchAll(/(\w+) ("\w+"|[\w.-]+) \(theirs ("\w+"|[\w.-]+)\)/g),
      ([, option, ours, theirs]) => [option!, JSON.parse(ours!), JSON.parse(theirs!)] as const,
    )
    for (const [option, ours, theirs] of told) {
      expect(spec?.[option]?.default, `${option} of ours`).toBe(ours)
      if (isDefault(first!.fixture) && option !== 'lr')
        expect(options[option], `${option} of theirs`).toBe(theirs)
    }
    if (!spec || !isDefault(first!.fixture)) return
    const literal = (option: string) =>
      new RegExp(`\\b${option}: (true|false|'|[\\d.])`).test(row.ours)
    const differing = Object.entries(options).filter(
      ([option, value]) =>
        option !== 'lr' &&
        value !== undefined &&
        value !== spec[option]!.default &&
        !literal(option),
    )
    const names = told.map(([option]) => option)
    expect(differing.filter(([option]) => !names.includes(option))).toEqual([])
  })
})

const module = new ExampleModule()
const examples = others.map((row) => ({ name: row.theirs, code: row.ours }))
beforeAll(() => module.load(examples))
afterAll(() => module.dispose())

test.each(examples)('$name: $code runs', async (example) => {
  await module.run(example)
})

test('they pass the type check', () => expect(module.typeErrors()).toBe(''), 120_000)
