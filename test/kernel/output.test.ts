import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Subscriber } from 'zeromq'
import { address } from '../../kernel/wire/connection.js'
import { decode, type Message } from '../../kernel/wire/frames.js'
import { contents, isIdle, KernelClient, resultText, streamed } from '../support/kernel-client.js'
import { onEachNode } from '../support/node24.js'

onEachNode('output', (node) => {
  let kernel: KernelClient
  beforeAll(async () => {
    kernel = await KernelClient.start({ node })
  })
  afterAll(async () => {
    await kernel.close()
    expect(kernel.stderr).toBe('')
  })
  const shown = async (code: string) => (await kernel.execute(code)).messages
  const bundles = async (code: string) =>
    contents(await shown(code), 'display_data').map(({ data }) => data)

  test('20,000 lines arrive whole, in order, before idle, in a few messages', async () => {
    const messages = await shown('for (let i = 0; i < 20_000; i++) console.log(i)')
    const expected = Array.from({ length: 20_000 }, (_, i) => `${i}\n`).join('')
    expect(streamed(messages) === expected).toBe(true)
    expect(messages.at(-1)?.content.execution_state).toBe('idle')
    expect(contents(messages, 'stream').length).toBeLessThan(200)
  })

  test.each([
    ['64 MB in lines', 'for (let i = 0; i < 65_536; i++) console.log(String(i).padEnd(1023))'],
    [
      '5,000 messages',
      'for (let i = 0; i < 2500; i++) { console.log(i); console.error(i) }\ndisplay.text("x".repeat(5_000_000))',
    ],
  ])(
    '%s wait for a client that does not read for two seconds: none is lost',
    async (_, code) => {
      const slow = new Subscriber({ linger: 0, reconnectInterval: 5, receiveHighWaterMark: 2 })
      slow.connect(address(kernel.connection, 'iopub'))
      slow.subscribe()
      const read = async () => decode(await slow.receive(), kernel.connection.key)
      try {
        while ((await read()).header.msg_type !== 'iopub_welcome');
        const id = await kernel.send('execute_request', { code })
        await sleep(2000)
        const seen: Message[] = []
        while (!seen.some(isIdle)) {
          const message = await read()
          if (message.parent.msg_id === id) seen.push(message)
        }
        const told = (message: Message) => [message.header.msg_type, message.content]
        await kernel.until(() => kernel.published(id).find(isIdle), 60_000)
        expect(seen.length).toBeGreaterThan(200)
        expect(kernel.published(id).map(told)).toEqual(seen.map(told))
        const { length } = streamed(seen) + streamed(seen, 'stderr')
        expect(length).toBe(code.includes('padEnd') ? 64 << 20 : 2 * 11_390)
      } finally {
        slow.close()
      }
    },
    90_000,
  )

  test('a cell waits for a kernel that does not read: its output does not pile up in its memory', async () => {
    if (process.platform === 'win32') return
    const id = await kernel.send('execute_request', {
      code: `console.log('on'); await new Promise((go) => setTimeout(go, 200))
        const before = process.memoryUsage().rss
        for (let i = 0; i < 65_536; i++) console.log(String(i).padEnd(1023))
        process.memoryUsage().rss - before`,
    })
    await kernel.until(() => streamed(kernel.published(id)) || undefined)
    kernel.process.kill('SIGSTOP')
    try {
      await sleep(1500)
    } finally {
      kernel.process.kill('SIGCONT')
    }
    await kernel.until(() => kernel.published(id).find(isIdle), 60_000)
    const messages = kernel.published(id)
    expect(streamed(messages)).toHaveLength(3 + (64 << 20))
    expect(Number(resultText(messages))).toBeLessThan(60 << 20)
  }, 90_000)

  test('a line that is written over (\\r) passes unchanged', async () => {
    const bars = Array.from({ length: 50 }, (_, i) => `\r${'#'.repeat(i)}${2 * i} %`).join('')
    const code = `for (let i = 0; i < 50; i++) process.stdout.write(\`\\r\${'#'.repeat(i)}\${2 * i} %\`)`
    expect(streamed(await shown(code))).toBe(bars)
  })

  test('5 MB in one display arrive whole', async () => {
    const [bundle] = await bundles('display.text("x".repeat(5_000_000))')
    expect((bundle as Record<string, string>)['text/plain']).toHaveLength(5_000_000)
  })

  test('displays and prints that follow each other at once keep their order and their content', async () => {
    const messages = await shown(`for (let i = 0; i < 300; i++) {
      console.log('print', i)
      display({ 'text/plain': 'display ' + i + ' "\\\\ \\n\\u2028 ä 😀' }, { raw: true, id: 'd' + i })
    }`)
    const seen = messages.flatMap(({ header, content }) => {
      if (header.msg_type === 'stream') return String(content.text).trimEnd().split('\n')
      if (header.msg_type !== 'display_data') return []
      const { data, metadata, transient } = content as Record<string, Record<string, string>>
      expect(metadata).toEqual({})
      return [`${data!['text/plain']} ${transient!.display_id}`]
    })
    const expected = Array.from({ length: 300 }, (_, i) => [
      `print ${i}`,
      `display ${i} "\\ \n\u2028 ä 😀 d${i}`,
    ])
    expect(seen).toEqual(expected.flat())
  })

  test('text is what a file would hold, in whatever form it is written', async () => {
    const printed = await shown(`process.stdout.write('a\\ud83db😀')
      process.stdout.write(Buffer.from('ä'))
      process.stdout.write('e4', 'hex')
      process.stdout.write('w6Q=', 'base64', () => console.log('!'))
      await new Promise((resolve) => setTimeout(resolve, 20))`)
    expect(streamed(printed)).toBe('a\ufffdb😀ä\ufffdä!\n')
  })

  test('native output of child processes and of fd 1 and 2 belongs to the cell and comes before idle', async () => {
    const messages = await shown(`
      import { execSync } from 'node:child_process'
      import { writeSync } from 'node:fs'
      execSync('echo from a child; echo to stderr >&2', { stdio: 'inherit' })
      writeSync(1, 'from fd 1 \\u0000 é')`)
    expect(streamed(messages)).toBe('from a child\nfrom fd 1 \u0000 é')
    expect(streamed(messages, 'stderr')).toBe('to stderr\n')
    const large = await shown("execSync('seq 1 100000', { stdio: 'inherit' })")
    expect(streamed(large).split('\n')).toHaveLength(100_001)
  })

  test.each([
    [
      'fd 1 and 2',
      `import fs, { writeSync } from 'node:fs'
      console.log(1); writeSync(1, '2\\n'); process.stdout.write('3\\n'); fs.appendFileSync(1, '4\\n')
      console.log(5); writeSync(1, '6\\n'); writeSync(1, '7\\n'); console.log(8)`,
    ],
    [
      'children that are waited for',
      `import { execFileSync, execSync, spawnSync } from 'node:child_process'
      console.log(1); spawnSync('echo', ['2'], { stdio: 'inherit' }); process.stdout.write('3\\n')
      execSync('echo 4; echo 5', { stdio: 'inherit' }); console.log(6)
      process.stdout.write(execFileSync('echo', ['7'])); console.log(8)`,
    ],
    [
      'a child that runs beside',
      `import { spawn } from 'node:child_process'
      import { once } from 'node:events'
      console.log(1)
      const child = spawn('sh', ['-c', 'echo 2; echo said >&3; read x; echo 4; sleep 0.2; echo 5'], { stdio: ['pipe', 'inherit', 'inherit', 'pipe'] })
      await once(child.stdio[3], 'data')
      console.log(3); child.stdin.write('\\n')
      await new Promise((done) => child.on('exit', () => done(console.log(6)))); console.log(7); console.log(8)`,
    ],
  ])('printed text, and what %s write, keep their order', async (_, code) => {
    expect(streamed(await shown(code))).toBe('1\n2\n3\n4\n5\n6\n7\n8\n')
  })

  test('so does what is written to fd 2, among both streams', async () => {
    const messages = await shown(`import { writeSync } from 'node:fs'
      console.log(1); writeSync(2, '2\\n'); console.error(3); writeSync(1, '4\\n'); process.stderr.write('5\\n'); console.log(6)`)
    expect(contents(messages, 'stream').map(({ name, text }) => `${name} ${text}`)).toEqual([
      'stdout 1\n',
      'stderr 2\n3\n',
      'stdout 4\n',
      'stderr 5\n',
      'stdout 6\n',
    ])
  })

  test('so do the warnings of Node', async () => {
    const messages = await shown(`console.error(1); process._rawDebug('2'); console.error(3)`)
    expect(streamed(messages, 'stderr')).toBe('1\n2\n3\n')
  })

  test('so do prints of native code: WebAssembly with a system interface', async () => {
    // (import fd_write) (func _start: fd_write(1, iovec at 0, 1, 20)), memory: iovec { 8, 2 }, "2\n"
    const module = `new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 1, 12, 2, 96, 4, 127, 127, 127, 127, 1, 127, 96, 0, 0, 2, 35, 1, 22,
      ...Buffer.from('wasi_snapshot_preview1'), 8, ...Buffer.from('fd_write'), 0, 0, 3, 2, 1, 1, 5, 3, 1, 0, 1, 7, 19, 2, 6,
      ...Buffer.from('memory'), 2, 0, 6, ...Buffer.from('_start'), 0, 1, 10, 15, 1, 13, 0, 65, 1, 65, 0, 65, 1, 65, 20, 16, 0,
      26, 11, 11, 16, 1, 0, 65, 0, 11, 10, 8, 0, 0, 0, 2, 0, 0, 0, 50, 10])`
    const messages = await shown(`import { WASI } from 'node:wasi'
      const program = new WebAssembly.Module(${module})
      const start = () => {
        const wasi = new WASI({ version: 'preview1', returnOnExit: true })
        wasi.start(new WebAssembly.Instance(program, { wasi_snapshot_preview1: wasi.wasiImport }))
      }
      console.log(1); start(); console.log(3); start(); start(); process.stdout.write('4\\n')`)
    expect(streamed(messages)).toBe('1\n2\n3\n2\n2\n4\n')
  })

  test('text printed before a loop that never ends is seen while it runs', async () => {
    const id = await kernel.send('execute_request', { code: 'console.log("alive"); for (;;);' })
    await kernel.until(() => streamed(kernel.published(id)) === 'alive\n' || undefined)
    await kernel.request('interrupt_request', {}, 'control')
    expect((await kernel.finished(id)).reply.ename).toBe('Interrupted')
  })

  test('late output keeps its cell', async () => {
    const id = await kernel.send('execute_request', {
      code: 'setTimeout(() => console.log("late"), 50); setTimeout(() => { throw new Error("late error") }, 60); void 0',
    })
    await kernel.finished(id)
    await kernel.execute('1')
    await kernel.until(() => streamed(kernel.published(id)) === 'late\n' || undefined)
    const [error] = await kernel.until(() => {
      const errors = contents(kernel.published(id), 'error')
      return errors.length > 0 ? errors : undefined
    })
    expect(error).toMatchObject({ ename: 'Error', evalue: 'late error' })
    expect(String(error?.traceback)).toMatch(/Cell \d+:1:\d+$/)
  })

  test('a rejection that nobody handles is shown, and the variables live', async () => {
    const id = await kernel.send('execute_request', {
      code: 'let kept = 5; Promise.reject(new TypeError("unhandled")); void 0',
    })
    expect((await kernel.finished(id)).reply.status).toBe('ok')
    const [error] = await kernel.until(() => {
      const errors = contents(kernel.published(id), 'error')
      return errors.length > 0 ? errors : undefined
    })
    expect(error).toMatchObject({ ename: 'TypeError', evalue: 'unhandled' })
    expect(streamed(await shown('console.log(kept)'))).toBe('5\n')
  })

  test('display shows bundles of every kind, in order with printed text', async () => {
    const messages = await shown(`
      console.log('before')
      display.html('<b>h</b>')
      console.log('between')
      display.markdown('*m*'); display.svg('<svg/>'); display.latex('$x$'); display.json({ a: 1 }); display.text('t')
      display.png(new Uint8Array([1, 2, 3])); display.png('AQID')
      display({ 'text/html': 'raw' }, { raw: true })
      display(42)
      console.log('after')`)
    const kinds = messages.map(({ header }) => header.msg_type).slice(2, -1)
    expect(kinds.filter((type) => type === 'display_data')).toHaveLength(10)
    expect([kinds[0], kinds[1], kinds[2], kinds.at(-1)]).toEqual([
      'stream',
      'display_data',
      'stream',
      'stream',
    ])
    expect(contents(messages, 'display_data').map(({ data }) => data)).toEqual([
      { 'text/html': '<b>h</b>', 'text/plain': 'h' },
      { 'text/markdown': '*m*', 'text/plain': '*m*' },
      { 'image/svg+xml': '<svg/>', 'text/plain': 'SVG, no text' },
      { 'text/latex': '$x$', 'text/plain': '$x$' },
      { 'application/json': { a: 1 }, 'text/plain': '{ a: 1 }' },
      { 'text/plain': 't' },
      { 'image/png': 'AQID', 'text/plain': 'picture, 3 bytes' },
      { 'image/png': 'AQID', 'text/plain': 'picture, 3 bytes' },
      { 'text/html': 'raw' },
      { 'text/plain': '42' },
    ])
  })

  test('a handle updates what was shown, under one display_id', async () => {
    const messages =
      await shown(`const h = display('0 %'); h.update('50 %'); h.update({ 'text/html': '100' }, { raw: true })
      display('named', { id: 'mine' })`)
    const updates = contents(messages, 'update_display_data')
    const [first, named] = contents(messages, 'display_data')
    expect(updates.map(({ data }) => data)).toEqual([
      { 'text/plain': '50 %' },
      { 'text/html': '100' },
    ])
    expect(updates.map(({ transient }) => transient)).toEqual([first?.transient, first?.transient])
    expect(named?.transient).toEqual({ display_id: 'mine' })
  })

  test.each([
    [
      "{ [Symbol.for('Jupyter.display')]: () => ({ 'text/html': 'own' }), toHTML: () => 'no' }",
      { 'text/html': 'own' },
    ],
    [
      "{ async [Symbol.for('Jupyter.display')]() { await 1; return { 'text/html': 'promised' } } }",
      { 'text/html': 'promised' },
    ],
    [
      "{ a: 1, toHTML() { return '<i>html</i>' } }",
      { 'text/html': '<i>html</i>', 'text/plain': '{ a: 1, toHTML: [Function: toHTML] }' },
    ],
    [
      "{ _toHtml: () => '<i>other</i>' }",
      { 'text/html': '<i>other</i>', 'text/plain': '{ _toHtml: [Function: _toHtml] }' },
    ],
    ['[1, 2]', { 'text/plain': '[ 1, 2 ]' }],
  ])('%s shows itself, as a result and through display', async (source, bundle) => {
    const messages = await shown(`display(${source}); (${source})`)
    // A promised bundle comes as the update of its place.
    const last = ['display_data', 'update_display_data'].flatMap((type) => contents(messages, type))
    expect(last.at(-1)?.data).toEqual(bundle)
    expect(contents(messages, 'display_data')).toHaveLength(1)
    expect(contents(messages, 'execute_result').map(({ data }) => data)).toEqual([bundle])
  })

  test('a value whose display fails is the error of its cell', async () => {
    const failing = "({ [Symbol.for('Jupyter.display')]() { throw new Error('cannot draw') } })"
    expect((await kernel.execute(failing)).reply).toMatchObject({
      status: 'error',
      evalue: 'cannot draw',
    })
    const odd = "({ [Symbol.for('Jupyter.display')]: () => 5 })"
    expect((await kernel.execute(odd)).reply.evalue).toContain(
      'must return an object of MIME types, got 5',
    )
  })

  test('clearOutput', async () => {
    const messages = await shown('clearOutput(); clearOutput({ wait: true })')
    expect(contents(messages, 'clear_output')).toEqual([{ wait: false }, { wait: true }])
  })

  test('the library finds its host', async () => {
    const messages = await shown(`const host = (globalThis as any)[Symbol.for('downhill.host')]
      host.display({ 'text/plain': 'a' }, { id: 'h' }); host.display({ 'text/plain': 'b' }, { id: 'h', update: true }); host.name`)
    expect(contents(messages, 'display_data')).toMatchObject([{ data: { 'text/plain': 'a' } }])
    expect(contents(messages, 'update_display_data')).toMatchObject([
      { transient: { display_id: 'h' } },
    ])
    expect(contents(messages, 'execute_result')).toMatchObject([
      { data: { 'text/plain': "'downhill'" } },
    ])
  })

  test("tslab's public API", async () => {
    const messages = await shown(`import * as tslab from 'tslab'
      import { display as show } from 'tslab'
      show.html('<b>x</b>'); tslab.display.png(new Uint8Array([1, 2, 3])); tslab.display.raw('text/x', 'raw')
      const d = tslab.newDisplay(); d.text('one'); d.text('two'); require('tslab').display.markdown('m')`)
    expect(contents(messages, 'display_data').map(({ data }) => data)).toEqual([
      { 'text/html': '<b>x</b>' },
      { 'image/png': 'AQID' },
      { 'text/x': 'raw' },
      { 'text/plain': 'one' },
      { 'text/markdown': 'm' },
    ])
    expect(contents(messages, 'update_display_data')).toMatchObject([
      { data: { 'text/plain': 'two' } },
    ])
  })

  test('console.error of an error tells TypeScript lines too', async () => {
    const { reply, messages } = await kernel.execute(
      'interface A {\n  a: 1\n}\nconsole.error(new Error("seen"))',
    )
    expect(streamed(messages, 'stderr')).toBe(
      `Error: seen\n    at Cell ${reply.execution_count}:4:15\n`,
    )
  })

  test('input, prompt and confirm ask the client and wait', async () => {
    kernel.onInput = ({ content }) => (String(content.prompt).includes('name') ? 'Ada é😀' : 'yes')
    const { messages } = await kernel.execute(
      'console.log(input("name? "), confirm("sure?"), prompt("name")); 1',
      {
        allow_stdin: true,
      },
    )
    expect(streamed(messages)).toBe('Ada é😀 true Ada é😀\n')
    const refused = await kernel.execute('input()', { allow_stdin: false })
    expect(refused.reply.evalue).toContain('allow_stdin is false')
  })
})

