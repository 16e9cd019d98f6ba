import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import type { Backend } from '../../src/backend/backend.js'
import { openBackend } from '../../src/backend/use.js'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

const bytesOf = (backend: Backend) => (backend as unknown as { bytes: number }).bytes

test('arrays that nobody releases are freed when they are garbage', async () => {
  const simd = await openBackend('simd')
  const kept = simd.write([1, 2, 3])
  for (let round = 0; round < 40; round++) {
    for (let k = 0; k < 500; k++) simd.write(new Float32Array(1000))
    collect()
    await new Promise((resolve) => setTimeout(resolve, 2)) // finalizers run between tasks
  }
  // 80 MB were written in all.
  expect(bytesOf(simd)).toBeLessThan(16 * 2 ** 20)
  expect([...simd.readSync(kept, '')]).toEqual([1, 2, 3])
})
