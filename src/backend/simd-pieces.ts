/** Elements of the smallest piece: a claim takes as long as a hundred. */
export const leastPiece = 2 ** 13
const mostPiece = 2 ** 16
/** A launch that takes no longer than a step of AdamW over so many elements (10 µs) is the caller's alone: to wake a thread takes as long. */
export const leastShared = 2 ** 14

/**
 * How many elements of an array a thread claims at once. It depends on the length alone: sums are taken by piece, and the pieces in
 * order, so that they are the same for any number of threads.
 */
export function pieceOf(length: number): number {
  if (length <= leastPiece) return leastPiece
  return Math.min(mostPiece, Math.max(leastPiece, Math.ceil(length / 64 / 64) * 64))
}

/** `whole` leaves arrays as they are. */
export type Cut = (length: number) => number
export const whole: Cut = (length) => length

/** How many pieces arrays are cut into. */
export function countPieces(rows: Iterable<number>, lengths: readonly number[], cut: Cut): number {
  let count = 0
  for (const i of rows) if (lengths[i]) count += Math.ceil(lengths[i]! / cut(lengths[i]!))
  return count
}
