import { expect, test } from 'vitest'
import type { DeviceArray } from '../../src/backend/backend.js'
import { program } from '../../src/backend/rule.js'
import { openSimd } from '../../src/backend/simd.js'
import { tidy } from '../../src/backend/tidy.js'

test('all that was made is freed but the result, also what the optional operations made', () => {
  const backend = openSimd()
  const given = backend.write([3, 4])
  const made: DeviceArray[] = []
  const kept = tidy(backend, (here) => {
    made.push(...here.reduceEach!('sum', program('(x) => [x]'), [{ inputs: [given] }]))
    made.push(here.euclid!([given]), ...here.map(program('(x) => [2 * x]'), [given]))
    return here.fold('sum', given)
  })
  expect(made).toHaveLength(3)
  for (const array of made) expect(() => backend.readSync(array, 'test')).toThrow('was released')
  expect([...backend.readSync(kept, 'test')]).toEqual([7])
  expect([...backend.readSync(given, 'test')]).toEqual([3, 4])
})
