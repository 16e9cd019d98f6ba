import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeAtomic } from '../../kernel/atomic.js'
import { makeFolder } from '../../kernel/make-folder.js'
import { fileError } from '../fail.js'

/** Copies the notebooks that `work` lacks, and never touches one that is there: it holds a learner's answers. */
export async function fillWork(notebooks: string, work: string): Promise<string[]> {
  const missing = readdirSync(notebooks).filter(
    (name) => name.endsWith('.ipynb') && !existsSync(join(work, name)),
  )
  try {
    makeFolder(work)
    for (const name of missing)
      await writeAtomic(join(work, name), readFileSync(join(notebooks, name), 'utf8'))
  } catch (error) {
    const wayOut = 'name a folder of yours: downhill lab DIR'
    throw fileError(work, { what: 'written', error, wayOut })
  }
  return missing
}
