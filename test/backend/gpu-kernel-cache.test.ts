import gpujs from 'gpu.js'
import { expect, test } from 'vitest'
import { KernelCache } from '../../src/backend/gpu-kernel-cache.js'
import type { GpuModule } from '../../src/backend/gpu-modes.js'

const { GPU } = gpujs as unknown as GpuModule
const source = 'function twice(a) { return 2 * a[this.thread.x]; }'

test.each(['cpu', 'webasm'])(
  '%s: the kernel used longest ago goes, but none whose results live',
  (mode) => {
    const maker = new GPU({ mode })
    const cache = new KernelCache(maker, 3)
    const get = (length: number) => {
      const kept = cache.get(`${length}`, source, length)
      expect(kept.run(new Float32Array(length).fill(4))).toEqual(new Float32Array(length).fill(8))
      return kept
    }
    const [one, two, three] = [get(1), get(2), get(3)]
    expect(get(1)).toBe(one) // now 2 is the oldest
    two.alive = 1
    get(4)
    expect(cache.size).toBe(3)
    expect(get(2)).toBe(two)
    expect(get(1)).toBe(one)
    expect(get(3)).not.toBe(three)
    expect(maker.kernels).toHaveLength(3)
    for (const kept of [one, two]) kept.alive = 1
    get(5)
    get(6).alive = 1
    get(7)
    expect(cache.size).toBe(4) // three live, and one is needed
    expect(maker.kernels).toHaveLength(4)
  },
)
