/** How many elements a shape holds. */
export const sizeOf = (shape: readonly number[]): number =>
  shape.reduce((product, n) => product * n, 1)

/** An axis counted from the front: −1 is the last. */
export function axisOf(owner: string, shape: readonly number[], axis: number): number {
  const at = axis < 0 ? axis + shape.length : axis
  if (!Number.isInteger(axis) || at < 0 || at >= shape.length)
    throw new RangeError(
      `${owner}: shape [${shape.join(', ')}] has axes ${-shape.length} to ${shape.length - 1}, got ${axis}`,
    )
  return at
}

/** A shape seen from one axis: [outer, length, inner]. */
export const around = (
  shape: readonly number[],
  axis: number,
): { outer: number; length: number; inner: number } => ({
  outer: sizeOf(shape.slice(0, axis)),
  length: shape[axis]!,
  inner: sizeOf(shape.slice(axis + 1)),
})
