import type { MimeBundle } from './types.js'

interface Place {
  /** What the output is called; without one nothing can replace it. */
  id: string | undefined
  show(bundle: MimeBundle): void
  /** What happens instead when the promise is broken. Without it the error's text is shown there, in its turn. */
  fail?(error: unknown): void
}

/** Of each output for which something is still being made: how much, and the turn that it shows. */
const open = new Map<string | symbol, { waiting: number; shown: number }>()
let turns = 0

/**
 * Shows a bundle now, or a promised one when it is there: then it promises to be done. A picture that takes long to draw is
 * not shown over what came after it in the same place.
 */
export function whenThere(
  bundle: MimeBundle | Promise<MimeBundle>,
  { id, show, fail }: Place,
): Promise<void> | undefined {
  const turn = ++turns
  const key = id ?? Symbol('nothing replaces it')
  const place = open.get(key) ?? { waiting: 0, shown: 0 }
  if (!(bundle instanceof Promise)) {
    place.shown = turn
    show(bundle)
    return undefined
  }
  open.set(key, place)
  place.waiting += 1
  return (fail ? bundle : bundle.catch(brokenBundle))
    .then((data) => {
      if (turn < place.shown) return
      place.shown = turn
      show(data)
    })
    .catch(fail)
    .finally(() => {
      place.waiting -= 1
      if (place.waiting === 0) open.delete(key)
    })
}

/** What stands where a promise was broken, and nobody else tells of errors. */
const brokenBundle = (error: unknown): MimeBundle => ({
  'text/plain': `display: ${String(error)}`,
})
