import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll } from 'vitest'
import { packageRoot } from '../../cli/root.js'
import {
  createLanguageService,
  type LanguageServiceOptions,
  type TypeScriptService,
} from '../../kernel/language/typescript.js'

/** Registered when a test file imports this one: inside of a test `afterAll` would do nothing. */
const cleanups: (() => void)[] = []
afterAll(() => {
  for (const cleanup of cleanups.reverse()) cleanup()
})

/** A temporary folder with these files, removed after the test file. */
export function folderWith(files: Record<string, string> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'downhill-cells-'))
  for (const [path, text] of Object.entries(files)) writeInto(folder, path, text)
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

export function writeInto(folder: string, path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  writeFileSync(join(folder, path), text)
}

export interface Notebook {
  service: TypeScriptService
  /** Checks a cell and, if it has no error, runs it: `line:column TSnumber message` of each error. */
  run(code: string): Promise<string[]>
  check(code: string): Promise<string[]>
}

/** A kernel does not wait so long for its language server; a test on a busy machine does. */
const unhurried = { warm: 20_000, cold: 25_000 }

/** A language service over a folder, without the kernel. Lines and columns count from 0. */
export function notebook(
  folder: string,
  options?: Pick<LanguageServiceOptions, 'patience'>,
): Notebook {
  const service = createLanguageService({ folder, packageRoot, patience: unhurried, ...options })
  cleanups.push(() => service.dispose())
  const check = async (code: string) => {
    const { diagnostics, note } = await service.check(code)
    const lines = diagnostics.map(
      ({ start, code, message }) => `${start.line}:${start.column} TS${code} ${message}`,
    )
    return note ? [note, ...lines] : lines
  }
  const run = async (code: string) => {
    const found = await check(code)
    if (found.length === 0) service.commit(code)
    return found
  }
  return { service, run, check }
}
