import type { MimeBundle } from '../../src/host/types.js'
import { keepLines } from '../language/hover.js'
import { fromCodePoints } from '../language/offsets.js'
import { readCell } from './magics/parse.js'
import type { Handler, Kernel } from './types.js'

interface InspectRequest {
  code: string
  cursor_pos: number
  detail_level?: 0 | 1
}

/** What the name under the cursor is. Spec: messaging.html#introspection */
export const inspect: Handler<InspectRequest, object> = {
  request: 'inspect_request',
  reply: 'inspect_reply',
  async handle({ code, cursor_pos, detail_level = 0 }, context) {
    const data = await describe(context, code, fromCodePoints(code, cursor_pos), detail_level)
    return { status: 'ok', found: data !== undefined, data: data ?? {}, metadata: {} }
  },
}

/** Types and documentation from the language service; the value, and with detail 1 the source, from the evaluator. */
export async function describe(
  { language, evaluator }: Pick<Kernel, 'language' | 'evaluator'>,
  code: string,
  cursor: number,
  detail: 0 | 1,
): Promise<MimeBundle | undefined> {
  const hover = await language?.hover(readCell(code).code, cursor)
  const { data, callable } = (await evaluator.ask({ type: 'inspect', code, cursor, detail })) ?? {}
  // What the checker does not know is of type any to it.
  if (!hover || (hover.signature === 'any' && !data)) return data
  // The head of a function is its signature without the types.
  const value = data && !(callable && detail === 0) ? String(data['text/plain']) : ''
  const { signature, documentation } = hover
  return {
    'text/plain': [signature, documentation, value].filter(Boolean).join('\n\n'),
    'text/markdown': [fenced(signature), keepLines(documentation), value && fenced(value)]
      .filter(Boolean)
      .join('\n\n'),
  }
}

const fenced = (text: string): string => `\`\`\`typescript\n${text}\n\`\`\``
