import {
  adamw,
  constant,
  cosine,
  oneCycle,
  oneCycleMomentum,
  parameter,
  sequence,
  sgd,
  stepDecay,
  type Tensor,
  warmupCosine,
} from 'downhill'
import { expect, test } from 'vitest'

const give = (params: Tensor[]) => {
  for (const param of params) param.grad = parameter([1])
}

test('each group follows its own schedule', () => {
  const [a, b] = [parameter([0]), parameter([0])]
  const [first, second] = [
    warmupCosine({ peak: 0.1, warmup: 3, total: 20 }),
    stepDecay({ peak: 0.5, every: 4 }),
  ]
  const optimizer = sgd([{ params: [a] }, { params: [b], lr: second }], { lr: first })
  let [x, y] = [0, 0]
  for (let k = 1; k <= 25; k++) {
    give([a, b])
    optimizer.step()
    x -= first(k - 1)
    y -= second(k - 1)
    expect(a.dataSync()[0]).toBeCloseTo(x, 12)
    expect(b.dataSync()[0]).toBeCloseTo(y, 12)
  }
})

test('rate and momentum are two schedules of one optimizer', () => {
  const x = parameter([0])
  const [lr, momentum] = [oneCycle({ peak: 0.1, total: 20 }), oneCycleMomentum({ total: 20 })]
  const optimizer = sgd([x], { lr, momentum })
  let [value, velocity] = [0, 0]
  for (let k = 1; k <= 20; k++) {
    give([x])
    optimizer.step()
    velocity = k === 1 ? 1 : momentum(k - 1) * velocity + 1
    value -= lr(k - 1) * velocity
    expect(x.dataSync()[0]).toBeCloseTo(value, 12)
  }
})

test('a run that is resumed at any step goes on where its schedules were', async () => {
  const lr = sequence([constant(0.01), cosine({ peak: 0.1, total: 20 })], [7])
  const weightDecay = stepDecay({ peak: 0.1, every: 5, gamma: 0.5 })
  const run = (x: Tensor) => adamw([x], { lr, weightDecay })
  const walk = (x: Tensor, optimizer: ReturnType<typeof run>, from: number, to: number) => {
    for (let k = from; k < to; k++) {
      x.grad = parameter([Math.sin(k)])
      optimizer.step()
    }
  }
  const whole = parameter([1])
  walk(whole, run(whole), 0, 30)
  for (const at of [1, 6, 7, 8, 29]) {
    const before = parameter([1])
    const first = run(before)
    walk(before, first, 0, at)
    const saved = JSON.parse(JSON.stringify(await first.stateDict()))
    const after = parameter([...before.dataSync()])
    const second = run(after)
    second.loadStateDict(saved)
    expect(second.steps).toBe(at)
    walk(after, second, at, 30)
    expect(after.dataSync()[0]).toBe(whole.dataSync()[0])
  }
})
