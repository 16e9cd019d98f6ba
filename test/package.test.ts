import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { build } from 'esbuild'
import { build as viteBuild } from 'vite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { serveFolder } from '../classroom/export/index.js'
import { launch, open } from './support/chromium.js'
import { KernelClient, resultText } from './support/kernel-client.js'
import { testWith } from './support/need.js'
import { installPacked } from './support/packed.js'

/** A user's project: the packed package, unpacked into node_modules beside its dependencies. */
let project: string

beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), 'downhill-package-'))
  installPacked(project)
})

afterAll(() => rmSync(project, { recursive: true, force: true }))

/** Runs a script in the project; its last line is its answer. */
function run(file: string, code: string): unknown {
  writeFileSync(join(project, file), code)
  const { stdout, stderr, status } = spawnSync(process.execPath, [file], {
    cwd: project,
    encoding: 'utf8',
  })
  expect(stderr).toBe('')
  expect(status).toBe(0)
  return JSON.parse(stdout.trim().split('\n').at(-1)!)
}

const walk = (backend: string) => `
  const rows = await trace(adam, { start: 2, gradient: (x) => 2 * x, steps: 3, options: { lr: 0.01 }, backend: '${backend}' })
  console.log(JSON.stringify([Object.keys(rows[0]), rows.map(({ x }) => x.toFixed(4)), await useBackend('${backend}')]))`
const answer = (backend: string) => [
  ['t', 'g', 'm', 'v', 'mHat', 'vHat', 'x'],
  ['1.9900', '1.9800', '1.9700'],
  backend,
]

describe.each([
  ['reference', 'reference'],
  ['gpu:webasm', 'gpu: webasm'],
])('the package on %s', (backend, name) => {
  test('is imported', () => {
    const code = `import { adam, trace, useBackend } from 'downhill'\n${walk(backend)}`
    expect(run('imported.mjs', code)).toEqual(answer(name))
  })

  test('is required', () => {
    const code = `const { adam, trace, useBackend } = require('downhill');\n(async () => {${walk(backend)}})()`
    expect(run('required.cjs', code)).toEqual(answer(name))
  })

  test('runs in a worker thread', () => {
    const code = `import { Worker } from 'node:worker_threads'
      new Worker(\`import('downhill').then(async ({ adam, trace, useBackend }) => {${walk(backend)}})\`, { eval: true })`
    expect(run('worker.mjs', code)).toEqual(answer(name))
  })

  test('keeps its rules when it is bundled and minified', async () => {
    const { outputFiles } = await build({
      stdin: {
        contents: `import { adam, trace, useBackend } from 'downhill'\n${walk(backend)}`,
        resolveDir: project,
      },
      bundle: true,
      minify: true,
      write: false,
      format: 'esm',
      platform: 'node',
      external: ['gpu.js', 'linkedom', '@observablehq/plot'],
      logLevel: 'silent',
    })
    expect(run('minified.mjs', outputFiles[0]!.text)).toEqual(answer(name))
  })
})

/** One step of LAMB on ‖w‖² from (3, 4), in the words of its equation: the gradient (6, 8) is cut to norm 1, m̂ = g, v̂ = g². */
const stepped = (() => {
  const p = [3, 4]
  const u = p.map((x, i) => [0.6, 0.8][i]! / ([0.6, 0.8][i]! + 1e-6) + 0.01 * x)
  return p.map((x, i) => (x - (0.1 * 5 * u[i]!) / Math.hypot(...u)).toFixed(5))
})()

const step = `const w = parameter([3, 4], { name: 'w' })
const optimizer = lamb([w], { lr: 0.1 })
w.square().sum().backward()
optimizer.step()
const after = Array.from(w.dataSync(), (x) => x.toFixed(5))
`

/** Data sets are files beside the entry: every kind of program must find them. */
const counted = `const sets = [await digits(), await breastCancer()]
const after = sets.map(({ name, length, features, y }) => [name, length, features.length, y.at(-1)].join())
`

