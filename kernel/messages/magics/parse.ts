import { nearest } from '../../../src/host/nearest.js'
import { frame } from '../../evaluator/frame.js'
import type { MagicRequest } from '../../evaluator/protocol.js'
import { parseCell } from '../../language/names.js'
import { magics } from './table.js'
import type { Cell, Magic, Step } from './types.js'

const typeModes = ['off', 'warn', 'error'] as const

/**
 * Tells a cell's magics from its TypeScript. Magics stand in the first lines, where no JavaScript begins with `%`; blank
 * lines and `//` comments may stand between them.
 */
export function readCell(code: string): Cell {
  return new Reader(code).cell
}

/** The word at the cursor, if a magic could stand there: `%ti` → { word: '%ti', start: 0 }. */
export function magicWordAt(
  code: string,
  cursor: number,
): { word: string; start: number } | undefined {
  const start = code.lastIndexOf('\n', cursor - 1) + 1
  const [, indent, word] = /^(\s*)(%{1,2}\w*)$/.exec(code.slice(start, cursor)) ?? []
  if (word === undefined) return undefined
  const above = code.slice(0, start)
  const first = readCell(above)
    .code.split('\n')
    .every((line) => /^\s*(\/\/|$)/.test(line))
  return first ? { word, start: start + indent!.length } : undefined
}

class Reader {
  readonly cell: Cell
  readonly #source: string
  #at = 0
  /** What is TypeScript, and what of it later cells see. */
  readonly #code: [number, number][] = []
  readonly #kept: [number, number][] = []

  constructor(source: string) {
    this.#source = source
    this.cell = { steps: [], code: source, kept: source, magic: false }
    while (this.#at < source.length && this.#line());
    if (!this.cell.magic) {
      this.cell.steps.push({ code: source })
      return
    }
    this.#rest()
    this.cell.code = only(source, this.#code)
    this.cell.kept = only(source, this.#kept)
  }

  /** Reads one line; false where the magics end. */
  #line(): boolean {
    const start = this.#at
    const end = lineEnd(this.#source, start)
    const line = this.#source.slice(start, end)
    if (/^\s*(\/\/|$)/.test(line)) {
      this.#at = end + 1
      return true
    }
    const found = /^(\s*)(%%|%(?=[a-z]))(\w*)(\s*)/i.exec(line)
    if (!found) return false
    this.cell.magic = true
    const [head, indent, sign, name] = found as unknown as [string, string, '%' | '%%', string]
    const column = indent.length + 1
    const refuse = (ename: string, message: string): false => {
      const place = { line: this.#source.slice(0, start).split('\n').length, column }
      const drawing = frame(this.#source, place, sign.length + name.length)
      this.cell.error = {
        ename,
        evalue: message,
        traceback: [`${ename}: ${message}`, ...drawing],
      }
      this.#at = this.#source.length
      return false
    }
    const magic = magics.get(name)
    if (!magic) return refuse('UnknownMagic', unknownMessage(sign + name))
    if (!magic.forms.includes(sign))
      return refuse('UsageError', `${sign}${name} is written ${magic.usage}`)
    if (name === 'typecheck') {
      const mode = typeModes.find((mode) => mode === line.slice(head.length).trim())
      if (!mode) return refuse('UsageError', `${line.trim()}: it is written ${magic.usage}`)
      this.cell.types = mode
      this.#at = end + 1
      return true
    }
    return this.#call(magic, { sign, from: start + head.length, end })
  }

  #call(magic: Magic, { sign, from, end }: { sign: string; from: number; end: number }): boolean {
    const { name } = magic
    const args = this.#source.slice(from, end).trim()
    const options = magic.options?.exec(this.#source.slice(from, end))?.[0] ?? ''
    const inLine = from + options.length
    const alone = args.length === options.trim().length
    if (magic.code && (sign === '%' ? !alone : alone)) {
      const begin = sign === '%' ? inLine : Math.min(end + 1, this.#source.length)
      const stop = sign === '%' ? statementEnd(this.#source, begin) : this.#source.length
      this.#step([begin, stop], { name, args: options.trim(), body: '' })
      if (name !== 'timeit') this.#kept.push([begin, stop])
      this.#at = stop + 1
      return sign === '%'
    }
    // `%time` alone: what follows is what it times.
    if (magic.code && sign === '%') return this.#call(magic, { sign: '%%', from, end })
    const body = sign === '%%' ? this.#source.slice(end + 1) : ''
    this.cell.steps.push({ code: '', magic: { name, args, body } })
    this.#at = sign === '%%' ? this.#source.length : end + 1
    return sign === '%'
  }

  #rest(): void {
    const range: [number, number] = [this.#at, this.#source.length]
    if (this.#source.slice(this.#at).trim() === '') return
    this.#kept.push(range)
    this.#step(range)
  }

  #step(range: [number, number], magic?: MagicRequest): void {
    this.#code.push(range)
    const step: Step = { code: only(this.#source, [range]) }
    this.cell.steps.push(magic ? { ...step, magic } : step)
  }
}

function unknownMessage(word: string): string {
  const near = nearest(word.replace(/^%+/, ''), magics.keys())
  const found = near && magics.get(near)
  const hint = found ? `; did you mean ${found.usage.split(' ')[0]}?` : '.'
  return `${word} is not a magic${hint} %lsmagic lists them all.`
}

/** The text with everything outside the ranges blanked: the same length, the same lines. */
function only(text: string, ranges: [number, number][]): string {
  let out = ''
  let at = 0
  for (const [from, to] of ranges) {
    out += blank(text.slice(at, from)) + text.slice(from, to)
    at = Math.max(at, to)
  }
  return out + blank(text.slice(at))
}

const blank = (text: string): string => text.replace(/[^\r\n]/g, ' ')

const lineEnd = (text: string, from: number): number => {
  const end = text.indexOf('\n', from)
  return end < 0 ? text.length : end
}

/** A statement may be this many lines longer than its first; this is asked at every key that is pressed. */
const longest = 50

/** The end of the line in which what begins at `from` is whole; of its first line, if it never is. */
function statementEnd(text: string, from: number): number {
  const first = lineEnd(text, from)
  let end = first
  for (let lines = 0; lines <= longest; lines++) {
    if (parseCell(text.slice(from, end))) return end
    if (end >= text.length) break
    end = lineEnd(text, end + 1)
  }
  return first
}
