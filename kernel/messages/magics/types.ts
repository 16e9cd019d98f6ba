import type { Failure, MagicRequest } from '../../evaluator/protocol.js'
import type { Context, TypeErrors } from '../types.js'

/** A word before code: `%name args` takes one line, `%%name args` the whole cell below it. */
export interface Magic {
  name: string
  /** How it is written: `%who [TYPE]`. */
  usage: string
  /** What it does, in one line. */
  summary: string
  /** Which of `%name` and `%%name` there are. */
  forms: readonly ('%' | '%%')[]
  /** What is TypeScript: the text behind its options, or the cell below it, or both. */
  code?: boolean
  /** Options before the code of a line. */
  options?: RegExp
  /** Answered by the kernel itself; without it the evaluator has a magic of the same name. */
  answer?(call: MagicRequest, context: MagicContext): void | Promise<void>
}

export interface MagicContext extends Context {
  print(text: string): void
}

/** One thing after the other that a cell asks for. */
export interface Step {
  /** TypeScript, everything else of the cell blanked, so that lines and columns are the cell's own. */
  code: string
  magic?: MagicRequest
}

/** A cell, its magics told from its TypeScript. */
export interface Cell {
  steps: Step[]
  /** Its TypeScript, of the same length and lines: what the language service sees. */
  code: string
  /** What of it stays for later cells. */
  kept: string
  /** Whether it has magics at all. */
  magic: boolean
  types?: TypeErrors
  /** Why nothing of it can run. */
  error?: Failure
}
