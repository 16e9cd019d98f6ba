import type * as Acorn from 'acorn'
import { lazily } from '../lazily.js'
import { parseCell } from './names.js'
import type { Completeness } from './service.js'
import { tokens } from './trial.js'

const loadAcorn = lazily<typeof Acorn>('acorn')

/** What may be missing behind the last token, inside the brackets still open: nothing, an operand, a body, … */
const fills = [
  '',
  ' _',
  ' {}',
  ': _',
  ' = _',
  ' => _',
  ';;',
  ' of _',
  ' from "_"',
  ' "_"',
  ' _: _',
  ' _> = _',
]
/** What may be missing behind the brackets. */
const tails = ['', ' {}', ' _', ' => _', ' = _', ' from "_"', ' finally {}', ' while (_)']
/** With more tokens only brackets are counted: eighty parses would be felt, and soon each would need a trial. */
const parsedTokens = 1000

/**
 * Whether Enter should run the cell (messaging.html#code-completeness): complete if it parses, incomplete if some
 * continuation would make it parse, else invalid. So the rules of the language stay in the parser.
 */
export function completeness(code: string): Completeness {
  if (parses(code)) return { status: 'complete' }
  const open = openBrackets(code)
  if (open === undefined) return { status: 'invalid' }
  const closers = open.toReversed().join('')
  // Inside a template or a comment nothing helps but its end; a line comment would swallow what stands behind it.
  const inText = /^(`|\*\/)/.test(closers)
  const separator = !inText && code.slice(code.lastIndexOf('\n') + 1).includes('//') ? '\n' : ''
  const continued = (fill: string, tail: string) => code + separator + fill + closers + tail
  const curable =
    tokens(code) > parsedTokens
      ? open.length > 0
      : (inText ? [''] : fills).some((fill) => tails.some((tail) => parses(continued(fill, tail))))
  return curable ? { status: 'incomplete', indent: indentAfter(code) } : { status: 'invalid' }
}

function parses(code: string): boolean {
  const statements = parseCell(code)
  const last = statements?.at(-1)
  // `function f()` parses, as the head of an overload.
  const headOnly = last?.type === 'FunctionDeclaration' && !last.body && !last.declare
  return statements !== undefined && !headOnly
}

const closing = new Map([
  ['{', '}'],
  ['${', '}'],
  ['(', ')'],
  ['[', ']'],
])
const closed = new Set(closing.values())

/** The closing text of what is still open, outermost first; undefined if a bracket closes what never opened. */
function openBrackets(code: string): string[] | undefined {
  const open: string[] = []
  try {
    // acorn has no token for a decorator's @; it opens nothing.
    const tokens = loadAcorn().tokenizer(code.replaceAll('@', ' '), {
      ecmaVersion: 'latest',
      sourceType: 'module',
      allowHashBang: true,
    })
    for (const { type } of tokens) {
      const end = closing.get(type.label)
      if (end) open.push(end)
      else if (type.label === '`') {
        if (open.at(-1) === '`') open.pop()
        else open.push('`')
      } else if (closed.has(type.label) && open.pop() !== type.label) return undefined
    }
  } catch (error) {
    const message = error instanceof Error ? error.message : ''
    if (message.startsWith('Unterminated comment')) open.push('*/')
    else if (!message.startsWith('Unterminated template')) return undefined
  }
  return open
}

/** The last line's indentation, two more if the line opens more than it closes. */
function indentAfter(code: string): string {
  const line = code.slice(code.lastIndexOf('\n') + 1)
  const own = /^[ \t]*/.exec(line)![0]
  const count = (pattern: RegExp) => (line.match(pattern) ?? []).length
  return count(/[([{]/g) > count(/[)\]}]/g) ? `${own}  ` : own
}
