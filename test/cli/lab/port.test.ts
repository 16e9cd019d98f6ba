import { createServer } from 'node:net'
import { expect, test } from 'vitest'
import { freePorts } from '../../../classroom/client/ports.js'
import { choosePort } from '../../../cli/lab/port.js'

/** Of those that no system gives out by itself: nobody else gets it once it is free. */
async function withTaken(work: (port: number) => Promise<void>): Promise<void> {
  const server = createServer()
  const [port] = await freePorts(1)
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  try {
    await work(port!)
  } finally {
    await new Promise((resolve) => server.close(resolve))
  }
}

test('a port that is taken is refused with the way out, and is given once it is free', async () => {
  let port = 0
  await withTaken(async (taken) => {
    port = taken
    await expect(choosePort(String(taken))).rejects.toThrow(
      `lab: port ${taken} is in use; name another with --port`,
    )
  })
  expect(await choosePort(String(port))).toBe(port)
})

test('without a wish it is a free one from 8888 on', async () => {
  const port = await choosePort(undefined)
  expect(port).toBeGreaterThanOrEqual(8888)
  expect(port).toBeLessThan(8988)
})

test.each(['0', '65536', '8.5', 'http', ''])('--port %j is refused', async (asked) => {
  await expect(choosePort(asked)).rejects.toThrow(
    `lab: --port must be a whole number from 1 to 65535, got ${asked}`,
  )
})
