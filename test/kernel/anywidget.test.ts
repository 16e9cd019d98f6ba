import { afterAll, beforeAll, expect, test } from 'vitest'
import { contents, isIdle, KernelClient, resultText, streamed } from '../support/kernel-client.js'

let kernel: KernelClient
beforeAll(async () => {
  kernel = await KernelClient.start({ types: 'error' })
})
afterAll(() => kernel.close())

const isOpen = ({ header }: { header: { msg_type: string } }) => header.msg_type === 'comm_open'
const say = async (comm_id: string, data: object, buffers: Uint8Array[] = []) => {
  const id = await kernel.send('comm_msg', { comm_id, data }, 'shell', {}, buffers)
  await kernel.until(() => kernel.published(id).find(isIdle))
  return kernel.published(id)
}
const esm = 'export default { render() {} }'
let counter: string

test('a widget opens a comm as anywidget does, and shows itself by its id', async () => {
  const { messages, reply } = await kernel.execute(
    `const counter = widget({ esm: '${esm}', css: 'b {}', state: { count: 1, pixels: new Uint8Array([1, 2]), deep: { list: [0, new Uint8Array([3])] } } })
     counter.on('change:count', (count) => console.log('count', count + 0))
     counter.on('msg:custom', (content, buffers) => counter.send({ heard: content }, buffers))
     counter`,
  )
  expect(reply).toMatchObject({ status: 'ok' })
  const { metadata, content, buffers } = messages.find(isOpen)!
  counter = content.comm_id as string
  expect(metadata).toEqual({ version: '2.1.0' })
  expect(content).toMatchObject({
    target_name: 'jupyter.widget',
    data: {
      state: {
        _model_module: 'anywidget',
        _model_name: 'AnyModel',
        _view_module: 'anywidget',
        _view_name: 'AnyView',
        _esm: esm,
        _css: 'b {}',
        _anywidget_id: expect.any(String),
        count: 1,
        deep: { list: [0, null] },
      },
      buffer_paths: [['pixels'], ['deep', 'list', 1]],
    },
  })
  expect(buffers.map((frame) => [...frame])).toEqual([[1, 2], [3]])
  expect(contents(messages, 'execute_result')[0]?.data).toMatchObject({
    'application/vnd.jupyter.widget-view+json': { version_major: 2, model_id: counter },
    'text/plain': expect.stringMatching(/^Widget {\s+count: 1/),
  })
})

test('the page changes the state: kept, told, echoed, bytes included', async () => {
  const messages = await say(
    counter,
    { method: 'update', state: { count: 5 }, buffer_paths: [['pixels']] },
    [Buffer.from([7, 8, 9])],
  )
  expect(streamed(messages)).toBe('count 5\n')
  const [echo] = messages.filter(({ header }) => header.msg_type === 'comm_msg')
  expect(echo?.content.data).toEqual({
    method: 'echo_update',
    state: { count: 5 },
    buffer_paths: [['pixels']],
  })
  expect([...echo!.buffers[0]!]).toEqual([7, 8, 9])
  const { messages: after } = await kernel.execute(
    `[counter.get('count'), ...counter.get('pixels')]`,
  )
  expect(resultText(after)).toBe('[ 5, 7, 8, 9 ]')
})

test('a cell changes the state: sent, told; the same value is told to nobody', async () => {
  const { messages } = await kernel.execute(`counter.set('count', 6); counter.set({ count: 6 })`)
  const [first] = contents(messages, 'comm_msg').map(({ data }) => data)
  expect(first).toEqual({ method: 'update', state: { count: 6 }, buffer_paths: [] })
  expect(streamed(messages)).toBe('count 6\n')
})

test('custom messages, and a page that asks for the state', async () => {
  const heard = await say(counter, { method: 'custom', content: { q: 1 } }, [Buffer.from([4])])
  const [answer] = heard.filter(({ header }) => header.msg_type === 'comm_msg')
  expect(answer?.content.data).toEqual({ method: 'custom', content: { heard: { q: 1 } } })
  expect([...answer!.buffers[0]!]).toEqual([4])
  const [state] = contents(await say(counter, { method: 'request_state' }), 'comm_msg')
  expect(state?.data).toMatchObject({ method: 'update', state: { count: 6, _esm: esm } })
})

test('a page that was loaded again asks the control comm for every widget', async () => {
  const id = await kernel.send('comm_open', {
    comm_id: 'control',
    target_name: 'jupyter.widget.control',
    data: {},
  })
  await kernel.until(() => kernel.published(id).find(isIdle))
  const [answer] = contents(await say('control', { method: 'request_states' }), 'comm_msg')
  expect(answer?.data).toMatchObject({
    method: 'update_states',
    states: { [counter]: { model_name: 'AnyModel', state: { count: 6 } } },
    buffer_paths: [
      [counter, 'state', 'pixels'],
      [counter, 'state', 'deep', 'list', 1],
    ],
  })
})

test('a listener that throws is reported; a closed widget keeps its state', async () => {
  await kernel.execute(`counter.on('change', () => { throw new Error('listener') })`)
  const messages = await say(counter, { method: 'update', state: { count: 8 }, buffer_paths: [] })
  expect(contents(messages, 'error')).toMatchObject([{ evalue: 'listener' }])
  const closed = await kernel.execute(`counter.close(); counter.closed`)
  expect(contents(closed.messages, 'comm_close')).toHaveLength(1)
  expect(resultText((await kernel.execute(`counter.get('count')`)).messages)).toBe('8')
})

test('what does not fit is refused by the types and by name', async () => {
  const refused = await kernel.execute(`counter.set('count', 'six')`)
  expect(refused.reply.status).toBe('error')
  expect(JSON.stringify(refused.reply.traceback)).toContain("'string' is not assignable")
  const off = { metadata: { downhill: { types: 'off' } } }
  const ask = async (code: string) => {
    const id = await kernel.send('execute_request', { code }, 'shell', off.metadata)
    return (await kernel.finished(id)).reply.evalue
  }
  expect(await ask('widget({})')).toContain('widget: esm must be the text of a JavaScript module')
  expect(await ask(`counter.on('click', () => {})`)).toContain('got click')
})
