import { readFileSync } from 'node:fs'
import * as downhill from 'downhill'
import type { FixtureFile } from './claims.js'
import { expectGolden, type Fixture, fixtures, type Tape } from './golden.js'
import { giveGradients, optimizerOf, tapeParameters, toOptions } from './tapes.js'

/** One line of a table: what it is called there, our code for it, and what is not the same. */
export interface Row {
  page: string
  theirs: string
  ours: string
  differs: string
}

const textOf = (page: string): string =>
  readFileSync(new URL(`../../docs/${page}.md`, import.meta.url), 'utf8')

/** The tables of a page whose second column is our code. */
const tablesOf = (page: string): string =>
  textOf(page)
    .split('\n\n')
    .filter((block) => /^\|[^|]+\| Downhill +\|/.test(block))
    .join('\n')

/** Their lines. */
export function rowsOf(page: string): Row[] {
  const lines = tablesOf(page).matchAll(/^\| (.+?) +\| `([^`]+)` +\| *(.*?) *\|$/gm)
  return Array.from(lines, ([, theirs, ours, differs]) => ({
    page,
    theirs: theirs!,
    ours: ours!,
    differs: differs!,
  }))
}

/** How many lines they have, headings apart: none may be overlooked. */
export const writtenRows = (page: string): number => {
  const lines = tablesOf(page).split('\n')
  return (
    lines.filter((line) => line.startsWith('|')).length -
    2 * lines.filter((line) => /^\| -/.test(line)).length
  )
}

/** `torch.optim.SGD(lr)` → the library's name of an optimizer that has golden cases, or undefined. */
const files: FixtureFile[] = [
  'optim_sgd',
  'optim_adam',
  'optim_adaptive',
  'optim_layerwise',
  'optim_lookahead',
  'optim_modern',
  'optim_muon',
  'tfjs',
]
const all = files.flatMap((file) => {
  const { cases, tapes } = fixtures(file)
  return cases.map((fixture) => ({ file, fixture, tape: tapes[fixture.tape as string]! }))
})
export interface Proof {
  file: FixtureFile
  fixture: Fixture
  tape: Tape
}

/** The golden cases of a row's left side: those of this name whose hyperparameters, where named with a value, have it. */
export const casesOf = ({ theirs }: Row): Proof[] => {
  const [, impl] = /^`([\w.]+)\(/.exec(theirs) ?? []
  const given = Array.from(theirs.matchAll(/(\w+)=('[^']*'|[\w.]+)/g), ([, name, value]) => ({
    name: name!,
    value: { True: true, False: false, None: null }[value!] ?? value!.replaceAll("'", ''),
  }))
  return all.filter(
    ({ fixture }) =>
      fixture.impl === impl &&
      given.every(({ name, value }) => (fixture.hyper as Scope)[name] === value),
  )
}

type Scope = Record<string, unknown>

/** Names that a row mentions on its left side. */
const namesIn = (theirs: string): string[] =>
  Array.from(theirs.slice(theirs.indexOf('(')).matchAll(/\b[A-Za-z_]\w*\b/g), ([name]) => name)

/** The optimizer that a row makes of a case. Left out arguments are undefined; ours are left out too where they are. */
function run({ theirs, ours }: Row, scope: Scope): unknown {
  const named = Object.fromEntries(namesIn(theirs).map((name) => [name, undefined]))
  const makers = Object.fromEntries(
    Object.entries(downhill).map(([name, value]) => [name, withoutUndefined(value)]),
  )
  const known = { ...makers, ...named, ...scope }
  return new Function(...Object.keys(known), `return (${ours})`)(...Object.values(known))
}

function withoutUndefined(value: unknown): unknown {
  if (typeof value !== 'function' || /^class /.test(String(value))) return value
  const call = (params: unknown, options: Scope = {}) =>
    value(
      params,
      Object.fromEntries(Object.entries(options).filter(([, one]) => one !== undefined)),
    )
  return call
}

interface Inner {
  impl: string
  hyper: Record<string, never>
}

/** The optimizer inside a Lookahead. */
function baseOf({ impl, hyper }: Inner, params: readonly downhill.Tensor[]): unknown {
  if (impl.startsWith('optax')) {
    const { learning_rate: lr, momentum, b1, b2, eps } = hyper
    return impl === 'optax.sgd'
      ? downhill.sgd(params, { lr, momentum: momentum ?? 0 })
      : downhill.adam(params, { lr, beta1: b1, beta2: b2, eps })
  }
  const make = optimizerOf(impl)
  const known = Object.entries(toOptions(hyper)).filter(([name]) => name in make.compiler.spec)
  return make(params as never, Object.fromEntries(known) as never)
}

/** Runs a row's code over a case and compares every step, and the averaged weights where the case has them. */
export async function expectRow(row: Row, { fixture, tape }: Proof): Promise<void> {
  const params = tapeParameters(tape)
  const { inner } = fixture as unknown as { inner?: Inner }
  const scope = {
    ...(fixture.hyper as Scope),
    params,
    ...(inner && { base: baseOf(inner, params) }),
  }
  const optimizer = run(row, scope) as downhill.Optimizer
  const compare = async (theirs: unknown, what: string) => {
    for (const [i, param] of params.entries())
      expectGolden(
        await param.data(),
        (theirs as number[][])[i]!,
        fixture.tol,
        `${fixture.id}, ${what}, tensor ${i}`,
      )
  }
  for (let t = 0; t < tape.grads.length; t++) {
    giveGradients(params, tape, t)
    optimizer.step()
    await compare((fixture.params as unknown[])[t], `step ${t}`)
    if (!fixture.eval_params) continue
    optimizer.evaluate()
    await compare((fixture.eval_params as unknown[])[t], `average of step ${t}`)
    optimizer.train()
  }
}

/** The options that a row passes on for a case. */
export function optionsOf(row: Row, fixture: Fixture): { name: string; options: Scope } {
  let found: { name: string; options: Scope } | undefined
  const makers = Object.fromEntries(
    Object.keys(downhill).map((name) => [
      name,
      (_: unknown, options: Scope) => {
        found = { name, options }
      },
    ]),
  )
  run(row, { ...makers, ...(fixture.hyper as Scope), params: [], base: undefined })
  return found!
}

/** Hyperparameters that the cases of a row vary, or set, and that its left side does not name. */
export function unnamed(row: Row, proofs: readonly Proof[]): string[] {
  const names = new Set(namesIn(row.theirs))
  const varied = (name: string) =>
    new Set(proofs.map(({ fixture }) => JSON.stringify((fixture.hyper as Scope)[name]))).size > 1
  const keys = new Set(proofs.flatMap(({ fixture }) => Object.keys(fixture.hyper as Scope)))
  return [...keys].filter((name) => varied(name) && !names.has(name))
}
