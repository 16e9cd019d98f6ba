import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { KernelClient, resultText } from '../support/kernel-client.js'
import { onEachNode } from '../support/node24.js'

const files = {
  'node_modules/ourlib/package.json': JSON.stringify({
    name: 'ourlib',
    version: '1.2.3',
    type: 'module',
    exports: {
      '.': { import: './dist/esm.js', require: './dist/cjs.cjs' },
      './sub': './dist/sub.js',
      './package.json': './package.json',
    },
  }),
  'node_modules/ourlib/dist/esm.js':
    'export const kind = "esm"; export default function main() { return "default" }',
  'node_modules/ourlib/dist/cjs.cjs': 'exports.kind = "cjs"',
  'node_modules/ourlib/dist/sub.js': 'export const sub = "sub"',
  'node_modules/oldlib/index.js':
    'const all = {}; for (const n of ["hidden"]) all[n] = "seen"; module.exports = all',
  'data.json': '{ "rows": [1, 2] }',
  'plain.js': 'export const plain = 1',
  'helper.ts': `import { inner, type Row } from './inner'
import data from './data.json'
import { version } from 'downhill'
enum Kind { A = 5 }
export const row: Row = { kind: Kind.A, inner: inner(), rows: data.rows.length, version: typeof version }
export interface Shape { a: number }
export function fail(): never {
  interface Padding {
    a: 1
  }
  throw new Error('from a file')
}`,
  'inner.ts': "export type Row = object\nexport const inner = (): string => 'inner'",
  'folder/index.ts': 'export const index = true',
  'broken.json': '{',
}

