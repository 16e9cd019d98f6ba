import { build } from 'esbuild'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, expect } from 'vitest'
import { pinRules } from '../../cli/pin.mjs'
import { type Comparison, deviceBound, deviceParts } from '../support/device.js'
import { chromiumArgs, has, testWith } from '../support/need.js'

/** A GPU's own cos is only held to 2⁻¹¹ (GLSL ES and WGSL, within [−π, π]); a cosine schedule halves that. */
const cosineBound = 2 ** -12

let browser: Browser
let page: Page

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
  browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: [...chromiumArgs, '--enable-unsafe-webgpu'],
  })
  page = await browser.newPage()
  await page.route(
    'http://localhost/',
    (
      route, // WebGPU is only there in a secure context
    ) => route.fulfill({ contentType: 'text/html', body: '<!doctype html>' }),
  )
  script = await bundle()
})

afterAll(() => browser?.close())

const compare = (name: string, parts: readonly string[]): Promise<Comparison> =>
  page.evaluate(
    ([name, list]) =>
      (
        globalThis as unknown as {
          compareWithReference(name: string, parts: readonly string[]): Promise<Comparison>
        }
      ).compareWithReference(name, list),
    [name, parts] as const,
  )

for (const name of [
  'simd',
  'gpu:webgl2',
  'gpu:webgl',
  'gpu:webasm',
  'gpu:cpu',
  'gpu:webgpu',
] as const) {
  testWith(
    ['chromium'],
    `${name} in Chromium is within the bound of the reference`,
    async () => {
      const errors: Record<string, number> = {}
      await load()
      for (const part of deviceParts) {
        if (name === 'gpu:webasm') await load()
        const compared = await compare(name, [part])
        expect(compared.backend).toBe(name.replace(':', ': '))
        Object.assign(errors, compared.errors)
      }
      expect(Object.keys(errors).length).toBeGreaterThan(60)
      const bound = (what: string) =>
        what.startsWith('table') && name.startsWith('gpu:webg') ? cosineBound : deviceBound
      const outside = Object.entries(errors).filter(([what, error]) => !(error <= bound(what)))
      expect(outside).toEqual([])
    },
    300_000,
  )
}
