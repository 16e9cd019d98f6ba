import type * as Tracing from '@jridgewell/trace-mapping'
import { deepest, loadParser, tooDeep } from '../language/names.js'
import { survives } from '../language/trial.js'
import { lazily } from '../lazily.js'
import type { SourcePlace } from './frame.js'
import { offsetOf, type Pieces, placeOf } from './pieces.js'
import { rewrite } from './rewrite.js'
import { swcOptions } from './swc-options.js'
import { type Resources, withoutUsing } from './using.js'

export interface Compiled {
  /** The cell as it was typed. */
  source: string
  js: string
  /** A place in `js` → the place in `source`. */
  original(line: number, column: number): SourcePlace | undefined
  /** The first line of `source`, from `line` on, that became code, and where its code begins in `js`. */
  generated(line: number): { line: number; js: SourcePlace } | undefined
}

/** The cell is not TypeScript; the message is swc's, the place is the cell's. */
export class CellSyntaxError extends SyntaxError {
  override name = 'SyntaxError'
  readonly place: SourcePlace | undefined

  constructor(message: string, place: SourcePlace | undefined) {
    super(message)
    this.place = place
  }
}

// At once: the first cell waits for it.
loadParser()

/** For the first error. */
export const loadTracing = lazily<typeof Tracing>('@jridgewell/trace-mapping')

/** Code of our own around a cell's, on lines of its own. */
export interface Wrap {
  before: string
  after: string
}

export function compile(source: string, name: string, wrap?: Wrap): Compiled {
  // What stands inside of other code is not at the top.
  const { text, resources } = wrap
    ? { text: source, resources: new Map<string, boolean>() }
    : withoutUsing(source)
  const stripped = strip(text, wrap)
  let map: Tracing.TraceMap | undefined
  const traced = () => (map ??= new (loadTracing().TraceMap)(stripped.map))
  const toSource = (offset: number): SourcePlace | undefined => {
    const place = placeOf(stripped.code, offset)
    const found = loadTracing().originalPositionFor(traced(), {
      line: place.line,
      column: place.column - 1,
    })
    if (found.line === null) return undefined
    return { line: found.line - (wrap ? 1 : 0), column: found.column + 1 }
  }
  const pieces = rewritten(stripped.code, name, { source, resources, toSource })
  const original = (line: number, column: number): SourcePlace | undefined => {
    const offset = pieces.sourceOffset(line, column)
    return offset === undefined ? undefined : toSource(offset)
  }
  return {
    source,
    js: pieces.text,
    original,
    generated(from) {
      const name = traced().sources[0] ?? ''
      for (let line = from; line <= source.split('\n').length; line++) {
        const query = {
          source: name,
          line,
          column: 0,
          bias: loadTracing().LEAST_UPPER_BOUND,
        } as const
        for (const found of loadTracing().allGeneratedPositionsFor(traced(), query)) {
          if (found.line === null) continue
          const at = pieces.outOffset(offsetOf(stripped.code, found.line, found.column + 1))
          const js = at === undefined ? undefined : placeOf(pieces.text, at)
          if (js && original(js.line, js.column)?.line === line) return { line, js }
        }
      }
      return undefined
    },
  }
}

/** TypeScript → JavaScript, of anything that may stand in a cell. */
export const stripTypes = (source: string): string => strip(source).code

function strip(source: string, wrap?: Wrap): { code: string; map: string } {
  if (tooDeep(source))
    throw new CellSyntaxError(`a cell may nest ${deepest} brackets, this one nests more`, undefined)
  const options = swcOptions('cell.ts')
  const whole = wrap ? `${wrap.before}\n${source}\n${wrap.after}` : source
  if (!survives({ how: 'transformSync', code: whole, options }))
    throw new CellSyntaxError(
      'this cell is nested too deep for the parser (operators, arrows, else-ifs or types); write it in smaller steps',
      undefined,
    )
  try {
    const { code, map } = loadParser().transformSync(whole, options)
    return { code, map: map ?? '{}' }
  } catch (error) {
    throw syntaxError(error as Error, source, wrap ? 1 : 0)
  }
}

/** swc does not check early errors (`let a; let a`); acorn does. */
function rewritten(
  js: string,
  name: string,
  {
    toSource,
    ...about
  }: {
    source: string
    resources: Resources
    toSource: (offset: number) => SourcePlace | undefined
  },
): Pieces {
  try {
    return rewrite(js, name, about)
  } catch (error) {
    const { message, pos } = error as SyntaxError & { pos?: number }
    const place = pos === undefined ? undefined : toSource(pos)
    throw new CellSyntaxError(message.replace(/ \(\d+:\d+\)$/, ''), place)
  }
}

/** swc reports `x message` and a drawing: the line (` 2 | const b = = 2`) and carets under it (`   :           ^`). */
function syntaxError(error: Error, source: string, before: number): CellSyntaxError {
  const lines = error.message.split('\n')
  const message = /^\s*[x×]\s+(.*)/.exec(lines[0]!)?.[1] ?? lines[0]!
  const carets = lines.findIndex((line) => /^\s*:\s*\^/.test(line))
  const number = /^\s*(\d+) \|/.exec(lines[carets - 1] ?? '')?.[1]
  if (number === undefined) {
    const end = placeOf(source, source.trimEnd().length)
    return new CellSyntaxError(message.replace('token `<eof>`', 'end of the cell'), end)
  }
  const drawn = lines[carets]!
  return new CellSyntaxError(message, {
    line: Number(number) - before,
    column: drawn.indexOf('^') - drawn.indexOf(':') - 1,
  })
}
