import { homedir } from 'node:os'
import { resolve } from 'node:path'
import { UsageError } from './types.js'

/** A file's name as it is typed: quotes may hold spaces, `~` is the home folder, the rest is below the current folder. */
export function typedPath(words: string, usage: string): string {
  const path = words.trim().replace(/^(["'])(.*)\1$/, '$2')
  if (path === '') throw new UsageError(`${usage} needs the name of a file`)
  return resolve(path.replace(/^~(?=[/\\]|$)/, homedir()))
}
