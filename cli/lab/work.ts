import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import { UserError } from '../fail.js'

/** Copies the notebooks that `work` lacks, and never touches one that is there: it holds a learner's answers. */
export function fillWork(notebooks: string, work: string): string[] {
  const missing = readdirSync(notebooks).filter(
    (name) => name.endsWith('.ipynb') && !existsSync(join(work, name)),
  )
  try {
    mkdirSync(work, { recursive: true })
    for (const name of missing)
      writeFileAtomic.sync(join(work, name), readFileSync(join(notebooks, name)))
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    throw new UserError(
      `lab: cannot write to ${work} (${code ?? message}); name a folder of yours: downhill lab DIR`,
    )
  }
  return missing
}
