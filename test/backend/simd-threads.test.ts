import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { join } from 'node:path'
import { backend, useBackend } from 'downhill'
import { build } from 'esbuild'
import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { pinRules } from '../../cli/pin.mjs'
import { packageRoot } from '../../cli/root.js'
import type { Backend, DeviceArray } from '../../src/backend/backend.js'
import { Picks } from '../../src/backend/picks.js'
import { compileRule, program, toProgram } from '../../src/backend/rule.js'
import { openBackend } from '../../src/backend/use.js'
import { runBundle } from '../support/bundle.js'
import { launch, patience } from '../support/chromium.js'
import { testWith } from '../support/need.js'
import { onEachNode } from '../support/node24.js'
import { cases } from '../support/randomRules.js'

let backends: Backend[]
beforeAll(async () => {
  backends = [
    await openBackend('simd'),
    await openBackend('simd', { threads: 2 }),
    await openBackend('simd', { threads: 3 }),
  ]
})
afterEach(() => useBackend('reference'))

const column = (length: number, seed: number, scale = 3) =>
  Float32Array.from({ length }, (_, k) => Math.sin(seed + k * 1.7) * scale)

/** What `run` gives is bit-equal with 1, 2 and 3 threads. Its arrays are freed. */
function expectEqual(
  inputs: Float32Array[],
  run: (backend: Backend, arrays: DeviceArray[]) => DeviceArray[],
): void {
  const [alone, ...others] = backends.map((one) => {
    const arrays = inputs.map((input) => one.write(input))
    const made = run(one, arrays)
    const values = made.map((array) => one.readSync(array, ''))
    for (const array of new Set([...arrays, ...made])) one.release(array)
    return values
  })
  for (const other of others)
    for (const [k, values] of alone!.entries()) {
      const at = values.findIndex((x, i) => !Object.is(x, other[k]![i]))
      if (at >= 0)
        throw new Error(`output ${k} at ${at}: ${values[at]} alone, ${other[k]![at]} by threads`)
    }
}

/** Below and above what is shared, whole pieces and not. */
const lengths = [1, 31, 8192, 16_384, 40_001, 65_536, 300_007]

