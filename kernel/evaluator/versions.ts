import { createHash } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { pathToFileURL } from 'node:url'
import { localFile } from './files.js'

/**
 * Modules are loaded once for each URL, so a file that changed needs a new one, and so does a file that imports it:
 * the version in a URL is that of all files behind it. It is read off the disk alone, so that the main thread and the
 * loader's hooks agree without a word.
 */
export const versioned = (file: string): string => {
  const stamps = [...filesBehind(file)].map(([path, stamp]) => `${path} ${stamp}`).sort()
  const version = createHash('sha1').update(stamps.join('\n')).digest('hex').slice(0, 8)
  return `${pathToFileURL(file).href}?v=${version}`
}

/** For people to read. */
export const unversioned = (text: string): string => text.replace(/\?v=[\da-f]{8}(?=:\d)/g, '')

/** A file and those of the project that it imports, to any depth, with a stamp that a change changes. */
export function filesBehind(file: string): Map<string, string> {
  const found = new Map<string, string>()
  const visit = (path: string): void => {
    if (found.has(path)) return
    const stat = statSync(path, { bigint: true, throwIfNoEntry: false })
    if (!stat) return
    const stamp = `${stat.mtimeNs} ${stat.size} ${stat.ino}`
    found.set(path, stamp)
    for (const specifier of importsOf(path, stamp)) {
      const next = localFile(specifier, dirname(path))
      if (next) visit(next)
    }
  }
  visit(file)
  return found
}

const known = new Map<string, { stamp: string; imports: string[] }>()

function importsOf(path: string, stamp: string): string[] {
  if (!/\.[mc]?[jt]sx?$/.test(path) || path.includes('/node_modules/')) return []
  const before = known.get(path)
  if (before?.stamp === stamp) return before.imports
  let imports: string[] = []
  try {
    imports = importsIn(readFileSync(path, 'utf8'))
  } catch {
    // Not to be read, or gone: whoever imports it will say so.
  }
  known.set(path, { stamp, imports })
  return imports
}

/** What looks like an import: one too many, say in a comment, costs a look at a file. */
export const importsIn = (code: string): string[] =>
  Array.from(
    code.matchAll(/\b(?:from|import|require)\s*\(?\s*(['"])([^'"\n]+)\1/g),
    ([, , specifier]) => specifier!,
  )
