import { beforeAll, describe, expect, test } from 'vitest'
import { assemble, hasRelaxedSimd, WasmFunction } from '../../src/backend/wasm.js'
import { bundle, runBundle } from '../support/bundle.js'
import { onEachNode } from '../support/node24.js'

test('a function of vectors, loops and whole numbers runs', () => {
  const memory = new WebAssembly.Memory({ initial: 1 })
  const floats = new Float32Array(memory.buffer)
  floats.set([1, 2, 3, 4, 5, 6, 7, 8])
  const f = new WasmFunction('halve', ['i32', 'i32'])
  f.op('loop').get(0).get(0).load().vector(0.5).op('f32x4.mul').store()
  f.get(0).i32(16).op('i32.add').tee(0).get(1).op('i32.lt_u').jumpIf(0).op('end')
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(assemble([f])), {
    env: { memory },
  })
  ;(exports.halve as (at: number, end: number) => void)(0, 32)
  expect([...floats.subarray(0, 9)]).toEqual([0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4, 0])
})

describe('relaxed SIMD', () => {
  let script = ''
  beforeAll(async () => {
    script = await bundle(`import { hasRelaxedSimd } from './src/backend/wasm.ts'
      console.log(process.versions.node, hasRelaxedSimd())`)
  })

  onEachNode('is found where it is', (node) => {
    test('by validation', () => {
      const printed = runBundle(node, script)
      const [version, has] = printed.trim().split(' ')
      expect(has).toBe(String(Number.parseInt(version!, 10) >= 22)) // V8 has it since 11.4
    })
  })

  test('and the answer is of this runtime', () => {
    const major = Number.parseInt(process.versions.node, 10)
    expect(hasRelaxedSimd()).toBe(major >= 22)
  })
})
