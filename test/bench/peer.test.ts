import { join } from 'node:path'
import { adamw, parameter, tensor } from 'downhill'
import { afterEach, expect, test } from 'vitest'
import { Peer } from '../../bench/peer.js'
import { waves } from '../../bench/peers/perf/digits.mjs'
import { packageRoot } from '../../cli/root.js'

const scripts = join(packageRoot, 'bench', 'peers', 'perf')
const started: Peer[] = []
afterEach(() => {
  for (const peer of started.splice(0)) peer.close()
})

async function start(program: string, ...args: string[]): Promise<Peer> {
  const peer = await Peer.start({ program, args })
  started.push(peer)
  return peer
}

const gpujs = () => start(process.execPath, join(scripts, 'gpujs.mjs'), '1')
const adamwOf = (size: number) => ({ work: 'adamw', way: 'cpu', size, tensors: 1 })

test('a peer does the work that ours does', async () => {
  const peer = await gpujs()
  const { values } = await peer.ask({ ...adamwOf(100), check: 3 })
  const [{ p, g }] = waves(100, 1) as [{ p: Float32Array; g: Float32Array }]
  const ours = parameter(p)
  ours.grad = tensor(g)
  const optimizer = adamw([ours], { lr: 1e-3, weightDecay: 0.01 })
  for (let k = 0; k < 3; k++) optimizer.step()
  const right = await ours.data()
  expect(values).toHaveLength(8)
  values!.forEach((value, k) => {
    expect(Math.abs(value - right[k]!)).toBeLessThan(1e-6)
  })
})

test('it says its versions, its times, and what it has not, and goes on', async () => {
  const peer = await gpujs()
  expect(peer.versions['gpu.js']).toMatch(/^\d+\.\d+\.\d+$/)
  const lion = await peer.ask({ work: 'lion', way: 'cpu', size: 100, tensors: 1, ms: 1 })
  expect(lion.none).toBe('not written for gpu.js: lion')
  expect((await peer.ask({ ...adamwOf(100), ms: 1 })).ms).toBeGreaterThan(0)
  expect(await peer.ask({ forget: true })).toEqual({})
  expect((await peer.ask({ ...adamwOf(100), ms: 1 })).ms).toBeGreaterThan(0)
})

test('one that ends gives its last words as the reason', async () => {
  const peer = await start(process.execPath, '-e', 'throw new Error("no such library")')
  expect(await peer.ask(adamwOf(100))).toEqual({ none: 'Error: no such library' })
})

test('one that is not there says so', async () => {
  const peer = await start(join(scripts, 'nobody'))
  expect((await peer.ask(adamwOf(100))).none).toContain('ENOENT')
})
