import { afterAll, beforeAll, expect, test } from 'vitest'
import { encode, newHeader } from '../../kernel/wire/frames.js'
import { KernelClient, resultText, streamed } from '../support/kernel-client.js'

let kernel: KernelClient
beforeAll(async () => {
  kernel = await KernelClient.start()
})
afterAll(() => kernel.close())

const create = async () =>
  (await kernel.request('create_subshell_request', {}, 'control')).content.subshell_id as string

/** Sends a shell request to a subshell. */
async function send(subshell_id: string, type: string, content: object): Promise<string> {
  const header = { ...newHeader(type, kernel.session), subshell_id }
  const rest = { identities: [], parent: {}, metadata: {}, buffers: [] }
  await kernel.raw(encode({ header, content, ...rest }, kernel.connection.key))
  return header.msg_id
}

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
  const again = await kernel.request('delete_subshell_request', { subshell_id: ids[0] }, 'control')
  expect(again.content).toMatchObject({ status: 'error', ename: 'RangeError' })
})

test('a request to a subshell that is not there is refused', async () => {
  const { content } = await kernel.reply(await send('nowhere', 'execute_request', { code: '1' }))
  expect(content).toMatchObject({ status: 'error', ename: 'RangeError' })
  expect(content.evalue).toContain('no subshell nowhere')
})

test('what is not code is answered while the main shell is busy; replies name the subshell', async () => {
  const subshell = await create()
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
  const subshell = await create()
  await kernel.execute('let common = 1')
  const code = (text: string) => send(subshell, 'execute_request', { code: text })
  const failing = await code('await new Promise((go) => setTimeout(go, 100)); throw new Error("x")')
  const aborted = await code('common = 100')
  const main = await kernel.send('execute_request', { code: 'common += 1' })
  expect((await kernel.finished(failing)).reply.status).toBe('error')
  expect((await kernel.finished(aborted)).reply.status).toBe('aborted')
  expect((await kernel.finished(main)).reply.status).toBe('ok')
  const seen = await kernel.finished(await code('common'))
  expect(resultText(seen.messages)).toBe('2')
})

test('an interrupt ends the cell that runs, and not the one that waits in another subshell', async () => {
  const subshell = await create()
  const { id, release } = await occupy()
  const waiting = await send(subshell, 'execute_request', { code: '"ran"' })
  await release()
  expect((await kernel.finished(id)).reply.status).toBe('error')
  expect(resultText((await kernel.finished(waiting)).messages)).toBe("'ran'")
})
