import { fileError, UserError } from '../src/host/user-error.js'

export { fileError, UserError }

/** Prints one line for an expected failure, the stack for a defect of ours, and ends with a non-zero status. */
export function failWith(error: unknown): never {
  const expected = error instanceof UserError
  const text =
    error instanceof Error
      ? expected
        ? error.message
        : (error.stack ?? error.message)
      : String(error)
  // The names of files in it may be those of strangers, and hold what a terminal obeys.
  process.stderr.write(`downhill: ${text.replace(/[^\P{C}\n\t]/gu, '?')}\n`)
  process.exit(1)
}
