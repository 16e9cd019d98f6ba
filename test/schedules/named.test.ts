import {
  cosine,
  defineSchedule,
  floor,
  parameter,
  period,
  product,
  rate,
  type Schedule,
  schedulePlot,
  sgd,
  table,
  warmupCosine,
} from 'downhill'
import { expect, test } from 'vitest'

const schedule = warmupCosine({ peak: 0.001, warmup: 100, total: 1000 })

test('is a plain function of the step: everything that takes a schedule takes it, and a plain function', () => {
  const plain: Schedule = schedule
  expect(typeof plain).toBe('function')
  expect(plain.length).toBe(1)
  expect(Object.keys(schedule)).toEqual([])
  expect(() =>
    sgd([parameter([1])], { lr: schedule, momentum: (t) => 0.9 - 0.1 / (1 + t) }),
  ).not.toThrow()
})

test('has the name of what made it', () => {
  expect(schedule.name).toBe('warmupCosine')
  expect(floor(product(2, schedule), 0.1).name).toBe('floor(product(constant, warmupCosine))')
})

test('.table is table', async () => {
  expect(schedule.table([0, 50, 100])).toEqual(table(schedule, [0, 50, 100]))
  expect(await schedule.table(9, { backend: 'reference' })).toEqual(table(schedule, 9))
})

test('.plot draws every step, and titles itself unless told', () => {
  const figure = schedule.plot(1000)
  expect(figure.layout.title.text).toBe('warmupCosine')
  expect(figure.data[0]?.name).toBe('warmupCosine')
  expect(figure.data[0]?.y).toEqual(schedule.table(1000).map(({ rate }) => rate))
  const titled = schedule.plot(100, { title: 'Mine', dots: [[50, 0.0005]] })
  const same = schedulePlot(
    { warmupCosine: schedule },
    { steps: 100, title: 'Mine', dots: [[50, 0.0005]] },
  )
  expect(titled).toEqual(same)
})

test('.plot refuses as schedulePlot does', () => {
  expect(() => schedule.plot(0)).toThrow(
    new RangeError('schedulePlot: steps must be a whole number ≥ 1, got 0'),
  )
})

test('one of your own closed form is one too', async () => {
  const sawtooth = defineSchedule({
    name: 'sawtooth',
    options: { peak: rate(), every: period() },
    rule: (t, { peak, every }) => peak * (1 - (t / every - Math.floor(t / every))),
  })
  const mine = sawtooth({ peak: 0.5, every: 4 })
  expect(mine.name).toBe('sawtooth')
  expect(mine.table(4).map(({ rate }) => rate)).toEqual([0.5, 0.375, 0.25, 0.125, 0.5])
  expect(await mine.table(4, { backend: 'gpu:cpu' })).toEqual(mine.table(4))
  expect(() => sawtooth({ peak: 0.5, every: 0 })).toThrow(
    new RangeError('sawtooth: every must be a whole number ≥ 1, got 0'),
  )
})

test('whatever is bound to it stays right when it is passed around', () => {
  const { table: rows, plot } = cosine({ peak: 1, total: 2 })
  expect(rows(2).map(({ rate }) => rate.toFixed(3))).toEqual(['1.000', '0.500', '0.000'])
  expect(plot(2).data[0]?.x).toEqual([0, 1, 2])
})
