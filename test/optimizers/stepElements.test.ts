import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  adamw,
  clipGradNorm,
  defineOptimizer,
  lamb,
  nadam,
  novograd,
  parameter,
  rate,
  sgd,
  type Tensor,
  tensor,
  useBackend,
} from 'downhill'
import { build } from 'esbuild'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { pinRules } from '../../cli/pin.mjs'
import { openBackend } from '../../src/backend/use.js'
import type { AnyOptimizer } from '../../src/optimizers/define.js'
import { onEachNode } from '../support/node24.js'
import type { Steady } from '../support/steadyHeap.js'

afterEach(() => useBackend('reference'))

const many = (sizes: readonly number[]): Tensor[] =>
  sizes.map((size, k) =>
    parameter(
      Array.from({ length: size }, (_, i) => Math.sin(i + k)),
      { name: `w${k}` },
    ),
  )
const give = (params: readonly Tensor[], seed: number) => {
  for (const [k, param] of params.entries())
    param.grad = tensor(Array.from({ length: param.size }, (_, i) => Math.cos(3 * i + k + seed)))
}

describe('launches', () => {
  const counted = async (run: () => void) => {
    const simd = await openBackend('simd')
    const names = ['map', 'mapEach', 'fold', 'reduce', 'reduceEach'] as const
    const spies = names.map((name) => vi.spyOn(simd, name))
    run()
    const counts = Object.fromEntries(spies.map((spy, k) => [names[k]!, spy.mock.calls.length]))
    for (const spy of spies) spy.mockRestore()
    return counts
  }
  const none = { map: 0, mapEach: 0, fold: 0, reduce: 0, reduceEach: 0 }

  test('all tensors of all groups with one program are one launch', async () => {
    await useBackend('simd')
    const params = many([5, 1, 100, 33, 1, 2])
    const optimizer = adamw([
      { params: params.slice(0, 4), lr: 0.1 },
      { params: params.slice(4), lr: 0.2 },
    ])
    give(params, 1)
    optimizer.step()
    expect(await counted(() => optimizer.step())).toEqual({ ...none, mapEach: 1 })
    clipGradNorm(params, 0.1)
    expect(await counted(() => optimizer.step())).toEqual({ ...none, mapEach: 1 })
    optimizer.groups[1]!.weightDecay = 0
    expect(await counted(() => optimizer.step())).toEqual({ ...none, mapEach: 2 })
  })

  test('what a rule sums is one launch a sum', async () => {
    await useBackend('simd')
    const params = many([5, 1, 100])
    give(params, 1)
    const layers = lamb(params)
    layers.step()
    expect(await counted(() => layers.step())).toEqual({
      ...none,
      mapEach: 1,
      reduce: 1,
      reduceEach: 2,
    })
    const numbers = novograd(params)
    numbers.step()
    expect(await counted(() => numbers.step())).toEqual({ ...none, mapEach: 2, reduceEach: 1 })
  })
})

/** Each tensor by an optimizer of its own: what one launch for all must give. */
const makers = {
  adamw: (params) => adamw(params),
  nadam: (params) => nadam(params),
  lamb: (params) => lamb(params, { maxGradNorm: 0 }),
  novograd: (params) => novograd(params),
} satisfies Record<string, (params: Tensor[]) => ReturnType<AnyOptimizer>>

describe.each(['reference', 'simd'] as const)('on %s', (backend) => {
  test.each(Object.entries(makers))(
    '%s moves each tensor as if it were alone, whenever it joins or rests',
    async (_, make) => {
      await useBackend(backend)
      const sizes = [5, 1, 100, 2, 1, 33]
      const walk = (make: (params: Tensor[]) => { step(): void }[]) => {
        const params = many(sizes)
        const optimizers = make(params)
        for (let t = 0; t < 6; t++) {
          give(params, t)
          for (const [k, param] of params.entries()) if ((t + k) % 4 === 0) param.grad = null
          if (t === 3) clipGradNorm([params[2]!], 0.5)
          for (const optimizer of optimizers) optimizer.step()
        }
        return params.map((param) => [...param.dataSync()])
      }
      const together = walk((params) => [make(params)])
      expect(together).toEqual(walk((params) => params.map((param) => make([param]))))
    },
  )
})

test('values that a graph needs are not written over', async () => {
  await useBackend('simd')
  const params = many([4, 1, 9])
  const optimizer = sgd(params, { lr: 0.1 })
  give(params, 1)
  const before = [...params[0]!.dataSync()]
  const loss = params.map((param) => param.square().sum()).reduce((a, b) => a.add(b))
  optimizer.step()
  optimizer.zeroGrad()
  loss.backward()
  const [gradient] = params.map((param) => [...param.grad!.dataSync()])
  expect(gradient).toEqual(before.map((p) => Math.fround(2 * p)))
})

