import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto'

/** Jupyter message header. Spec: messaging.html#message-header */
export interface Header {
  msg_id: string
  msg_type: string
  session: string
  username: string
  date: string
  version: string
  /** The subshell that a shell request is for (JEP 91). */
  subshell_id?: string | null
}

export type Content = Record<string, unknown>

export interface Message<C = Content> {
  /** ZeroMQ routing prefix: who sent a request, or the topic of a publication. */
  identities: Uint8Array[]
  header: Header
  /** Empty for a message that answers nothing. */
  parent: Header | Record<string, never>
  metadata: Content
  content: C
  buffers: Uint8Array[]
}

/** A message that must not be acted upon: not ours, not signed, or not JSON. */
export class WireError extends Error {
  override name = 'WireError'
}

export const protocolVersion = '5.4'
export const delimiter: Buffer = Buffer.from('<IDS|MSG>')

export function newHeader(type: string, session: string): Header {
  return {
    msg_id: randomUUID(),
    msg_type: type,
    session,
    username: 'kernel',
    date: new Date().toISOString(),
    version: protocolVersion,
  }
}

export function sign(key: string, parts: readonly Uint8Array[]): string {
  if (key === '') return ''
  const hmac = createHmac('sha256', key)
  for (const part of parts) hmac.update(part)
  return hmac.digest('hex')
}

/** Compared in constant time: how long it takes tells nothing of the key. */
export function isSigned(
  key: string,
  parts: readonly Uint8Array[],
  signature: Uint8Array,
): boolean {
  const expected = Buffer.from(sign(key, parts))
  return (
    key === '' || (expected.length === signature.length && timingSafeEqual(expected, signature))
  )
}

/** A content of which one value is JSON already. */
export function withJson(name: string, json: Uint8Array, rest: Content): Uint8Array {
  const { length } = Object.keys(rest)
  const before = JSON.stringify(rest).slice(0, -1)
  return Buffer.concat([
    Buffer.from(`${before}${length > 0 ? ',' : ''}${JSON.stringify(name)}:`),
    json,
    Buffer.from('}'),
  ])
}

/** Message → ZeroMQ frames: identities, delimiter, signature, header, parent, metadata, content (perhaps as JSON), buffers. */
export function encode<C>(message: Message<C>, key: string): Uint8Array[] {
  const { header, parent, metadata, content } = message
  const parts = [header, parent, metadata, content].map((part) =>
    part instanceof Uint8Array ? part : Buffer.from(JSON.stringify(part)),
  )
  return [...message.identities, ...seal([...parts, ...message.buffers], key)]
}

/** Header, parent, metadata, content (as bytes) and buffers → delimiter, signature, and these. */
export function seal(parts: readonly Uint8Array[], key: string): Uint8Array[] {
  return [delimiter, Buffer.from(sign(key, parts.slice(0, 4))), ...parts]
}

/** Frames → identities, and what was sealed. The signature is checked; no JSON is parsed. */
export function unseal(
  frames: readonly Uint8Array[],
  key: string,
): { identities: Uint8Array[]; signature: Uint8Array; parts: Uint8Array[] } {
  const at = frames.findIndex((frame) => delimiter.equals(frame))
  if (at < 0 || frames.length < at + 6)
    throw new WireError(
      `wire: a message has a delimiter and 5 frames after it, got ${frames.length} frames`,
    )
  const [signature, ...parts] = frames.slice(at + 1) as [Uint8Array, ...Uint8Array[]]
  if (!isSigned(key, parts.slice(0, 4), signature))
    throw new WireError('wire: the signature is wrong: the sender has another key; message dropped')
  return { identities: frames.slice(0, at), signature, parts }
}

/** Signatures of messages that came: who overheard one and sends it again is not answered. */
export class Signatures {
  readonly #seen = new Set<string>()

  /** False if it is there already. The oldest are forgotten, as jupyter_client's Session does it. */
  add(signature: Uint8Array): boolean {
    const text = Buffer.from(signature).toString('latin1')
    if (this.#seen.has(text)) return false
    this.#seen.add(text)
    if (this.#seen.size > 1 << 16) this.#seen.delete(this.#seen.values().next().value!)
    return true
  }
}

/** Frames → message. The signature is checked on the raw bytes before any JSON is parsed. */
export function decode(frames: readonly Uint8Array[], key: string, seen?: Signatures): Message {
  const { identities, signature, parts } = unseal(frames, key)
  if (key !== '' && seen && !seen.add(signature))
    throw new WireError('wire: this message came before, with the same signature; dropped')
  const [header, parent, metadata, content] = parts.slice(0, 4).map(parseObject)
  if (typeof header?.msg_type !== 'string' || typeof header.msg_id !== 'string')
    throw new WireError('wire: the header needs "msg_id" and "msg_type"')
  return {
    identities,
    header: flat(header) as unknown as Header,
    parent: parent as Message['parent'],
    metadata: metadata as Content,
    content: content as Content,
    buffers: parts.slice(4),
  }
}

/** A header comes back as the parent of all that it causes: what is nested in one, perhaps beyond what can be written, stays out. */
const flat = (header: Content): Content =>
  Object.fromEntries(Object.entries(header).filter(([, value]) => Object(value) !== value))

function parseObject(bytes: Uint8Array): Content {
  let value: unknown
  try {
    value = JSON.parse(Buffer.from(bytes).toString())
  } catch (error) {
    throw new WireError(`wire: a frame is not JSON: ${(error as Error).message}`)
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new WireError(`wire: a frame must be a JSON object, got ${typeof value}`)
  return value as Content
}
