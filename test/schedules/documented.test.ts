import { readdirSync, readFileSync } from 'node:fs'
import * as downhill from 'downhill'
import { expect, test } from 'vitest'
import { claims } from '../support/claims.js'
import { expectDocumented, page, rows, type ScheduleFile } from '../support/documented.js'
import { fixtures } from '../support/golden.js'

const files: ScheduleFile[] = ['schedulers_torch', 'schedulers_transformers', 'schedulers_optax']
const rates = rows.filter(({ momentum }) => !momentum)

test('no line of the tables was overlooked', () => {
  const lines = page.slice(page.indexOf('## Coming from')).split('\n')
  const written = lines.filter((line) => line.startsWith('| `') || line.startsWith('| get'))
  expect(rows.length).toBe(written.length)
  expect(rows.length).toBeGreaterThan(40)
})

test.each(files)('each case of %s proves one line, and is run by a test', (file) => {
  const proving = rates.filter((row) => row.file === file).flatMap(({ cases }) => cases)
  expect([...proving].sort()).toEqual(
    fixtures(file)
      .cases.map(({ id }) => id)
      .sort(),
  )
  expect([...proving].sort()).toEqual(Object.values(claims[file].run).flat().sort())
})

test('each case with momenta proves a line about them', () => {
  const proving = rows.filter(({ momentum }) => momentum).flatMap(({ cases }) => cases)
  const given = fixtures('schedulers_torch').cases.filter(({ momenta }) => momenta)
  expect([...proving].sort()).toEqual(given.map(({ id }) => id).sort())
})

test.each(rows)('$theirs: $ours', ({ file, ours, cases, momentum }) => {
  const called = Array.from(ours.matchAll(/(?<![.\w])([a-zA-Z]\w*)\(/g), ([, name]) => name!)
  expect(called.filter((name) => name in downhill).length).toBeGreaterThan(0)
  const all = fixtures(file).cases
  for (const id of cases) expectDocumented(file, all.find((one) => one.id === id)!, momentum)
})

test('every schedule of the library is in the list of schedules', () => {
  const listed = Array.from(page.matchAll(/^\| `(\w+)` +\|/gm), ([, name]) => name!)
  const helpers = ['combine', 'define', 'ease', 'named', 'origin', 'table']
  const made = readdirSync(new URL('../../src/schedules', import.meta.url))
    .map((entry) => entry.replace('.ts', ''))
    .filter((name) => !helpers.includes(name))
  expect(listed.filter((name) => !name.endsWith('Momentum')).sort()).toEqual(made.sort())
  for (const name of listed) expect(downhill).toHaveProperty(name)
})

const sources = new URL('../../src/schedules/', import.meta.url)
const examples = readdirSync(sources).flatMap((file) =>
  Array.from(
    readFileSync(new URL(file, sources), 'utf8').matchAll(/@example +(.+?) {3}\/\/ (.+)/g),
    ([, code, text]) => ({ code: code!, text: text! }),
  ).filter(({ code }) => !/^(sgd|table)\(/.test(code)),
)

test('every schedule with a closed form shows its values', () => {
  expect(examples.length).toBeGreaterThanOrEqual(17)
})

test.each(examples)('$code is what its example says', ({ code, text }) => {
  const schedule = new Function(...Object.keys(downhill), `return (${code})`)(
    ...Object.values(downhill),
  )
  const said = [
    ...text.matchAll(/([\d.e-]+) (?:at|for|from) (?:steps )?(\d+)(?:(?:–| to )(\d+))?/g),
  ]
  const first = /^[\d.e-]+/.exec(text)![0]
  const points: [string, string][] = [
    [first, '0'],
    ...said.flatMap(([, value, ...steps]) =>
      steps.filter(Boolean).map((step): [string, string] => [value!, step!]),
    ),
  ]
  for (const [value, step] of points) {
    const digits = value.replace(/e.*|\./g, '').replace(/^0+/, '').length || 1
    expect(Number(schedule(Number(step)).toPrecision(digits)), `at ${step}`).toBeCloseTo(
      Number(value),
      12,
    )
  }
})
