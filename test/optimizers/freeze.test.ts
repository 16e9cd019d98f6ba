import { freeze, parameter, sgd, stagedUnfreeze, unfreeze } from 'downhill'
import { expect, test } from 'vitest'

const weights = () => [1, 2, 3].map((value) => parameter([value]))
const loss = (params: ReturnType<typeof weights>) =>
  params.map((param) => param.square().sum()).reduce((a, b) => a.add(b))

test('frozen parameters get no gradient and keep their place, and go on when they are free again', async () => {
  const params = weights()
  const [first] = params
  const optimizer = sgd(params, { lr: 0.1, momentum: 0.9 })
  const step = () => {
    optimizer.zeroGrad()
    loss(params).backward()
    optimizer.step()
  }
  step()
  const before = first!.itemSync()
  const state = JSON.stringify((await optimizer.stateDict()).params[0])
  freeze([first!])
  step()
  expect(first!.itemSync()).toBe(before)
  expect(JSON.stringify((await optimizer.stateDict()).params[0])).toBe(state)
  unfreeze([first!])
  step()
  expect(first!.itemSync()).not.toBe(before)
  expect((await optimizer.stateDict()).params.map(({ t }) => t)).toEqual([2, 3, 3])
})

test('stages thaw one by one', () => {
  const [a, b, c] = weights()
  const stage = stagedUnfreeze([[c!], [b!], [a!]], { every: 2 })
  const training = () => [a, b, c].map((param) => param!.requiresGrad)
  expect([stage(0), training()]).toEqual([1, [false, false, true]])
  expect([stage(1), training()]).toEqual([1, [false, false, true]])
  expect([stage(2), training()]).toEqual([2, [false, true, true]])
  expect([stage(9), training()]).toEqual([3, [true, true, true]])
})

test.each([
  [() => stagedUnfreeze([]), 'stagedUnfreeze: it needs at least one stage, got none'],
  [
    () => stagedUnfreeze([[]], { every: 0 }),
    'stagedUnfreeze: every must be a whole number ≥ 1, got 0',
  ],
])('refuses %#', (make, message) => {
  expect(make).toThrow(new RangeError(message))
})

test('an epoch that is none freezes nothing', () => {
  const head = parameter([1])
  const stage = stagedUnfreeze([[head]])
  expect(() => stage(undefined as never)).toThrow(
    new TypeError('stagedUnfreeze: the epoch must be a number, got undefined'),
  )
  expect(() => stage(0.5)).toThrow('stagedUnfreeze: the epoch must be a whole number ≥ 0, got 0.5')
  expect(head.requiresGrad).toBe(true)
})
