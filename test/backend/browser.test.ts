import { build } from 'esbuild'
import type { Browser, Page as BrowserPage } from 'playwright-core'
import { afterAll, beforeAll, expect, vi } from 'vitest'
import { pinRules } from '../../cli/pin.mjs'
import { tooFar } from '../support/accuracy.js'
import { battery } from '../support/battery.js'
import { launch, patience } from '../support/chromium.js'
import { deviceBound, deviceParts } from '../support/device.js'
import type { page as devicePage } from '../support/devicePage.js'
import { has, testWith } from '../support/need.js'
import { trainingBound } from '../support/training.js'

/** GPUs that a program plays, on a busy machine. */
vi.setConfig({ testTimeout: 120_000 })

let browser: Browser
let page: BrowserPage

/** The library as an application's bundler would ship it, minified: its rules and kernels must survive that. */
async function bundle(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: ['test/support/devicePage.ts'],
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    platform: 'browser',
    plugins: [pinRules],
    alias: { downhill: './src/index.ts' },
    logLevel: 'silent',
  })
  return outputFiles[0]!.text
}

let script: string

/** An empty page with the library in it. */
async function load(): Promise<void> {
  await page.goto('http://localhost/')
  await page.addScriptTag({ content: script })
}

beforeAll(async () => {
  if (!has('chromium')) return
  browser = await launch(['--enable-unsafe-webgpu'])
  page = await browser.newPage()
  page.setDefaultTimeout(patience)
  await page.route(
    'http://localhost/',
    (
      route, // WebGPU is only there in a secure context
    ) => route.fulfill({ contentType: 'text/html', body: '<!doctype html>' }),
  )
  script = await bundle()
})

afterAll(() => browser?.close())

type Page = typeof devicePage

/** Calls one of the functions that the page knows. */
const call = <Name extends keyof Page>(
  name: Name,
  ...args: Parameters<Page[Name]>
): Promise<Awaited<ReturnType<Page[Name]>>> =>
  page.evaluate(
    ([name, list]) =>
      (globalThis as unknown as { devicePage: Record<string, (...args: unknown[]) => unknown> })
        .devicePage[name]!(...list),
    [name, args as unknown[]] as const,
  ) as Promise<Awaited<ReturnType<Page[Name]>>>

const modes = ['simd', 'gpu:webgl2', 'gpu:webgl', 'gpu:webasm', 'gpu:cpu', 'gpu:webgpu'] as const

const shownAs = (name: string) =>
  name.startsWith('gpu:webg') ? `${name.replace(':', ': ')} (SwiftShader)` : name.replace(':', ': ')

/** No readings of numbers between the first step and the end: one for each of 5 losses and 6 parameters, on a GPU. */
const reads = (name: string) => (name.startsWith('gpu:webg') ? 11 : 0)

for (const name of modes) {
  testWith(
    ['chromium'],
    `${name} in Chromium is within the bound of the reference`,
    async () => {
      await load()
      const compared = await call('compareWithReference', name, deviceParts)
      expect(compared.backend).toBe(shownAs(name))
      expect(Object.keys(compared.errors).length).toBeGreaterThan(60)
      const outside = Object.entries(compared.errors).filter(([, error]) => !(error <= deviceBound))
      expect(outside).toEqual([])
    },
    300_000,
  )

  testWith(
    ['chromium'],
    `${name} in Chromium does every operation, and trains without reading anything back`,
    async () => {
      await load()
      const results = await call('battery', name)
      for (const [what, { expected }] of Object.entries(battery))
        expect(results[what], what).toEqual(expected)
      const trained = await call('train', name, 5)
      expect(trained).toMatchObject({ backend: shownAs(name), before: 0, after: reads(name) })
      expect(trained.error).toBeLessThan(trainingBound)
      expect(await call('layersError', name)).toBeLessThan(trainingBound)
      if (name === 'simd') return
      expect(tooFar(await call('accuracy', name))).toEqual([])
    },
    300_000,
  )
}

testWith(['chromium'], 'a GPU that is none is known as such', async () => {
  await load()
  for (const name of modes)
    expect((await call('shown', name)).software ?? false).toBe(name.startsWith('gpu:webg'))
  expect((await call('shown', 'gpu')).shown).toBe('gpu: webgl2 (SwiftShader)')
})

testWith(['chromium'], 'more kernels than a page has room for memories', async () => {
  await load()
  expect(await call('manyKernels', 'gpu:webasm', 100)).toBe(100)
})

testWith(['chromium'], 'a kernel that goes takes no texture in use with it', async () => {
  await load()
  for (const mode of ['webgl2', 'webgl'])
    expect(await call('evict', mode)).toEqual({ kept: 2, first: [2, 4], again: [8, 16] })
})

testWith(
  ['chromium'],
  'a kernel with too many arrays is refused, not computed wrongly',
  async () => {
    await load()
    const refused = (most: number) => `map: a kernel reads at most ${most} arrays here, got 40`
    expect(await call('overload', 'gpu:webgl2')).toContain(refused(15))
    expect(await call('overload', 'gpu:webgl')).toContain(refused(15))
    expect(await call('overload', 'gpu:webgpu')).toContain(refused(7))
    expect(await call('overload', 'gpu:webasm')).toBe('40,80')
  },
)

testWith(['chromium'], 'what WebGPU finds wrong later is told by who reads', async () => {
  await load()
  const [first, second] = await call('broken', 'gpu:webgpu')
  expect(first).toMatch(/^gpu: webgpu \(SwiftShader\): write \(3 values\) failed: /)
  expect(second).toBe('2,4,6')
})
