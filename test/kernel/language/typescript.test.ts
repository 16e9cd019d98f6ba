import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { folderWith, notebook, writeInto } from '../../support/notebook.js'

const nearlib = {
  'node_modules/nearlib/package.json': JSON.stringify({
    name: 'nearlib',
    type: 'module',
    exports: {
      '.': { types: './dist/index.d.ts', default: './dist/index.js' },
      './sched': { types: './dist/sched.d.ts', default: './dist/sched.js' },
    },
  }),
  'node_modules/nearlib/dist/index.d.ts': `
export interface SgdOptions { /** Learning rate. */ lr: number; momentum?: number }
export declare class Tensor { constructor(data: number[]); /** Its sizes. */ shape: number[] }
/** Stochastic gradient descent. */
export declare function sgd(options: SgdOptions): { lr: number; step(): Promise<void> }
`,
  'node_modules/nearlib/dist/sched.d.ts': 'export declare function cosine(t: number): number',
}

describe('types across cells', () => {
  const folder = folderWith({
    ...nearlib,
    'helper.ts': 'export const twice = (x: number) => 2 * x',
    'data.json': '{ "k": 1 }',
  })

  test('all seven planted errors, at their own line and column', async () => {
    const { run, check } = notebook(folder)
    const first = [
      '/** The rate. */ export const lr = 0.1;',
      'const a: number = 1;',
      'interface P { x: number }',
      'type Id<T> = T | null;',
      'class Box<T> { v: T; constructor(v: T) { this.v = v; } }',
      'enum E { A, B }',
      'function add(x: number, y: number) { return x + y; }',
      'import * as near from "nearlib";',
      'import type { SgdOptions } from "nearlib";',
      'namespace N { export const z = 3; }',
      'let n = 0;',
      'let arr = []; arr.push(1);',
      'const [d1, { d2: d3, ...rest }] = [1, { d2: "s", q: 1 }] as const;',
      'abstract class Abs { abstract f(): void }',
    ]
    expect(await run(first.join('\n'))).toEqual([])
    const second = [
      'const p: P = { x: a }; const i: Id<string> = null; const b = new Box<P>(p);',
      'const e: E = E.B; const s: number = add(1, 2); near.sgd({ lr });',
      'const o: SgdOptions = { lr: 1 }; N.z; arr.push("x"); const q: 1 = d1;',
      'const w: "s" = d3; class C extends Abs { f() {} } const u: 1 = rest.q;',
    ]
    expect(await run(second.join('\n'))).toEqual([])
    const third = [
      'const p2: P = { x: "s" };',
      'add("1", 2);',
      'b.v.y;',
      '  near.sgd({ rl: 1 });',
      'E.C; const z: N.Q = 1; const dd: string = d1;',
    ]
    const found = await check(third.join('\n'))
    expect(found.map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual([
      '0:16 TS2322',
      '1:4 TS2345',
      '2:4 TS2339',
      '3:13 TS2353',
      '4:2 TS2339',
      '4:16 TS2694',
      '4:29 TS2322',
    ])
  })

  test('a name may be declared again with another type; what was made before keeps its own', async () => {
    const { run } = notebook(folder)
    await run('const a = 1; class Box { v = 1 }; const f = () => 1; function g() {} ')
    await run('const b = new Box()')
    expect(await run('const a = "text"; const old = b.v.toFixed()')).toEqual([])
    expect(await run('class Box { w = "" }; function f(x: string) { return x }')).toEqual([])
    expect(await run('const g = 5; a.toUpperCase(); f("s").length')).toEqual([])
    expect(await run('b.v.toFixed(); new Box().w.length; g.toFixed()')).toEqual([])
    expect(await run('b.w')).toEqual(["0:2 TS2339 Property 'w' does not exist on type 'Box'."])
    // Running the same cell again is the commonest redeclaration.
    for (let again = 0; again < 3; again++)
      expect(await run('interface Row { a: number }; let rows: Row[] = []')).toEqual([])
  })

  test('a let is assignable in later cells, and keeps its type', async () => {
    const { run } = notebook(folder)
    await run('let n = 0; let u: string | number = 5; let model: { fit(): void } | undefined')
    expect(await run('n = 100; n++; ({ x: n } = { x: 4 }); [n] = [1]; u = "s"')).toEqual([])
    expect(await run('n = "s"')).toEqual([
      "0:0 TS2322 Type 'string' is not assignable to type 'number'.",
    ])
    expect(await run('model = { fit() {} }; model.fit()')).toEqual([])
    expect(await run('model.fit()')).toEqual(["0:0 TS18048 'model' is possibly 'undefined'."])
    expect(await run('var v = 1')).toEqual([])
    expect(await run('v += 1')).toEqual([])
  })

  test('assigning what cannot be assigned says what it is and the way out', async () => {
    const { run } = notebook(folder)
    await run('const lr = 1; function f() {}; class C {}; import { sgd } from "nearlib"')
    expect(await run('lr = 2')).toEqual([
      "0:0 TS2632 Cannot assign to 'lr': it is a constant: declare it with let where it is made, or declare it again in this cell.",
    ])
    expect(await run('f = () => {}')).toEqual([
      "0:0 TS2632 Cannot assign to 'f': it is a function: declare it again in this cell.",
    ])
    expect((await run('C = 1'))[0]).toContain('it is a class')
    expect((await run('sgd = 1'))[0]).toContain('it is an import')
  })

  test('a name can be a value of one cell and a type of another', async () => {
    const { run } = notebook(folder)
    await run('const M = { zero: 1 }; interface T { t: number }')
    expect(await run('interface M { b: string }')).toEqual([])
    expect(await run('const T = 5; const t0: T = { t: T }')).toEqual([])
    expect(await run('const m: M = { b: "s" }; M.zero.toFixed(); const t: T = { t: T }')).toEqual(
      [],
    )
    expect(await run('const User = { name: "a" }; type User = typeof User')).toEqual([])
    expect(await run('const u: User = User')).toEqual([])
    expect(await run('let T = "now a string"; const t2: T = { t: 1 }')).toEqual([])
    expect(await run('T = "b"; const t3: T = { t: 2 }')).toEqual([])
  })

  test('broken cells show their syntax errors alone and do not poison the next', async () => {
    const { run } = notebook(folder)
    expect(await run('const a = "s"; let lr = 0.1')).toEqual([])
    const broken: [string, string][] = [
      ['const x = {', '0:11 TS1005'],
      ['function f() {\n  return lr.', '1:12 TS1003'],
      ['const = 5', '0:6 TS1134'],
      ['let s = `abc', '0:12 TS1160'],
      ['foo(', '0:4 TS1005'],
      ['/* open', '0:7 TS1010'],
      ['const yy = 1;\n)', '1:0 TS1128'],
      ['let a = "x', '0:10 TS1002'],
    ]
    for (const [code, expected] of broken) {
      const found = await run(code)
      expect(found.length, code).toBeGreaterThan(0)
      expect(
        found.map((line) => line.split(' ').slice(0, 2).join(' ')),
        code,
      ).toContain(expected)
      expect(found.every((line) => /TS1\d{3} /.test(line))).toBe(true)
      expect(await run('a.toUpperCase(); lr.toFixed()'), `after ${code}`).toEqual([])
    }
  })

  test('a cell that was not run leaves nothing behind; one that threw does', async () => {
    const { service, check } = notebook(folder)
    await check('const unborn = 1')
    expect((await check('unborn'))[0]).toContain("Cannot find name 'unborn'")
    service.commit('const made = 1; throw new Error("after it")')
    expect(await check('made.toFixed()')).toEqual([])
  })

  test('what a notebook may do at its top level', async () => {
    const { run } = notebook(folder)
    const cells = [
      'const r = await Promise.resolve({ k: 5 })',
      'for await (const x of (async function* () { yield 1 })()) console.log(x.toFixed())',
      'r.k.toFixed(); 1 + 1; ({ a: 1 })',
      'import { sgd, Tensor as T2 } from "nearlib"; import { cosine } from "nearlib/sched"',
      'import { twice } from "./helper"; import { twice as tw } from "./helper.ts"',
      'import data from "./data.json"; cosine(twice(tw(data.k))); new T2([1]).shape',
      'import fs from "node:fs"; import { readFileSync } from "node:fs"; fs.existsSync(".")',
      'function untyped(x) { return x }; const arrow = (y) => y; untyped(1)',
      'export const ex = 5; export default 5; export { ex as ex2 }; export type ET = 1; export * from "nearlib"',
      'ex.toFixed(); const k1: ET = 1',
      '// @ts-ignore\nconst wrong: string = 1',
      '// @ts-nocheck\nconst wrong2: string = 1',
      'using h = { [Symbol.dispose]() {} }',
      'const { a, ...others } = { a: 1, b: 2 }',
      'others.b.toFixed()',
      'hoisted(); function hoisted() { return 1 }',
      'process.pid; setTimeout(() => {}, 1); await fetch("http://localhost")',
      'declare global { var gg: number }; globalThis.gg = 1',
      'gg.toFixed()',
    ]
    for (const cell of cells) expect(await run(cell), cell).toEqual([])
  })

  test('places are UTF-16 columns of the cell, whatever stands before it', async () => {
    const { run, check } = notebook(folder)
    await run('/** A rate.\n * On two lines. */\nlet rate = 0.1')
    expect(await check('const em = "😀"; const bad: number = "x"')).toEqual([
      "0:23 TS2322 Type 'string' is not assignable to type 'number'.",
    ])
    expect(await check('rate.toFixed()\n\n    const bad: string = rate\n')).toEqual([
      "2:10 TS2322 Type 'number' is not assignable to type 'string'.",
    ])
  })

  test('JavaScript that Node 20 lacks is an error on Node 20', async () => {
    const { check } = notebook(folder)
    const found = await check('Object.groupBy([1], () => "a")')
    expect(found.length).toBe(process.versions.node.startsWith('20.') ? 1 : 0)
  })

  test('a large cell is checked', async () => {
    const { check } = notebook(folder)
    const lines = Array.from({ length: 3000 }, (_, i) => `const value${i}: number = ${i}`)
    const found = await check([...lines, 'const bad: string = value2999'].join('\n'))
    expect(found).toEqual(["3000:6 TS2322 Type 'number' is not assignable to type 'string'."])
  })
})

describe('packages', () => {
  test('downhill comes from the kernel, wherever the notebook lies', async () => {
    const { check } = notebook(folderWith())
    expect(await check('import { adam } from "downhill"; adam.name')).toEqual([])
    const found = await check('import { adam } from "downhill"\nadam([], { lr: "x" })')
    expect(found.length).toBe(1)
    expect(found[0]).toMatch(/^1:11 TS2322 Type 'string' is not assignable to type '.*number/)
  })

  test("the notebook folder's own downhill goes before the kernel's", async () => {
    const folder = folderWith({
      'node_modules/downhill/package.json': '{ "name": "downhill", "types": "own.d.ts" }',
      'node_modules/downhill/own.d.ts': 'export declare const ownOne: number',
    })
    const { check } = notebook(folder)
    expect(await check('import { ownOne } from "downhill"; ownOne.toFixed()')).toEqual([])
  })

  test.each([
    [
      "import x from 'nearlib'",
      "'nearlib'. Install it in the notebook's folder: npm install nearlib",
    ],
    ["import x from '@a/b/c'", "'@a/b/c'. Install it in the notebook's folder: npm install @a/b"],
    [
      "await import('a.b/c.js')",
      "'a.b/c.js'. Install it in the notebook's folder: npm install a.b",
    ],
    ["import { x } from './there'", "'./there': no such file, seen from the notebook's folder."],
    ["import { x } from 'node:nothing'", "'node:nothing' or its corresponding type declarations."],
  ])('%s: what to do', async (cell, told) => {
    const { check } = notebook(folderWith())
    expect((await check(cell))[0]).toContain(told)
  })

  test('a package is found as soon as it is installed', async () => {
    const folder = folderWith()
    const { check } = notebook(folder)
    const cell = 'import { sgd } from "nearlib"; sgd({ lr: 1 })'
    expect((await check(cell))[0]).toContain("TS2307 Cannot find module 'nearlib'")
    for (const [path, text] of Object.entries(nearlib)) writeInto(folder, path, text)
    expect(await check(cell)).toEqual([])
    expect((await check('import { later } from "./later"'))[0]).toContain('TS2307')
    writeInto(folder, 'later.ts', 'export const later = 1')
    expect(await check('import { later } from "./later"')).toEqual([])
  })

  test('a linked package and a package without types are welcome', async () => {
    const folder = folderWith({
      'node_modules/untyped/package.json': '{ "name": "untyped", "main": "index.js" }',
      'node_modules/untyped/index.js': 'exports.answer = 42',
    })
    const linked = folderWith(nearlib)
    symlinkSync(join(linked, 'node_modules/nearlib'), join(folder, 'node_modules/nearlib'))
    const { check } = notebook(folder)
    expect(await check('import { sgd } from "nearlib"; sgd({ lr: 1 })')).toEqual([])
    expect(await check('import { answer } from "untyped"; answer.toFixed()')).toEqual([])
  })

  test('a folder may be called what it likes', async () => {
    const folder = folderWith({ "ä b/c#d %20 (1) 'e'/helper.ts": 'export const twice = 2' })
    const { run } = notebook(join(folder, "ä b/c#d %20 (1) 'e'"))
    expect(await run('import { twice } from "./helper"; const a = twice')).toEqual([])
    expect(await run('const text: string = a')).toEqual([
      "0:6 TS2322 Type 'number' is not assignable to type 'string'.",
    ])
  })

  test("the folder's tsconfig.json counts", async () => {
    const options = { noUncheckedIndexedAccess: true, module: 'commonjs', noUnusedLocals: true }
    const folder = folderWith({
      'tsconfig.json': JSON.stringify({ compilerOptions: options, include: ['src'] }),
    })
    const { run } = notebook(folder)
    expect((await run('const first: number = [1][0]'))[0]).toContain("'number | undefined'")
    expect(await run('await Promise.resolve(); const unused = 1')).toEqual([])
  })
})

describe('the server', () => {
  test('is not started before somebody asks, and then knows the cells that ran', async () => {
    const { service } = notebook(folderWith())
    service.commit('const forgotten = 1')
    service.reset()
    service.commit('const rate = 0.1')
    service.commit('interface Row { loss: number }; const rows: Row[] = []')
    expect(service.pid).toBe(undefined)
    expect((await service.hover('rows', 1))?.signature).toBe('const rows: Row[]')
    expect(service.pid).toBeGreaterThan(0)
    const { diagnostics } = await service.check('rate; forgotten')
    expect(diagnostics.map(({ message }) => message)).toEqual(["Cannot find name 'forgotten'."])
  })

  test('reset forgets every cell', async () => {
    const { service, run, check } = notebook(folderWith())
    await run('const a = 1')
    await run('const b = a')
    service.reset()
    expect((await check('a; b')).map((line) => line.slice(0, 10))).toEqual([
      '0:0 TS2304',
      '0:3 TS2304',
    ])
    expect(await run('const a = "other"')).toEqual([])
    expect(await run('a.toUpperCase()')).toEqual([])
  })

  test('when it dies, another one is given all the cells', async () => {
    const { service, run, check } = notebook(folderWith())
    await run('interface Row { loss: number }; let rate = 0.1')
    await run('const rows: Row[] = []')
    const before = service.pid!
    process.kill(before, 'SIGKILL')
    expect(await check('rows.push({ loss: "s" }); rate = 2')).toEqual([
      "0:12 TS2322 Type 'string' is not assignable to type 'number'.",
    ])
    expect(service.pid).not.toBe(before)
    // While a question is under way.
    const asked = check('rows.push({ loss: true })')
    process.kill(service.pid!, 'SIGKILL')
    expect(await asked).toEqual(["0:12 TS2322 Type 'boolean' is not assignable to type 'number'."])
    expect((await service.hover('rows', 1))?.signature).toBe('const rows: Row[]')
  })

  test('when it hangs, the cell goes unchecked in time, and another one is started', async () => {
    const { service, run, check } = notebook(folderWith(), {
      patience: { warm: 3000, cold: 20_000 },
    })
    await run('const a = 1')
    const hanging = service.pid!
    process.kill(hanging, 'SIGSTOP')
    const started = performance.now()
    expect(await service.check('const b: string = a')).toEqual({
      diagnostics: [],
      note: 'types are not checked: the language server did not answer in 3 s',
    })
    expect(performance.now() - started).toBeLessThan(9000)
    expect(await check('const b: string = a')).toEqual([
      "0:6 TS2322 Type 'number' is not assignable to type 'string'.",
    ])
    expect(service.pid).not.toBe(hanging)
    await expect.poll(() => isRunning(hanging)).toBe(false)
  })

  test('questions that come at once are all answered', async () => {
    const { service, run } = notebook(folderWith())
    await run('const numbers = [1, 2]')
    const [wrong, members, hover, right] = await Promise.all([
      service.check('numbers.nope'),
      service.complete('numbers.', 8),
      service.hover('numbers', 2),
      service.check('numbers.length'),
    ])
    expect(wrong.diagnostics.length).toBe(1)
    expect(members!.items.map(({ label }) => label)).toContain('at')
    expect(hover?.signature).toBe('const numbers: number[]')
    expect(right.diagnostics).toEqual([])
  })

  test('a question that comes while a cell is checked knows the names of that cell', async () => {
    const { service, run } = notebook(folderWith())
    await run('1')
    const code = 'const quick = { found: 1 }'
    const checked = service.check(code).then(() => service.commit(code))
    const members = service.complete('quick.fo', 8)
    await checked
    expect((await members)!.items.map(({ label }) => label)).toEqual(['found'])
  })

  test('disposing ends the process and answers what waits', async () => {
    const { service, run } = notebook(folderWith())
    await run('1')
    const pid = service.pid!
    const asked = service.check('2')
    service.dispose()
    expect((await asked).note).toContain('types are not checked')
    await expect.poll(() => isRunning(pid)).toBe(false)
  })

  test('a folder without TypeScript is said once, not at every cell', async () => {
    const folder = folderWith()
    const { createLanguageService } = await import('../../../kernel/language/typescript.js')
    const service = createLanguageService({ folder, packageRoot: folder })
    expect((await service.check('1')).note).toMatch(/types are not checked: .*typescript/)
    expect(await service.check('2')).toEqual({ diagnostics: [] })
    expect(await service.complete('a', 1)).toBeUndefined()
    service.dispose()
  })
})

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
