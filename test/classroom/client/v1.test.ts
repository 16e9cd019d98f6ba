import { KernelMessage } from '@jupyterlab/services'
import { deserialize, serialize } from '@jupyterlab/services/lib/kernel/serialize.js'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { pack, protocol, unpack } from '../../../classroom/client/v1.js'

const utf8 = (text: string) => new TextEncoder().encode(text)
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes)

test('unpack gives back what was packed', () => {
  const packets = fc.record({
    channel: fc.constantFrom('shell', 'iopub', 'control'),
    parts: fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 8 }),
  })
  fc.assert(
    fc.property(packets, (packet) => {
      const back = unpack(pack(packet))
      expect(back.channel).toBe(packet.channel)
      expect(back.parts.map((part) => [...part])).toEqual(packet.parts.map((part) => [...part]))
    }),
  )
})

test('@jupyterlab/services reads our packets and we read its own', () => {
  const header = KernelMessage.createMessage({
    msgType: 'execute_request',
    channel: 'shell',
    session: 's',
    username: 'ü',
    content: { code: '1 + 1 // π', silent: false },
  })
  const { channel, parts } = unpack(serialize(header, protocol) as ArrayBuffer)
  expect(channel).toBe('shell')
  expect(JSON.parse(text(parts[3]!))).toMatchObject({ code: '1 + 1 // π' })

  const buffer = utf8('raw bytes')
  const read = deserialize(pack({ channel: 'iopub', parts: [...parts, buffer] }), protocol)
  expect(read).toMatchObject({ channel: 'iopub', header: { username: 'ü' } })
  expect(text(new Uint8Array((read.buffers![0] as DataView).buffer))).toBe('raw bytes')
})
