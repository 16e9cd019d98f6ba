import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as downhill from 'downhill'
import { expect, test } from 'vitest'
import { packageRoot } from '../../cli/root.js'

const { misconceptions, moveRules, presets, redFlags, symptoms } = downhill
const page = readFileSync(join(packageRoot, 'docs', 'advisor.md'), 'utf8')
const rows = Array.from(
  page.matchAll(/^\| ([^|]+?) +\| ((?:`[\w-]+` ?)+) *\| `([^`]+)` +\|$/gm),
  ([, item, codes, path]) => ({ item: item!, codes: codes!.match(/[\w-]+/g)!, path: path! }),
)
const codes = [
  ...[redFlags, moveRules, presets, misconceptions].flatMap((list) => list.map((one) => one.code)),
  ...Object.keys(symptoms),
]
const others = [...Object.keys(downhill), ...Object.keys(downhill.diagnose([]))]

test('every line of the table was read', () => {
  expect(rows.length).toBe(page.match(/^\| .*`test\//gm)!.length)
  expect(rows.length).toBeGreaterThan(40)
})

test.each(rows)('$item: the codes are there, and its test names them', ({ codes: own, path }) => {
  expect(own.filter((code) => !codes.includes(code) && !others.includes(code))).toEqual([])
  expect(existsSync(join(packageRoot, path)), path).toBe(true)
  const text = readFileSync(join(packageRoot, path), 'utf8')
  expect(own.filter((code) => !new RegExp(`\\b${code}\\b`).test(text))).toEqual([])
})

test('every code of the library is in the table', () => {
  const covered = new Set(rows.flatMap((row) => row.codes))
  expect(codes.filter((code) => !covered.has(code))).toEqual([])
})
