import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { packageRoot } from '../cli/root.js'
import { serve } from './peers/perf/serve.mjs'

// A peer that lives in a page of Chromium. usage: in-chromium.mjs LIBRARY PROGRAM ARGUMENT…; ways: those of the library.
const [library, executablePath, ...args] = process.argv.slice(2)
const browser = await chromium.launch({ executablePath: executablePath!, args })
const page = await browser.newPage()
page.setDefaultTimeout(0)
/** The folder of the recipe, once a request has named it. */
let folder = ''
await page.route('http://localhost/**', (route) => {
  const [, name] = /\/recipe\/([\w.]+)$/.exec(route.request().url()) ?? []
  return name
    ? route.fulfill({ body: readFileSync(join(folder, name)) })
    : route.fulfill({ contentType: 'text/html', body: '<!doctype html>' })
})
await page.goto('http://localhost/') // WebGPU is only there in a secure context
await page.addScriptTag({ path: join(packageRoot, '.cache', 'bench', 'gpu-page.js') })

type Page = { answer(library: string, request: object): Promise<object>; device: Device }
type Device = Record<string, (name: string) => Promise<unknown>>

async function answer({
  data,
  device,
  ...request
}: {
  data?: string
  device?: string
  way?: string
}) {
  folder = data ?? folder
  const work = device
    ? page.evaluate(([what, name]) => (globalThis as unknown as Page).device[what]!(name), [
        device,
        request.way!,
      ] as const)
    : page.evaluate(
        ([library, request]) => (globalThis as unknown as Page).answer(library, request),
        [library!, data === undefined ? request : { ...request, data }] as const,
      )
  return await work.catch((error: Error) => ({ none: error.message.split('\n')[0] }))
}

await serve(
  { Chromium: browser.version() },
  undefined,
  answer as (request: object) => Promise<object>,
)