describe('a refused step changes nothing', () => {
  const state = async (params: Tensor[], optimizer: { stateDict(): Promise<unknown> }) =>
    JSON.stringify([params.map((param) => [...param.dataSync()]), await optimizer.stateDict()])

  test('a parameter that came into the groups twice by hand', async () => {
    const params = many([2, 3])
    const optimizer = adamw([{ params: [params[0]!] }, { params: [params[1]!] }])
    give(params, 1)
    const before = await state(params, optimizer)
    optimizer.groups[1]!.params[0] = params[0]!
    expect(() => optimizer.step()).toThrow(
      new RangeError('adamw: w0 [2] on reference is in the groups twice; a step moves it once'),
    )
    optimizer.groups[1]!.params[0] = params[1]!
    expect(await state(params, optimizer)).toBe(before)
    optimizer.step()
    expect(await state(params, optimizer)).not.toBe(before)
  })

  test('a rule that cannot be compiled, for the second group alone', () => {
    const odd = defineOptimizer({
      name: 'odd',
      options: { lr: rate(0.1), twice: rate(0) },
      state: ['m'],
      rule: (p, g, m, { lr, twice }) => [p - lr * g, m + (twice === 0 ? 1 : Math.hypot(g, 1))],
    })
    const params = many([2, 3])
    const optimizer = odd([{ params: [params[0]!] }, { params: [params[1]!], twice: 1 }])
    give(params, 1)
    expect(() => optimizer.step()).toThrow(SyntaxError)
    expect([...params[0]!.dataSync()]).toEqual([0, Math.sin(1)])
  })
})

test('options are checked anew once they are others, and schedules at each step', () => {
  const [w] = many([2])
  let rateNow = 0.1
  const optimizer = sgd([w!], { lr: 0.1 })
  give([w!], 1)
  optimizer.step()
  optimizer.step()
  const group = optimizer.groups[0]!
  group.lr = -1
  expect(() => optimizer.step()).toThrow('sgd: lr must be ≥ 0, got -1')
  expect(() => optimizer.step()).toThrow('sgd: lr must be ≥ 0, got -1')
  group.lr = () => rateNow
  optimizer.step()
  rateNow = Number.NaN
  expect(() => optimizer.step()).toThrow('sgd: lr must be ≥ 0, got NaN')
  rateNow = 0
  const before = [...w!.dataSync()]
  optimizer.step()
  expect([...w!.dataSync()]).toEqual(before)
  Object.assign(group, { lr: 0.1, speed: 1 })
  expect(() => optimizer.step()).toThrow('there is no option "speed"')
  Reflect.deleteProperty(group, 'speed')
  group.momentum = 0.5
  optimizer.step()
  expect([...w!.dataSync()]).not.toEqual(before)
})

test('tensors without elements rest', async () => {
  const params = many([0, 2])
  const optimizer = adamw(params)
  give(params, 1)
  optimizer.step()
  const saved = await optimizer.stateDict()
  expect(saved.params.map(({ t }) => t)).toEqual([0, 1])
  optimizer.loadStateDict(saved)
})

describe('memory while models are trained', () => {
  const folder = mkdtempSync(join(tmpdir(), 'downhill-steady-'))
  const script = join(folder, 'steady.cjs')
  beforeAll(async () => {
    const contents = `import { steadyHeap } from './test/support/steadyHeap.ts'
      steadyHeap().then((result) => console.log(JSON.stringify(result)))`
    await build({
      stdin: { contents, resolveDir: '.', loader: 'ts' },
      bundle: true,
      format: 'cjs',
      platform: 'node',
      external: ['gpu.js', 'linkedom', '@observablehq/plot'],
      plugins: [pinRules],
      alias: { downhill: './src/index.ts' },
      outfile: script,
      logLevel: 'silent',
    })
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  onEachNode('as a bundle', (node) => {
    test('1,000 steps leave less than 64 kB, and a model that is dropped makes room for the next', () => {
      const { stdout, stderr } = spawnSync(node, ['--expose-gc', script], { encoding: 'utf8' })
      expect(stderr).toBe('')
      const { growth, needed } = JSON.parse(stdout) as Steady
      expect(Object.keys(growth)).toEqual(['adamw', 'lamb', 'lookahead'])
      for (const windows of Object.values(growth)) {
        expect(windows.map(({ memory }) => memory)).toEqual(windows.map(() => 0))
        // V8 compiles and drops code when it likes, 250 kB up or down in one window; a leak is in each.
        const median = windows.map(({ heap }) => heap).sort((a, b) => a - b)[2]!
        expect(median).toBeLessThan(64 * 1024)
      }
      // V8 may find a dropped model late, so one more of 640 kB has a place; a leak, even of a single gradient, adds up over eleven times.
      expect(needed.at(-1)! - needed[3]!).toBeLessThan(700_000)
    }, 240_000)
  })
})
