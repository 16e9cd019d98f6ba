/**
 * MurmurHash2, 32 bits: Jupyter's name for a cell in the debugger is the hash of its text, which client and kernel compute alike.
 * Source: Appleby's MurmurHash2 over UTF-8, as `murmur2_x86` of ipykernel and `murmur2` of @jupyterlab/debugger.
 */
export function murmur2(text: string, seed: number): number {
  const bytes = Buffer.from(text)
  const whole = bytes.length & ~3
  let hash = seed ^ bytes.length
  for (let at = 0; at < whole; at += 4) {
    let part = Math.imul(bytes.readUInt32LE(at), factor)
    part = Math.imul(part ^ (part >>> 24), factor)
    hash = Math.imul(hash, factor) ^ part
  }
  if (whole < bytes.length) {
    for (let at = bytes.length - 1; at >= whole; at--) hash ^= bytes[at]! << (8 * (at - whole))
    hash = Math.imul(hash, factor)
  }
  hash = Math.imul(hash ^ (hash >>> 13), factor)
  return (hash ^ (hash >>> 15)) >>> 0
}

const factor = 0x5bd1e995
