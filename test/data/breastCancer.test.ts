import { readFileSync } from 'node:fs'
import { breastCancer } from 'downhill'
import { expect, test } from 'vitest'

test('breastCancer() is the CSV file, number by number', async () => {
  const [head, ...lines] = readFileSync('src/data/csv/breast-cancer.csv', 'utf8').trim().split('\n')
  const data = await breastCancer()
  expect([...data.features, 'benign']).toEqual(head!.split(','))
  expect(data.x.map((row, k) => [...row, data.y[k]])).toEqual(
    lines.map((line) => line.split(',').map(Number)),
  )
  expect(data.y.filter((label) => data.classes[label] === 'malignant').length).toBe(212)
})

test('who made it and under which license is said with the data', async () => {
  const { source } = await breastCancer()
  for (const part of ['Wolberg', 'CC BY 4.0', '10.24432/C5DW2B']) expect(source).toContain(part)
})
