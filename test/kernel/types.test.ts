import { chmodSync, existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { contents, KernelClient, resultText } from '../support/kernel-client.js'
import { folderWith } from '../support/notebook.js'

let kernel: KernelClient
beforeAll(async () => {
  kernel = await KernelClient.start({ types: 'error' })
})
afterAll(() => kernel.close())

const replyTo = async (type: string, content: Record<string, unknown>) =>
  (await kernel.request(type, content)).content

describe('types in cells', () => {
  test('an error is shown at its own line and stops the cell', async () => {
    const { reply, messages } = await kernel.execute(
      'globalThis.ran = true as never\nconst rate: string = 0.1',
    )
    const count = reply.execution_count
    expect(reply).toMatchObject({
      status: 'error',
      ename: 'TypeScriptError',
      evalue: `Type 'number' is not assignable to type 'string'. (Cell ${count}:2:7)`,
    })
    expect(contents(messages, 'error')).toEqual([
      {
        ename: reply.ename,
        evalue: reply.evalue,
        traceback: [
          "TypeScriptError: Type 'number' is not assignable to type 'string'. (TS2322)",
          '  1 | globalThis.ran = true as never',
          '> 2 | const rate: string = 0.1',
          '    |       ^^^^',
          `    at Cell ${count}:2:7`,
          'Nothing in this cell ran.',
        ],
      },
    ])
    expect(resultText((await kernel.execute('"ran" in globalThis')).messages)).toBe('false')
  })

  test('names live on with their types, also those of a cell that threw', async () => {
    await kernel.execute('interface Row { loss: number }\nlet rows: Row[] = []')
    await kernel.execute('rows.push({ loss: 1 }); const made = 1; throw new Error("late")')
    expect(resultText((await kernel.execute('rows.length + made')).messages)).toBe('2')
    const { reply } = await kernel.execute('rows.push({ loss: "1" })')
    expect(reply.evalue).toMatch(/^Type 'string' is not assignable to type 'number'/)
  })

  test('values, types, imports and exports go from cell to cell', async () => {
    const first = await kernel.execute(`import { join } from 'node:path'
import type { ParsedPath } from 'node:path'
export interface Shape { sides: number }
export const square: Shape = { sides: 4 }
export function area(s: Shape): number { return s.sides }
export default class Canvas { shapes: Shape[] = [] }
export { square as quad }
namespace Units { export const mm = 0.001; export type Unit = 'mm' }
enum Color { Red = 'r', Green = 'g' }`)
    expect(first.reply.status).toBe('ok')
    const { reply, messages } = await kernel.execute(`const canvas = new Canvas()
canvas.shapes.push(square, { sides: 3 })
const parsed: ParsedPath = (await import('node:path')).parse(join('a', 'b.ts'))
const unit: Units.Unit = 'mm'
;[area(square), canvas.shapes.length, parsed.ext, Units.mm, unit, Color.Green]`)
    expect(reply.status).toBe('ok')
    expect(resultText(messages)).toBe("[ 4, 2, '.ts', 0.001, 'mm', 'g' ]")
    const wrong = await kernel.execute('const shape: Shape = { sides: Color.Red }')
    expect(wrong.reply.evalue).toContain("Type 'Color' is not assignable to type 'number'")
    await kernel.execute('class Twin { private a = 1 }; const older = new Twin()')
    await kernel.execute('class Twin { private a = 1 }; let newer: Twin')
    const twins = await kernel.execute('newer = older')
    expect(twins.reply.evalue).toMatch(
      /^Type 'Twin' is not assignable to type 'Twin'\. They are of two cells: make the value again/,
    )
  })

  test('the newer parts of the language are checked and run', async () => {
    const { reply, messages } = await kernel.execute(`const seen: string[] = []
function logged<T extends (...args: never[]) => unknown>(method: T, { name }: ClassMethodDecoratorContext): T {
  seen.push(\`decorated \${String(name)}\`)
  return method
}
class Account {
  accessor balance = 0
  @logged add(n: number): this { this.balance += n; return this }
}
using held = { [Symbol.dispose]() { seen.push('disposed') } }
async function* count(): AsyncGenerator<number> { yield 1; yield 2 }
for await (const n of count()) seen.push(\`got \${n}\`)
const exact = { a: 1 } satisfies Record<string, number>
const pair = <const T,>(value: T): T => value
seen.push(pair(['x'])[0], String(new Account().add(2).balance), String(exact.a))
seen`)
    expect(reply.status).toBe('ok')
    expect(resultText(messages)).toMatch(
      /^\[\s+'decorated add',\s+'got 1',\s+'got 2',\s+'x',\s+'2',\s+'1'/,
    )
    expect(resultText((await kernel.execute('seen.at(-1)')).messages)).toBe("'disposed'")
    const wrong = await kernel.execute('class Wrong { @logged field = 1 }')
    expect(wrong.reply.ename).toBe('TypeScriptError')
  })

  test("a request's metadata turns errors into a note that is not an error output", async () => {
    const code = 'const text: string = 5; text'
    const metadata = { downhill: { types: 'warn' } }
    const { reply, messages } = await kernel.finished(
      await kernel.send('execute_request', { code }, 'shell', metadata),
    )
    expect(reply.status).toBe('ok')
    expect(resultText(messages)).toBe('5')
    expect(JSON.stringify(contents(messages, 'display_data'))).toContain('TS2322')
    expect(contents(messages, 'stream')).toEqual([])
  })

  test('a file that changed is read again, also behind another', async () => {
    const put = (path: string, text: string) => writeFileSync(join(kernel.folder, path), text)
    put('near.ts', "export * from './far'")
    put('far.ts', 'export const one = 1')
    const first = await kernel.execute("import { one } from './near'\none.toFixed(1)")
    expect(resultText(first.messages)).toBe("'1.0'")
    put('far.ts', "export const one = '1'; export const two = 2")
    const second = await kernel.execute("import { one, two } from './near'\none.concat('!') + two")
    expect(second.reply).toMatchObject({ status: 'ok' })
    expect(resultText(second.messages)).toBe("'1!2'")
  })

  test('a syntax error is the only one shown, and the next cell is not touched by it', async () => {
    const { reply } = await kernel.execute('const a = {\n  b: 1')
    expect(reply.ename).toBe('SyntaxError')
    expect((await kernel.execute('1 + 1')).reply.status).toBe('ok')
  })
})

describe('questions about code', () => {
  test('completion: matches, kinds and code-point cursors', async () => {
    const code = 'const s = "😀"; [1].fl'
    const reply = await replyTo('complete_request', { code, cursor_pos: [...code].length })
    expect(reply).toMatchObject({ status: 'ok', cursor_start: 19, cursor_end: 21 })
    expect(reply.matches).toEqual(['flat', 'flatMap'])
    const types = (reply.metadata as Record<string, object[]>)._jupyter_types_experimental
    expect(types?.[0]).toMatchObject({ text: 'flat', type: 'method', start: 19, end: 21 })
  })

  test('completion of an untyped value lists what it has', async () => {
    await kernel.execute('const parsed = JSON.parse(\'{ "alpha": 1, "beta": { "gamma": 2 } }\')')
    const code = 'parsed.beta.ga'
    const reply = await replyTo('complete_request', { code, cursor_pos: code.length })
    expect(reply).toMatchObject({ matches: ['gamma'], cursor_start: 12, cursor_end: 14 })
  })

  test('completion lists the keys of a plain object that its type does not name', async () => {
    await kernel.execute(`import { adam, trace } from 'downhill'
const rows = await trace(adam, { start: 2, gradient: (x) => 2 * x, steps: 2 })
const sizes: Record<string, number> = { width: 1, height: 2 }
class Secret { shown = 1; #own = 2; constructor() { (this as unknown as { later: number }).later = 3 } }
const secret = new Secret(); const nested = [{ in: { sizes } }]; let called = 0
const risky = { get danger() { called++; return sizes }, f() { called++; return sizes } }`)
    const matches = async (code: string) =>
      (await replyTo('complete_request', { code, cursor_pos: code.length })).matches
    expect(await matches('rows.at(-1)!.')).toEqual(
      expect.arrayContaining(['t', 'g', 'x', 'm', 'v', 'mHat', 'vHat']),
    )
    expect(await matches('rows[0]!.m')).toEqual(['m', 'mHat'])
    expect(await matches('sizes.wi')).toEqual(['width'])
    expect(await matches('nested[0]?.in.sizes.')).toEqual(
      expect.arrayContaining(['width', 'height']),
    )
    expect(await matches('secret.')).toEqual(['shown'])
    for (const code of ['risky.danger.', 'risky.f().', 'rows.map((r) => r).']) await matches(code)
    expect(resultText((await kernel.execute('called')).messages)).toBe('0')
  })

  test('completion and inspection know the library, with its docs', async () => {
    expect((await kernel.execute('import { adam } from "downhill"')).reply.status).toBe('ok')
    const completed = await replyTo('complete_request', {
      code: 'adam([], { we })',
      cursor_pos: 13,
    })
    expect(completed.matches).toEqual(['weightDecay'])
    const inspected = await replyTo('inspect_request', { code: 'adam', cursor_pos: 2 })
    expect(inspected.found).toBe(true)
    const { 'text/plain': plain, 'text/markdown': markdown } = inspected.data as Record<
      string,
      string
    >
    expect(plain).toContain('const adam')
    expect(markdown).toContain('Kingma & Ba 2015')
    await kernel.execute('function half(x: number): number { return x / 2 }')
    const { data } = await replyTo('inspect_request', { code: 'half', cursor_pos: 4 })
    const told = String((data as Record<string, string>)['text/plain'])
    expect(told.match(/function half/g)).toHaveLength(1) // the types' word for it, not JavaScript's again
  })

  test('completion of imports and of option names comes with documentation', async () => {
    const ask = async (code: string, typed = code.length) => {
      const { matches, metadata } = await replyTo('complete_request', { code, cursor_pos: typed })
      const items = (metadata as Record<string, { text: string; documentation?: string }[]>)
        ._jupyter_types_experimental
      const of = (name: string) => items?.find(({ text }) => text === name)?.documentation
      return { matches, of }
    }
    expect((await ask("import {} from 'node:fs/pro", 27)).matches).toEqual(['process', 'promises'])
    const named = await ask("import { ada } from 'downhill'", 12)
    expect(named.matches).toEqual(expect.arrayContaining(['adam', 'adamw']))
    expect(named.of('adam')).toContain('Kingma & Ba 2015')
    const option = await ask('display(1, { r })', 14)
    expect(option.matches).toEqual(['raw'])
    expect(option.of('raw')).toContain('MIME bundle already')
  })

  test('is_complete', async () => {
    const status = async (code: string) => await replyTo('is_complete_request', { code })
    expect(await status('1 + 1')).toEqual({ status: 'complete' })
    expect(await status('if (a) {')).toEqual({ status: 'incomplete', indent: '  ' })
    expect(await status('a)')).toEqual({ status: 'invalid' })
    expect(await status('adam?')).toEqual({ status: 'complete' })
  })
})

test('unchecked kernels run what the checker would refuse', async () => {
  const free = await KernelClient.start()
  try {
    const { reply, messages } = await free.execute('const text: string = 5\ntext')
    expect(reply.status).toBe('ok')
    expect(resultText(messages)).toBe('5')
  } finally {
    await free.close()
  }
})

test('nothing is asked of the npm registry unless the learner asks for it', async () => {
  const folder = folderWith({ 'bin/npm': '#!/bin/sh\necho "$@" > "$0.asked"\n' })
  chmodSync(join(folder, 'bin', 'npm'), 0o755)
  const env = { PATH: `${join(folder, 'bin')}:${process.env.PATH}`, XDG_CACHE_HOME: folder }
  const quiet = await KernelClient.start({ types: 'error', env })
  try {
    await quiet.execute("import pad from 'left-pad'")
    await quiet.execute('1')
  } finally {
    await quiet.close()
  }
  expect(existsSync(join(folder, 'bin', 'npm.asked'))).toBe(false)
})
