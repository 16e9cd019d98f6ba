import { beforeAll, describe, expect, test } from 'vitest'
import { openBackend } from '../../src/backend/use.js'
import { bundle, runBundle } from '../support/bundle.js'
import { onEachNode } from '../support/node24.js'
import { checkRandomRules } from '../support/randomRules.js'

describe('random rules are within 4 times the running float32 error of the reference', () => {
  let script = ''
  beforeAll(async () => {
    script = await bundle(`import { openBackend } from './src/backend/use.ts'
      import { checkRandomRules } from './test/support/randomRules.ts'
      openBackend('simd').then(async (simd) => {
        const few = await checkRandomRules(simd, { lengths: [0, 1, 3, 4, 9, 31, 32, 33], runs: 250 })
        const many = await checkRandomRules(simd, { lengths: [1e6 + 1], runs: 10 })
        console.log(few, many)
      })`)
  })

  onEachNode('at all sizes', (node) => {
    test('on simd', () => {
      const [few, many] = runBundle(node, script).split(' ').map(Number)
      expect(few).toBeGreaterThan(20_000)
      expect(many).toBeGreaterThan(100)
    }, 240_000)
  })

  test.each(['gpu:cpu', 'gpu:webasm'] as const)(
    'and on %s',
    async (name) => {
      const gpu = await openBackend(name)
      expect(await checkRandomRules(gpu, { lengths: [5], runs: 15 })).toBeGreaterThan(30)
    },
    240_000,
  )
})
