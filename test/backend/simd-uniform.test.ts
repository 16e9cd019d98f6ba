import { expect, test } from 'vitest'
import { openBackend } from '../../src/backend/use.js'
import { uniforms24 } from '../../src/nn/random.js'

test.each([
  { seed: 0, step: 0, stream: 0 },
  { seed: 2 ** 53 - 1, step: 2 ** 53 - 1, stream: 2 ** 32 - 1 },
  { seed: 2 ** 32, step: 2 ** 40 + 1, stream: 2 ** 31 },
])('100,003 numbers of %o are those of JavaScript, bit for bit', async (place) => {
  const simd = await openBackend('simd')
  const array = simd.uniform(100_003, place)
  expect(simd.readSync(array, '')).toEqual(uniforms24(100_003, place))
})
