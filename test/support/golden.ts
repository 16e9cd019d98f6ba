import { readFileSync } from 'node:fs'
import { expect } from 'vitest'
import { claims, type FixtureFile } from './claims.js'

/** JSON has no NaN or infinities: the fixtures write them as strings. */
type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

export interface Fixture {
  id: string
  impl: string
  tol: number
  [key: string]: unknown
}

const special: Record<string, number> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
}

export function fixtures(file: FixtureFile): { cases: Fixture[]; tapes: Record<string, Tape> } {
  const text = readFileSync(new URL(`../golden/${file}.json`, import.meta.url), 'utf8')
  const revive = (_: string, value: Json) =>
    typeof value === 'string' && Object.hasOwn(special, value) ? special[value] : value
  return JSON.parse(text, revive)
}

/** Given gradients: `grads[t][i]` of tensor i at step t; null where it has none. */
export interface Tape {
  shapes: number[][]
  params: number[][]
  grads: (number[] | null)[][]
}

/** The cases that `test` (its path below test/) claims in claims.ts. A claimed case that the file lacks is an error. */
export function goldenCases(file: FixtureFile, test: string): Fixture[] {
  const ids = claims[file].run[test]
  if (!ids) throw new Error(`claims.ts lists no case of ${file} for ${test}`)
  const { cases } = fixtures(file)
  return ids.map((id) => {
    const found = cases.find((one) => one.id === id)
    if (!found) throw new Error(`${file}.json has no case "${id}", which ${test} claims`)
    return found
  })
}

type Nested = number | ArrayLike<number>

const list = (values: Nested): number[] =>
  typeof values === 'number' ? [values] : Array.from(values)

/** |ours − theirs| ≤ tol·max(1, |theirs|) for each element; NaN meets NaN, infinities are equal. */
export function expectGolden(ours: Nested, theirs: Nested, tol: number, where: string): void {
  compare(list(ours), list(theirs), (value) => tol * Math.max(1, Math.abs(value)), where)
}

/** |ours − theirs| ≤ tol·max|theirs|, the fixtures' rule for optimizer state. */
export function expectGoldenState(ours: Nested, theirs: Nested, tol: number, where: string): void {
  const largest = Math.max(...list(theirs).map(Math.abs))
  compare(list(ours), list(theirs), () => tol * largest, where)
}

function compare(
  ours: number[],
  theirs: number[],
  bound: (value: number) => number,
  where: string,
): void {
  expect(ours.length, `${where}: number of values`).toBe(theirs.length)
  for (const [k, value] of theirs.entries()) {
    const got = ours[k]!
    const close = Object.is(got, value) || got === value || Math.abs(got - value) <= bound(value)
    if (!close) expect.fail(`${where}[${k}]: expected ${value} within ${bound(value)}, got ${got}`)
  }
}
