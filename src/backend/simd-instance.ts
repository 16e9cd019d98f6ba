import type { SimdMemory } from './simd-memory.js'
import { mathImports } from './simd-nodes.js'

/** The functions of a module over a memory. */
export function instanceOver(
  { memory, team }: SimdMemory,
  bytes: Uint8Array<ArrayBuffer>,
): WebAssembly.Exports {
  if (team) return team.instance(bytes, mathImports)
  const imports = { env: { memory, ...mathImports } }
  return new WebAssembly.Instance(new WebAssembly.Module(bytes), imports).exports
}