describe('1, 2 and 3 threads give the same bits', () => {
  test('random rules, their sums and maxima', () => {
    const property = fc.property(cases, fc.constantFrom(...lengths), (given, length) => {
      const { bodies, rows, s, h } = given
      const rule = toProgram(compileRule(`(a, b, s, { h }) => [${bodies}]`).outputs)
      const one = toProgram(compileRule(`(a, b, s, { h }) => [${bodies[0]}]`).outputs)
      const inputs = [0, 1].map((k) =>
        Float32Array.from({ length }, (_, i) => rows[i % rows.length]![k as 0 | 1] * (1 + i / 3e5)),
      )
      expectEqual([...inputs, Float32Array.of(s)], (on, arrays) => [
        ...on.map(rule, arrays, { hypers: { h }, length }),
        ...on.mapEach(rule, [{ inputs: arrays, launch: { hypers: { h }, length } }]).flat(),
        on.reduce('sum', one, [arrays, arrays], { h }),
        ...on.reduceEach!('max', one, [{ inputs: arrays, launch: { hypers: { h } } }]),
      ])
    })
    fc.assert(property, { numRuns: 60, endOnFailure: true })
  }, 300_000)

  test('1,000,001 values, in place', () => {
    const rule = program('(p, g, m) => [p - m / (Math.sqrt(g * g) + 1), m * 0.9 + g]')
    expectEqual(
      [0, 1, 2].map((k) => column(1e6 + 1, k)),
      (on, [p, g, m]) => {
        for (let k = 0; k < 3; k++)
          on.mapEach(rule, [{ inputs: [p!, g!, m!], launch: { into: [p, m] } }])
        return [p!, m!, on.reduce('sum', program('(x) => [x]'), [[p!]])]
      },
    )
  }, 60_000)

  test('many tensors of all sizes in one launch, single values among them', () => {
    const sizes = [1, 100_003, 5, 8192, 1, 70_000, 333, 0, 20_000]
    const rule = program('(a, s) => [a * s + 1, a / s]')
    expectEqual([...sizes.map((size, k) => column(size, k)), Float32Array.of(3)], (on, arrays) => {
      const single = arrays.at(-1)!
      const tensors = arrays.slice(0, -1)
      const launches = tensors.map((a) => ({ inputs: [a, single] }))
      return [...on.mapEach(rule, launches).flat(), on.euclid!(tensors)]
    })
  })

  const sizes = fc.record({
    rows: fc.integer({ min: 1, max: 300 }),
    inner: fc.oneof(fc.integer({ min: 1, max: 900 }), fc.constantFrom(512, 1024)),
    columns: fc.oneof(fc.integer({ min: 1, max: 200 }), fc.constantFrom(64, 128)),
    transposeA: fc.boolean(),
    transposeB: fc.boolean(),
    finished: fc.boolean(),
  })

  test('products of any sizes, turned or not, finished or not', () => {
    const finish = program('(z, bias, w, s) => [Math.max(z + bias, 0) * w - s]')
    const property = fc.property(sizes, ({ finished, ...product }) => {
      const { rows, inner, columns } = product
      const lengths = [rows * inner, inner * columns, columns, rows * columns, 1]
      expectEqual(
        lengths.map((length, k) => column(length, k)),
        (on, [a, b, ...inputs]) => [
          on.matmul(a!, b!, product, finished ? { program: finish, inputs } : undefined),
        ],
      )
    })
    fc.assert(property, { numRuns: 100 })
  }, 300_000)

  test('folds and repeated rows of any sizes', () => {
    const scaled = program('(x, row, each, s) => [(x + row) * each - s, each]')
    const rowsOf = fc.integer({ min: 1, max: 700 })
    const property = fc.property(rowsOf, rowsOf, (rows, columns) => {
      const lengths = [rows * columns, columns, rows, 1]
      expectEqual(
        lengths.map((length, k) => column(length, k)),
        (on, [x, row, each, s]) => [
          ...(['sum', 'max'] as const).flatMap((kind) => [
            on.fold(kind, x!),
            on.fold(kind, x!, { length: columns, inner: 1 }),
            on.fold(kind, x!, { length: rows, inner: columns }),
          ]),
          ...on.map(scaled, [x!, row!, each!, s!], { repeat: [undefined, 1, columns] }),
        ],
      )
    })
    fc.assert(property, { numRuns: 100 })
  }, 300_000)

  test('folds of inner axes, and picks one by one, four by four and added up', () => {
    expectEqual([column(96 * 50 * 20, 1)], (on, [x]) => {
      const places = Int32Array.from({ length: 40_003 }, (_, k) => (k * 7919) % x!.length)
      const turned = Picks.of(places, x!.length)
      const fours = places.map((_, k) => ((k >> 2) * 44 + (k & 3)) % (x!.length - 4))
      return [
        on.fold('sum', x!, { length: 50, inner: 20 }),
        on.fold('max', x!, { length: 20, inner: 1 }),
        ...[places, fours].map((list) => on.pick(x!, Picks.of(list, x!.length))),
        on.pick(on.pick(x!, turned), turned.transpose),
      ]
    })
  })
})

test('the name tells the threads; each number of them is one backend; others have none', async () => {
  expect(await useBackend('simd', { threads: 2 })).toBe('simd: 2 threads')
  expect(backend()).toBe('simd: 2 threads')
  expect(await openBackend('simd', { threads: 2 })).toBe(backends[1])
  expect(await openBackend('simd', { threads: 1 })).toBe(backends[0])
  expect(await useBackend('simd', { threads: 'auto' })).toMatch(/^simd(: \d threads)?$/)
  for (const threads of [0, 1.5, 65, 'all' as never])
    await expect(useBackend('simd', { threads })).rejects.toThrow(
      `useBackend: threads must be 'auto' or a whole number from 1 to 64, got ${threads}`,
    )
  await expect(useBackend('reference', { threads: 2 })).rejects.toThrow(
    `useBackend: only 'simd' has threads; leave them out for "reference", or take 'simd'`,
  )
})

const step = `const w = parameter(new Float32Array(200_000).fill(0.5))
const optimizer = adamw([w], { lr: 0.01 })
for (let k = 0; k < 20; k++) {
  optimizer.zeroGrad()
  w.square().sum().backward()
  optimizer.step()
}
const { value } = { value: w.dataSync().reduce((sum, x) => sum + x, 0) }
console.log(backend(), value.toFixed(3))`

