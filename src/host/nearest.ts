/** The name with the fewest edits (insert, delete, replace, swap neighbours) to `word`; undefined where none is near. */
export function nearest(
  word: string,
  names: Iterable<string>,
  most: number = Math.max(2, word.length / 2),
): string | undefined {
  let best: { name: string; edits: number } | undefined
  for (const name of names) {
    const edits = distance(word.toLowerCase(), name)
    if (!best || edits < best.edits) best = { name, edits }
  }
  return best && best.edits <= most ? best.name : undefined
}

/** Restricted Damerau–Levenshtein distance: rows of the usual table, the two newest kept. */
export function distance(a: string, b: string): number {
  let before: number[] = []
  let above = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      row[j] = Math.min(
        above[j]! + 1,
        row[j - 1]! + 1,
        above[j - 1]! + (same ? 0 : 1),
        swapped ? before[j - 2]! + 1 : Number.POSITIVE_INFINITY,
      )
    }
    before = above
    above = row
  }
  return above[b.length]!
}
