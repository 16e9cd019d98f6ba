import { createServer } from 'node:net'
import { expect, test } from 'vitest'
import { freePorts, isFree, isListening } from '../../../classroom/client/ports.js'

test('ports for a kernel differ, are free, and are none that the system gives to others', async () => {
  const ports = await freePorts(40)
  expect(new Set(ports).size).toBe(40)
  for (const port of ports) {
    expect(port).toBeGreaterThanOrEqual(20_000)
    expect(port).toBeLessThan(32_000)
    expect(await isFree(port)).toBe(true)
  }
})

test('a port that somebody listens on is not free', async () => {
  const [port] = await freePorts(1)
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  expect([await isFree(port!), await isListening(port!)]).toEqual([false, true])
  await new Promise((resolve) => server.close(resolve))
  expect([await isFree(port!), await isListening(port!)]).toEqual([true, false])
})
