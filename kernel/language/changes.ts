import { localFile } from '../evaluator/files.js'
import { filesBehind, importsIn } from '../evaluator/versions.js'

/** The files that cells import: the server reads each once, and has to be told when one changes. */
export class Changes {
  readonly #folder: string
  readonly #stamps = new Map<string, string>()

  constructor(folder: string) {
    this.#folder = folder
  }

  /** Files of this cell and of earlier ones that changed since they were last asked for. */
  since(code: string): string[] {
    const roots = importsIn(code).map((name) => localFile(name, this.#folder))
    const changed = new Set<string>()
    for (const root of [...this.#stamps.keys(), ...roots]) {
      if (!root) continue
      for (const [path, stamp] of filesBehind(root)) {
        const before = this.#stamps.get(path)
        if (before !== undefined && before !== stamp) changed.add(path)
        this.#stamps.set(path, stamp)
      }
    }
    return [...changed]
  }
}