onEachNode('a process with threads ends by itself', (node) => {
  const path = (name: string) => JSON.stringify(join(packageRoot, 'dist', name))
  const names = '{ adamw, backend, parameter, useBackend }'
  const run = (args: string[], code: string) =>
    execFileSync(node, [...args, '-e', code], { encoding: 'utf8', timeout: 60_000 }).trim()
  let alone: string

  beforeAll(() => {
    const code = `import ${names} from ${path('index.js')}\nawait useBackend('simd')\n${step}`
    alone = run(['--input-type=module'], code).replace('simd', 'simd: 2 threads')
  })

  test('as an ES module', () => {
    const code = `import ${names} from ${path('index.js')}\nawait useBackend('simd', { threads: 2 })\n${step}`
    expect(run(['--input-type=module'], code)).toBe(alone)
  }, 60_000)

  test('as CommonJS', () => {
    const code = `const ${names} = require(${path('index.cjs')})\nuseBackend('simd', { threads: 2 }).then(() => {${step}})`
    expect(run([], code)).toBe(alone)
  }, 60_000)

  test('in a bundle of one file, minified', async () => {
    const code = `import ${names} from 'downhill'\nuseBackend('simd', { threads: 2 }).then(() => {${step}})`
    expect(runBundle(node, await bundled(code, 'node')).trim()).toBe(alone)
  }, 60_000)
})

async function bundled(contents: string, platform: 'node' | 'browser'): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: packageRoot },
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    platform,
    external: ['gpu.js', 'linkedom', '@observablehq/plot'],
    plugins: [pinRules],
    alias: { downhill: join(packageRoot, 'src', 'index.ts') },
    logLevel: 'silent',
  })
  return outputFiles[0]!.text
}

describe('while others need the processors', () => {
  const burners: ChildProcess[] = []
  afterAll(() => {
    for (const one of burners) one.kill('SIGKILL')
  })

  test('launches end, and are right', () => {
    // They end by themselves where this process is killed, and with it what ends them.
    const burn = 'for (const end = Date.now() + 150_000; Date.now() < end; );'
    for (let k = 0; k < 4; k++) burners.push(spawn(process.execPath, ['-e', burn]))
    const rule = program('(a, b) => [a * b + 1]')
    expectEqual([column(100_000, 1), column(100_000, 2)], (on, [a, b]) => {
      let last = a!
      for (let k = 0; k < 300; k++) {
        const [made] = on.map(rule, [last, b!])
        if (last !== a) on.release(last)
        last = made!
      }
      return [last]
    })
  }, 120_000)
})

testWith(
  ['chromium'],
  'a page has threads with two headers, and is told of them without',
  async () => {
    const browser = await launch()
    try {
      const page = await browser.newPage()
      page.setDefaultTimeout(patience)
      let headers: Record<string, string> = {}
      await page.route('http://localhost/', (route) =>
        route.fulfill({ contentType: 'text/html', headers, body: '<!doctype html>' }),
      )
      const script = await bundled(
        `import { adamw, backend, parameter, useBackend } from 'downhill'
      const console = { log: (...words) => { globalThis.said = words.join(' ') } }
      globalThis.train = async (options) => {
        await useBackend('simd', options)
        ${step}
        return globalThis.said
      }`,
        'browser',
      )
      const train = async (options: object) => {
        await page.goto('http://localhost/')
        await page.addScriptTag({ content: script })
        return page.evaluate(
          (given) =>
            (globalThis as unknown as { train(options: object): Promise<string> })
              .train(given)
              .catch(({ message }) => message as string),
          options,
        )
      }
      const alone = await train({})
      expect(await train({ threads: 2 })).toContain(
        'headers Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp',
      )
      headers = {
        'Cross-Origin-Opener-Policy': 'same-origin',
        'Cross-Origin-Embedder-Policy': 'require-corp',
      }
      for (const threads of [2, 3])
        expect(await train({ threads })).toBe(alone.replace('simd', `simd: ${threads} threads`))
    } finally {
      await browser.close()
    }
  },
  120_000,
)
