import type { CellModule } from './cell.js'
import { signatureOf } from './hover.js'
import type { LspCompletionItem, LspCompletionList, Position, Range } from './lsp.js'
import { positionAt } from './offsets.js'
import type { CompletionItem, Completions } from './service.js'

/** LSP's CompletionItemKind, by number. */
const kinds = [
  '',
  'text',
  'method',
  'function',
  'constructor',
  'field',
  'variable',
  'class',
  'interface',
  'module',
  'property',
  'unit',
  'value',
  'enum',
  'keyword',
  'snippet',
  'color',
  'file',
  'reference',
  'folder',
  'enum member',
  'constant',
  'struct',
  'event',
  'operator',
  'type parameter',
]

/** What a client shows without scrolling; the rest comes without docs, which cost a request each. */
const documented = 24

export interface CompletionSource {
  module: CellModule
  offset: number
  answer: LspCompletionList | LspCompletionItem[] | null
  resolve(item: LspCompletionItem): Promise<LspCompletionItem>
}

/** Fits the server's list to Jupyter's reply: one range for all items, those that match what is typed, best first. */
export async function completionsOf(source: CompletionSource): Promise<Completions> {
  const { module, offset, answer, resolve } = source
  const items = (Array.isArray(answer) ? answer : answer?.items) ?? []
  const start = replacedFrom(items, source)
  const typed = module.code.slice(start, offset).toLowerCase()
  const at = positionAt(module.code, start)
  const matching = items
    .filter((item) => filterOf(item).toLowerCase().startsWith(typed) && startsAt(item, module, at))
    .sort((a, b) => compare(a.sortText ?? '', b.sortText ?? '') || compare(a.label, b.label))
  const detailed = await Promise.all(
    matching.map((item, rank) => (rank < documented ? resolve(item) : item)),
  )
  return { items: detailed.map(toItem), start, end: offset }
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

/** The word before the cursor, unless every item replaces more: a module name in quotes, `.` by `?.`. */
function replacedFrom(items: LspCompletionItem[], { module, offset }: CompletionSource): number {
  const starts = new Set(items.map((item) => rangeOf(item)?.start.character))
  const [only] = starts
  if (starts.size === 1 && only !== undefined)
    return module.code.lastIndexOf('\n', offset - 1) + 1 + only
  const word = /[\p{ID_Continue}$\u200c\u200d]*$/u.exec(module.code.slice(0, offset))!
  return word.index
}

/** An item with a range of its own fits only if that is the range of all. */
function startsAt(item: LspCompletionItem, module: CellModule, at: Position): boolean {
  const start = rangeOf(item)?.start
  return !start || (start.line - module.offset === at.line && start.character === at.character)
}

function rangeOf({ textEdit }: LspCompletionItem): Range | undefined {
  return textEdit?.range ?? textEdit?.insert
}

function textOf({ textEdit, insertText, label }: LspCompletionItem): string {
  return textEdit?.newText ?? insertText ?? label
}

/** What the typed text is compared with: `.fit` for an item that inserts `?.fit`. */
function filterOf(item: LspCompletionItem): string {
  return item.filterText ?? textOf(item)
}

function toItem(item: LspCompletionItem): CompletionItem {
  const { label, kind = 0, detail, documentation } = item
  const text = typeof documentation === 'string' ? documentation : documentation?.value
  return {
    label,
    insert: textOf(item),
    kind: kinds[kind] || 'text',
    ...(detail && { detail: signatureOf(detail) }),
    ...(text && { documentation: text }),
  }
}
