import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { pinRules } from '../../cli/pin.mjs'
import { packageRoot } from '../../cli/root.js'

/** Inside the repository, so that packages are found; ignored by git. */
const folder = mkdtempSync(join(packageRoot, '.cache', 'resume-'))
const script = join(folder, 'child.mjs')
const running = new Set<ChildProcess>()

beforeAll(() =>
  build({
    entryPoints: [join(packageRoot, 'test/support/fitChild.ts')],
    outfile: script,
    bundle: true,
    platform: 'node',
    packages: 'external',
    format: 'esm',
    keepNames: true,
    plugins: [pinRules],
    alias: { downhill: join(packageRoot, 'src/index.ts') },
  }),
)
afterAll(() => {
  for (const child of running) child.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

interface Place {
  checkpoint: string
  result: string
  backend: string
  everySteps: number
}

/**
 * Runs until it ends, or until `lines` batches were begun: then it is killed, after a `delay` in which it goes on; without one it stands
 * still there. @returns whether it ended by itself
 */
async function run(
  { checkpoint, result, backend, everySteps }: Place,
  { lines = Number.POSITIVE_INFINITY, delay = 0 } = {},
): Promise<boolean> {
  const stop = delay === 0 && Number.isFinite(lines) ? lines : 0
  const args = [script, checkpoint, result, backend, String(everySteps), String(stop)]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  running.add(child)
  let [seen, errors] = [0, '']
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text
  })
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const before = seen
    seen += text.split('\n').length - 1
    if (before < lines && seen >= lines) setTimeout(() => child.kill('SIGKILL'), delay)
  })
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null]
  running.delete(child)
  if (signal === 'SIGKILL') return false
  expect(errors).toBe('')
  expect(code).toBe(0)
  return true
}

const read = (path: string) => JSON.parse(readFileSync(path, 'utf8'))

describe.each([
  { backend: 'reference', everySteps: 0 },
  { backend: 'simd', everySteps: 0 },
  { backend: 'simd', everySteps: 2 },
])('$backend, a checkpoint each epoch and every $everySteps steps', ({ backend, everySteps }) => {
  const name = `${backend}-${everySteps}`
  const at = (which: string): Place => ({
    checkpoint: join(folder, `${name}-${which}.checkpoint`),
    result: join(folder, `${name}-${which}.json`),
    backend,
    everySteps,
  })
  let whole: { rows: { step: number; clipped: number }[]; rate: number }
  beforeAll(async () => {
    expect(await run(at('whole'))).toBe(true)
    whole = read(at('whole').result)
    // What is to be resumed was used: steps of two batches, clipping, the plateau.
    expect(whole.rows.map(({ step }) => step).slice(0, 2)).toEqual([7, 14])
    expect(whole.rows.some(({ clipped }) => clipped > 0)).toBe(true)
  })

  test('killed in the middle of an epoch, it ends with the same weights and history', async () => {
    const place = at('middle')
    expect(await run(place, { lines: 18 })).toBe(false)
    expect(existsSync(place.checkpoint)).toBe(true)
    expect(await run(place, { lines: 9 })).toBe(false)
    expect(await run(place)).toBe(true)
    expect(read(place.result)).toEqual(whole)
  })

  test('killed at random times, again and again, also while it writes', async () => {
    const place = at('random')
    for (let k = 0; k < 6; k++)
      if (
        await run(place, { lines: 1 + Math.floor(Math.random() * 30), delay: Math.random() * 20 })
      )
        break
    expect(await run(place)).toBe(true)
    expect(read(place.result)).toEqual(whole)
    // Each kill may leave one file that was being written; none is taken for a checkpoint.
    const left = readdirSync(folder).filter((file) => file.startsWith(`${name}-random.checkpoint.`))
    expect(left.every((file) => file.endsWith('.tmp'))).toBe(true)
  })

  test('a run that is over is over', async () => {
    const place = at('middle')
    rmSync(place.result)
    expect(await run(place)).toBe(true)
    expect(read(place.result)).toEqual(whole)
  })
})
