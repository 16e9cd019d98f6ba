import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { useBackend } from 'downhill'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { packageRoot } from '../cli/root.js'
import { allExamples, moduleOf, type Said, shown, valueIn } from './support/examples.js'
import { noHost, useHost } from './support/host.js'
import { scratch } from './support/prelude.js'

const examples = allExamples()
/** In the repository, so that its imports are found; ignored by git. */
const folder = join(packageRoot, '.cache', `examples-${process.pid}`)
const runs = new Map<
  string,
  (said: (...args: [string, unknown, string]) => unknown) => Promise<void>
>()

beforeAll(async () => {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'examples.ts'), moduleOf(examples, '../../test/support'))
  const module = await import(join(folder, 'examples.ts'))
  for (let k = 0; k < module.runs.length; k += 2)
    runs.set(examples[k / 2]!.code, module.runs[k + 1])
  useHost()
})
afterEach(() => useBackend('reference'))
afterAll(() => {
  noHost()
  for (const one of [folder, scratch]) rmSync(one, { recursive: true, force: true })
})

test('there are examples', () => expect(examples.length).toBeGreaterThan(70))

test('comments that begin with a value are read', () => {
  expect(valueIn('{ calls: 1, clipped: 1 } where the norm was 5')?.value).toMatchObject({
    calls: 1,
  })
  expect(valueIn('[{ t: 1 }, …]')).toEqual({ value: [{ t: 1 }], open: true })
  expect(valueIn('0.4402…')).toEqual({ value: '0.4402', open: true })
  expect(valueIn('1: the head trains')?.value).toBe(1)
  expect(valueIn('measure here')).toBeUndefined()
})

test.each(examples)('$name runs, and shows what it says: $code', async ({ code }) => {
  const said: Said[] = []
  await runs.get(code)!((expression, value, comment) => {
    said.push({ expression, value, comment })
    return value
  })
  for (const { expression, value, comment } of said) {
    const promised = valueIn(comment)
    // What a schedule gives at its steps is read by test/schedules/documented.test.ts.
    if (!promised || typeof value === 'function') continue
    const ours = shown(await value, promised.value, promised.open)
    expect(ours, expression).toEqual(shown(promised.value, promised.value, false))
  }
})

test('the examples pass the type check', () => {
  const tsconfig = {
    extends: '../../tsconfig.json',
    compilerOptions: {
      noUnusedLocals: false,
      noUnusedParameters: false,
      paths: { downhill: ['../../src/index.ts'] },
    },
    include: ['examples.ts', '../../lessons/markdown.d.ts'],
  }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(tsconfig))
  const tsc = join(packageRoot, 'node_modules/typescript/bin/tsc')
  const { stdout } = spawnSync(process.execPath, [tsc, '-p', folder], { encoding: 'utf8' })
  expect(stdout).toBe('')
}, 120_000)
