import { mkdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { UserError } from '../../src/host/user-error.js'
import { writeAtomic } from '../notebook/atomic.js'

const advice: Readonly<Record<string, string>> = {
  EACCES: 'you may not write there; choose another with --out',
  EPERM: 'you may not write there; choose another with --out',
  EROFS: 'it is read-only; choose another with --out',
  ENOSPC: 'the disk is full; free some space and run it again',
  EEXIST: 'a file of that name is in the way; choose another with --out',
  ENOTDIR: 'a part of the path is a file, not a folder; choose another with --out',
  EISDIR: 'a folder has the name of the page; choose another with --out',
  EBUSY: 'another program holds it; close that and run it again',
}

function refuse(path: string, error: unknown): never {
  const code = String((error as NodeJS.ErrnoException).code ?? error)
  throw new UserError(
    `${path}: cannot be written (${code}); ${advice[code] ?? 'choose another with --out'}`,
  )
}

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
    mkdirSync(out, { recursive: true })
  } catch (error) {
    refuse(out, error)
  }
  return pages
}

/** Writes a page in one step: a reader sees the old one or the new one, never half of either. */
export async function writePage(path: string, html: string): Promise<void> {
  try {
    await writeAtomic(path, html)
  } catch (error) {
    refuse(path, error)
  }
}
