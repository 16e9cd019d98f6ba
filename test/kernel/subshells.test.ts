import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { encode, newHeader } from '../../kernel/wire/frames.js'
import { contents, isIdle, KernelClient, resultText, streamed } from '../support/kernel-client.js'
import { onEachNode } from '../support/node24.js'

onEachNode('subshells', (node) => {
  let kernel: KernelClient
  let subshell: string
  beforeAll(async () => {
    kernel = await KernelClient.start({ node })
    await kernel.execute('const sleep = (ms: number) => new Promise((go) => setTimeout(go, ms))')
  })
  afterAll(() => kernel.close())

  const create = async (client = kernel) =>
    (await client.request('create_subshell_request', {}, 'control')).content.subshell_id as string

  /** Sends a shell request to a subshell. */
  async function send(
    subshell_id: string,
    type: string,
    content: object,
    client = kernel,
  ): Promise<string> {
    const header = { ...newHeader(type, client.session), subshell_id }
    const rest = { identities: [], parent: {}, metadata: {}, buffers: [] }
    await client.raw(encode({ header, content, ...rest }, client.connection.key))
    return header.msg_id
  }

  const main = (code: string, more: object = {}) =>
    kernel.send('execute_request', { code, ...more })
  const aside = (code: string, more: object = {}) =>
    send(subshell, 'execute_request', { code, ...more })
  const printed = (id: string, text: string) =>
    kernel.until(() => streamed(kernel.published(id)).includes(text) || undefined)
  const ended = (id: string) => kernel.published(id).some(isIdle)

  /** A cell that ends when `release` is called, and is running when this resolves. */
  async function occupy(): Promise<{ id: string; release(): Promise<void> }> {
    const id = await kernel.send('execute_request', {
      code: 'console.log("in"); input("go?")',
      allow_stdin: true,
    })
    await kernel.until(() => (streamed(kernel.published(id)) ? true : undefined))
    return {
      id,
      release: async () => void (await kernel.request('interrupt_request', {}, 'control')),
    }
  }

  /** A cell that awaits until `open()` is called in another, and then goes on. */
  const waits = (rest: string) =>
    `let open!: (value: number) => void
   console.log('in')
   const got = await new Promise<number>((go) => { open = go })
   ${rest}`

  test('are announced, made, listed and deleted', async () => {
    const info = await kernel.request('kernel_info_request', {})
    expect(info.content.supported_features).toContain('kernel subshells')
    const ids = [await create(), await create()]
    const list = async () =>
      (await kernel.request('list_subshell_request', {}, 'control')).content.subshell_id
    expect(await list()).toEqual(ids)
    for (const subshell_id of ids) {
      const gone = await kernel.request('delete_subshell_request', { subshell_id }, 'control')
      expect(gone.content).toEqual({ status: 'ok' })
    }
    expect(await list()).toEqual([])
    const again = await kernel.request(
      'delete_subshell_request',
      { subshell_id: ids[0] },
      'control',
    )
    expect(again.content).toMatchObject({ status: 'error', ename: 'RangeError' })
  })

  test('a request to a subshell that is not there is refused', async () => {
    const { content } = await kernel.reply(await send('nowhere', 'execute_request', { code: '1' }))
    expect(content).toMatchObject({ status: 'error', ename: 'RangeError' })
    expect(content.evalue).toContain('no subshell nowhere')
  })

  test('what is not code is answered while the main shell is busy; replies name the subshell', async () => {
    subshell = await create()
    const { id, release } = await occupy()
    const requests: [string, object][] = [
      ['kernel_info_request', {}],
      ['is_complete_request', { code: 'f(' }],
      ['complete_request', { code: 'Math.fl', cursor_pos: 7 }],
      ['inspect_request', { code: 'Math', cursor_pos: 4 }],
      ['history_request', { hist_access_type: 'tail', n: 1 }],
      ['comm_info_request', {}],
    ]
    for (const [type, content] of requests) {
      const reply = await kernel.reply(await send(subshell, type, content))
      expect(reply.parent).toMatchObject({ subshell_id: subshell })
      if (type !== 'is_complete_request') expect(reply.content.status).toBe('ok')
    }
    expect(kernel.published(id).some((m) => m.content.execution_state === 'idle')).toBe(false)
    await release()
    expect((await kernel.finished(id)).reply.status).toBe('error')
  })

  test('code of a subshell shares the variables; an error aborts its own queue only', async () => {
    subshell = await create()
    await kernel.execute('let common = 1')
    const failing = await aside(waits('throw new Error("x")'))
    const aborted = await aside('common = 100')
    await printed(failing, 'in')
    // Sent by the same way as the cell that is to be aborted, and later: that one waits when this one runs.
    const main = await kernel.send('execute_request', { code: 'open(1); common += 1' })
    expect((await kernel.finished(failing)).reply.status).toBe('error')
    expect((await kernel.finished(aborted)).reply.status).toBe('aborted')
    expect((await kernel.finished(main)).reply.status).toBe('ok')
    const seen = await kernel.finished(await aside('common'))
    expect(resultText(seen.messages)).toBe('2')
  })

  test.each(['main', 'subshell'])(
    'while the %s awaits, a cell of the other runs and ends',
    async (who) => {
      subshell = await create()
      const [slow, quick] = who === 'main' ? [main, aside] : [aside, main]
      const waiting = await slow(waits('console.log("goes on"); got + 1'), {
        user_expressions: { got: 'got' },
      })
      await printed(waiting, 'in')
      const first = await kernel.finished(await quick('console.log("meanwhile"); 6 * 7'))
      expect(first.reply.status).toBe('ok')
      expect(resultText(first.messages)).toBe('42')
      expect(streamed(first.messages)).toBe('meanwhile\n')
      const failed = await kernel.finished(
        await quick('await sleep(1); throw new RangeError("mine")'),
      )
      expect(failed.reply).toMatchObject({ ename: 'RangeError', evalue: 'mine' })
      expect(ended(waiting)).toBe(false)
      await kernel.finished(await quick('open(41)'))
      const last = await kernel.finished(waiting)
      expect(resultText(last.messages)).toBe('42')
      expect(streamed(last.messages)).toBe('in\ngoes on\n')
      expect(contents(last.messages, 'error')).toEqual([])
      expect(last.reply.user_expressions).toMatchObject({ got: { data: { 'text/plain': '41' } } })
    },
  )

  test('what two cells print in turn is told under each of them', async () => {
    subshell = await create()
    const talk = (name: string) => `
    async function ${name}() { for (let i = 0; i < 20; i++) { await sleep(1); console.log('${name} ' + i) } }
    for (let i = 0; i < 20; i++) { await null; console.log('${name} ' + i) }
    for (let i = 0; i < 20; i++) { await sleep(1); console.log('${name} ' + i) }
    for await (const i of [0, 1]) console.log('${name} ' + i)
    await ${name}()
    await new Promise<void>((go) => setTimeout(() => { console.log('${name} 0'); go() }, 5))
    display('${name} shown')
    '${name} value'`
    const ids = await Promise.all([main(talk('left')), aside(talk('right'))])
    const both = await Promise.all(ids.map((id) => kernel.finished(id)))
    both.forEach(({ reply, messages }, index) => {
      const name = ['left', 'right'][index]
      expect(reply.status).toBe('ok')
      const lines = streamed(messages).trimEnd().split('\n')
      expect(lines).toHaveLength(63)
      expect(lines.filter((line) => !line.startsWith(`${name} `))).toEqual([])
      expect(JSON.stringify(contents(messages, 'display_data'))).toContain(`${name} shown`)
      expect(resultText(messages)).toBe(`'${name} value'`)
    })
  })

  test('native output is told under the newest cell that runs', async () => {
    subshell = await create()
    const waiting = await main(
      waits('const { writeSync } = await import("node:fs"); writeSync(1, "later\\n")'),
    )
    await printed(waiting, 'in')
    const { messages } = await kernel.finished(
      await aside(
        'const { execSync } = await import("node:child_process"); execSync("echo now", { stdio: "inherit" })',
      ),
    )
    expect(streamed(messages)).toBe('now\n')
    // Not before the cell that lets it go on is over, or that would be the newest.
    const file = join(kernel.folder, 'over')
    const watch = `const { existsSync } = await import('node:fs')
      const watch = setInterval(() => {
        if (!existsSync('over')) return
        clearInterval(watch)
        open(1)
      }, 5)
      void 0`
    await kernel.finished(await aside(watch))
    writeFileSync(file, '')
    expect(streamed((await kernel.finished(waiting)).messages)).toBe('in\nlater\n')
  })

  test('each is asked, or not, as its own client says', async () => {
    subshell = await create()
    kernel.onInput = ({ parent }) => `parent ${parent.msg_id}`
    const waiting = await main(waits('input("main?")'), { allow_stdin: false })
    await printed(waiting, 'in')
    const id = await aside('await sleep(1); input("aside?")', { allow_stdin: true })
    expect(resultText((await kernel.finished(id)).messages)).toBe(`'parent ${id}'`)
    await kernel.finished(await aside('open(1)'))
    expect((await kernel.finished(waiting)).reply.evalue).toContain('allow_stdin is false')
    kernel.onInput = undefined
  })

  test('sync code holds up the others, and no longer', async () => {
    subshell = await create()
    const id = await main(
      'let after = 0; console.log("in"); for (const end = Date.now() + 300; Date.now() < end; ); after = 1; await sleep(1e6)',
    )
    await printed(id, 'in')
    expect(resultText((await kernel.finished(await aside('after'))).messages)).toBe('1')
    expect(ended(id)).toBe(false)
    await kernel.request('interrupt_request', {}, 'control')
    expect((await kernel.finished(id)).reply).toMatchObject({ ename: 'Interrupted' })
  })

  test('an interrupt also ends a cell that waits for sync code of another shell', async () => {
    subshell = await create()
    const { id, release } = await occupy()
    const waiting = await aside('await sleep(1e6)')
    await kernel.until(() => kernel.published(waiting)[0])
    await release()
    for (const one of [id, waiting])
      expect((await kernel.finished(one)).reply).toMatchObject({ ename: 'Interrupted' })
  })

  test('an interrupt ends the cells of all shells, and none goes on', async () => {
    subshell = await create()
    await kernel.execute('let ticks = 0; let kept = 41')
    const loop = 'console.log("in"); for (;;) { ticks++; await sleep(2) }'
    const ids = [await main(loop), await aside(loop)]
    for (const id of ids) await printed(id, 'in')
    await kernel.request('interrupt_request', {}, 'control')
    for (const id of ids)
      expect((await kernel.finished(id)).reply).toMatchObject({ ename: 'Interrupted' })
    const before = resultText((await kernel.execute('ticks')).messages)
    expect(resultText((await kernel.execute('await sleep(50); ticks')).messages)).toBe(before)
    // A loop of the one is terminated, while the other awaits.
    const waiting = await main(waits(''))
    await printed(waiting, 'in')
    const spinning = await aside('await 1; console.log("in"); for (;;);')
    await printed(spinning, 'in')
    await kernel.request('interrupt_request', {}, 'control')
    for (const id of [waiting, spinning])
      expect((await kernel.finished(id)).reply).toMatchObject({ ename: 'Interrupted' })
    expect(resultText((await kernel.execute('kept')).messages)).toBe('41')
  })

  test('the end of the process is the error of every cell that ran', async () => {
    subshell = await create()
    const waiting = await main(waits(''))
    await printed(waiting, 'in')
    const ending = await aside('process.exit(3)')
    for (const id of [waiting, ending]) {
      const { reply, messages } = await kernel.finished(id)
      expect(reply).toMatchObject({ ename: 'StateLost' })
      expect(contents(messages, 'error')).toHaveLength(1)
    }
    expect(resultText((await kernel.execute('1 + 1')).messages)).toBe('2')
    await kernel.execute('const sleep = (ms: number) => new Promise((go) => setTimeout(go, ms))')
  })

  test('what a cell that runs has declared is known to the checker of another', async () => {
    const checked = await KernelClient.start({ node, types: 'error' })
    try {
      const id = await checked.send('execute_request', {
        code: 'let done = 0; console.log("in"); await new Promise<void>((go) => { setTimeout(go, 1e6) })',
      })
      await checked.until(() => streamed(checked.published(id)).includes('in') || undefined)
      const other = await create(checked)
      const look = async (code: string) =>
        checked.finished(await send(other, 'execute_request', { code }, checked))
      expect(resultText((await look('done.toFixed(1)')).messages)).toBe("'0.0'")
      expect((await look('done.nothing')).reply.ename).toBe('TypeScriptError')
      await checked.request('interrupt_request', {}, 'control')
      await checked.finished(id)
      expect(resultText((await checked.execute('done + 1')).messages)).toBe('1')
    } finally {
      await checked.close()
    }
  })
})
