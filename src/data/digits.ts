import { Dataset } from './dataset.js'

/** Pixels of a picture, row by row from its upper left corner. */
const pixels = 64

/**
 * Handwritten digits: 1797 pictures of 8 × 8 pixels, from 0 (paper) to 16 (ink), row by row; the class is the digit.
 * Loaded on the first call, from a file of its own; nothing is fetched.
 * Source    Alpaydin & Kaynak, Optical Recognition of Handwritten Digits (test part), UCI Machine Learning Repository,
 *           doi 10.24432/C50P49, under CC BY 4.0 (https://creativecommons.org/licenses/by/4.0/): whoever hands the data on must name them.
 * Tests     test/data/digits.test.ts
 * @example const data = await digits(); [data.length, data.features.length, data.classes.length]; data.y.slice(0, 3)   // [0, 1, 2]
 */
export async function digits(): Promise<Dataset> {
  const { packed } = await import('./packed/digits.js')
  const rows = Array.from({ length: packed.length / (pixels + 1) }, (_, k) =>
    Array.from(packed.slice(k * (pixels + 1), (k + 1) * (pixels + 1)), (digit) =>
      Number.parseInt(digit, 17),
    ),
  )
  return new Dataset({
    name: 'digits',
    x: rows.map((row) => row.slice(0, pixels)),
    y: rows.map((row) => row[pixels]!),
    features: Array.from({ length: pixels }, (_, k) => `p${k}`),
    classes: Array.from({ length: 10 }, (_, digit) => String(digit)),
    source:
      'Alpaydin & Kaynak, Optical Recognition of Handwritten Digits (test part), UCI Machine Learning Repository, CC BY 4.0, doi 10.24432/C50P49',
  })
}
