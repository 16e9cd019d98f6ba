import { readFileSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { TraceMap } from '@jridgewell/trace-mapping'
import { loadParser } from '../language/names.js'
import { loadTracing } from './compile.js'
import { swcOptions } from './swc-options.js'

const maps = new Map<string, TraceMap | undefined>()

/** The place in a TypeScript file that the loader's hook compiled: its map is made again when an error needs it. */
export function filePlace(url: string, line: number, column: number): string | undefined {
  // The file may have been loaded again since it changed.
  const key = `${url} ${statSync(new URL(url), { throwIfNoEntry: false })?.mtimeMs}`
  if (!maps.has(key)) maps.set(key, mapOf(url))
  const map = maps.get(key)
  const found = map && loadTracing().originalPositionFor(map, { line, column: column - 1 })
  if (!found || found.line === null) return undefined
  return `${fileURLToPath(url)}:${found.line}:${found.column + 1}`
}

function mapOf(url: string): TraceMap | undefined {
  try {
    const filename = fileURLToPath(url)
    const { map } = loadParser().transformSync(readFileSync(filename, 'utf8'), swcOptions(filename))
    return map ? new (loadTracing().TraceMap)(map) : undefined
  } catch {
    // Changed or gone since it was loaded: its frames stay as V8 tells them.
    return undefined
  }
}
