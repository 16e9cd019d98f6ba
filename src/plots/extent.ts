export interface Extent {
  min: number
  max: number
  /** Index of the largest value. */
  at: number
  count: number
}

/** From where to where values go; undefined when none is there. As arguments of Math.min, 125,000 of them overflow the stack. */
export function extent(values: readonly (number | null | undefined)[]): Extent | undefined {
  let found: Extent | undefined
  values.forEach((value, index) => {
    if (value === null || value === undefined) return
    found ??= { min: value, max: value, at: index, count: 0 }
    found.count += 1
    if (value < found.min) found.min = value
    if (value > found.max) Object.assign(found, { max: value, at: index })
  })
  return found
}
