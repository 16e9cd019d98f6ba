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
