/** A module that `assemble` made, over a memory that threads share: the same but for the import of the memory, which stands first. */
export function sharing(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  let at = 8
  const next = () => bytes[at++]!
  const number = () => {
    let value = 0
    for (let shift = 0; ; shift += 7) {
      const byte = next()
      value += (byte & 127) * 2 ** shift
      if (byte < 128) return value
    }
  }
  const skip = (bytes: number) => {
    at += bytes
  }
  next() // the section of types
  const types = number()
  at += types
  const section = at
  next()
  const length = number()
  const end = at + length
  number() // how many are imported
  skip(number()) // "env"
  skip(number()) // "memory"
  const limits = at + 1
  // Shared, from 0 to 65536 pages, where it said: from 0 pages on.
  const content = [...bytes.subarray(end - length, limits), 3, 0, 0x80, 0x80, 4]
  content.push(...bytes.subarray(limits + 2, end))
  const size = [content.length & 127]
  for (let rest = content.length >> 7; rest > 0; rest >>= 7) {
    size[size.length - 1]! |= 128
    size.push(rest & 127)
  }
  return Uint8Array.from([
    ...bytes.subarray(0, section + 1),
    ...size,
    ...content,
    ...bytes.subarray(end),
  ])
}
