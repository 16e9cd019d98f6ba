import { basename, join } from 'node:path'
import { writeAtomic } from '../../kernel/atomic.js'
import { makeFolder } from '../../kernel/make-folder.js'
import { fileError, UserError } from '../../src/host/user-error.js'

const wayOut = 'choose another folder with --out'

/**
 * Where the page of each notebook goes: `OUT/NAME.html`. The folder is made, so that a run that could not be kept is
 * refused before it starts.
 * @throws UserError when the folder cannot be had, or two notebooks would become one page
 */
export function pagePaths(notebooks: readonly string[], out: string): string[] {
  const pages = notebooks.map((path) =>
    join(out, `${basename(path).replace(/\.ipynb$/i, '')}.html`),
  )
  pages.forEach((page, k) => {
    const first = pages.indexOf(page)
    if (first !== k) {
      throw new UserError(
        `export: ${notebooks[first]} and ${notebooks[k]} would both become ${page}; export one of them to another --out`,
      )
    }
  })
  try {
    makeFolder(out)
  } catch (error) {
    throw fileError(out, { what: 'written', error, wayOut })
  }
  return pages
}

/** Writes a page in one step: a reader sees the old one or the new one, never half of either. */
export async function writePage(path: string, html: string): Promise<void> {
  try {
    await writeAtomic(path, html)
  } catch (error) {
    throw fileError(path, { what: 'written', error, wayOut })
  }
}
