import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Message } from '../../kernel/wire/frames.js'
import { KernelClient, resultText, streamed } from '../support/kernel-client.js'
import { onEachNode } from '../support/node24.js'

onEachNode('an interrupt', (node) => {
  let kernel: KernelClient
  beforeAll(async () => {
    kernel = await KernelClient.start({ node })
    await kernel.execute(
      'let kept = 41; const sleep = (ms: number) => new Promise((go) => setTimeout(go, ms))',
    )
  })
  afterAll(() => kernel.close())

  /** Runs a cell until it says "go", interrupts it, and returns its end and the milliseconds that took. */
  async function stop(code: string, channel: 'control' | 'shell' = 'control') {
    const id = await kernel.send('execute_request', { code, allow_stdin: true })
    await kernel.until(() => streamed(kernel.published(id)).includes('go') || undefined)
    const start = performance.now()
    const reply = await kernel.request('interrupt_request', {}, channel)
    expect(reply.content).toEqual({ status: 'ok' })
    const done = await kernel.finished(id)
    const took = performance.now() - start
    inOrder(done.messages)
    return { ...done, took }
  }

  /** Everything that a cell showed lies before its error, and that before idle. */
  function inOrder(messages: Message[]) {
    const told = messages.map(({ header, content }) => content.execution_state ?? header.msg_type)
    const shown = told.slice(2, -2)
    expect([...told.slice(0, 2), ...told.slice(-2)]).toEqual([
      'busy',
      'execute_input',
      'error',
      'idle',
    ])
    expect(shown.filter((type) => type !== 'stream')).toEqual([])
  }

  test.each([
    ['a loop', 'console.log("go"); while (true) {}'],
    ['a loop that allocates', 'console.log("go"); while (true) JSON.stringify([..."abc"])'],
    ['a loop that prints', 'for (;;) console.log("go")'],
    ['a loop after an await', 'await 1; console.log("go"); for (;;);'],
    ['a loop of awaits', 'console.log("go"); for (;;) await null'],
    [
      'a loop in an async function',
      'async function spin() { await sleep(1); console.log("go"); for (;;); }\nawait spin()',
    ],
    [
      'a loop in a timer that the cell awaits',
      'await new Promise(() => setTimeout(() => { console.log("go"); for (;;); }, 1))',
    ],
    [
      'a loop in the second of two immediates',
      'setImmediate(() => {}); setImmediate(() => { console.log("go"); for (;;); }); await new Promise(() => {})',
    ],
    ['an await that never ends', 'console.log("go"); await new Promise(() => {})'],
    ['a long sleep', 'console.log("go"); await sleep(1e6)'],
    ['a wait for input', 'setTimeout(() => {}); process.stdout.write("go"); input()'],
    [
      'a regular expression that goes on for years',
      'console.log("go"); /^(a+)+$/.test("a".repeat(60) + "!")',
    ],
    [
      'JSON of a million objects, again and again',
      'const many = Array.from({ length: 1e6 }, (_, i) => ({ i })); console.log("go"); for (;;) JSON.stringify(many)',
    ],
    [
      'a wait for a child process',
      "const { execSync } = await import('node:child_process'); console.log('go'); execSync('sleep 60')",
    ],
    [
      'a wait for a child process that ignores it',
      `const { spawnSync } = await import('node:child_process'); console.log('go')
       spawnSync('sh', ['-c', 'trap "" INT TERM; sleep 60; sleep 60'])`,
    ],
    [
      'a loop that catches everything',
      'console.log("go"); for (;;) { try { for (;;); } catch {} finally { continue } }',
    ],
  ])('stops %s, and the variables are kept', async (_, code) => {
    if (code.includes('input()')) kernel.onInput = undefined
    const { reply, took } = await stop(code)
    expect(reply).toMatchObject({ status: 'error', ename: 'Interrupted' })
    expect(took).toBeLessThan(2500)
    expect(resultText((await kernel.execute('kept + 1')).messages)).toBe('42')
  })

  test('stops the timers of its cell too', async () => {
    await stop('let ticks = 0; console.log("go"); for (;;) { ticks++; await sleep(5) }')
    const before = resultText((await kernel.execute('ticks')).messages)
    expect(resultText((await kernel.execute('await sleep(50); ticks')).messages)).toBe(before)
  })

  test('stops a cell that has so many timers that a termination comes before the last is cleared', async () => {
    const { reply } = await stop(`let laps = 0
      for (let i = 0; i < 2e5; i++) setTimeout(() => {}, 1e6)
      console.log('go'); for (;;) { laps++; await sleep(2) }`)
    expect(reply.ename).toBe('Interrupted')
    const before = resultText((await kernel.execute('laps')).messages)
    expect(resultText((await kernel.execute('await sleep(200); laps')).messages)).toBe(before)
  })

  test('and garbage collection: a cell that waits for what nobody else holds goes on waiting', async () => {
    await kernel.execute(`import { setFlagsFromString } from 'node:v8'
      import { runInNewContext } from 'node:vm'
      setFlagsFromString('--expose-gc')
      const collect = runInNewContext('gc') as () => void`)
    const waits = [
      'await new Promise(() => {})',
      'for await (const x of { [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => {}) }) } as any) {}',
      'async function forever() { await new Promise(() => {}) }\nawait forever()',
    ]
    for (const wait of waits) {
      const { reply } = await stop(
        `setTimeout(() => { collect(); collect(); console.log("go") }, 20)\n${wait}`,
      )
      expect(reply.ename).toBe('Interrupted')
      // What was interrupted is garbage now, and must not be reported when it is collected.
      await kernel.execute('collect(); await sleep(5); collect()')
    }
    await stop('await 1; console.log("go"); for (;;);')
    expect((await kernel.execute('collect(); await sleep(5); collect(); kept')).reply.status).toBe(
      'ok',
    )
    expect(resultText((await kernel.execute('kept')).messages)).toBe('41')
  })

  test('stops a loop of awaits at the top of its cell, whatever it awaits', async () => {
    await stop(`import { setTimeout as pause } from 'node:timers/promises'
      let rounds = 0; console.log('go'); for (;;) { rounds++; await pause(5) }`)
    const before = resultText((await kernel.execute('await sleep(10); rounds')).messages)
    expect(resultText((await kernel.execute('await sleep(50); rounds')).messages)).toBe(before)
  })

  test.each(['for (;;);', 'await 1; for (;;);', 'await new Promise(() => {})'])(
    'right after the start of its cell stops %s',
    async (code) => {
      for (let round = 0; round < 30; round++) {
        const id = await kernel.send('execute_request', { code })
        // Sent later, an interrupt may still come earlier: it has a socket of its own.
        await kernel.until(() => kernel.published(id)[0])
        await kernel.request('interrupt_request', {}, 'control')
        const { reply } = await kernel.finished(id)
        expect(reply, String(reply.evalue)).toMatchObject({ ename: 'Interrupted' })
      }
      expect(resultText((await kernel.execute('kept')).messages)).toBe('41')
    },
  )

  test('skips the cells that wait', async () => {
    const first = kernel.send('execute_request', { code: 'console.log("go"); await sleep(1e6)' })
    const id = await first
    const next = await kernel.send('execute_request', { code: '1' })
    await kernel.until(() => streamed(kernel.published(id)).includes('go') || undefined)
    // What is answered was sent behind it, so it waits now: the interrupt has a socket of its own.
    await kernel.request('kernel_info_request', {})
    await kernel.request('interrupt_request', {}, 'control')
    expect((await kernel.finished(next)).reply.status).toBe('aborted')
  })

  test('of an idle kernel changes nothing', async () => {
    for (let i = 0; i < 5; i++) await kernel.request('interrupt_request', {}, 'control')
    expect(resultText((await kernel.execute('kept')).messages)).toBe('41')
  })

  test('control and heartbeat answer while a cell is busy', async () => {
    const id = await kernel.send('execute_request', { code: 'console.log("go"); for (;;);' })
    await kernel.until(() => streamed(kernel.published(id)).includes('go') || undefined)
    const info = await kernel.request('kernel_info_request', {}, 'control')
    expect(info.content.status).toBe('ok')
    expect(await kernel.heartbeat()).toBe('ping')
    await kernel.request('interrupt_request', {}, 'control')
    await kernel.finished(id)
  })

  test('ends only the child process that the cell waits for', async () => {
    const { messages } = await kernel.execute(`
      import { execFileSync, spawn } from 'node:child_process'
      const server = spawn('sleep', ['600'])
      server.pid`)
    const before = Number(resultText(messages))
    await stop(`console.log('go'); execFileSync('sleep', ['600'])`)
    expect(() => process.kill(before, 0)).not.toThrow()
    // Later interrupts are none for it either.
    await stop('console.log("go"); for (;;);')
    expect(
      resultText((await kernel.execute('server.exitCode ?? server.signalCode')).messages),
    ).toBe('null')
    await kernel.execute('server.kill()')
  })

  test('of native code that cannot be stopped replaces the process and says so', async () => {
    const { reply } = await stop(
      "const { pbkdf2Sync } = await import('node:crypto'); console.log('go'); pbkdf2Sync('a', 'b', 2 ** 31 - 1, 64, 'sha512')",
    )
    expect(reply).toMatchObject({ status: 'error', ename: 'StateLost' })
    expect(reply.evalue).toContain('did not stop within 3 s of the interrupt')
    const lost = await kernel.execute('kept')
    expect(lost.reply).toMatchObject({ ename: 'ReferenceError' })
    expect(resultText((await kernel.execute('1 + 1')).messages)).toBe('2')
  })
})
