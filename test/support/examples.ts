import { spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Comment, ExpressionStatement } from 'acorn'
import { parse, parseExpressionAt } from 'acorn'
import * as downhill from 'downhill'
import { packageRoot } from '../../cli/root.js'
import { prelude, scratch } from './prelude.js'

/** One example of the reference, as it stands on its page. */
export interface Example {
  /** "optimizers: adam" */
  name: string
  code: string
}

/** Every example of docs/api, each once (overloads repeat theirs). */
export function allExamples(): Example[] {
  const folder = new URL('../../docs/api/', import.meta.url)
  const found = new Map<string, Example>()
  for (const page of readdirSync(folder)) {
    const parts = readFileSync(new URL(page, folder), 'utf8').split(/^## /m).slice(1)
    for (const part of parts) {
      const name = `${page.replace('.md', '')}: ${/^\w+/.exec(part)?.[0]}`
      for (const [, code] of part.matchAll(/^\*\*Example\*\*\n\n```ts\n([\s\S]*?)\n```$/gm))
        found.set(code!, { name, code: code! })
    }
  }
  return [...found.values()]
}

/** An expression of an example, its value when it ran, and what the comment behind it says. */
export interface Said {
  expression: string
  value: unknown
  comment: string
}

const options = { ecmaVersion: 'latest', sourceType: 'module' } as const

/** The body of an example with its expressions handed to `said`, so that their values can be looked at. */
function body(code: string): string {
  const comments: Comment[] = []
  const { body } = parse(code, { ...options, onComment: comments })
  const statements = body.filter(({ type }) => type === 'ExpressionStatement')
  const commentOf = ({ end }: { end: number }) => {
    const next = body.find(({ start }) => start >= end)?.start ?? code.length + 1
    return comments.find(({ start }) => start >= end && start < next)?.value.trim() ?? ''
  }
  return (statements as ExpressionStatement[]).reduceRight((text, statement) => {
    const { start, end } = statement.expression
    const expression = code.slice(start, end)
    const said = `said(${JSON.stringify(expression)}, ${expression}, ${JSON.stringify(commentOf(statement))})`
    return text.slice(0, start) + said + text.slice(end)
  }, code)
}

/** An example that is no code must fail alone, when it runs. */
function ownError(make: (code: string) => string, code: string): string {
  try {
    return make(code)
  } catch (error) {
    return `throw new SyntaxError(${JSON.stringify(String(error))})`
  }
}

/** A module that runs the examples: each alone, with a fresh prelude, and only the names that it mentions imported. */
function moduleOf(examples: readonly Example[], here: string): string {
  const words = new Set(examples.flatMap(({ code }) => code.match(/[A-Za-z_]\w*/g) ?? []))
  const imported = Object.keys(downhill).filter((name) => words.has(name))
  const given = Object.keys(prelude())
  const runs = examples.map(
    ({ name, code }) => `  // ${name.replaceAll('\n', ' ')}
  async (said: Say) => {
    const { ${given.filter((word) => code.match(/[A-Za-z_]\w*/g)?.includes(word)).join(', ')} } = prelude()
    {
${ownError(body, code)}
    }
  },`,
  )
  return `import { ${imported.join(', ')} } from 'downhill'
import { prelude } from '${here}/prelude.js'
type Say = <T>(expression: string, value: T, comment: string) => T
export const runs = [
${runs.join('\n')}
]
`
}

type Run = (said: (...args: [string, unknown, string]) => unknown) => Promise<void>

/** Examples as a module: run one by one, or type-checked all together. */
export class ExampleModule {
  /** In the repository, so that its imports are found; ignored by git. */
  readonly #folder = join(packageRoot, '.cache', `examples-${randomUUID()}`)
  readonly #runs = new Map<Example, Run>()

  async load(examples: readonly Example[]): Promise<void> {
    mkdirSync(this.#folder, { recursive: true })
    const file = join(this.#folder, 'examples.ts')
    writeFileSync(file, moduleOf(examples, '../../test/support'))
    const { runs } = await import(file)
    for (const [k, example] of examples.entries()) this.#runs.set(example, runs[k])
  }

  /** Runs one; its expressions, their values and comments in order. */
  async run(example: Example): Promise<Said[]> {
    const all: Said[] = []
    await this.#runs.get(example)!((expression, value, comment) => {
      all.push({ expression, value, comment })
      return value
    })
    return all
  }

  /** What the compiler says about them: nothing, if they are right. */
  typeErrors(): string {
    const compilerOptions = {
      noUnusedLocals: false,
      noUnusedParameters: false,
      paths: { downhill: ['../../src/index.ts'] },
    }
    const include = ['examples.ts', '../../lessons/markdown.d.ts']
    const tsconfig = { extends: '../../tsconfig.json', compilerOptions, include }
    writeFileSync(join(this.#folder, 'tsconfig.json'), JSON.stringify(tsconfig))
    const tsc = join(packageRoot, 'node_modules/typescript/bin/tsc')
    const done = spawnSync(process.execPath, [tsc, '-p', this.#folder], { encoding: 'utf8' })
    return done.stdout
  }

  dispose(): void {
    for (const one of [this.#folder, scratch]) rmSync(one, { recursive: true, force: true })
  }
}

/** The value that a comment begins with, as "{ calls: 1 }", "1: the head trains" or "0.4402…"; undefined if it says something else. */
export function valueIn(comment: string): { value: unknown; open: boolean } | undefined {
  const digits = /^-?\d+\.\d+(?=…)/.exec(comment)?.[0]
  if (digits) return { value: digits, open: true }
  const text = comment.replace(/, …(?=[\]}])/g, '')
  try {
    const node = parseExpressionAt(text, 0, options)
    if (!['Literal', 'ArrayExpression', 'ObjectExpression'].includes(node.type)) return undefined
    const value = new Function(`return (${text.slice(node.start, node.end)})`)()
    return { value, open: text !== comment }
  } catch {
    return undefined
  }
}

/** A value as a comment may show it: typed arrays as arrays, numbers to some digits, and of an open list or number as much as is shown. */
export function shown(value: unknown, like: unknown, open: boolean, digits = 7): unknown {
  if (open && typeof like === 'string') return String(value).slice(0, like.length)
  if (typeof value === 'number') return Number(value.toPrecision(digits))
  if (typeof value !== 'object' || value === null) return value
  if (ArrayBuffer.isView(value) || Array.isArray(value)) {
    const all = Array.from(value as ArrayLike<unknown>)
    const some = open && Array.isArray(like) ? all.slice(0, like.length) : all
    return some.map((one, k) => shown(one, (like as unknown[])?.[k], false, digits))
  }
  return Object.fromEntries(
    Object.entries(value).map(([k, one]) => [k, shown(one, undefined, false, digits)]),
  )
}
