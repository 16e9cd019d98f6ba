import type { Tensor } from './tensor.js'

/** What a result came from, and itself: results before what they came from. No recursion: a loss summed over an epoch is a chain of thousands. */
export function order(from: Tensor): Tensor[] {
  const seen = new Set([from])
  const sorted: Tensor[] = []
  const path = [{ tensor: from, parents: from.parents.values() }]
  for (let last = path.at(-1); last; last = path.at(-1)) {
    const { value: parent } = last.parents.next()
    if (!parent) {
      sorted.push(last.tensor)
      path.pop()
    } else if (!seen.has(parent)) {
      seen.add(parent)
      path.push({ tensor: parent, parents: parent.parents.values() })
    }
  }
  return sorted.reverse()
}
