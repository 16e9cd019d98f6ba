import { readFileSync } from 'node:fs'
import { digits } from 'downhill'
import { expect, test } from 'vitest'

test('digits() is the CSV file, number by number', async () => {
  const [head, ...lines] = readFileSync('src/data/csv/digits.csv', 'utf8').trim().split('\n')
  const data = await digits()
  expect([...data.features, 'label']).toEqual(head!.split(','))
  expect(data.x.map((row, k) => [...row, data.y[k]].join(','))).toEqual(lines)
  expect(data.classes).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'])
})

test('who made it and under which license is said with the data', async () => {
  const { source } = await digits()
  for (const part of ['Alpaydin & Kaynak', 'CC BY 4.0', '10.24432/C50P49'])
    expect(source).toContain(part)
})

test('what one caller does to the numbers no other sees', async () => {
  const mine = (await digits()).x as number[][]
  mine[0]![0] = 99
  expect((await digits()).x[0]![0]).toBe(0)
})
