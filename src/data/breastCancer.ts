import { Dataset } from './dataset.js'

/** What is measured of the nuclei of a picture; of each the mean, its standard error, and the mean of the three largest ("worst"). */
const measured = [
  'radius',
  'texture',
  'perimeter',
  'area',
  'smoothness',
  'compactness',
  'concavity',
  'concave_points',
  'symmetry',
  'fractal_dimension',
]

/**
 * Breast tumours: 569 pictures of cell nuclei, 30 measures of each (radius, texture, perimeter, area … as mean, error and worst);
 * class 0 is malignant (212), 1 benign (357). The columns differ in size by 10⁵: `standardize` them.
 * Loaded on the first call, from a file of its own; nothing is fetched.
 * Source    Wolberg et al., Breast Cancer Wisconsin (Diagnostic), UCI Machine Learning Repository,
 *           doi 10.24432/C5DW2B, under CC BY 4.0 (https://creativecommons.org/licenses/by/4.0/): whoever hands the data on must name them.
 * Tests     test/data/breastCancer.test.ts
 * @example const data = await breastCancer(); [data.length, data.features.length]; data.classes   // ['malignant', 'benign']
 */
export async function breastCancer(): Promise<Dataset> {
  const { packed } = await import('./packed/breast-cancer.js')
  const rows = packed.split(' ').map((row) => row.split(',').map(Number))
  return new Dataset({
    name: 'breast cancer',
    x: rows.map((row) => row.slice(0, -1)),
    y: rows.map((row) => row.at(-1)!),
    features: [
      ...measured.map((name) => `mean_${name}`),
      ...measured.map((name) => `${name}_error`),
      ...measured.map((name) => `worst_${name}`),
    ],
    classes: ['malignant', 'benign'],
    source:
      'Wolberg et al., Breast Cancer Wisconsin (Diagnostic), UCI Machine Learning Repository, CC BY 4.0, doi 10.24432/C5DW2B',
  })
}
