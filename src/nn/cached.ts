import type { Picks } from '../backend/picks.js'

/** Lists of picks by what they do: a model asks for the same few at each step, and a backend keeps its own form of each. */
const lists = new Map<string, Picks>()

/** More than these are not kept: what was not used for longest goes. */
const most = 64

/** The picks made by `make`, or by an earlier call with the same key. */
export function cached(key: string, make: () => Picks): Picks {
  const found = lists.get(key) ?? make()
  lists.delete(key)
  lists.set(key, found)
  if (lists.size > most) lists.delete(lists.keys().next().value!)
  return found
}
