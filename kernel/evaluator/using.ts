import { parseCell } from '../language/names.js'

/** Of a cell's `using` names, whether it is `await using`. */
export type Resources = ReadonlyMap<string, boolean>

interface Using {
  type: string
  isAwait: boolean
  /** swc counts bytes of UTF-8, from 1. */
  span: { start: number }
  decls: { id: { type: string; value?: string } }[]
}

/**
 * `using r = …` at the top of a cell → `const r = …` of the same length: its resources are disposed of by `resources.ts`
 * when the cell ends. Lowered by swc, the whole cell would stand in a `try`: without a last value, and with a variable
 * `env` beside the learner's.
 */
export function withoutUsing(source: string): { text: string; resources: Resources } {
  const resources = new Map<string, boolean>()
  let text = source
  const statements = /\busing\b/.test(source) ? (parseCell(source) ?? []) : []
  for (const statement of statements as unknown as Using[]) {
    if (statement.type !== 'UsingDeclaration') continue
    const start = Buffer.from(source)
      .subarray(0, statement.span.start - 1)
      .toString().length
    const keyword = /^(await\s+)?using\b/.exec(text.slice(start))?.[0]
    if (!keyword) continue
    text = `${text.slice(0, start)}${'const'.padEnd(keyword.length)}${text.slice(start + keyword.length)}`
    for (const { id } of statement.decls) resources.set(id.value!, statement.isAwait)
  }
  return { text, resources }
}
