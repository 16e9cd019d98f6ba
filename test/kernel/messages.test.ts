import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { encode, newHeader } from '../../kernel/wire/frames.js'
import { contents, isIdle, KernelClient, resultText } from '../support/kernel-client.js'

let kernel: KernelClient
beforeAll(async () => {
  kernel = await KernelClient.start()
})
afterAll(() => kernel.close())

test('kernel_info, on shell and on control', async () => {
  for (const channel of ['shell', 'control'] as const) {
    const { header, content } = await kernel.request('kernel_info_request', {}, channel)
    expect(header.msg_type).toBe('kernel_info_reply')
    expect(content).toMatchObject({
      status: 'ok',
      protocol_version: '5.4',
      implementation: 'downhill',
      language_info: { name: 'typescript', file_extension: '.ts', mimetype: 'text/typescript' },
    })
    const { version } = content.language_info as { version: string }
    expect(Number.parseFloat(version)).toBeGreaterThanOrEqual(5.9)
  }
})

test('every subscriber is welcomed, every request is framed by busy and idle', async () => {
  expect(contents(kernel.iopub, 'iopub_welcome')).toEqual([{ subscription: '' }])
  const id = await kernel.send('comm_info_request', {})
  await kernel.reply(id)
  await kernel.until(() => kernel.published(id).find(isIdle))
  expect(kernel.published(id).map(({ content }) => content.execution_state)).toEqual([
    'busy',
    'idle',
  ])
})

test('the first message to who subscribes first is its welcome, however early it does; then, that the kernel starts', async () => {
  for (let round = 0; round < 5; round++) {
    const early = new KernelClient()
    try {
      await early.until(() => early.iopub[1])
      expect(early.iopub.map(({ header, content }) => [header.msg_type, content])).toEqual([
        ['iopub_welcome', { subscription: '' }],
        ['status', { execution_state: 'starting' }],
      ])
    } finally {
      await early.close()
    }
  }
})

const requests: [string, object][] = [
  ['kernel_info_request', {}],
  ['execute_request', { code: '1' }],
  ['complete_request', { code: 'parseI', cursor_pos: 6 }],
  ['inspect_request', { code: 'parseInt', cursor_pos: 3, detail_level: 0 }],
  ['is_complete_request', { code: '1' }],
  ['history_request', { hist_access_type: 'tail', n: 1 }],
  ['comm_info_request', {}],
  ['comm_open', { comm_id: 'x', target_name: 'nobody', data: {} }],
  ['comm_msg', { comm_id: 'x', data: {} }],
  ['comm_close', { comm_id: 'x', data: {} }],
  ['interrupt_request', {}],
  ['create_subshell_request', {}],
  ['list_subshell_request', {}],
  ['delete_subshell_request', { subshell_id: 'none' }],
  ['debug_request', { seq: 1, type: 'request', command: 'debugInfo' }],
  ['debug_request', { seq: 1, type: 'request', command: 'nonsense' }],
  ['unheard_request', {}],
  ['no_request_at_all', { a: 1 }],
]

test.each(
  requests.flatMap(([type, content]) =>
    (['shell', 'control'] as const).map((channel) => ({ type, content, channel })),
  ),
)(
  '$type on $channel: busy, idle, and a whole envelope around each answer',
  async ({ type, content, channel }) => {
    const from = kernel.iopub.length
    const id = await kernel.send(type, { ...content }, channel)
    await kernel.until(() => kernel.published(id).find(isIdle))
    const replies =
      type.startsWith('comm_') && !type.endsWith('request') ? [] : [await kernel.reply(id)]
    const published = kernel.published(id)
    expect(
      [published[0], published.at(-1)].map((message) => message?.content.execution_state),
    ).toEqual(['busy', 'idle'])
    expect(published.filter(({ header }) => header.msg_type === 'status')).toHaveLength(2)
    for (const { header, parent, metadata, buffers } of [...published, ...replies]) {
      expect(header).toMatchObject({ version: '5.4', username: 'kernel' })
      expect(new Date(header.date).toISOString()).toBe(header.date)
      expect(parent).toMatchObject({ msg_id: id, msg_type: type, session: kernel.session })
      expect([metadata, buffers]).toEqual([{}, []])
    }
    if (replies[0]) expect(replies[0].header.msg_type).toBe(type.replace(/_request$/, '_reply'))
    for (const { header, identities } of kernel.iopub.slice(from))
      expect(String(identities[0])).toBe(`kernel.${header.session}.${header.msg_type}`)
  },
)

test('every message has an id of its own, and one session is the kernel', () => {
  const all = kernel.iopub.map(({ header }) => header)
  expect(new Set(all.map(({ msg_id }) => msg_id)).size).toBe(all.length)
  expect(new Set(all.map(({ session }) => session)).size).toBe(1)
})

test('is_complete', async () => {
  const ask = async (code: string) =>
    (await kernel.request('is_complete_request', { code })).content
  expect(await ask('const a: number = 1')).toEqual({ status: 'complete' })
  expect(await ask('for (;;) {')).toEqual({ status: 'incomplete', indent: '  ' })
  expect(await ask('const = 1')).toEqual({ status: 'invalid' })
})

