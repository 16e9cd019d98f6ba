import { setTimeout as sleep } from 'node:timers/promises'
import type { Column } from './columns.js'
import { type Answer, Peer } from './peer.js'

/** What each column answered, round by round; or why it did not. */
export type Found = Record<string, Answer[] | string>

/** What is asked of all; the column adds its way. */
export interface Request {
  work: string
  size?: number
  tensors?: number
  /** Steps that fill this time. */
  ms?: number
  check?: number
  data?: string
  batch?: number
  goal?: number
}

/** Threads of OpenMP look for more work a while after a step, and should not do so in the next peer's turn. */
const pause = 5

/** The processes of the columns, started when first asked. */
export class Processes {
  readonly #peers = new Map<string, Promise<Peer | string>>()
  readonly #versions = new Map<string, Set<string>>()

  async ask({ process, command }: Column, request: object): Promise<Answer> {
    if (!this.#peers.has(process)) this.#peers.set(process, this.#start(command))
    const peer = await this.#peers.get(process)!
    return typeof peer === 'string' ? { none: peer } : await peer.ask(request)
  }

  async #start(command: Column['command']): Promise<Peer | string> {
    try {
      const peer = await Peer.start(await command())
      for (const [name, version] of Object.entries(peer.versions))
        this.#versions.set(name, (this.#versions.get(name) ?? new Set()).add(version))
      return peer
    } catch (error) {
      return (error as Error).message
    }
  }

  /** Of all that answered. */
  versionLine(): string {
    return [...this.#versions]
      .map(([name, found]) => `${name} ${[...found].join(' and ')}`)
      .join(', ')
  }

  /** Frees what they prepared for the last workload. */
  async forget(): Promise<void> {
    for (const peer of await Promise.all(this.#peers.values()))
      if (typeof peer !== 'string') await peer.ask({ forget: true })
  }

  async close(): Promise<void> {
    for (const peer of await Promise.all(this.#peers.values()))
      if (typeof peer !== 'string') peer.close()
  }
}

/** A column whose step takes longer is measured three times only, so that it does not keep the others waiting for an hour. */
const slow = { ms: 2000, rounds: 3 }

/**
 * One workload by all columns in turns, `rounds` times; another column begins each time. The first turn of each prepares and
 * warms up, and is not counted.
 */
export async function inTurns(
  processes: Processes,
  columns: readonly Column[],
  request: Request,
  rounds: number,
): Promise<Found> {
  const found: Found = {}
  for (let round = 0; round <= rounds; round++) {
    const first = round % columns.length
    for (const column of [...columns.slice(first), ...columns.slice(0, first)]) {
      const { name } = column
      const before = found[name]
      if (typeof before === 'string' || (before && isEnough(before))) continue
      const warm = round === 0 && request.ms ? { ms: 4 * request.ms } : {}
      const answer = await askOnce(processes, column, { ...request, ...warm })
      await sleep(pause)
      if (answer.none !== undefined) found[name] = answer.none
      else if (round === 0) found[name] = []
      else (found[name] as Answer[]).push(answer)
    }
  }
  await processes.forget()
  return found
}

const isEnough = (answers: readonly Answer[]): boolean =>
  answers.length >= slow.rounds && answers.every(({ ms }) => ms! > slow.ms)

export async function askOnce(
  processes: Processes,
  column: Column,
  request: Request,
): Promise<Answer> {
  const { way, instead = {}, upTo = Number.POSITIVE_INFINITY } = column
  if ((request.size ?? 0) > upTo) return { none: 'not tried: too slow' }
  const work = instead[request.work] ?? request.work
  return await processes.ask(column, { ...request, work, way })
}
