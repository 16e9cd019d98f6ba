import { fromCodePoints, toCodePoints } from '../language/offsets.js'
import { magicWordAt, readCell } from './magics/parse.js'
import { magics } from './magics/table.js'
import type { Handler } from './types.js'

interface CompleteRequest {
  code: string
  cursor_pos: number
}

/** Completion: typed with a language service, else by the names that exist now. Spec: messaging.html#completion */
export const complete: Handler<CompleteRequest, object> = {
  request: 'complete_request',
  reply: 'complete_reply',
  async handle({ code, cursor_pos }, { language, evaluator }) {
    const cursor = fromCodePoints(code, cursor_pos)
    const span = (start: number, end: number) => ({
      cursor_start: toCodePoints(code, start),
      cursor_end: toCodePoints(code, end),
      status: 'ok',
    })
    const magic = magicWordAt(code, cursor)
    if (magic) {
      const names = [...magics.values()].flatMap(({ name, forms }) =>
        forms.map((sign) => sign + name),
      )
      const matches = names.filter((name) => name.startsWith(magic.word))
      return { matches, ...span(magic.start, cursor), metadata: {} }
    }
    const typed = await language?.complete(readCell(code).code, cursor)
    const member = /[\w$)\]!]\.[\w$]*$/.test(code.slice(0, cursor))
    // A value of type any has no members for the checker; the evaluator has the value itself.
    const untyped = typed?.items.length === 0 && member
    if (!typed || untyped) {
      const nothing = { matches: [], start: cursor, end: cursor }
      const found = await evaluator.ask({ type: 'complete', code, cursor })
      const { matches, start, end } = found ?? nothing
      return { matches, ...span(start, end), metadata: {} }
    }
    const { items, start, end } = typed
    // Keys of a Record<string, …> are none that its type knows.
    const keys = member
      ? await evaluator.ask({ type: 'complete', code, cursor, keys: true })
      : undefined
    for (const insert of keys?.matches ?? [])
      if (!items.some((item) => item.insert === insert))
        items.push({ label: insert, insert, kind: 'property' })
    const matches = items.map(({ insert }) => insert)
    const types = items.map(({ insert, kind, detail, documentation }) => ({
      text: insert,
      type: kind,
      signature: detail ?? '',
      ...(documentation && { documentation }),
      start: toCodePoints(code, start),
      end: toCodePoints(code, end),
    }))
    return { matches, ...span(start, end), metadata: { _jupyter_types_experimental: types } }
  },
}
