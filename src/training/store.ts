/** Where checkpoints are kept where there are no files: IndexedDB in a browser, a Map in a test. */
export interface CheckpointStore {
  /** What was kept under this key last; undefined if nothing was. */
  get(key: string): Uint8Array | undefined | Promise<Uint8Array | undefined>
  /** Keeps the bytes, whole or not at all. */
  set(key: string, bytes: Uint8Array): unknown
}

const noFiles =
  'there are no files here; give checkpoint a store, { get(key), set(key, bytes) }, in place of a path'

async function nodeFiles(): Promise<typeof import('node:fs/promises')> {
  if (!('process' in globalThis) || 'window' in globalThis)
    throw new Error(`checkpoint: ${noFiles}`)
  // A name that no bundler follows: a page has no use for Node's files.
  const name = 'node:fs/promises'
  return import(/* @vite-ignore */ name)
}

const isMissing = (error: unknown): boolean => (error as { code?: unknown })?.code === 'ENOENT'

/** Refuses a path that nothing can be written to, before hours of training are lost: a missing folder, one of somebody else. */
export async function checkPath(path: string): Promise<void> {
  const { open, rm } = await nodeFiles()
  const probe = besides(path)
  try {
    await (await open(probe, 'w')).close()
  } catch (cause) {
    const why = isMissing(cause) ? 'its folder is not there; make it first' : `${cause}`
    throw new Error(`checkpoint: ${path} cannot be written: ${why}`, { cause })
  } finally {
    await rm(probe, { force: true })
  }
}

/** Of this process alone. */
const besides = (path: string): string => `${path}.${globalThis.process.pid}.tmp`

/** The key is the path. A file is written beside and renamed: whoever reads it finds the old one or the new one, whatever happens. */
export const fileStore: CheckpointStore = {
  async get(path) {
    const { readFile } = await nodeFiles()
    return readFile(path).catch((error: unknown) => {
      if (isMissing(error)) return undefined
      throw error
    })
  },
  async set(path, bytes) {
    const { open, rename, rm } = await nodeFiles()
    const temporary = besides(path)
    await rm(temporary, { force: true })
    try {
      const file = await open(temporary, 'wx')
      try {
        await file.writeFile(bytes) // repeats until all is written, or fails
        await file.sync()
      } finally {
        await file.close()
      }
      await rename(temporary, path)
    } catch (error) {
      await rm(temporary, { force: true })
      throw error
    }
  },
}
