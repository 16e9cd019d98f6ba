import { existsSync, readdirSync, readFileSync } from 'node:fs'
import * as downhill from 'downhill'
import { expect, test } from 'vitest'
import { claims, type FixtureFile } from './support/claims.js'
import { fixtures } from './support/golden.js'
import { goldenCounts } from './support/goldenCounts.js'

const files = Object.keys(claims) as FixtureFile[]

test.each(files)('every case of %s is claimed by a test or named as not offered, once', (file) => {
  const { run, notOffered } = claims[file]
  const claimed = [...Object.values(run), ...Object.values(notOffered)].flat()
  const ids = fixtures(file).cases.map(({ id }) => id)
  expect([...claimed].sort()).toEqual([...ids].sort())
})

test.each(files)('the tests that claim cases of %s run them', (file) => {
  for (const path of Object.keys(claims[file].run)) {
    const text = readFileSync(new URL(`./${path}.test.ts`, import.meta.url), 'utf8')
    expect(text).toContain(`goldenCases('${file}', '${path}')`)
  }
})

const claiming = new Set(files.flatMap((file) => Object.keys(claims[file].run)))

test('every public optimizer and schedule has golden numbers', () => {
  const features: string[] = []
  for (const folder of ['optimizers', 'schedules']) {
    for (const entry of readdirSync(new URL(`../src/${folder}`, import.meta.url))) {
      const name = entry.replace('.ts', '')
      const value = (downhill as Record<string, unknown>)[name]
      const helper = ['trace', 'table', 'define', 'freeze', 'noDecayGroups'].includes(name)
      if (typeof value === 'function' && !helper) features.push(`${folder}/${name}`)
    }
  }
  expect(features.length).toBeGreaterThanOrEqual(7)
  expect(features.filter((feature) => !claiming.has(feature))).toEqual([])
})

test('no public optimizer lives outside its own file', () => {
  const made = Object.entries(downhill).filter(
    ([, value]) => typeof value === 'function' && 'compiler' in value,
  )
  for (const [name] of made)
    expect(existsSync(new URL(`../src/optimizers/${name}.ts`, import.meta.url)), name).toBe(true)
})

test('how many cases of a family ran is told at the end, and why the others did not', () => {
  const all = new Set(files.flatMap((file) => Object.keys(claims[file].run)))
  const lines = goldenCounts(all)
  expect(lines).toHaveLength(files.length)
  const { run, notOffered } = claims.optim_layerwise
  const [ours, others] = [run, notOffered].map((part) => Object.values(part).flat().length)
  const [reason] = Object.keys(notOffered)
  expect(lines).toContain(
    `golden: optim_layerwise ${ours} of ${ours! + others!}; ${others}: ${reason}`,
  )
  const lars = claims.optim_layerwise.run['optimizers/lars']!.length
  expect(goldenCounts(new Set(['optimizers/lars']))).toContain(
    `golden: optim_layerwise ${lars} of ${ours! + others!}; ${ours! - lars}: not in this run, or failed; ${others}: ${reason}`,
  )
})
