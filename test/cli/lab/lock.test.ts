import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { withLock } from '../../../cli/lab/lock.js'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'downhill-lock-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('two that want the same lock work one after the other, and say that they wait once', async () => {
  const path = join(folder, 'deep', 'lock')
  const events: string[] = []
  const job = (name: string) =>
    withLock(
      path,
      () => events.push(`${name} waits`),
      async () => {
        events.push(`${name} in`)
        await new Promise((resolve) => setTimeout(resolve, 300))
        events.push(`${name} out`)
      },
    )
  await Promise.all([job('a'), job('b')])
  expect(events).toEqual(['a in', 'b waits', 'a out', 'b in', 'b out'])
  expect(existsSync(path)).toBe(false)
})

test('a failure gives the lock back', async () => {
  const path = join(folder, 'lock')
  const broken = withLock(
    path,
    () => {},
    async () => {
      throw new Error('broken')
    },
  )
  await expect(broken).rejects.toThrow('broken')
  expect(existsSync(path)).toBe(false)
})

test('the lock of a process that is gone holds nobody up', async () => {
  const path = join(folder, 'lock')
  writeFileSync(path, String(spawnSync(process.execPath, ['-e', '']).pid))
  const waiting = vi.fn()
  const holder = await withLock(path, waiting, async () => readFileSync(path, 'utf8'))
  expect(holder).toBe(String(process.pid))
  expect(waiting).not.toHaveBeenCalled()
})

test('of two that find the lock of a process that is gone, one comes after the other', async () => {
  const path = join(folder, 'lock')
  writeFileSync(path, String(spawnSync(process.execPath, ['-e', '']).pid))
  const events: string[] = []
  const job = (name: string) =>
    withLock(
      path,
      () => {},
      async () => {
        events.push(`${name} in`)
        await new Promise((resolve) => setTimeout(resolve, 300))
        events.push(`${name} out`)
      },
    )
  // The second has it just when the first has seen that nobody has it.
  const kill = vi.spyOn(process, 'kill')
  const second = new Promise<void>((resolve) =>
    kill.mockImplementationOnce((pid, signal) => {
      resolve(job('second'))
      return process.kill(pid, signal)
    }),
  )
  await Promise.all([job('first'), second])
  kill.mockRestore()
  expect(events).toEqual(['second in', 'second out', 'first in', 'first out'])
  expect(readdirSync(folder)).toEqual([])
})
