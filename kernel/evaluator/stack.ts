import { cellPlace } from './cells.js'
import { filePlace } from './file-stack.js'
import { unversioned } from './versions.js'

const own = new URL('.', import.meta.url).href
const location = /(cell:\d+)(?:\/[\d.]+)?:(\d+):(\d+)/g
const file = /(file:\/\/[^\s)]*\.(?:m?ts|tsx)):(\d+):(\d+)/g

const machinery = /node:|^new Promise \(<anonymous>\)$/

/** The learner's words for a frame: `at f (Cell 3:4:11)`, in lines of TypeScript. */
function tell(frame: string): string {
  const told = unversioned(frame).replace(
    file,
    (text, url: string, line: string, column: string) =>
      filePlace(url, Number(line), Number(column)) ?? text,
  )
  return told.replace(location, (text, name: string, line: string, column: string) => {
    const { label, place } = cellPlace(name, Number(line), Number(column)) ?? {}
    if (!label) return text
    return place ? `${label}:${place.line}:${place.column}` : label
  })
}

/** Frames of the kernel itself and of the machinery that calls a cell say nothing about the learner's code. */
function hidden(frame: string): boolean {
  return frame.includes(own) || /node:(inspector|downhill)/.test(frame)
}

/** A function that calls itself without end fills the stack with one line. */
function withoutRepeats(lines: string[]): string[] {
  const told: string[] = []
  for (let i = 0; i < lines.length; ) {
    const line = lines[i]!
    const next = lines.findIndex((other, j) => j > i && other !== line)
    const times = (next < 0 ? lines.length : next) - i
    told.push(...(times > 3 ? [line, '    … the same again and again'] : lines.slice(i, i + times)))
    i += times
  }
  return told
}

/** Makes `error.stack` readable everywhere: in tracebacks, in console.error(error), in libraries that print it. */
export function installStacks(): void {
  Error.stackTraceLimit = 30
  Error.prepareStackTrace = (error, sites) => {
    let head: string
    try {
      head = Error.prototype.toString.call(error)
    } catch {
      head = 'Error'
    }
    const frames = sites.map(String).filter((frame) => !hidden(frame))
    // What called the outermost cell frame is Node's own.
    const outermost = frames.findLastIndex((frame) => frame.search(location) >= 0)
    while (frames.length > outermost + 1 && machinery.test(frames.at(-1)!)) frames.pop()
    return [head, ...withoutRepeats(frames.map((frame) => `    at ${tell(frame)}`))].join('\n')
  }
}
