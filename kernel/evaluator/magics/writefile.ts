import { readFile, realpath } from 'node:fs/promises'
import { writeAtomic } from '../../atomic.js'
import { typedPath } from './path.js'
import type { Magic } from './types.js'

/** `%%writefile`: the cell's text and a last newline. Whoever reads the file sees the old text or the new, whatever happens. */
export const writefile: Magic = async ({ args, body, print }) => {
  const append = /^-a(?=\s|$)/.test(args)
  const typed = typedPath(append ? args.slice(2) : args, '%%writefile [-a] FILE')
  // A link stays a link; what it names is replaced.
  const path = await realpath(typed).catch(() => typed)
  const before = await readFile(path).catch(unlessMissing)
  const text = Buffer.from(body.endsWith('\n') || body === '' ? body : `${body}\n`)
  await writeAtomic(path, append && before ? Buffer.concat([before, text]) : text)
  const word = !before ? 'Wrote' : append ? 'Appended to' : 'Overwrote'
  print(`${word} ${path}\n`)
  return undefined
}

function unlessMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error
}
