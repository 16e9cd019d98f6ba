import { isFree } from '../../classroom/client/ports.js'
import { UserError } from '../fail.js'

const first = 8888

/** The port that was asked for, else the first free one from 8888 on. */
export async function choosePort(asked?: string): Promise<number> {
  if (asked === undefined) {
    for (let port = first; port < first + 100; port++) if (await isFree(port)) return port
    throw new UserError(
      `lab: no port from ${first} to ${first + 99} is free; name one with --port N`,
    )
  }
  const port = Number(asked)
  if (!Number.isInteger(port) || port < 1 || port > 65535)
    throw new UserError(`lab: --port must be a whole number from 1 to 65535, got ${asked}`)
  if (await isFree(port)) return port
  throw new UserError(
    `lab: port ${port} is in use; name another with --port, or leave it out to get a free one`,
  )
}

/**
 * Starts what listens on a port. Of several that start at once all choose the same, and one has it: if another may be taken, the others
 * try the next, of which again one has it.
 */
export async function onFreePort<T>(
  port: number,
  another: boolean,
  start: (port: number) => Promise<T>,
): Promise<T> {
  return await start(port).catch(async (error: unknown) => {
    if (!another || (await isFree(port))) throw error
    return await onFreePort(await choosePort(), another, start)
  })
}
