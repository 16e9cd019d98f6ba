import { records } from '../host/records.js'
import { type Displayable, displaySymbol, inspectSymbol, type MimeBundle } from '../host/types.js'

/** What a data set is made of. */
export interface DatasetParts {
  /** n rows of numbers, each as long as the others. */
  x: readonly (readonly number[])[]
  /** What is to be predicted, one for each row: the number of its class, or (without `classes`) any number. */
  y: readonly number[]
  /** The names of the columns of x. Default: x0, x1, … */
  features?: readonly string[]
  /** The names of the classes; y counts them from 0. Default: none, y is a measured number. */
  classes?: readonly string[]
  name?: string
  /** Whose data it is, and under which license; shown with the table. */
  source?: string
}

/** More rows and features than these a notebook does not show. */
const most = { rows: 5, features: 8 }

/**
 * Rows of numbers and what is to be predicted from them. A notebook shows the first rows and the source.
 * Tests     test/data/dataset.test.ts
 * @throws RangeError for rows of unequal length, a number of labels that is not that of the rows, numbers that are not finite, labels without a class
 * @example new Dataset({ x: [[0, 1], [1, 0]], y: [1, 0], classes: ['no', 'yes'] }).features   // ['x0', 'x1']
 */
export class Dataset implements Displayable {
  readonly x: readonly (readonly number[])[]
  readonly y: readonly number[]
  readonly features: readonly string[]
  /** Empty where y is a measured number. */
  readonly classes: readonly string[]
  readonly name: string
  readonly source: string

  constructor({ x, y, features, classes = [], name = 'dataset', source = '' }: DatasetParts) {
    this.x = x
    this.y = y
    this.features = features ?? Array.from(x?.[0] ?? [], (_, k) => `x${k}`)
    this.classes = classes
    this.name = name
    this.source = source
    this.#check()
  }

  #check(): void {
    const { x, y, features, classes, name } = this
    for (const [key, list] of Object.entries({ x, y }))
      if (typeof list?.length !== 'number')
        throw new TypeError(`${name}: ${key} must be a list, got ${typeof list}`)
    if (x.length !== y.length)
      throw new RangeError(`${name}: x has ${x.length} rows, y has ${y.length} values`)
    for (const [k, row] of x.entries()) {
      if (row.length !== features.length)
        throw new RangeError(
          `${name}: row ${k} has ${row.length} values, there are ${features.length} features`,
        )
      const odd = row.findIndex((value) => !Number.isFinite(value))
      if (odd >= 0)
        throw new RangeError(
          `${name}: "${features[odd]}" of row ${k} is ${row[odd]}; leave such rows out, or put a number there`,
        )
    }
    const fits = (label: number) =>
      classes.length === 0
        ? Number.isFinite(label)
        : Number.isInteger(label) && label >= 0 && label < classes.length
    const odd = y.findIndex((label) => !fits(label))
    if (odd < 0) return
    const rule =
      classes.length === 0 ? 'a finite number' : `a class from 0 to ${classes.length - 1}`
    throw new RangeError(`${name}: y of row ${odd} must be ${rule}, got ${y[odd]}`)
  }

  /** The number of rows. */
  get length(): number {
    return this.y.length
  }

  /** Some of the rows, in the order asked for. @throws RangeError for a row that there is not */
  rows(which: Iterable<number>): Dataset {
    const chosen = [...which]
    const missing = chosen.find((k) => !(k in this.y))
    if (missing !== undefined)
      throw new RangeError(`${this.name}: there is no row ${missing}; there are ${this.length}`)
    return new Dataset({
      ...this,
      x: chosen.map((k) => this.x[k]!),
      y: chosen.map((k) => this.y[k]!),
    })
  }

  /** The rows whose label is wanted; the classes keep their numbers. `digits.filter((label) => label < 5)` */
  filter(keep: (label: number, row: number) => boolean): Dataset {
    return this.rows([...this.y.keys()].filter((k) => keep(this.y[k]!, k)))
  }

  /** Name and sizes: "digits: 1797 rows, 64 features, 10 classes". */
  toString(): string {
    const { length, features, classes } = this
    const kinds = classes.length > 0 ? `, ${classes.length} classes` : ''
    return `${this.name}: ${length} rows, ${features.length} features${kinds}`
  }

  #table() {
    const { x, y, features, classes } = this
    const shown = features.slice(0, most.features)
    const rows = x.slice(0, most.rows).map((row, k) => ({
      y: classes[y[k]!] ?? y[k]!,
      ...Object.fromEntries(shown.map((feature, column) => [feature, row[column]!])),
      ...(features.length > shown.length ? { '…': '…' } : {}),
    }))
    const source = this.source && `. Source: ${this.source}`
    return records(rows, { caption: `${this}${source}` })
  }

  /** The table as a notebook shows it. */
  [displaySymbol](): MimeBundle | Promise<MimeBundle> {
    return this.#table()[displaySymbol]()
  }

  /** @internal A console shows the table as text. */
  [inspectSymbol](): string {
    return this.#table().toString()
  }
}
