import { build } from 'esbuild'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, expect } from 'vitest'
import { pinRules } from '../../cli/pin.mjs'
import { type Comparison, deviceBound } from '../support/device.js'
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
  await page.goto('http://localhost/')
  await page.addScriptTag({ content: await bundle() })
})

afterAll(() => browser?.close())

for (const mode of ['webgl2', 'webgl', 'webasm', 'cpu', 'webgpu'] as const) {
  testWith(
    ['chromium'],
    `gpu:${mode} in Chromium is within the bound of the reference`,
    async () => {
      const { backend, errors } = await page.evaluate(
        (name) =>
          (
            globalThis as unknown as { compareWithReference(name: string): Promise<Comparison> }
          ).compareWithReference(name),
        `gpu:${mode}`,
      )
      expect(backend).toBe(`gpu: ${mode}`)
      expect(Object.keys(errors).length).toBeGreaterThan(60)
      const { table, ...others } = errors
      expect(table).toBeLessThanOrEqual(mode.startsWith('webg') ? cosineBound : deviceBound)
      expect(Object.entries(others).filter(([, error]) => !(error <= deviceBound))).toEqual([])
    },
    60_000,
  )
}
