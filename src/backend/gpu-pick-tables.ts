import type { Picks } from './picks.js'

/**
 * Picks for a machine whose threads run a loop of fixed length: place k has list[starts[k]] … list[starts[k + 1] − 1], at most `width`.
 * With a width of 1 the list has one element a place, −1 for none.
 */
interface PickTable {
  readonly starts: Float32Array
  readonly list: Float32Array
  readonly width: number
}

/**
 * The tables that do what `picks` says, one after the other. A place with many elements (the gradient of an embedding whose row was
 * picked a thousand times) is cut into parts, which the next table adds up: so loops stay short, memory is that of the list, and
 * rounding errors grow with the logarithm.
 */
export function pickTables(picks: Picks, most = 64): PickTable[] {
  const tables: PickTable[] = []
  let { starts, list }: { starts: ArrayLike<number>; list: ArrayLike<number> } = picks
  for (let width = picks.width; width > most; width = Math.ceil(width / most)) {
    const cuts: number[] = []
    const next = [0]
    for (let place = 0; place + 1 < starts.length; place++) {
      for (let from = starts[place]!; from < starts[place + 1]!; from += most) cuts.push(from)
      next.push(cuts.length)
    }
    const parts = cuts.length
    cuts.push(list.length)
    tables.push({ starts: Float32Array.from(cuts), list: Float32Array.from(list), width: most })
    starts = next
    list = Array.from({ length: parts }, (_, k) => k)
  }
  const width = tables.length ? widest(starts) : picks.width
  const places = starts.length - 1
  const one = (_: unknown, k: number) => (starts[k] === starts[k + 1] ? -1 : list[starts[k]!]!)
  const last = width <= 1 ? Float32Array.from({ length: places }, one) : Float32Array.from(list)
  tables.push({ starts: Float32Array.from(starts), list: last, width })
  return tables
}

function widest(starts: ArrayLike<number>): number {
  let width = 0
  for (let k = 0; k + 1 < starts.length; k++) width = Math.max(width, starts[k + 1]! - starts[k]!)
  return width
}
