import { tmpdir } from 'node:os'
import { join, sep } from 'node:path'
import type { Compiled } from '../evaluator/compile.js'
import { readCell } from '../messages/magics/parse.js'
import { murmur2 } from './murmur2.js'

export const hashSeed = 0xc70f6907
/** No such file exists. JupyterLab says `Cell [3]` for the cells of paths that hold `ipykernel_`, and shows all others as paths. */
export const prefix = join(tmpdir(), `ipykernel_${process.pid}`) + sep
export const suffix = '.ts'

/** V8's name of a cell's script, as kernel/evaluator/cells.ts makes it: which run, and of which cell what step. */
const script = /^cell:(\d+)\/(\d+)\.\d+$/

export const scriptOf = (source: string, step: number): string => `${hashOf(source)}.${step}`

/** Hash of a cell; clients compute it too, so its text is the one that was typed. */
export const hashOf = (source: string): number => murmur2(source, hashSeed)

export const pathOf = (hash: number | string): string => `${prefix}${hash}${suffix}`

/** A place in a cell as a client knows it, lines and columns from 1. */
export interface CellPlace {
  path: string
  line: number
  column: number
  /** Behind the last line: the kernel's own words at the end of a cell. */
  end: boolean
}

/** swc takes tens of milliseconds to load: only a kernel that is debugged has it in this process. */
const compiler = () =>
  import(new URL('./compile.js', import.meta.url).href) as Promise<
    typeof import('../evaluator/compile.js')
  >

/** The cells by the paths that clients give them, and the way between their TypeScript and V8's JavaScript. */
export class Cells {
  readonly #sources = new Map<string, string>()
  readonly #runs = new Map<number, string>()
  readonly #compiled = new Map<string, Promise<Compiled | undefined>>()
  /** Id of the newest run. */
  newest = 0

  /** Run `id` runs `code`; `source` is what the client has in its cell. */
  ran(id: number, source: string, code: string): void {
    this.newest = id
    this.#sources.set(pathOf(hashOf(source)), source)
    this.#runs.set(id, code)
  }

  /** A client is going to speak of this cell. */
  dump(source: string): string {
    const path = pathOf(hashOf(source))
    this.#sources.set(path, source)
    return path
  }

  source(path: string): string | undefined {
    return this.#sources.get(path)
  }

  /**
   * The first place in the JavaScript of the cell at `path` that belongs to `line` or one after it; `scripts` matches the
   * scripts of every run of it, those to come included.
   */
  async generated(path: string, line: number) {
    const source = this.#sources.get(path) ?? ''
    // The code of each magic is compiled alone; they have no lines in common.
    const places = readCell(source).steps.map(async ({ code, magic }, step) => {
      if (magic?.name === 'timeit') return undefined
      // Any run will do: they differ in the length of an id, and V8 stops at the next possible place.
      const found = (await this.#compile('cell:0', code))?.generated(line)
      return (
        found && { ...found, scripts: `^cell:\\d+/${scriptOf(source, step).replace('.', '\\.')}$` }
      )
    })
    const found = (await Promise.all(places)).filter((place) => place !== undefined)
    return found.sort((a, b) => a.line - b.line)[0]
  }

  /** Where a place (from 0, as V8 counts) of a script is; undefined when the script is no cell. */
  async place(url: string, line: number, column: number): Promise<CellPlace | undefined> {
    const [, id, hash] = script.exec(url) ?? []
    if (id === undefined || hash === undefined) return undefined
    const compiled = await this.#compile(`cell:${id}`, this.#runs.get(Number(id)))
    const found = compiled?.original(line + 1, column + 1)
    if (!compiled || !found) return undefined
    const end = line + 1 >= compiled.js.split('\n').length
    return { path: pathOf(hash), ...found, end }
  }

  #compile(name: string, code: string | undefined): Promise<Compiled | undefined> {
    if (code === undefined) return Promise.resolve(undefined)
    const key = `${name}\n${code}`
    let compiled = this.#compiled.get(key)
    // The same text gives the same JavaScript here as in the evaluator.
    compiled ??= compiler().then(({ compile }) => compile(code, name))
    this.#compiled.set(key, compiled)
    return compiled.catch(() => undefined)
  }
}

/** Takes the types out of an expression that was typed into the debugger. */
export async function withoutTypes(expression: string): Promise<string> {
  const { stripTypes } = await compiler()
  for (const attempt of [`(${expression}\n)`, expression])
    try {
      return stripTypes(attempt)
    } catch {
      // Not an expression, then statements; neither, then V8 says what is wrong.
    }
  return expression
}