test('history: tail, range, search', async () => {
  await kernel.execute('let h = 1 // find me')
  const count = (await kernel.execute('h + 1')).reply.execution_count as number
  await kernel.execute('h + 100', { store_history: false })
  await kernel.execute('h + 200', { silent: true })
  const ask = async (content: object) =>
    (await kernel.request('history_request', { output: false, raw: true, ...content })).content
      .history
  expect(await ask({ hist_access_type: 'tail', n: 2 })).toEqual([
    [1, count - 1, 'let h = 1 // find me'],
    [1, count, 'h + 1'],
  ])
  expect(
    await ask({ hist_access_type: 'range', session: 0, start: count, stop: count + 1 }),
  ).toEqual([[1, count, 'h + 1']])
  expect(await ask({ hist_access_type: 'search', pattern: '*find*', n: 5 })).toEqual([
    [1, count - 1, 'let h = 1 // find me'],
  ])
  expect(await ask({ hist_access_type: 'tail', n: 1, output: true })).toEqual([
    [1, count, ['h + 1', '2']],
  ])
  await kernel.execute('"x".repeat(5000)')
  await kernel.execute('void display(5)')
  const outputs = (await ask({ hist_access_type: 'tail', n: 2, output: true })) as string[][][]
  expect(outputs.map((entry) => entry[2]![1]?.length)).toEqual([4096, undefined])
})

test('completion of what exists, with a cursor in code points', async () => {
  await kernel.execute(
    'const box = { measure: 1, melt() {} }; class Point { xPlace = 1; yPlace() {} }; const point = new Point()',
  )
  const ask = async (code: string, cursor_pos = [...code].length) =>
    (await kernel.request('complete_request', { code, cursor_pos })).content
  // With a language server, more comes with it; these must be there in any case.
  const members = await ask('box.me')
  expect(members).toMatchObject({ status: 'ok', cursor_start: 4, cursor_end: 6 })
  expect(members.matches).toEqual(expect.arrayContaining(['measure', 'melt']))
  expect((await ask('parseFl')).matches).toContain('parseFloat')
  expect(await ask('"😀"; poi')).toMatchObject({ cursor_start: 5, cursor_end: 8 })
})

test('inspection: what a name is, and its source', async () => {
  await kernel.execute('function greet(name: string): string { return "hi " + name }')
  const ask = async (code: string, detail_level = 0) =>
    (await kernel.request('inspect_request', { code, cursor_pos: code.length, detail_level }))
      .content
  expect(await ask('greet')).toMatchObject({ status: 'ok', found: true })
  expect(JSON.stringify((await ask('greet', 1)).data)).toContain('return')
  expect(JSON.stringify((await ask('Math.PI')).data)).toContain('3.14159')
  expect(await ask('nobodyKnowsThis')).toMatchObject({ status: 'ok', found: false, data: {} })
})

test('?name is answered by the pager, and runs nothing', async () => {
  for (const code of ['?greet', 'greet?', 'greet??']) {
    const { reply } = await kernel.execute(code)
    expect(reply.payload).toMatchObject([{ source: 'page', start: 0 }])
    expect(JSON.stringify(reply.payload)).toContain('greet')
  }
})

test('an unknown comm is closed, an unknown request refused; both in the frame', async () => {
  expect((await kernel.request('comm_info_request', {})).content).toEqual({
    status: 'ok',
    comms: {},
  })
  const id = await kernel.send('comm_open', { comm_id: 'c1', target_name: 'nobody', data: {} })
  await kernel.until(() => kernel.published(id).find(isIdle))
  expect(contents(kernel.published(id), 'comm_close')).toEqual([{ comm_id: 'c1', data: {} }])
  const { header, content } = await kernel.request('nonsense_request', {})
  expect(header.msg_type).toBe('nonsense_reply')
  expect(content).toMatchObject({ status: 'error', ename: 'TypeError' })
})

test('a message with a wrong signature, without JSON or without frames is dropped; the kernel goes on', async () => {
  const message = (content: object) => ({
    identities: [],
    header: newHeader('execute_request', kernel.session),
    parent: {},
    metadata: {},
    content: { code: 'globalThis.forged = true', ...content },
    buffers: [],
  })
  await kernel.raw(encode(message({}), randomBytes(16).toString('hex')))
  const tampered = encode(message({}), kernel.connection.key)
  tampered[5] = Buffer.from(JSON.stringify({ code: 'globalThis.forged = 2' }))
  await kernel.raw(tampered)
  await kernel.raw([Buffer.from('nonsense')])
  expect(resultText((await kernel.execute('typeof globalThis.forged')).messages)).toBe(
    "'undefined'",
  )
  for (const told of ['the signature is wrong', 'a delimiter and 5 frames'])
    await kernel.until(() => kernel.stderr.includes(told) || undefined)
})

test('a message that is sent again, byte by byte, is not run again', async () => {
  const header = newHeader('execute_request', kernel.session)
  const content = { code: 'globalThis.ran = (globalThis.ran ?? 0) + 1' }
  const empty = { identities: [], parent: {}, metadata: {}, buffers: [] }
  const frames = encode({ header, content, ...empty }, kernel.connection.key)
  await kernel.raw(frames)
  await kernel.raw(frames)
  await kernel.raw(frames, 'control')
  expect(resultText((await kernel.finished(header.msg_id)).messages)).toBe('1')
  expect(resultText((await kernel.execute('globalThis.ran')).messages)).toBe('1')
  // That of the control channel may come last.
  const told = () => kernel.stderr.match(/this message came before/g)?.length ?? 0
  await kernel.until(() => told() >= 2 || undefined)
  expect(told()).toBe(2)
})

test('a request with senseless content gets an error reply, not silence', async () => {
  const { content } = await kernel.request('is_complete_request', {})
  expect(content.status).toBeTypeOf('string')
  const { content: executed } = await kernel.request('execute_request', { code: 5 })
  expect(executed.status).toBe('error')
  expect(resultText((await kernel.execute('1')).messages)).toBe('1')
})
