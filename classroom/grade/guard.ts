import { readdirSync, readFileSync, watch as watchFolder } from 'node:fs'
import type { Limits } from './sandbox.js'

const period = 250
const pageSize = 4096

interface Watched {
  pid: number
  limits: Pick<Limits, 'memory' | 'processes'>
  /** Of the sockets, on the grader's own disk. */
  folder: string
  stop(reason: string): void
}

const beside = 'wrote files beside the sockets of its kernel'
/** Changes of names in a folder of sockets: the five are made, and removed at the end. */
const mostChanges = 16

const watched = new Set<Watched>()
let timer: NodeJS.Timeout | undefined

/**
 * Watches what limits per process cannot bound: the memory and the number of all processes of a sandbox together, and the
 * files beside its sockets. Calls `stop` once, with the reason. The returned function ends the watch.
 */
export function watch(entry: Watched): () => void {
  watched.add(entry)
  timer ??= setInterval(look, period).unref()
  let changes = 0
  // Told at once, and also of a file whose name is gone again while the file goes on growing.
  const names = watchFolder(entry.folder, { persistent: false }, (event) => {
    changes += event === 'rename' ? 1 : 0
    if (changes > mostChanges || hasForeign(entry.folder)) end(entry, beside)
  }).on('error', () => {})
  return () => {
    names.close()
    watched.delete(entry)
    if (watched.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

function look(): void {
  const processes = readProcesses()
  for (const entry of watched) {
    const reason = excess(entry, processes)
    if (reason !== undefined) end(entry, reason)
  }
}

function end(entry: Watched, reason: string): void {
  if (watched.delete(entry)) entry.stop(reason)
}

interface Process {
  parent: number
  /** Bytes in memory. */
  resident: number
}

function excess({ pid, limits }: Watched, all: Map<number, Process>): string | undefined {
  const family = descendants(pid, all)
  if (family.length > limits.processes) return `started more than ${limits.processes} processes`
  const memory = family.reduce((sum, each) => sum + (all.get(each)?.resident ?? 0), 0)
  if (memory > limits.memory)
    return `used more than ${Math.round(limits.memory / 1e6).toLocaleString('en')} MB of memory`
  return undefined
}

function descendants(root: number, all: Map<number, Process>): number[] {
  const children = new Map<number, number[]>()
  for (const [pid, { parent }] of all) children.set(parent, [...(children.get(parent) ?? []), pid])
  const family = [root]
  for (const pid of family) family.push(...(children.get(pid) ?? []))
  return family
}

function hasForeign(folder: string): boolean {
  try {
    const all = readdirSync(folder, { withFileTypes: true })
    return !all.every((entry) => entry.isSocket() || entry.name === 'connection.json')
  } catch {
    return false // It has ended, and its folder with it.
  }
}

/** Linux's /proc; elsewhere there is no sandbox to watch. */
function readProcesses(): Map<number, Process> {
  const all = new Map<number, Process>()
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    try {
      // After the name in brackets, which may contain anything: state, parent, … and as 22nd of them the resident pages.
      const stat = readFileSync(`/proc/${name}/stat`, 'latin1')
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      all.set(Number(name), { parent: Number(fields[1]), resident: Number(fields[21]) * pageSize })
    } catch {
      // It ended meanwhile.
    }
  }
  return all
}
