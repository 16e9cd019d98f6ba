import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  contents,
  type Executed,
  isIdle,
  KernelClient,
  resultText,
  streamed,
} from '../support/kernel-client.js'
import { onEachNode } from '../support/node24.js'

onEachNode('comms', (node) => {
  let kernel: KernelClient
  beforeAll(async () => {
    kernel = await KernelClient.start({ node })
  })
  afterAll(() => kernel.close())

  const type = ({ header }: { header: { msg_type: string } }) => header.msg_type
  const send = (kind: string, content: object, buffers: Uint8Array[] = [], to = kernel) =>
    to.send(`comm_${kind}`, { data: {}, ...content }, 'shell', {}, buffers)
  const idle = async (id: string, of = kernel) => {
    await of.until(() => of.published(id).find(isIdle))
    return of.published(id)
  }
  const listed = async (target_name?: string) =>
    (await kernel.request('comm_info_request', { target_name })).content.comms
  /** A running cell has printed this. */
  const printed = (id: string, text: string) =>
    kernel.until(() => streamed(kernel.published(id)).includes(text) || undefined)

  test('the page opens one: data and bytes go both ways, in a frame of busy and idle', async () => {
    await kernel.execute(`comms.registerTarget('echo', (comm, data, buffers) => {
      comm.send({ hello: data, bytes: [...buffers[0]!] }, { buffers: [buffers[0]!, new Uint8Array([9, 8, 7, 6]).subarray(1, 3)] })
      comm.onMessage((data, buffers) => {
        console.log('got', data.n)
        comm.send({ n: data.n, exact: buffers[0]?.buffer.byteLength }, { buffers, metadata: { k: 1 } })
      })
      comm.onClose((data) => console.log('closed', data.why))
    })`)
    const bytes = Buffer.from([0, 255, 10, 200])
    const opened = await idle(
      await send('open', { comm_id: 'p1', target_name: 'echo', data: { a: 'é' } }, [bytes]),
    )
    expect(opened.map(type)).toEqual(['status', 'comm_msg', 'status'])
    const [, hello] = opened
    expect(hello!.content).toEqual({
      comm_id: 'p1',
      data: { hello: { a: 'é' }, bytes: [0, 255, 10, 200] },
    })
    expect(hello!.buffers.map((frame) => [...frame])).toEqual([
      [0, 255, 10, 200],
      [8, 7],
    ])
    const answered = await idle(await send('msg', { comm_id: 'p1', data: { n: 1 } }, [bytes]))
    expect(answered.map(type)).toEqual(['status', 'stream', 'comm_msg', 'status'])
    expect(answered[2]).toMatchObject({
      metadata: { k: 1 },
      content: { comm_id: 'p1', data: { n: 1, exact: 4 } },
    })
    expect(await listed()).toEqual({ p1: { target_name: 'echo' } })
    const closed = await idle(await send('close', { comm_id: 'p1', data: { why: 'done' } }))
    expect(streamed(closed)).toBe('closed done\n')
    expect(await listed()).toEqual({})
  })

  test('a cell opens one, and closes it', async () => {
    const { messages } = await kernel.execute(
      `const line = comms.open('page', { x: 1 }, { metadata: { version: '2' }, buffers: [new Uint8Array([1, 2]).buffer] })
       line.onMessage((data) => line.send({ twice: 2 * (data.n as number) })); line.id`,
    )
    const opened = messages.find((message) => type(message) === 'comm_open')!
    const comm_id = opened.content.comm_id as string
    expect(resultText(messages)).toBe(`'${comm_id}'`)
    expect(opened).toMatchObject({
      metadata: { version: '2' },
      content: { target_name: 'page', data: { x: 1 } },
    })
    expect([...opened.buffers[0]!]).toEqual([1, 2])
    expect(await listed('page')).toEqual({ [comm_id]: { target_name: 'page' } })
    expect(await listed('other')).toEqual({})
    const answered = await idle(await send('msg', { comm_id, data: { n: 21 } }))
    expect(contents(answered, 'comm_msg')).toEqual([{ comm_id, data: { twice: 42 } }])
    const closing = await kernel.execute('line.close({ bye: true }); line.close(); line.closed')
    expect(contents(closing.messages, 'comm_close')).toEqual([{ comm_id, data: { bye: true } }])
    expect(resultText(closing.messages)).toBe('true')
    expect(await listed()).toEqual({})
    expect((await kernel.execute('line.send({})')).reply).toMatchObject({
      status: 'error',
      evalue: `comms: comm ${comm_id} of 'page' is closed; open another`,
    })
  })

  test('wrong arguments are refused by name', async () => {
    const evalue = async (code: string) => (await kernel.execute(code)).reply.evalue
    expect(await evalue(`comms.open('page', 3)`)).toBe('comms: data must be an object, got 3')
    expect(await evalue(`comms.registerTarget('x')`)).toContain('registerTarget needs a function')
    expect(await evalue(`comms.open('page', {}, { buffers: [[1]] })`)).toContain(
      'a buffer must be an ArrayBuffer or a view of one',
    )
    expect(await listed()).toEqual({})
  })

  test('a target that nobody registered is closed at once', async () => {
    const messages = await idle(await send('open', { comm_id: 'u1', target_name: 'nobody' }))
    expect(messages.map(type)).toEqual(['status', 'comm_close', 'status'])
    expect(contents(messages, 'comm_close')).toEqual([{ comm_id: 'u1', data: {} }])
    expect((await idle(await send('msg', { comm_id: 'u1' }))).map(type)).toEqual([
      'status',
      'status',
    ])
  })

  test('messages reach a cell that awaits one, also past cells that wait, in order', async () => {
    await kernel.execute(
      `const seen: number[] = []; let enough = (): void => {}
       comms.registerTarget('feed', (comm) => comm.onMessage(({ n }) => {
         seen.push(n as number); console.log('n', n); if (seen.length === 50) enough()
       }))`,
    )
    await idle(await send('open', { comm_id: 'f1', target_name: 'feed' }))
    const waiting = await kernel.send('execute_request', {
      code: `console.log('waiting'); await new Promise<void>((done) => { enough = done }); console.log('after'); seen.join()`,
    })
    const queued = await kernel.send('execute_request', { code: '"queued " + seen.length' })
    await printed(waiting, 'waiting')
    const ids: string[] = []
    for (let n = 1; n <= 50; n++)
      ids.push(await send('msg', { comm_id: 'f1', data: { n } }, [Buffer.alloc(n * 1000)]))
    const done = await kernel.finished(waiting)
    const order = Array.from({ length: 50 }, (_, index) => index + 1)
    expect(resultText(done.messages)).toBe(`'${order.join()}'`)
    expect(streamed(done.messages)).toBe('waiting\nafter\n')
    // What each message caused stands under that message.
    for (const [index, id] of ids.entries())
      expect(streamed(await idle(id))).toBe(`n ${index + 1}\n`)
    expect(resultText((await kernel.finished(queued)).messages)).toBe("'queued 50'")
  })

  test('a page opens a comm while a cell awaits; to a target that a waiting cell registers, after it', async () => {
    const waiting = await kernel.send('execute_request', {
      code: `console.log('here'); await new Promise<void>((done) => comms.registerTarget('free', () => done()))`,
    })
    const later = await kernel.send('execute_request', {
      code: `comms.registerTarget('late', (comm, data) => comm.onMessage(() => console.log('late', data.x))); 0`,
    })
    await printed(waiting, 'here')
    const open = await send('open', { comm_id: 'l1', target_name: 'late', data: { x: 5 } })
    const word = await send('msg', { comm_id: 'l1' })
    await send('open', { comm_id: 'l2', target_name: 'free' })
    for (const id of [waiting, later]) expect((await kernel.finished(id)).reply.status).toBe('ok')
    expect(contents(await idle(open), 'comm_close')).toEqual([])
    expect(streamed(await idle(word))).toBe('late 5\n')
  })

  test('a handler that throws or rejects is reported where it was asked, and kills nothing', async () => {
    await kernel.execute(
      `comms.registerTarget('bad', (comm, { at }) => {
        if (at === 'open') throw new RangeError('no')
        comm.onMessage(({ n }) => { if (n === 1) throw new TypeError('one'); return Promise.reject(new Error('two')) })
      })`,
    )
    const refused = await idle(
      await send('open', { comm_id: 'b1', target_name: 'bad', data: { at: 'open' } }),
    )
    expect(contents(refused, 'error')).toMatchObject([{ ename: 'RangeError', evalue: 'no' }])
    expect(contents(refused, 'comm_close')).toEqual([{ comm_id: 'b1', data: {} }])
    await idle(await send('open', { comm_id: 'b2', target_name: 'bad' }))
    const thrown = await idle(await send('msg', { comm_id: 'b2', data: { n: 1 } }))
    expect(contents(thrown, 'error')).toMatchObject([{ ename: 'TypeError', evalue: 'one' }])
    expect(contents(thrown, 'error')[0]?.traceback).toContainEqual(
      expect.stringMatching(/Cell \d+/),
    )
    const id = await send('msg', { comm_id: 'b2', data: { n: 2 } })
    await kernel.until(() => contents(kernel.published(id), 'error')[0])
    expect(contents(kernel.published(id), 'error')).toMatchObject([{ evalue: 'two' }])
    expect(Object.keys((await listed('bad')) as object)).toEqual(['b2'])
    expect(resultText((await kernel.execute('seen.length')).messages)).toBe('50')
  })

  test('an interrupt ends a handler that never returns, and the next message is handled', async () => {
    await kernel.execute(
      `let kept = 50
       comms.registerTarget('loop', (comm) => comm.onMessage(({ go }) => { console.log('in'); while (go) {} }))`,
    )
    await idle(await send('open', { comm_id: 'e1', target_name: 'loop' }))
    const id = await send('msg', { comm_id: 'e1', data: { go: true } })
    await printed(id, 'in')
    const next = await send('msg', { comm_id: 'e1', data: { go: false } })
    await kernel.request('interrupt_request', {}, 'control')
    expect(contents(await idle(id), 'error')).toMatchObject([{ ename: 'Interrupted' }])
    expect(streamed(await idle(next))).toBe('in\n')
    expect(resultText((await kernel.execute('kept')).messages)).toBe('50')
  })

  test('what a handler leaves behind prints under its message', async () => {
    await kernel.execute(
      `comms.registerTarget('timer', (comm) => comm.onMessage(() => { setTimeout(() => console.log('tick'), 20) }))`,
    )
    await idle(await send('open', { comm_id: 't1', target_name: 'timer' }))
    const id = await send('msg', { comm_id: 't1' })
    await printed(id, 'tick')
  })

  test('a thousand messages do not make a cell lose its late output', async () => {
    const cell = await kernel.send('execute_request', {
      code: `let go = false
        comms.registerTarget('slider', (comm) => comm.onMessage(({ last }) => { go = last === true }))
        const watch = setInterval(() => { if (go) { console.log('still mine'); clearInterval(watch) } }, 5)`,
    })
    await kernel.finished(cell)
    await idle(await send('open', { comm_id: 's1', target_name: 'slider' }))
    for (let n = 0; n < 1100; n++) await send('msg', { comm_id: 's1' })
    await send('msg', { comm_id: 's1', data: { last: true } })
    await printed(cell, 'still mine')
  })

  test.each([
    ['in a cell', (of: KernelClient) => of.execute('process.exit(3)')],
    ['in a handler', async (of: KernelClient) => send('msg', { comm_id: 'd1' }, [], of)],
  ] as [string, (of: KernelClient) => Promise<Executed | string>][])(
    'the death of the evaluator %s closes every comm',
    async (_where, kill) => {
      const other = await KernelClient.start({ node })
      try {
        await other.execute(
          `comms.open('page'); comms.registerTarget('die', (comm) => comm.onMessage(() => process.exit(3)))`,
        )
        await idle(await send('open', { comm_id: 'd1', target_name: 'die' }, [], other), other)
        const ids = Object.keys(
          (await other.request('comm_info_request', {})).content.comms as object,
        )
        expect(ids).toHaveLength(2)
        const killed = await kill(other)
        if (typeof killed === 'string') {
          const messages = await idle(killed, other)
          expect(contents(messages, 'error')).toMatchObject([{ ename: 'StateLost' }])
        }
        expect(contents(other.iopub, 'comm_close').map(({ comm_id }) => comm_id)).toEqual(ids)
        const info = await other.request('comm_info_request', {})
        expect(info.content.comms).toEqual({})
        // Its targets are gone with it.
        const again = await send('open', { comm_id: 'd3', target_name: 'die' }, [], other)
        expect(contents(await idle(again, other), 'comm_close')).toHaveLength(1)
        expect(resultText((await other.execute('6 * 7')).messages)).toBe('42')
      } finally {
        await other.close()
      }
    },
  )
})