describe.each([
  { title: 'lamb takes the right step', names: 'lamb, parameter', code: step, answer: stepped },
  {
    title: 'the data sets are found',
    names: 'breastCancer, digits',
    code: counted,
    answer: ['digits,1797,64,8', 'breast cancer,569,30,1'],
  },
])('$title', ({ title, names, code, answer }) => {
  const imported = `import { ${names} } from 'downhill'\n${code}`
  const told = 'console.log(JSON.stringify(after))'

  test('as an ES module', () => {
    expect(run('module.mjs', imported + told)).toEqual(answer)
  })

  test('as CommonJS', () => {
    const required = `const { ${names} } = require('downhill');\n(async () => {${code}${told}})()`
    expect(run('module.cjs', required)).toEqual(answer)
  })

  test('in a bundle of one file, as a page has it', async () => {
    const { outputFiles } = await build({
      stdin: {
        contents: `(async () => { const { ${names} } = require('downhill')\n${code}${told}})()`,
        resolveDir: project,
      },
      bundle: true,
      minify: true,
      write: false,
      format: 'iife',
      platform: 'node',
      external: ['gpu.js', 'linkedom', '@observablehq/plot'],
      logLevel: 'silent',
    })
    const home = mkdtempSync(join(tmpdir(), 'downhill-bundle-'))
    try {
      writeFileSync(join(home, 'bundle.cjs'), outputFiles[0]!.text)
      const done = spawnSync(process.execPath, ['bundle.cjs'], { cwd: home, encoding: 'utf8' })
      expect([JSON.parse(done.stdout), done.stderr]).toEqual([answer, ''])
    } finally {
      rmSync(home, { recursive: true, force: true })
    }
  })

  testWith(
    ['chromium'],
    "in Vite's build for browsers, in Chromium",
    async () => {
      const root = mkdtempSync(join(project, 'site-'))
      writeFileSync(
        join(root, 'index.html'),
        `<!doctype html><link rel="icon" href="data:,"><title>${title}</title><script type="module" src="./main.js"></script>`,
      )
      writeFileSync(join(root, 'main.js'), `${imported}document.title = JSON.stringify(after)`)
      await viteBuild({ root, base: './', configFile: false, logLevel: 'silent' })
      const served = await serveFolder(join(root, 'dist'))
      const browser = await launch()
      try {
        const { page, complaints } = await open(browser, `${served.url}index.html`)
        await page.waitForFunction((before) => document.title !== before, title, {
          timeout: 30_000,
        })
        expect(JSON.parse(await page.title())).toEqual(answer)
        expect(complaints).toEqual([])
      } finally {
        await browser.close()
        await served.close()
      }
    },
    180_000,
  )

  test.each([
    ['whose own copy a cell imports', () => project],
    ['with the copy of the kernel', () => tmpdir()],
  ])(
    'in a notebook, %s',
    async (_, folder) => {
      const kernel = await KernelClient.start({ cwd: folder(), types: 'error' })
      try {
        const { reply, messages } = await kernel.execute(`${imported}JSON.stringify(after)`)
        expect(reply).toMatchObject({ status: 'ok' })
        expect(JSON.parse(resultText(messages)!.replace(/^'|'$/g, ''))).toEqual(answer)
        const from = await kernel.execute(
          `import { adam } from 'downhill'
let stack = ""\ntry { adam([], { lr: -1 }) } catch (error) { stack = String((error as Error).stack) }\nstack`,
        )
        const home = folder() === project ? join(project, 'node_modules', 'downhill') : resolve('.')
        expect(resultText(from.messages)).toContain(join(home, 'dist'))
      } finally {
        await kernel.close()
      }
    },
    120_000,
  )
})

test('who made the data is told in the files that have them', () => {
  const home = join(project, 'node_modules', 'downhill', 'dist', 'packed')
  const heads = ['digits.js', 'breast-cancer.js'].map((file) =>
    readFileSync(join(home, file), 'utf8').slice(0, 400),
  )
  for (const [k, author] of ['Alpaydin & Kaynak', 'Wolberg et al.'].entries())
    expect(heads[k]).toMatch(new RegExp(`^/\\*! Data: ${author}.*CC BY 4\\.0`))
})

