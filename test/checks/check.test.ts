import { inspect } from 'node:util'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { check, registerExercise } from '../../src/checks/check.js'
import { close } from '../../src/checks/close.js'
import { parseHints, withHints } from '../../src/checks/hints.js'
import { seededRandom } from '../../src/checks/random.js'
import { localStudent, runChecks } from '../../src/checks/run.js'
import type { Exercise } from '../../src/checks/types.js'
import { displaySymbol, hostSymbol } from '../../src/host/types.js'

const double: Exercise = {
  id: 'double',
  functionName: 'double',
  checks: [
    {
      name: 'of-two',
      points: 1,
      rule: 'y = 2·x',
      test: async (s) => close(await s.call('double', [2]), 4),
    },
    {
      name: 'of-half',
      points: 2,
      rule: 'y = 2·x',
      test: async (s) => close(await s.call('double', [0.5]), 1),
    },
    {
      name: 'random',
      points: 3,
      rule: 'y = 2·x',
      test: async (s, random) => {
        const x = random()
        return close(await s.call('double', [x]), 2 * x)
      },
    },
  ],
}
const hints =
  '# other\n## of-two\nno\n# double\n## of-two\nAdd x\nto <x>.\n\n## of-half\nNot only whole numbers.\n'
registerExercise(withHints(double, hints))

const stderr = vi.spyOn(process.stderr, 'write')
beforeEach(() => void stderr.mockClear())
afterEach(() => expect(stderr).not.toHaveBeenCalled())

test('points add up check by check', async () => {
  expect((await check('double', (x: number) => 2 * x)).points).toBe(6)
  expect((await check('double', async (x: number) => 2 * x)).points).toBe(6)
  const squared = await check('double', (x: number) => x * x)
  expect(squared).toMatchObject({ id: 'double', points: 1, max: 6 })
  expect(squared.checks.map(({ ok, points, max }) => [ok, points, max])).toEqual([
    [true, 1, 1],
    [false, 0, 2],
    [false, 0, 3],
  ])
})

test('what one check throws costs only that check', async () => {
  const report = await check('double', (x: number) => {
    if (x === 2) throw new RangeError('two\nis many')
    return 2 * x
  })
  expect(report.points).toBe(5)
  expect(report.checks[0]).toMatchObject({
    ok: false,
    expected: 'a result',
    got: 'RangeError: two',
    hint: 'Add x to <x>.',
  })
})

const strange = {
  toString() {
    throw new Error('no')
  },
}
test.each<[string, unknown, string]>([
  ['nothing', undefined, 'TypeError: double is not a function here'],
  ['null', null, 'TypeError: double is not a function here'],
  ['no such function', { triple: () => 1 }, 'TypeError: double is not a function here'],
  [
    'a symbol',
    () => Symbol('x'),
    'TypeError: a symbol, where numbers, strings, arrays and objects can be checked',
  ],
  [
    'something thrown that cannot be printed',
    () => Promise.reject(strange),
    'threw something that cannot be printed',
  ],
  ['a string thrown', () => Promise.reject('why'), 'threw why'],
  ['undefined', () => undefined, 'undefined'],
])('never throws: %s', async (_, answer, got) => {
  const report = await check('double', answer as never)
  expect(report.points).toBe(0)
  expect(report.checks[0]!.got).toBe(got)
})

test('an unknown exercise is a report, not an error', async () => {
  const report = await check('nope', () => 1)
  expect(report).toMatchObject({ points: 0, max: 0 })
  expect(report[displaySymbol]()['text/html']).toContain('one of &quot;double&quot;')
})

test('a promise that stays open counts as an error', async () => {
  const student = localStudent({ double: () => new Promise(() => {}) }, { patience: 20 })
  await expect(student.call('double', [1])).rejects.toThrow(
    'the promise was still open after 0.02 s',
  )
})

test('the learner gets copies: changing them changes no check', async () => {
  const args = [[1, 2], { x: [3] }]
  const spoil = (list: number[], { x }: { x: number[] }) => {
    list.push(9)
    x.length = 0
    return list
  }
  expect(await localStudent({ spoil }).call('spoil', args)).toEqual([1, 2, 9])
  expect(args).toEqual([[1, 2], { x: [3] }])
})

