import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decode, encode, type Message, newHeader, withJson } from '../../../kernel/wire/frames.js'

const message = (parts: Partial<Message> = {}): Message => ({
  identities: [Buffer.from('peer')],
  header: newHeader('x_request', 'session'),
  parent: {},
  metadata: {},
  content: { a: 1 },
  buffers: [],
  ...parts,
})

describe('frames', () => {
  test('the signature is HMAC-SHA256 of header, parent, metadata and content', () => {
    const header = {
      msg_id: 'i',
      msg_type: 't',
      session: 's',
      username: 'u',
      date: 'd',
      version: '5.4',
    }
    const frames = encode(message({ header, content: {} }), 'key')
    // Python: hmac.new(b'key', b'{"msg_id":"i",…}' + b'{}' * 3, 'sha256').hexdigest()
    expect(Buffer.from(frames[2]!).toString()).toBe(
      'f6d7521bd4bcf66e1ffcb83011e43171586c173f830af46fb3a4eda9cf9bf5f1',
    )
  })

  test('what is encoded is decoded, whatever is in it', () => {
    const bytes = fc.uint8Array({ maxLength: 20 }).map((b) => Buffer.from(b))
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.jsonValue()),
        fc.array(bytes),
        fc.string(),
        (content, buffers, key) => {
          // JSON knows no -0.
          const sent = message({ content: JSON.parse(JSON.stringify(content)), buffers })
          expect(decode(encode(sent, key), key)).toEqual(sent)
        },
      ),
    )
  })

  test('a content of which a part is JSON already is the same content', () => {
    const rest = fc
      .dictionary(fc.string(), fc.jsonValue())
      .map((r) => JSON.parse(JSON.stringify(r)))
    fc.assert(
      fc.property(rest, fc.string(), fc.jsonValue(), (rest, name, value) => {
        delete rest[name]
        const json = Buffer.from(JSON.stringify(value))
        const frames = encode({ ...message(), content: withJson(name, json, rest) }, 'key')
        const { content } = decode(frames, 'key')
        expect(content).toEqual(JSON.parse(JSON.stringify({ ...rest, [name]: value })))
      }),
    )
  })

  test('any changed byte of a signed frame is refused', () => {
    const frames = encode(message(), 'key')
    for (const k of [3, 4, 5, 6]) {
      const changed = frames.map((frame) => Buffer.from(frame))
      changed[k]![0]! ^= 1
      expect(() => decode(changed, 'key')).toThrow('signature is wrong')
    }
  })

  test.each([
    [[Buffer.from('x')], 'a delimiter and 5 frames after it, got 1'],
    [['<IDS|MSG>', '', '{', '{}', '{}', '{}'].map((text) => Buffer.from(text)), 'is not JSON'],
    [
      ['<IDS|MSG>', '', '[]', '{}', '{}', '{}'].map((text) => Buffer.from(text)),
      'must be a JSON object',
    ],
    [
      ['<IDS|MSG>', '', '{}', '{}', '{}', '{}'].map((text) => Buffer.from(text)),
      '"msg_id" and "msg_type"',
    ],
  ])('malformed frames are refused: %#', (frames, why) => {
    expect(() => decode(frames, '')).toThrow(why)
  })
})
