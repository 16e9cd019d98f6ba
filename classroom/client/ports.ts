import { randomInt } from 'node:crypto'
import { connect, createServer } from 'node:net'
import { UserError } from '../../src/host/user-error.js'

/** Below what systems give out by themselves (Linux from 32768, others from 49152): a port is still free when the kernel, seconds later, binds it. */
const first = 20_000
const last = 32_000

/** `count` different free ports, for a kernel that cannot choose its own. Not every kernel tells, or ends, if one is taken. */
export async function freePorts(count: number): Promise<number[]> {
  const ports = new Set<number>()
  for (let tries = 0; ports.size < count; tries++) {
    if (tries === last - first)
      throw new UserError(
        `found no ${count} free ports on 127.0.0.1 from ${first} to ${last}; end programs that listen there`,
      )
    const port = randomInt(first, last)
    if (await isFree(port)) ports.add(port)
  }
  return [...ports]
}

export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, () =>
      probe.close(() => resolve(true)),
    )
  })
}

/** Whether somebody listens there already. */
export function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect({ port, host: '127.0.0.1' })
    const answer = (listening: boolean) => {
      probe.destroy()
      resolve(listening)
    }
    probe.once('connect', () => answer(true)).once('error', () => answer(false))
  })
}
