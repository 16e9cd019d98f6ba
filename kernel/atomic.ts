import { randomUUID } from 'node:crypto'
import { open, rename, rm, stat } from 'node:fs/promises'

/**
 * Writes a file in one step: whoever reads it sees the old text or the new one, whatever happens.
 * The package write-file-atomic does not do: on a full disk the system takes a part of the bytes, and it renames that part.
 */
export async function writeAtomic(path: string, content: string | Uint8Array): Promise<void> {
  const mode = await stat(path).then(
    (found) => found.mode,
    () => 0o666,
  )
  const temporary = `${path}.${randomUUID()}.tmp`
  try {
    const file = await open(temporary, 'wx', mode)
    try {
      await file.writeFile(content) // repeats until all is written, or fails
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
}
