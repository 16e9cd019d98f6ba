import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { UserError } from '../fail.js'

const patience = 20 * 60_000

/** Runs `work` while no other process holds `path`. The file names its process: one that was killed holds nothing. */
export async function withLock<T>(
  path: string,
  waiting: () => void,
  work: () => Promise<T>,
): Promise<T> {
  mkdirSync(dirname(path), { recursive: true })
  const end = Date.now() + patience
  for (let turn = 0; !take(path); turn++) {
    if (turn === 0) waiting()
    if (Date.now() > end)
      throw new UserError(`lab: ${path} has been held for 20 minutes; delete it and try again`)
    await sleep(200)
  }
  const release = () => rmSync(path, { force: true })
  process.once('exit', release)
  try {
    return await work()
  } finally {
    release()
    process.off('exit', release)
  }
}

function take(path: string): boolean {
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  return isAbandoned(path) && clear(path) && take(path)
}

/** Takes the lock of a process that is gone away; but one that somebody has taken since we looked is put back. */
function clear(path: string): boolean {
  const aside = `${path}-${process.pid}`
  try {
    renameSync(path, aside)
    if (isAbandoned(aside)) return true
    writeFileSync(path, readFileSync(aside), { flag: 'wx' })
    return false
  } catch (error) {
    if (['ENOENT', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) return false
    throw error
  } finally {
    rmSync(aside, { force: true })
  }
}

function isAbandoned(path: string): boolean {
  try {
    const holder = Number(readFileSync(path, 'utf8'))
    if (holder > 0) process.kill(holder, 0)
    return false
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH'
  }
}
