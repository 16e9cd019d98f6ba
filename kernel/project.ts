import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, isAbsolute, join, resolve } from 'node:path'
import type * as Acorn from 'acorn'
import { lazily } from './lazily.js'

/** What a tsconfig.json beside the notebook says of how code runs; the language server reads all of it itself. */
export interface Project {
  /** Options that it sets, those of the files it extends included. */
  options: Record<string, unknown>
  /** Names of modules by pattern → files, as absolute paths: `@/*` → [`/home/me/src/*`]. */
  paths: Record<string, string[]>
  /** Why the file cannot be used. */
  problem?: string
}

const none: Project = { options: {}, paths: {} }

export function readProject(folder: string): Project {
  const file = join(folder, 'tsconfig.json')
  if (!existsSync(file)) return none
  try {
    return read(file, [])
  } catch (error) {
    return { ...none, problem: `${file} is not used: ${(error as Error).message}` }
  }
}

/** Spec: typescriptlang.org/tsconfig, "extends": later ones before earlier ones, the file's own before all. */
function read(file: string, seen: string[]): Project {
  if (seen.includes(file)) throw new Error(`${file} extends itself`)
  const config = parse(readFileSync(file, 'utf8'), file)
  const base = { options: {}, paths: {} }
  for (const name of [config.extends ?? []].flat()) {
    const { options, paths } = read(extended(String(name), file), [...seen, file])
    Object.assign(base.options, options)
    if (options.paths) base.paths = paths
  }
  const own = (config.compilerOptions ?? {}) as Record<string, unknown>
  const from = resolve(dirname(file), String(own.baseUrl ?? '.'))
  const paths = Object.entries((own.paths ?? {}) as Record<string, string[]>).map(
    ([pattern, targets]) => [
      pattern,
      targets.map((target) =>
        resolve(from, target.replace(/^\$\{configDir\}/, dirname(seen[0] ?? file))),
      ),
    ],
  )
  return {
    options: { ...base.options, ...own },
    paths: own.paths ? Object.fromEntries(paths) : base.paths,
  }
}

function extended(name: string, file: string): string {
  if (!/^\.{1,2}\//.test(name) && !isAbsolute(name)) {
    const { resolve } = createRequire(file)
    for (const path of [name, `${name}.json`, `${name}/tsconfig.json`]) {
      try {
        return resolve(path)
      } catch {
        // The next spelling.
      }
    }
    throw new Error(`it extends ${name}, which is not installed`)
  }
  const path = resolve(dirname(file), name)
  const found = [path, `${path}.json`].find((path) => existsSync(path) && path.endsWith('.json'))
  if (!found) throw new Error(`it extends ${path}, which is not there`)
  return found
}

const loadAcorn = lazily<typeof Acorn>('acorn')

/** JSON with comments and trailing commas: an expression of JavaScript, which is read and not run. */
function parse(text: string, file: string): Record<string, unknown> {
  const source = text.replace(/^\uFEFF/, '')
  let value: unknown
  try {
    value = literal(loadAcorn().parseExpressionAt(source, 0, { ecmaVersion: 'latest' }))
  } catch (error) {
    throw new Error(`${file} is not JSON (${(error as Error).message})`)
  }
  if (typeof value !== 'object' || value === null) throw new Error(`${file} holds no object`)
  return value as Record<string, unknown>
}

function literal(node: Acorn.Expression): unknown {
  switch (node.type) {
    case 'Literal':
      return node.value
    case 'UnaryExpression':
      return -Number(literal(node.argument))
    case 'ArrayExpression':
      return node.elements.map((element) => literal(element as Acorn.Expression))
    case 'ObjectExpression':
      return Object.fromEntries(
        node.properties.map((property) => {
          if (property.type !== 'Property' || property.key.type !== 'Literal')
            throw new Error('a name without quotes')
          return [String(property.key.value), literal(property.value)]
        }),
      )
    default:
      throw new Error(`${node.type} is no value`)
  }
}

let current: Project | undefined

/** The project of the folder in which this process was started. */
export const project = (): Project => {
  current ??= readProject(process.cwd())
  return current
}

/** Says where it is, in a thread that may start when the folder was changed. */
export function projectIn(folder: string): void {
  current = readProject(folder)
}

/** Files that a module's name may mean by the project's `paths`, the longest pattern first. */
export function mapped(specifier: string): string[] {
  const fits = Object.entries(project().paths).flatMap(([pattern, targets]) => {
    const [before = '', after] = pattern.split('*')
    if (after === undefined) return specifier === pattern ? [{ before: pattern, targets }] : []
    if (!specifier.startsWith(before) || !specifier.endsWith(after)) return []
    if (specifier.length < before.length + after.length) return []
    const star = specifier.slice(before.length, specifier.length - after.length)
    return [{ before, targets: targets.map((target) => target.replace('*', () => star)) }]
  })
  const [best] = fits.sort((a, b) => b.before.length - a.before.length)
  return best?.targets ?? []
}