test('a cell that closes fd 1 and 2 still ends, and its text is seen', async () => {
  const kernel = await KernelClient.start()
  try {
    await kernel.execute("import fs from 'node:fs'")
    for (const fd of [1, 2]) {
      const { messages } = await kernel.execute(
        `console.log(1); fs.closeSync(${fd}); console.log(2)`,
      )
      expect(streamed(messages)).toBe('1\n2\n')
    }
  } finally {
    await kernel.close()
  }
})

test('70 MB in one string arrive whole, in pieces, no character cut', async () => {
  const kernel = await KernelClient.start()
  try {
    const code = 'process.stdout.write("ab😀\\n".repeat(10_000_000))'
    const id = await kernel.send('execute_request', { code })
    await kernel.until(() => kernel.published(id).find(isIdle), 100_000)
    const pieces = contents(kernel.published(id), 'stream').map(({ text }) => text as string)
    expect(Math.max(...pieces.map((piece) => Buffer.byteLength(piece)))).toBeLessThan(8 << 20)
    expect(pieces.some((piece) => /\p{Surrogate}/u.test(piece))).toBe(false)
    expect(pieces.join('') === 'ab😀\n'.repeat(10_000_000)).toBe(true)
  } finally {
    await kernel.close()
  }
}, 120_000)