test('the result shows itself: the bare points for nbgrader, an accessible table, text for a console', async () => {
  const report = await check('double', () => '<b>')
  const bundle = report[displaySymbol]()
  expect(Object.keys(bundle)).toEqual(['text/plain', 'text/html'])
  expect(bundle['text/plain']).toBe('0')
  const html = String(bundle['text/html'])
  expect(html).toContain('<caption>double: 0 of 6 points</caption>')
  expect(html).toMatch(
    /<th scope="row"[^>]*>of-two<\/th><td[^>]*>✗ not yet<\/td><td[^>]*>0 of 1<\/td>/,
  )
  expect(html.match(/<t[hd] /g)).toHaveLength(html.match(/style="text-align:left"/g)!.length)
  expect(html).toContain('<code>&quot;&lt;b&gt;&quot;</code>')
  expect(html).toContain('<details><summary>Hint</summary>Add x to &lt;x&gt;.</details>')
  expect(html).not.toContain('color')
  expect(inspect(report)).toBe(
    [
      'double: 0 of 6 points',
      '  ✗ not yet  of-two (0 of 1)  y = 2·x',
      '      expected 4',
      '      got      "<b>"',
      '      hint: Add x to <x>.',
      '  ✗ not yet  of-half (0 of 2)  y = 2·x',
      '      expected 1',
      '      got      "<b>"',
      '      hint: Not only whole numbers.',
      '  ✗ not yet  random (0 of 3)  y = 2·x',
      `      expected ${Number((2 * seededRandom(1)()).toPrecision(7))}`,
      '      got      "<b>"',
    ].join('\n'),
  )
})

test('a host that knows of a newer version which did not run: the report says so, and judges what it was given', async () => {
  const earlier = (x: number) => 2 * x
  const host = {
    name: 'test',
    display: () => {},
    refused: (value: unknown) => (value === earlier ? { name: 'double', cell: 7 } : undefined),
  }
  Object.defineProperty(globalThis, hostSymbol, { value: host, configurable: true })
  try {
    const report = await check('double', earlier)
    const note =
      'This checks the earlier double: the newer one, in cell [7], did not run because of the error shown there.'
    expect(report).toMatchObject({ points: 6, max: 6, note })
    const bundle = report[displaySymbol]()
    expect(bundle['text/plain']).toBe('6')
    expect(bundle['text/html']).toMatch(/^<p><strong>Note\.<\/strong> This .* there\.<\/p><table>/)
    expect(inspect(report)).toMatch(/^note: This .* there\.\ndouble: 6 of 6 points\n/)
    expect(await check('double', { double: earlier, other: 1 })).toMatchObject({ note })
    expect((await check('double', (x: number) => 2 * x)).note).toBeUndefined()
  } finally {
    Reflect.deleteProperty(globalThis, hostSymbol)
  }
})

test('hints belong to their exercise', () => {
  expect(parseHints(hints, 'other')).toEqual(new Map([['of-two', 'no']]))
  expect(parseHints(hints, 'none').size).toBe(0)
})

test('the same seed draws the same numbers, uniform in [0, 1)', async () => {
  const draw = (seed: number) => Array.from({ length: 10_000 }, seededRandom(seed))
  expect(draw(7)).toEqual(draw(7))
  expect(draw(7)).not.toEqual(draw(8))
  const numbers = draw(7)
  expect(Math.min(...numbers)).toBeGreaterThanOrEqual(0)
  expect(Math.max(...numbers)).toBeLessThan(1)
  expect(numbers.reduce((a, b) => a + b) / numbers.length).toBeCloseTo(0.5, 1)
  const [a, b] = await Promise.all(
    [7, 7].map((seed) => runChecks(double, localStudent({ double: () => 0 }), seededRandom(seed))),
  )
  expect(a).toEqual(b)
})

test('a text of millions of characters is not repeated whole', async () => {
  const got = 'x'.repeat(3_000_000)
  const [only] = double.checks
  const long = { ...only!, test: async () => ({ ok: false, expected: 'less', got }) }
  const result = await runChecks({ ...double, checks: [long] }, localStudent({}), seededRandom(1))
  expect(result.checks[0]!.got.length).toBeLessThan(5000)
  expect(result.checks[0]!.got).toContain('(3000000 characters)')
})
