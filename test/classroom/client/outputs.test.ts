import type { KernelMessage } from '@jupyterlab/services'
import { expect, test } from 'vitest'
import { type Displays, OutputCollector } from '../../../classroom/client/outputs.js'

const message = (type: string, content: object) =>
  ({ header: { msg_type: type }, content }) as unknown as KernelMessage.IIOPubMessage
const print = (text: string, name = 'stdout') => message('stream', { name, text })
const show = (text: string, id?: string, type = 'display_data') =>
  message(type, {
    data: { 'text/plain': text },
    metadata: {},
    ...(id && { transient: { display_id: id } }),
  })

function collect(
  messages: KernelMessage.IIOPubMessage[],
  limit = 1e6,
  displays: Displays = new Map(),
) {
  const collector = new OutputCollector({ limit, displays, dropStreams: false })
  for (const each of messages) collector.add(each)
  return collector.outputs
}

test('neighbouring prints of one stream become one output', () => {
  const outputs = collect([print('a\n'), print('b\n'), print('!', 'stderr'), print('c')])
  expect(outputs.map(({ name, text }) => [name, text])).toEqual([
    ['stdout', 'a\nb\n'],
    ['stderr', '!'],
    ['stdout', 'c'],
  ])
})

test('clear_output removes at once, or with wait when the next output comes', () => {
  expect(collect([print('old'), message('clear_output', { wait: false })])).toEqual([])
  const waiting = message('clear_output', { wait: true })
  expect(collect([print('old'), waiting])).toMatchObject([{ text: 'old' }])
  expect(collect([print('old'), waiting, print('new')])).toMatchObject([{ text: 'new' }])
})

test('an update changes the display of that id, also one of an earlier cell', () => {
  const displays: Displays = new Map()
  const [first] = [collect([show('0 %', 'bar'), show('other')], 1e6, displays)]
  const second = collect(
    [show('100 %', 'bar', 'update_display_data'), print('done')],
    1e6,
    displays,
  )
  expect(first).toMatchObject([
    { data: { 'text/plain': '100 %' } },
    { data: { 'text/plain': 'other' } },
  ])
  expect(second).toMatchObject([{ output_type: 'stream' }])
})

test('output is cut at the limit, with a note, and a clear gives the room back', () => {
  const flood = Array.from({ length: 1000 }, () => print('x'.repeat(1000)))
  const outputs = collect(flood, 5000)
  expect(outputs).toHaveLength(1)
  expect(outputs[0]!.text).toBe(`${'x'.repeat(5000)}\n[output cut: more than 5,000 bytes]\n`)
  const again = collect([...flood, message('clear_output', { wait: false }), print('end')], 5000)
  expect(again).toMatchObject([{ text: 'end' }])
})

test('a display too large, or nested too deeply to be written, is left out', () => {
  const deep = JSON.parse(`${'['.repeat(50_000)}${']'.repeat(50_000)}`)
  const bomb = message('display_data', { data: { 'application/json': deep }, metadata: {} })
  expect(collect([bomb])).toMatchObject([{ text: expect.stringContaining('output cut') }])
  expect(collect([show('y'.repeat(2000))], 1000)[0]!.text).toContain('output cut')
})

test('an error keeps its fields, and a strange kernel without them breaks nothing', () => {
  const [error] = collect([
    message('error', { ename: 'RangeError', evalue: 'no', traceback: ['t'] }),
  ])
  expect(error).toEqual({
    output_type: 'error',
    ename: 'RangeError',
    evalue: 'no',
    traceback: ['t'],
  })
  expect(collect([message('error', {})])).toEqual([
    { output_type: 'error', ename: 'Error', evalue: '', traceback: [] },
  ])
})
