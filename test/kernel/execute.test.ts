import { afterAll, beforeAll, expect, test } from 'vitest'
import { gate, openGate } from '../support/gate.js'
import { contents, KernelClient, resultText, streamed } from '../support/kernel-client.js'
import { onEachNode } from '../support/node24.js'

onEachNode('a cell', (node) => {
  let kernel: KernelClient
  beforeAll(async () => {
    kernel = await KernelClient.start({ node })
  })
  afterAll(async () => {
    await kernel.close()
    expect(kernel.stderr).toBe('')
  })
  const value = async (code: string) => resultText((await kernel.execute(code)).messages)

  test('sends busy, its input, its outputs, its reply and idle, in this order', async () => {
    const { reply, messages } = await kernel.execute('console.log("hi"); 1 + 1')
    expect(messages.map(({ header }) => header.msg_type)).toEqual([
      'status',
      'execute_input',
      'stream',
      'execute_result',
      'status',
    ])
    expect(messages[0]?.content.execution_state).toBe('busy')
    expect(messages[4]?.content.execution_state).toBe('idle')
    expect(messages[3]?.content.data).toEqual({ 'text/plain': '2' })
    expect(reply).toMatchObject({ status: 'ok', user_expressions: {}, payload: [] })
    expect(messages[1]?.content.execution_count).toBe(reply.execution_count)
    expect(messages[3]?.content.execution_count).toBe(reply.execution_count)
  })

  test.each([
    ['40 + 2', '42'],
    ['"text"', "'text'"],
    ['null', 'null'],
    ['undefined', undefined],
    ['const unshown = 1', undefined],
    ['for (let i = 0; i < 3; i++) i', undefined],
    ['await Promise.resolve(7)', '7'],
    ['({ a: [1, { b: 2 }] })', '{ a: [ 1, { b: 2 } ] }'],
    ['1, 2', '2'],
    ['new Map([[1, "one"]]) // with a comment', "Map(1) { 1 => 'one' }"],
    ['let t = 0; for await (const x of [1, 2]) t += x\nt', '3'],
    ['Promise.resolve(1)', 'Promise { 1 }'],
    ['"use strict"', "'use strict'"],
  ])('%s shows %s', async (code, shown) => {
    expect(await value(code)).toBe(shown)
  })

  test('keeps stdout and stderr apart and in order', async () => {
    const { messages } = await kernel.execute(
      'console.log("out"); console.error("err"); process.stdout.write("more")',
    )
    const texts = contents(messages, 'stream').map(({ name, text }) => [name, text])
    expect(texts).toEqual([
      ['stdout', 'out\n'],
      ['stderr', 'err\n'],
      ['stdout', 'more'],
    ])
  })

  test('that throws says where, in its own TypeScript lines, without frames of the kernel', async () => {
    const source = `interface Long {
  a: number
}
function f(x: number): never {
  throw new RangeError("no")
}

f(3)`
    const { reply, messages } = await kernel.execute(source)
    expect(reply).toMatchObject({ status: 'error', ename: 'RangeError', evalue: 'no' })
    const cell = `Cell ${reply.execution_count}`
    const traceback = [
      'RangeError: no',
      '  4 | function f(x: number): never {',
      '> 5 |   throw new RangeError("no")',
      '    |         ^',
      '  6 | }',
      `    at f (${cell}:5:9)`,
      `    at ${cell}:8:1`,
    ]
    expect(reply.traceback).toEqual(traceback)
    expect(contents(messages, 'error')).toEqual([{ ename: 'RangeError', evalue: 'no', traceback }])
    expect(streamed(messages, 'stderr')).toBe('')
  })

  test('a recursion without end is told in few lines', async () => {
    const { reply } = await kernel.execute('function deep(): number { return deep() + 1 }\ndeep()')
    expect(reply).toMatchObject({ ename: 'RangeError' })
    const traceback = reply.traceback as string[]
    expect(traceback.length).toBeLessThan(10)
    expect(traceback).toContain('    … the same again and again')
  })

  test('that throws after an await, in a function of an earlier cell, or in a callback says both places', async () => {
    const first = await kernel.execute(
      'type A = 1\nasync function late(): Promise<void> {\n  await 1\n  throw new Error("late")\n}',
    )
    const { reply } = await kernel.execute('\n\nawait late()')
    expect(reply.traceback).toContain(`    at late (Cell ${first.reply.execution_count}:4:9)`)
    expect(reply.traceback).toContain(`    at async Cell ${reply.execution_count}:3:1`)
    const mapped = await kernel.execute('[1].map((x: number) => {\n  return null!.y\n})')
    const cell = `Cell ${mapped.reply.execution_count}`
    expect(mapped.reply.traceback).toContain(`    at ${cell}:2:16`)
    expect((mapped.reply.traceback as string[]).at(-1)).toBe(`    at ${cell}:1:5`)
  })

  test.each([
    ['throw 5', 'Thrown', '5'],
    ['throw { a: 1 }', 'Thrown', '{ a: 1 }'],
    ['throw undefined', 'Thrown', 'undefined'],
    ['throw 10n', 'Thrown', '10n'],
    ['throw Symbol("s")', 'Thrown', 'Symbol(s)'],
    ['throw new Error("with cause", { cause: new Error("the cause") })', 'Error', 'with cause'],
    [
      'class MyError extends Error { override name = "MyError" }\nthrow new MyError("mine")',
      'MyError',
      'mine',
    ],
    ['null!.x', 'TypeError', "Cannot read properties of null (reading 'x')"],
    ['notDefined', 'ReferenceError', 'notDefined is not defined'],
  ])('%s ends as an error', async (code, ename, evalue) => {
    const { reply } = await kernel.execute(code)
    expect(reply).toMatchObject({ status: 'error', ename, evalue })
    if (code.includes('cause'))
      expect((reply.traceback as string[]).join('\n')).toContain('the cause')
  })

  test('that does not parse says where', async () => {
    const { reply } = await kernel.execute('const a = 1\nconst b = = 2')
    expect(reply).toMatchObject({ status: 'error', ename: 'SyntaxError' })
    expect(reply.traceback).toContain('> 2 | const b = = 2')
    expect(reply.traceback).toContain('    |           ^')
    const twice = await kernel.execute('let twice = 1\nlet twice = 2')
    expect(twice.reply).toMatchObject({ ename: 'SyntaxError' })
    expect(twice.reply.evalue).toContain("'twice' has already been declared")
    expect(twice.reply.evalue).toContain(':2:5')
  })

  test('nested so deep that the parser would crash is refused, and the session goes on', async () => {
    await kernel.execute('let survivor = 1')
    const deep = await kernel.execute('['.repeat(20_000) + ']'.repeat(20_000))
    expect(deep.reply).toMatchObject({ ename: 'SyntaxError' })
    expect(deep.reply.evalue).toContain('500 brackets')
    expect(await value('survivor')).toBe('1')
  })

  test('keeps what came before its error, and the session goes on', async () => {
    await kernel.execute('let before = 1; throw new Error("stop"); let after = 2')
    expect(await value('before')).toBe('1')
    await kernel.execute('let after = 3')
    expect(await value('after')).toBe('3')
  })

  test('may redeclare every kind of name, in any kind', async () => {
    const kinds = [
      'const x = 1',
      'let x = 2',
      'class x {}',
      'function x() {}',
      'var x = 3',
      'enum x { a }',
      'import x from "node:path"',
    ]
    for (const first of kinds)
      for (const second of kinds)
        for (const source of [first, second])
          expect([source, (await kernel.execute(source)).reply.status]).toEqual([source, 'ok'])
    await kernel.execute('const x = 4')
    expect(await value('x')).toBe('4')
  })

  test('shares live variables with functions of other cells', async () => {
    await kernel.execute('let n = 0; function inc() { return ++n }')
    expect(await value('n = 100; inc()')).toBe('101')
    expect(await value('n')).toBe('101')
  })

  test('keeps the source of its functions, which gpu.js and the rule compiler read', async () => {
    await kernel.execute(
      'const lr = 0.1; function step(p: number, g: number) { return p - lr * g }',
    )
    expect(await value('step.toString()')).toMatch(
      /^'function step\(p, g\) \{\\n\s+return p - lr \* g;\\n\}'$/,
    )
    expect(await value('step.name')).toBe("'step'")
  })

  test('hoists functions and var as a script does', async () => {
    expect(await value('const early = hoisted(); function hoisted() { return 5 }\nearly')).toBe('5')
    expect(await value('seen; var seen = 1; const was = seen\nwas')).toBe('1')
    expect(
      await value('for (var i = 0; i < 3; i++) {}\nif (true) { var { j } = { j: 4 } }\ni + j'),
    ).toBe('7')
    expect(await value('for (var k of [1, 2]) {}\nk')).toBe('2')
  })

  test('lowers what only TypeScript has', async () => {
    expect(await value('enum Color { Red, Green }\nColor[1]')).toBe("'Green'")
    expect(await value('namespace N { export const x = 3 }\nN.x')).toBe('3')
    expect(
      await value(
        'class P { constructor(private readonly q: number) {} get() { return this.q } }\nnew P(6).get()',
      ),
    ).toBe('6')
    expect(
      await value(
        'function twice(f: any, _: any) { return function (this: any, ...a: any[]) { return 2 * f.apply(this, a) } }\nclass D { @twice m() { return 4 } }\nnew D().m()',
      ),
    ).toBe('8')
    expect(
      await value(
        'const log: string[] = []; { using r = { [Symbol.dispose]() { log.push("gone") } } }\nlog.join()',
      ),
    ).toBe("'gone'")
    expect(
      await value(
        'export const exported = (1 as number)!; export default exported satisfies number\nexported',
      ),
    ).toBe('1')
    expect(await value('interface OnlyType { a: 1 }')).toBe(undefined)
  })

  test('disposes at its end of what `using` holds, last first, and shows its last value', async () => {
    await kernel.execute('const env = "mine"; const log: string[] = []')
    const held = (name: string) =>
      `{ name: '${name}', [Symbol.dispose]() { console.log('${name} ends') } }`
    const { messages } = await kernel.execute(`using a = ${held('a')}, none = null
      await using b = { async [Symbol.asyncDispose]() { await 1; console.log('b ends') } }
      function later() { return a.name }
      console.log('runs', later())
      a.name`)
    expect(streamed(messages)).toBe('runs a\nb ends\na ends\n')
    expect(resultText(messages)).toBe("'a'")
    expect(await value('[a.name, env]')).toBe("[ 'a', 'mine' ]")
    const failing = await kernel.execute(
      `using c = ${held('c')}\nusing d = { [Symbol.dispose]() { throw new Error('of d') } }\nthrow new TypeError('first')`,
    )
    expect(streamed(failing.messages)).toBe('c ends\n')
    expect(failing.reply).toMatchObject({ ename: 'SuppressedError' })
    expect((failing.reply.traceback as string[]).join('\n')).toMatch(
      /of d[\s\S]*first|first[\s\S]*of d/,
    )
    const wrong = await kernel.execute('\nusing e = 5')
    expect(wrong.reply).toMatchObject({ ename: 'TypeError' })
    expect(wrong.reply.evalue).toContain('no [Symbol.dispose]() method')
    expect((wrong.reply.traceback as string[]).at(-1)).toMatch(/Cell \d+:2:11$/)
  })

  test('that is interrupted disposes too', async () => {
    const id = await kernel.send('execute_request', {
      code: "var ended = 0; using a = { [Symbol.dispose]() { ended += 1 } }\nconsole.log('on'); await new Promise(() => {})",
    })
    await kernel.until(() => streamed(kernel.published(id)).includes('on') || undefined)
    await kernel.request('interrupt_request', {}, 'control')
    expect((await kernel.finished(id)).reply.ename).toBe('Interrupted')
    expect(await value('ended')).toBe('1')
  })

  test("leaves none of the compiler's helpers to others: decorated classes of two cells work, nothing else is named", async () => {
    await kernel.execute(`function named(_: any, c: any) { c.addInitializer(function (this: any) { this.tag = c.name }) }
      class One { @named one() {} }
      { using inner = null }`)
    await kernel.execute('class Two { @named two() {}; @named accessor x = 1 }\nusing top = null')
    expect(await value('[new One().tag, new Two().tag]')).toBe("[ 'one', 'x' ]")
    const { content } = await kernel.request('complete_request', { code: '_', cursor_pos: 1 })
    expect(
      (content.matches as string[]).filter((name) => /^_(_downhill|init|apply|ts_)/.test(name)),
    ).toEqual([])
    const { messages } = await kernel.execute('%who')
    const [table] = contents(messages, 'display_data')
    expect(JSON.stringify(table)).not.toMatch(/_init|_ts_|__downhill/)
  })

  test('knows its folder as a module does; packages do not see that', async () => {
    const folder = JSON.stringify(kernel.folder).replaceAll('"', "'")
    expect(await value('__dirname')).toBe(folder)
    expect(await value('[__filename].map((f) => require("path").dirname(f))[0]')).toBe(folder)
    expect(await value('({ __dirname }).__dirname')).toBe(folder)
    expect(await value('(() => { const __dirname = 1; return { __dirname } })()')).toBe(
      '{ __dirname: 1 }',
    )
    expect(await value('new Function("return typeof __dirname")()')).toBe("'undefined'")
    await kernel.execute('const __dirname = "own"')
    expect(await value('__dirname')).toBe("'own'")
  })

  test('may use the names of globals for its own', async () => {
    await kernel.execute('const prompt = 1, confirm = 2, input = 3')
    expect(await value('prompt + confirm + input')).toBe('6')
  })

  test('silent: nothing on iopub but its status, nothing counted, nothing remembered', async () => {
    const before = (await kernel.execute('0')).reply.execution_count
    const { reply, messages } = await kernel.execute('console.log(1); display(2); 3', {
      silent: true,
    })
    expect(reply).toMatchObject({ status: 'ok', execution_count: before })
    expect(messages.map(({ header }) => header.msg_type)).toEqual(['status', 'status'])
    const unstored = await kernel.execute('4', { store_history: false })
    expect(unstored.reply.execution_count).toBe(before)
    expect(resultText(unstored.messages)).toBe('4')
  })

  test('user_expressions are answered one by one', async () => {
    const { reply } = await kernel.execute('let ue = 20', {
      user_expressions: { good: 'ue + 1', bad: 'nope', broken: '((' },
    })
    expect(reply.user_expressions).toMatchObject({
      good: { status: 'ok', data: { 'text/plain': '21' }, metadata: {} },
      bad: { status: 'error', ename: 'ReferenceError' },
      broken: { status: 'error', ename: 'SyntaxError' },
    })
  })

  test('stop_on_error aborts the cells that wait, and only those', async () => {
    const ids: string[] = []
    // Not before the others have come: what is sent after the error is not "waiting".
    const first = `${gate}; throw new Error("first")`
    for (const code of [first, '1', '2']) ids.push(await kernel.send('execute_request', { code }))
    const info = await kernel.send('kernel_info_request', {})
    await openGate(kernel, ids[0]!)
    const done = await Promise.all(ids.map((id) => kernel.finished(id)))
    expect(done.map(({ reply }) => reply.status)).toEqual(['error', 'aborted', 'aborted'])
    expect(done[1]?.messages.map(({ header }) => header.msg_type)).toEqual(['status', 'status'])
    expect((await kernel.reply(info)).content.status).toBe('ok')
    expect(await value('5')).toBe('5')
  })

  test('what is sent after the reply of an error is run', async () => {
    for (let k = 0; k < 20; k++) {
      const failed = await kernel.send('execute_request', { code: 'throw 1' })
      await kernel.reply(failed)
      expect((await kernel.execute('1')).reply.status).toBe('ok')
    }
  })

  test('stop_on_error: false lets them run', async () => {
    const first = await kernel.send('execute_request', { code: 'throw 1', stop_on_error: false })
    const second = await kernel.send('execute_request', { code: '"ran"' })
    expect((await kernel.finished(first)).reply.status).toBe('error')
    expect((await kernel.finished(second)).reply.status).toBe('ok')
  })

  test('an empty cell is no cell', async () => {
    const before = (await kernel.execute('0')).reply.execution_count
    expect((await kernel.execute('  \n')).reply).toMatchObject({
      status: 'ok',
      execution_count: before,
    })
  })
})
