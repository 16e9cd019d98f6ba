import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

/** A row of digits.csv as one character a number: 16, the blackest pixel, is "g". */
const digitsRow = (row: string): string =>
  row
    .split(',')
    .map((value) => Number(value).toString(17))
    .join('')

/** The modules in src/data/packed are made of the CSV files by this test: with `-u` it writes them. */
test.each([
  {
    file: 'digits',
    source:
      'Alpaydin & Kaynak, Optical Recognition of Handwritten Digits (test part), UCI Machine Learning Repository, doi 10.24432/C50P49',
    form: '65 characters a row: 64 pixels and the label, in base 17',
    pack: (rows: string[]) => rows.map(digitsRow).join(''),
  },
  {
    file: 'breast-cancer',
    source:
      'Wolberg et al., Breast Cancer Wisconsin (Diagnostic), UCI Machine Learning Repository, doi 10.24432/C5DW2B',
    form: 'rows with spaces between, values with commas, the last is 1 for benign',
    pack: (rows: string[]) => rows.join(' '),
  },
])('packed/$file.ts is csv/$file.csv', async ({ file, source, form, pack }) => {
  const [, ...rows] = readFileSync(`src/data/csv/${file}.csv`, 'utf8').trim().split('\n')
  const text = `/*! Data: ${source}. Used under CC BY 4.0, https://creativecommons.org/licenses/by/4.0/; the same numbers, packed. */
/** Made from ../csv/${file}.csv by test/data/packed.test.ts. ${form[0]!.toUpperCase()}${form.slice(1)}. */
export const packed: string =
  '${pack(rows)}'
`
  await expect(text).toMatchFileSnapshot(`../../src/data/packed/${file}.ts`)
})
