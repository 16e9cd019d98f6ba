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
