import { createServer, type Server } from 'node:net'
import { expect, test } from 'vitest'
import { freePorts } from '../../../classroom/client/ports.js'
import { choosePort, onFreePort } from '../../../cli/lab/port.js'

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

test('who finds that others were quicker, twice, takes the next port, unless it must be this one', async () => {
  const others: Server[] = []
  /** Somebody has the port just before it is used. */
  const taken = (port: number) =>
    new Promise<never>((_, reject) => {
      const other = createServer()
      others.push(other)
      const late = () => reject(new Error(`${port} is taken`))
      other.once('error', late).listen(port, '127.0.0.1', late)
    })
  try {
    const tried: number[] = []
    const start = async (port: number) => {
      tried.push(port)
      return tried.length < 3 ? await taken(port) : port
    }
    const port = await onFreePort(await choosePort(), true, start)
    expect(tried[2]).toBe(port)
    expect(new Set(tried).size).toBe(3)
    const [asked] = await freePorts(1)
    await expect(onFreePort(asked!, false, taken)).rejects.toThrow(`${asked} is taken`)
  } finally {
    await Promise.all(others.map((other) => new Promise((done) => other.close(done))))
  }
})

test('what fails on a port that is free is told', async () => {
  const [port] = await freePorts(1)
  const broken = async () => {
    throw new Error('no disk')
  }
  await expect(onFreePort(port!, true, broken)).rejects.toThrow('no disk')
})
