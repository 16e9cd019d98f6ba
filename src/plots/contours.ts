/** A point of a plane. */
export type Place = readonly [x: number, y: number]

/** A rectangle of the plane. */
export interface Window {
  x: Place
  y: Place
}

/**
 * The lines on which a function has a given value, over a grid of cells (marching squares): each cell that a line crosses gives one
 * piece, or two where it is a saddle, and pieces that touch become one line. Between corners the function is taken as straight.
 */
export function contourOf(
  f: (x: number, y: number) => number,
  level: number,
  { x, y }: Window,
  cells = 72,
): Place[][] {
  const at = ([low, high]: Place, k: number): number => low + ((high - low) * k) / cells
  const above = Array.from({ length: cells + 1 }, (_, i) =>
    Array.from({ length: cells + 1 }, (_, j) => f(at(x, i), at(y, j)) - level),
  )
  const places = new Map<number, Place>()
  /** Notes where the line crosses an edge of the grid, and names the edge; undefined where both ends are on one side. */
  const crossing = (i: number, j: number, k: number, l: number): number | undefined => {
    const [a, b] = [above[i]![j]!, above[k]![l]!]
    if (a > 0 === b > 0 || !Number.isFinite(a - b)) return undefined
    const share = a / (a - b)
    const edge = 2 * (i * (cells + 1) + j) + (k - i)
    places.set(edge, [rounded(at(x, i + share * (k - i))), rounded(at(y, j + share * (l - j)))])
    return edge
  }
  const pieces: Piece[] = []
  for (let i = 0; i < cells; i++)
    for (let j = 0; j < cells; j++) {
      const around = [
        crossing(i, j, i + 1, j),
        crossing(i + 1, j, i + 1, j + 1),
        crossing(i, j + 1, i + 1, j + 1),
        crossing(i, j, i, j + 1),
      ].filter((edge) => edge !== undefined)
      for (let k = 0; k + 1 < around.length; k += 2) pieces.push([around[k]!, around[k + 1]!])
    }
  return joined(pieces).map((line) => line.map((edge) => places.get(edge)!))
}

/** From one edge of the grid to another. */
type Piece = readonly [from: number, to: number]

/** Six digits are finer than any screen, and a third of the text. */
const rounded = (value: number): number => Number(value.toPrecision(6))

/** Pieces that end at the same edge become one line. */
function joined(pieces: readonly Piece[]): number[][] {
  const left = new Set(pieces)
  const at = new Map<number, Piece[]>()
  for (const piece of pieces)
    for (const edge of piece) at.set(edge, [...(at.get(edge) ?? []), piece])
  const follow = (line: number[]): number[] => {
    for (;;) {
      const end = line.at(-1)!
      const next = at.get(end)?.find((piece) => left.has(piece))
      if (!next) return line
      left.delete(next)
      line.push(next[0] === end ? next[1] : next[0])
    }
  }
  return pieces.flatMap((piece) =>
    left.delete(piece) ? [follow(follow([...piece]).toReversed())] : [],
  )
}

/** A path up to the border of the window: where it leaves, it ends, so that a run that blows up does not shrink the picture. */
export function within(path: readonly Place[], { x, y }: Window): Place[] {
  const inside = ([a, b]: Place): boolean => a >= x[0] && a <= x[1] && b >= y[0] && b <= y[1]
  const out = path.findIndex((place) => !inside(place))
  if (out < 0) return [...path]
  const [from, to] = [path[out - 1], path[out]!]
  if (!from) return []
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]]
  const shares = [
    [x[dx > 0 ? 1 : 0] - from[0], dx],
    [y[dy > 0 ? 1 : 0] - from[1], dy],
  ].map(([room, d]) => (d === 0 || !Number.isFinite(d!) ? 1 : room! / d!))
  const share = Math.min(...shares)
  return [...path.slice(0, out), [from[0] + share * dx, from[1] + share * dy]].filter(
    (place): place is [number, number] => place.every(Number.isFinite),
  )
}
