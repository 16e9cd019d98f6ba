import type { Node, Program } from 'acorn'
import { hook } from './hook.js'
import { binds, declared } from './syntax.js'

const words = /[\p{ID_Start}$_][\p{ID_Continue}$]*/gu
/** What a module has beside its globals; in a cell they are the notebook's. */
const ofModule = { __dirname: 'dirname', __filename: 'filename' }

/**
 * Names in the JavaScript of a cell that are written otherwise in the REPL's script:
 *   - helpers that the compiler made up (`_initProto`): all cells share one scope, so a cell of its own name keeps them apart
 *   - `__dirname` and `__filename`, unless this cell or one before declares them. Not globals, since packages look for such
 *     names to tell what they run in
 */
export function ownNames(program: Program, name: string, source: string): Map<string, string> {
  const mentioned = new Set(source.match(words))
  const own = new Map<string, string>()
  for (const made of program.body.flatMap(declared))
    if (!mentioned.has(made)) own.set(made, `${hook}_${name.replace(/\W/g, '_')}${made}`)
  for (const [word, field] of Object.entries(ofModule))
    if (mentioned.has(word) && !binds(program as Node, word))
      own.set(word, `(typeof ${word} === "undefined" ? ${hook}.meta.${field} : ${word})`)
  return own
}

/** Ours, or a helper's of the compiler: nothing that a learner declared. */
export const isHidden = (name: string): boolean => name.startsWith(hook)

/** Whether an identifier is only a label of something: `a.name`, `{ name: 1 }`, `class { name() {} }`. */
export function isLabel(parent: Node, key: string): boolean {
  const { type, computed, shorthand } = parent as Node & { computed?: boolean; shorthand?: boolean }
  if (computed || shorthand) return false
  if (type === 'MemberExpression') return key === 'property'
  return (
    /^(Property|PropertyDefinition|MethodDefinition|LabeledStatement|BreakStatement|ContinueStatement|MetaProperty)$/.test(
      type,
    ) && /^(key|label|meta|property)$/.test(key)
  )
}
