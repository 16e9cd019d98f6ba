import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Dealer } from 'zeromq'
import { address, type Connection } from '../../../kernel/wire/connection.js'
import { encode, type Message, newHeader, seal } from '../../../kernel/wire/frames.js'
import { bindSockets, type Sockets } from '../../../kernel/wire/sockets.js'

const limit = 100_000
const folder = mkdtempSync(join(tmpdir(), 'downhill-wire-'))
const connection: Connection = {
  transport: 'ipc',
  ip: join(folder, 'w'),
  key: 'secret',
  signature_scheme: 'hmac-sha256',
  shell_port: 1,
  iopub_port: 2,
  stdin_port: 3,
  control_port: 4,
  hb_port: 5,
}
const received: Message[] = []
let sockets: Sockets
let client: Dealer
let arrived = () => {}
const warned: string[] = []
const write = process.stderr.write
beforeAll(async () => {
  sockets = await bindSockets(connection, 'session', limit)
  sockets.listen('shell', (message) => {
    received.push(message)
    arrived()
  })
  client = new Dealer({ linger: 0, reconnectInterval: 5 })
  client.connect(address(connection, 'shell'))
  process.stderr.write = (text) => warned.push(String(text)) > 0
})
afterAll(() => {
  process.stderr.write = write
  client.close()
  sockets.close()
  rmSync(folder, { recursive: true, force: true })
})

const message = (content: object, header: object = {}): Message => ({
  identities: [],
  header: { ...newHeader('kernel_info_request', 'client'), ...header },
  parent: {},
  metadata: {},
  content: content as Record<string, unknown>,
  buffers: [],
})

/** Sends a good message until it arrives (a new connection may be on its way), and returns what came before it. */
async function flush(): Promise<Message[]> {
  const from = received.length
  const last = message({ last: true })
  const seen = () => received.find(({ header }) => header.msg_id === last.header.msg_id)
  for (let tries = 0; !seen(); tries++) {
    const next = new Promise<void>((resolve) => {
      arrived = resolve
      setTimeout(resolve, 500)
    })
    await client.send(encode({ ...last, metadata: { tries } }, connection.key))
    await next
  }
  return received.slice(from).filter(({ content }) => !content.last)
}

const part = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value))
const header = newHeader('kernel_info_request', 'client')

test.each<[string, Buffer[]]>([
  ['no frame but an empty one', [part('')]],
  ['empty parts', ['', '', '', ''].map(part)],
  ['too few parts', [part(header), part({}), part({})]],
  ['a header that is a list', [[], {}, {}, {}].map(part)],
  ['a header that is null', [null, {}, {}, {}].map(part)],
  ['a header without an id', [{ msg_type: 'x' }, {}, {}, {}].map(part)],
  ['an id that is a number', [{ ...header, msg_id: 5 }, {}, {}, {}].map(part)],
  ['content that is a string', [part(header), part({}), part({}), part('"x"')]],
  ['content that is cut short', [part(header), part({}), part({}), part('{"a": [1')]],
  ['bytes that are not UTF-8', [part(header), part({}), part({}), Buffer.from([0xff, 0xfe, 0])]],
])('%s: dropped, and the next message arrives', async (_, parts) => {
  const before = warned.length
  await client.send(parts.length === 1 ? parts : seal(parts, connection.key))
  expect(await flush()).toEqual([])
  expect(warned.slice(before).join('')).toMatch(/^wire: /)
})

test('the same id twice is two messages; the same bytes twice are one', async () => {
  const first = message({}, { msg_id: 'same' })
  const before = warned.length
  await client.send(encode(first, connection.key))
  await client.send(encode(message({ other: 1 }, { msg_id: 'same' }), connection.key))
  await client.send(encode(first, connection.key))
  expect((await flush()).map(({ header, content }) => [header.msg_id, content])).toEqual([
    ['same', {}],
    ['same', { other: 1 }],
  ])
  expect(warned.slice(before).join('')).toMatch(/^wire: this message came before/)
})

test('nothing nested comes back in a parent header', async () => {
  const nested = `${'['.repeat(20_000)}${']'.repeat(20_000)}`
  const text = JSON.stringify(header).replace('{', `{"deep":${nested},"subshell_id":null,`)
  await client.send(seal([text, '{}', '{}', '{}'].map(part), connection.key))
  expect((await flush())[0]?.header).toEqual({ ...header, subshell_id: null })
})

test('a message above the limit is dropped, with its connection; the sender may come again', async () => {
  await client.send(encode(message({ text: 'x'.repeat(2 * limit) }), connection.key))
  expect(await flush()).toEqual([])
  await client.send(encode(message({ text: 'x'.repeat(limit / 2) }), connection.key))
  expect(await flush()).toHaveLength(1)
})
