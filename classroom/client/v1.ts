/**
 * The websocket protocol `v1.kernel.websocket.jupyter.org`: little-endian 64-bit numbers (how many offsets, the offsets),
 * then channel, header, parent header, metadata, content, buffers. Messages pass as bytes: nothing here parses JSON.
 * Source    Jupyter Server, "WebSocket kernel wire protocols".
 */
export const protocol = 'v1.kernel.websocket.jupyter.org'

export interface Packet {
  channel: string
  /** header, parent header, metadata, content, then buffers */
  parts: Uint8Array[]
}

export function pack({ channel, parts }: Packet): ArrayBuffer {
  const all = [new TextEncoder().encode(channel), ...parts]
  const start = 8 * (all.length + 2)
  const bytes = new Uint8Array(start + all.reduce((sum, part) => sum + part.byteLength, 0))
  const view = new DataView(bytes.buffer)
  view.setBigUint64(0, BigInt(all.length + 1), true)
  let offset = start
  all.forEach((part, k) => {
    view.setBigUint64(8 * (k + 1), BigInt(offset), true)
    bytes.set(part, offset)
    offset += part.byteLength
  })
  view.setBigUint64(8 * (all.length + 1), BigInt(offset), true)
  return bytes.buffer
}

export function unpack(data: ArrayBuffer): Packet {
  const view = new DataView(data)
  const count = Number(view.getBigUint64(0, true))
  const offsets = Array.from({ length: count }, (_, k) =>
    Number(view.getBigUint64(8 * (k + 1), true)),
  )
  const [channel, ...parts] = offsets
    .slice(0, -1)
    .map((offset, k) => new Uint8Array(data, offset, offsets[k + 1]! - offset))
  return { channel: new TextDecoder().decode(channel), parts }
}
