import type { MimeBundle } from '../../src/host/types.js'
import { words } from './words.js'

interface Kind {
  type: string
  name: string
  /** The bytes that every file of the kind begins with. */
  signature: number[]
  /** Width and height, where the head has them. */
  size?(head: DataView): [number, number]
}

/** Sources: PNG specification 5.2 and 11.2.2; GIF89a 17 and 18; JPEG, ITU T.81 B.1.1.3. */
const kinds: Kind[] = [
  {
    type: 'image/png',
    name: 'PNG',
    signature: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
    size: (head) => [head.getUint32(16), head.getUint32(20)],
  },
  {
    type: 'image/gif',
    name: 'GIF',
    signature: [0x47, 0x49, 0x46, 0x38],
    size: (head) => [head.getUint16(6, true), head.getUint16(8, true)],
  },
  { type: 'image/jpeg', name: 'JPEG', signature: [0xff, 0xd8, 0xff] },
]

const svgHead =
  /^\uFEFF?\s*(?:<\?xml[^>]*\?>\s*|<!--(?:(?!-->)[\s\S])*-->\s*|<!DOCTYPE svg[^>]*>\s*)*<svg[\s>]/i

/** Bytes that are a picture, as one; undefined for other bytes. */
export function imageBundle(bytes: Uint8Array): MimeBundle | undefined {
  const head = Buffer.from(bytes.subarray(0, 2000)).toString()
  if (svgHead.test(head)) {
    const source = Buffer.from(bytes).toString()
    return { 'image/svg+xml': source, 'text/plain': words(source, 'SVG') }
  }
  const kind = kinds.find(({ signature }) => signature.every((byte, at) => bytes[at] === byte))
  if (!kind) return undefined
  return {
    [kind.type]: Buffer.from(bytes).toString('base64'),
    'text/plain': imageText(bytes, kind),
  }
}

function imageText(bytes: Uint8Array, { name, size }: Kind): string {
  const head = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const place = size && bytes.length >= 24 ? ` ${size(head).join(' × ')},` : ''
  return `${name} picture,${place} ${bytes.length} bytes`
}