test('the text of every rule is pinned', () => {
  const code = `import * as downhill from 'downhill'
    const made = Object.entries(downhill).filter(([, value]) => value?.compiler)
    console.log(JSON.stringify(Object.fromEntries(made.map(([name, { compiler }]) => [name, compiler.definition.source]))))`
  const sources = run('pinned.mjs', code) as Record<string, string>
  expect(Object.keys(sources)).toEqual(expect.arrayContaining(['adam', 'adamw', 'sgd']))
  for (const source of Object.values(sources)) expect(source).toMatch(/^rule\(p, g, /)
})

/** The compiler inside tslab, the other kernel that lessons run in: TypeScript 5.0.4 with Node10 resolution. */
test('its types are read by TypeScript 5.0.4', () => {
  const require = createRequire(import.meta.url)
  const ts = require('@tslab/typescript-for-tslab')
  expect(ts.version).toMatch(/^5\.0/)
  const file = join(project, 'consumer.ts')
  writeFileSync(
    file,
    `import { adam, adamw, clipGradNorm, defineOptimizer, parameter, rate, sgd, table, trace, warmupCosine } from 'downhill'
const x = parameter([1, 2], { name: 'x' })
const optimizer = adamw([{ params: [x], lr: warmupCosine({ peak: 1e-3, warmup: 10, total: 100 }) }], { weightDecay: 0 })
optimizer.groups[0].beta1 = 0.95
const signed = defineOptimizer({
  name: 'signed',
  options: { lr: rate(0.01) },
  state: ['m'],
  rule(p, g, m, { lr, t }) {
    const step: number = lr / t
    return [p - step * Math.sign(g), m]
  },
})
const makers = [sgd, adam, signed]
for (const make of makers) make([x], { lr: 0.1 })
export async function main(): Promise<number> {
  x.square().sum().backward()
  const norm: number = await clipGradNorm([x], 1).item()
  const rows = await trace(adam, { start: 2, gradient: (at: number) => 2 * at, steps: 3, options: { lr: 0.01, amsgrad: true } })
  const rates: number[] = table((step) => 1 / step, 3).map((row) => row.rate)
  return norm + rows[0].x + rates[0]
}
// @ts-expect-error there is no such option
adam([x], { beta3: 0.9 })
// @ts-expect-error peak is missing
warmupCosine({ warmup: 10, total: 100 })
`,
  )
  const program = ts.createProgram([file], {
    strict: true,
    noEmit: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.CommonJS,
    moduleResolution: ts.ModuleResolutionKind.NodeJs,
    types: [],
    skipLibCheck: false,
  })
  const messages = ts
    .getPreEmitDiagnostics(program)
    .map((one: { file?: { fileName: string }; messageText: unknown }) => {
      return `${one.file?.fileName}: ${ts.flattenDiagnosticMessageText(one.messageText, ' ')}`
    })
  expect(messages).toEqual([])
})

/** What tsc puts into a declaration must have a public name: otherwise it refuses (TS2883) whoever builds on the library. */
test('a library of its own optimizers can be declared', () => {
  const source = `import { adam, count, defineOptimizer, defineSchedule, parameter, rate } from 'downhill'
export const signed = defineOptimizer({
  name: 'signed',
  options: { lr: rate(0.01) },
  state: [],
  rule: (p, g, { lr }) => [p - lr * Math.sign(g)],
})
export const falling = defineSchedule({ name: 'falling', options: { n: count() }, rule: (t, { n }) => n / (n + t) })
export const optimizer = signed([parameter([1])], { lr: falling({ n: 10 }) })
export const theirs = adam
`
  writeFileSync(join(project, 'library.mts'), source)
  const tsc = resolve('node_modules/typescript/bin/tsc')
  const flags = '--module nodenext --strict --declaration --emitDeclarationOnly --types'.split(' ')
  const { stdout, status } = spawnSync(process.execPath, [tsc, ...flags, '', 'library.mts'], {
    cwd: project,
    encoding: 'utf8',
  })
  expect([stdout, status]).toEqual(['', 0])
})
