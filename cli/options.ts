import { InvalidArgumentError } from 'commander'
import { openHost } from '../classroom/client/index.js'
import type { KernelHost } from '../classroom/client/types.js'

/** For `--timeout S`: seconds → milliseconds. */
export function seconds(text: string): number {
  const value = Number(text)
  if (!(value > 0 && value <= 86_400))
    throw new InvalidArgumentError(`must be seconds, more than 0, got "${text}"`)
  return value * 1000
}

/** For `--jobs N`. */
export function wholeNumber(text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1)
    throw new InvalidArgumentError(`must be a whole number from 1, got "${text}"`)
  return value
}

/** Opens the host of `--server URL`, gives it to `work`, and closes it whatever happens. */
export async function withHost<T>(
  server: string | undefined,
  work: (host: KernelHost) => Promise<T>,
): Promise<T> {
  // An argument would show the token to everybody who lists processes.
  const host = await openHost({ server, token: process.env.JUPYTER_TOKEN })
  try {
    return await work(host)
  } finally {
    await host.dispose()
  }
}
