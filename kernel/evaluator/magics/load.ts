import { readFile } from 'node:fs/promises'
import { typedPath } from './path.js'
import type { Magic } from './types.js'

/** `%load`: the client replaces the cell by the file's text; the first line keeps where it came from. */
export const load: Magic = async ({ args }) => {
  const text = await readFile(typedPath(args, '%load FILE'), 'utf8')
  const source = `// %load ${args}\n${text.replace(/\n$/, '')}`
  return { payload: [{ source: 'set_next_input', text: source, replace: true }] }
}
