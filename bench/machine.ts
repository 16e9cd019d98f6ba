import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import os from 'node:os'
import { join } from 'node:path'
import { packageRoot } from '../cli/root.js'
import { writeAtomic } from '../kernel/atomic.js'
import { node24 } from '../test/support/node24.js'

export interface Machine {
  cpu: string
  cores: number
  memoryGiB: number
  system: string
  /** How many processes wanted to run, before and after the measurement. */
  load: { before: number; after: number }
}

/** Call it when the measurement begins, and the result when it has ended. */
export function readMachine(): () => Machine {
  const before = os.loadavg()[0]!
  return () => ({
    cpu: os.cpus()[0]?.model ?? 'unknown',
    cores: os.cpus().length,
    memoryGiB: Math.round(os.totalmem() / 2 ** 30),
    system: `${os.type()} ${os.release()}`,
    load: { before, after: os.loadavg()[0]! },
  })
}

export const machineLine = ({ cpu, cores, memoryGiB, system, load }: Machine): string =>
  `Machine: ${cpu}, ${cores} cores, ${memoryGiB} GiB, ${system}; load ${load.before.toFixed(1)} before and ${load.after.toFixed(1)} after.`

export const today = (): string => new Date().toISOString().slice(0, 10)

/** Writes bench/results/NAME-DATE.EXT. */
export async function writeResult(name: string, ext: 'md' | 'json', text: string): Promise<void> {
  const folder = join(packageRoot, 'bench', 'results')
  mkdirSync(folder, { recursive: true })
  await writeAtomic(join(folder, `${name}-${today()}.${ext}`), text)
}

/** The Nodes that the kernel is tested on: version → program. */
export function nodes(): Record<string, string> {
  const programs = [process.execPath, node24()].filter((program) => program !== undefined)
  const version = (program: string) =>
    execFileSync(program, ['-p', 'process.versions.node'], { encoding: 'utf8' }).trim()
  return Object.fromEntries(programs.map((program) => [version(program), program]))
}

export const row = (cells: (string | number)[]): string => `| ${cells.join(' | ')} |`
