import { expect, test } from 'vitest'
import { portable } from '../../src/backend/gpu-portable.js'
import { reference } from '../../src/backend/reference.js'
import { program } from '../../src/backend/rule.js'
import { openBackend } from '../../src/backend/use.js'

test.each([
  ['Math.sin(x)', Math.sin],
  ['Math.cos(x)', Math.cos],
  ['Math.tanh(x)', Math.tanh],
  ['x ** 2', (x: number) => x ** 2],
  ['x ** 3', (x: number) => x ** 3],
  ['x ** 4', (x: number) => x ** 4],
  ['x ** -1', (x: number) => 1 / x],
  ['x ** -2', (x: number) => x ** -2],
  ['x ** -3', (x: number) => x ** -3],
  ['x ** 7', (x: number) => x ** 7],
] as const)('%s is the same, written without it', async (text, exact) => {
  const each = portable(program(`(x) => [${text}]`))
  const inputs = Array.from({ length: 2001 }, (_, k) => (k - 1000.5) / 50)
  const [made] = reference.map(each, [reference.write(inputs)])
  const gaps = [...(await reference.read(made!))].map((value, k) => {
    const truth = exact(inputs[k]!)
    return Math.abs(value - truth) / Math.max(1, Math.abs(truth))
  })
  expect(Math.max(...gaps)).toBeLessThan(1e-8)
})

test.each(['gpu:cpu', 'gpu:webasm'] as const)(
  'an angle without digits has a sine and a cosine between −1 and 1 on %s',
  async (name) => {
    const gpu = await openBackend(name)
    const angles = [1e8, 3.8e21, 1e30, 3e38].flatMap((x) => [x, -x])
    const made = gpu.map(program('(x) => [Math.sin(x), Math.cos(x)]'), [gpu.write(angles)])
    for (const array of made)
      for (const value of await gpu.read(array)) expect(Math.abs(value)).toBeLessThan(1.000001)
  },
)

test.each(['gpu:cpu', 'gpu:webasm', 'reference', 'simd'] as const)(
  'a negative number has whole powers, and no others, on %s',
  async (name) => {
    const backend = await openBackend(name)
    const [x, n] = [
      [-2, -2, -2, -2, -2, -0.5, 2, 0, -2],
      [3, 2, -1, 0.5, -1.25, 2.5, 0.5, 0.5, 0],
    ]
    const made = backend.map(program('(x, n) => [x ** n]'), [backend.write(x!), backend.write(n!)])
    const powers = [...(await backend.read(made[0]!))]
    const four = (value: number) => Number(value.toFixed(4))
    expect(powers.map(four)).toEqual(x!.map((base, k) => four(base ** n![k]!)))
  },
)

test('what the host computes stays', async () => {
  const each = program('(x, { lr, t }) => [x * Math.cos(lr) * lr ** t]')
  expect(portable(each).slots).toHaveLength(each.slots.length)
  expect(portable(each)).toBe(portable(each))
})