onEachNode('import', (node) => {
  let kernel: KernelClient
  let folder: string
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'downhill imports ü '))
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), text)
    }
    kernel = await KernelClient.start({ node, cwd: folder })
  })
  afterAll(async () => {
    await kernel.close()
    rmSync(folder, { recursive: true, force: true })
    expect(kernel.stderr).toBe('')
  })
  const run = async (code: string) => {
    const { reply, messages } = await kernel.execute(code)
    if (reply.status === 'error') throw new Error((reply.traceback as string[]).join('\n'))
    expect(messages.filter(({ header }) => header.msg_type === 'stream')).toEqual([])
    return resultText(messages)
  }

  test.each([
    ["import { basename } from 'node:path'\nbasename('/a/b')", "'b'"],
    ["import fs, { existsSync as there } from 'fs'\nthere === fs.existsSync", 'true'],
    ["import main, { kind } from 'ourlib'\n[main(), kind]", "[ 'default', 'esm' ]"],
    ["import main2, * as all from 'ourlib'\n[main2(), all.kind]", "[ 'default', 'esm' ]"],
    ["import { sub } from 'ourlib/sub'\nsub", "'sub'"],
    ["import manifest from 'ourlib/package.json'\nmanifest.version", "'1.2.3'"],
    [
      "import manifest2 from 'ourlib/package.json' with { type: 'json' }\nmanifest2.version",
      "'1.2.3'",
    ],
    ["require('ourlib').kind", "'cjs'"],
    ["import { hidden } from 'oldlib'\nhidden", "'seen'"],
    ["import data from './data.json'\ndata.rows", '[ 1, 2 ]'],
    ["import { plain } from './plain.js'\nplain", '1'],
    [
      "import { row, type Shape } from './helper.ts'\nrow",
      "{ kind: 5, inner: 'inner', rows: 2, version: 'string' }",
    ],
    ["import { row as again } from './helper'\nagain === row", 'true'],
    ["import { row as js } from './helper.js'\njs === row", 'true'],
    ["import { index } from './folder'\nindex", 'true'],
    ["(await import('./helper.ts')).row === row", 'true'],
    ["const load = async () => (await import('ourlib')).kind\nawait load()", "'esm'"],
    ["import { version } from 'downhill'\ntypeof version", "'string'"],
    ["typeof require('downhill').version", "'string'"],
    ["import type { Shape as S } from './helper.ts'\nconst s: S = { a: 1 }; s.a", '1'],
    // An interface without "type": it is not there at run time, and nobody uses it as a value.
    ["import { Shape as T, plain as p } from './plain.js'\np", '1'],
    ["used(); import { used } from './used.mjs'; void 0", undefined],
    ['import.meta.dirname === process.cwd()', 'true'],
  ])('%s → %s', async (code, shown) => {
    writeFileSync(join(folder, 'used.mjs'), 'export const used = () => 1')
    expect(await run(code)).toBe(shown)
  })

  test('an unused import is there for later cells', async () => {
    await run("import { sub as later } from 'ourlib/sub'")
    expect(await run('later')).toBe("'sub'")
  })

  test('an error in an imported file tells its TypeScript line', async () => {
    const { reply } = await kernel.execute("import { fail } from './helper.ts'\nfail()")
    expect(reply.traceback).toContain(`    at fail (${join(folder, 'helper.ts')}:11:9)`)
  })

  test('a file that is no TypeScript shows the place, and nothing of the compiler', async () => {
    writeFileSync(join(folder, 'wrong.ts'), 'export const a = 1\nlet b = = 3\n')
    const { reply } = await kernel.execute("import { a } from './wrong.ts'\na")
    expect(reply).toMatchObject({ ename: 'SyntaxError' })
    expect(reply.evalue).toContain('wrong.ts:2:')
    expect(reply.evalue).not.toMatch(/Caused by|backtrace/)
  })

  test('a file called cell.js is the learner’s like any other', async () => {
    writeFileSync(join(folder, 'cell.js'), "export const fail = () => { throw new Error('mine') }")
    const { reply } = await kernel.execute("import { fail } from './cell.js'\nfail()")
    expect(reply.traceback).toContainEqual(expect.stringContaining('/cell.js:1:35'))
  })

  test.each([
    ["import x from 'nowhere'", 'ERR_MODULE_NOT_FOUND', 'install it there: npm install nowhere'],
    [
      "import { nope } from 'ourlib'\nnope",
      '',
      "'ourlib' has no export named 'nope'; it has default, kind",
    ],
    ["import './missing'", '', "'./missing' is no file; looked for"],
    ["import x from './broken.json'", '', 'broken.json is not JSON'],
  ])('%s fails with advice', async (code, _, advice) => {
    const { reply } = await kernel.execute(code)
    expect(reply.status).toBe('error')
    expect(reply.evalue).toContain(advice)
  })

  test('a file that changed is loaded again, also behind another; one that did not is the same', async () => {
    const put = (path: string, text: string) => writeFileSync(join(folder, path), text)
    put('outer.ts', "import { deep } from './deep'\nexport const outer = () => deep")
    put('deep.ts', "import { leaf } from './leaf.js'\nexport const deep = 'deep ' + leaf")
    put('leaf.js', "export const leaf = 'one'")
    put('still.ts', 'export const still = {}')
    put('common.cjs', "module.exports = { common: 'one' }")
    const cell = `import { outer } from './outer'
      import { still } from './still'
      import { common } from './common.cjs'
      globalThis.before ??= still;
      [outer(), common, globalThis.before === still]`
    expect(await run(cell)).toBe("[ 'deep one', 'one', true ]")
    put('leaf.js', "export const leaf = 'two'")
    put('common.cjs', "module.exports = { common: 'two' }")
    expect(await run(cell)).toBe("[ 'deep two', 'two', true ]")
    put('leaf.js', "import './outer'\n\nexport const leaf = (() => { throw new Error('third') })()")
    const { reply } = await kernel.execute(cell)
    expect(reply.traceback).toContain(`    at file://${encodeURI(folder)}/leaf.js:3:36`)
  })

  test("the notebook's own downhill comes before the kernel's", async () => {
    const own = mkdtempSync(join(tmpdir(), 'downhill-own-'))
    mkdirSync(join(own, 'node_modules/downhill'), { recursive: true })
    writeFileSync(
      join(own, 'node_modules/downhill/package.json'),
      '{ "name": "downhill", "main": "index.js" }',
    )
    writeFileSync(join(own, 'node_modules/downhill/index.js'), 'exports.version = "own"')
    const other = await KernelClient.start({ node, cwd: own })
    try {
      const { messages } = await other.execute("import { version } from 'downhill'\nversion")
      expect(resultText(messages)).toBe("'own'")
    } finally {
      await other.close()
      rmSync(own, { recursive: true, force: true })
    }
  })
})
