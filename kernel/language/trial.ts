import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import type { Options, ParseOptions } from '@swc/core'
import { withoutInspector } from '../no-inspector.js'

/**
 * swc is native and recursive: a cell nested deep enough (`a=>a=>…`, `!!!…`, `if(a){}else if(b){}…`) overflows the stack
 * and ends the process that asked. Each level needs a token, and of some fifty constructs none overflows at 1000 levels,
 * none of those with fewer than three tokens a level at 2000. Longer cells are first tried in a process of their own.
 */
const harmless = 2000

/** Milliseconds that swc may take; generated code of 10 MB takes less. */
const patience = 5000

const program = `
const { how, code, options, swc } = JSON.parse(require('node:fs').readFileSync(0, 'utf8'))
try { require(swc)[how](code, options) } catch {}`

/** The verdicts of the newest cells: one cell is asked about several times (check, commit, completion). */
const verdicts = new Map<string, boolean>()
const remembered = 8

type Trial =
  | { how: 'parseSync'; code: string; options: ParseOptions }
  | { how: 'transformSync'; code: string; options: Options }

/** Whether swc can be asked this in our own process, and will answer. */
export function survives(trial: Trial): boolean {
  if (tokens(trial.code) <= harmless) return true
  const key = `${trial.how} ${trial.code}`
  const verdict = verdicts.get(key) ?? attempt(trial)
  verdicts.delete(key)
  verdicts.set(key, verdict)
  const [oldest] = verdicts.keys()
  if (verdicts.size > remembered) verdicts.delete(oldest!)
  return verdict
}

function attempt(trial: Trial): boolean {
  const swc = createRequire(import.meta.url).resolve('@swc/core')
  const { status } = spawnSync(process.execPath, ['-e', program], {
    input: JSON.stringify({ ...trial, swc }),
    stdio: ['pipe', 'ignore', 'ignore'],
    timeout: patience,
    killSignal: 'SIGKILL',
    windowsHide: true,
    env: withoutInspector().env,
  })
  return status === 0
}

/** Never fewer than can nest: text in strings and comments counts, only the numbers of a list do not. */
export function tokens(code: string): number {
  if (code.length < harmless / 2) return code.length
  return code.replace(/\b\d[\d.]*\s*,/g, '').match(/[\p{L}\p{N}_$]+|\S/gu)?.length ?? 0
}
