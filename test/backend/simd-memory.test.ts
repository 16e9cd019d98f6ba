import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Block, SimdMemory } from '../../src/backend/simd-memory.js'

const size = fc.oneof(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 300, max: 300_000 }))

test('blocks never overlap, whatever is allocated and freed', () => {
  const commands = fc.array(fc.oneof(size, fc.record({ free: fc.nat() })), { maxLength: 60 })
  fc.assert(
    fc.property(commands, (list) => {
      const memory = new SimdMemory()
      const live: { block: Block; length: number; mark: number }[] = []
      for (const [mark, command] of list.entries()) {
        if (typeof command === 'number') {
          const block = memory.allocate(command)
          expect(block.at % 128).toBe(0)
          expect(block.floats).toBeGreaterThanOrEqual(command)
          memory.view(block, command).fill(mark)
          live.push({ block, length: command, mark })
        } else if (live.length > 0) {
          const [gone] = live.splice(command.free % live.length, 1)
          memory.free(gone!.block)
        }
        for (const { block, length, mark } of live)
          expect(memory.view(block, length).every((value) => value === mark)).toBe(true)
      }
    }),
    { numRuns: 60 },
  )
})

test('one live array at a time needs no more room when its size grows', () => {
  const memory = new SimdMemory()
  let largest = 0
  for (let length = 1e6; length < 1e7; length *= 1.13) {
    const block = memory.allocate(length)
    largest = block.floats * 4
    memory.free(block)
  }
  expect(memory.used).toBeLessThan(largest + 2 ** 16)
})

test('a hundred models of varying sizes, made and freed, leave no more than the largest needed', () => {
  const memory = new SimdMemory()
  let most = 0
  for (let model = 0; model < 100; model++) {
    const sizes = [64, 10, 30_000 + 977 * model, 20_000 + 3001 * (model % 7), 128]
    const blocks = sizes.map((length) => memory.allocate(length))
    most = Math.max(
      most,
      blocks.reduce((sum, { floats }) => sum + floats * 4, 0),
    )
    for (const block of blocks.reverse()) memory.free(block)
  }
  expect(memory.used).toBeLessThan(1.25 * most + 2 ** 18)
})
