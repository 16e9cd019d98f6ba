import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openHost } from '../../classroom/client/host.js'
import { runNotebook } from '../../classroom/client/notebook.js'
import type { KernelHost } from '../../classroom/client/types.js'
import { lessonNotebook } from '../../classroom/notebook/index.js'
import { lessons } from '../../lessons/manifest.js'

/** A folder as a course would have it that uses the stock tslab kernel: the package and Node's types in node_modules. */
const folder = mkdtempSync(join(tmpdir(), 'downhill-tslab-'))
let host: KernelHost
const before = process.env.JUPYTER_PATH

beforeAll(async () => {
  mkdirSync(join(folder, 'node_modules', '@types'), { recursive: true })
  symlinkSync(resolve('.'), join(folder, 'node_modules', 'downhill'))
  symlinkSync(resolve('node_modules/@types/node'), join(folder, 'node_modules', '@types', 'node'))
  mkdirSync(join(folder, 'kernels', 'tslab'), { recursive: true })
  const argv = [
    process.execPath,
    resolve('node_modules/tslab/bin/tslab'),
    'kernel',
    '--config-path={connection_file}',
  ]
  const spec = { argv, display_name: 'tslab', language: 'typescript' }
  writeFileSync(join(folder, 'kernels', 'tslab', 'kernel.json'), JSON.stringify(spec))
  process.env.JUPYTER_PATH = folder
  host = await openHost()
})

afterAll(async () => {
  await host.dispose()
  if (before === undefined) delete process.env.JUPYTER_PATH
  else process.env.JUPYTER_PATH = before
  rmSync(folder, { recursive: true, force: true })
})

test('display and progress work in the stock tslab kernel', async () => {
  const session = await host.start({ kernel: 'tslab', cwd: folder })
  try {
    const { status, outputs } = await session.execute(
      `import { display, progress, records } from 'downhill'
const handle = display(records([{ a: 1 }]))
handle.update({ 'text/html': '<b>new</b>', 'text/plain': 'new' }, { raw: true })
async function* batches() { yield 1; yield 2 }
async function train() {
  for (const epoch of progress([1, 2], { label: 'epoch' }))
    for await (const batch of progress(batches())) { }
}
await train()`,
      { timeout: 60_000, stopOnError: false },
    )
    expect(status).toBe('ok')
    const shown = outputs
      .filter(({ output_type }) => output_type === 'display_data')
      .map(({ data }) => String((data as Record<string, unknown>)['text/html']))
    expect(shown).toEqual([
      '<b>new</b>',
      expect.stringMatching(/^<label>epoch: 2 of 2, .*<progress value="2" max="2">/),
    ])
  } finally {
    await session.shutdown()
  }
}, 120_000)

test('data sets are found in the stock tslab kernel', async () => {
  const session = await host.start({ kernel: 'tslab', cwd: folder })
  try {
    const { status, outputs } = await session.execute(
      `import { digits, split } from 'downhill'
const { train, test } = split(await digits(), { test: 0.2 })
console.log(train.length, test.length)`,
      { timeout: 60_000, stopOnError: false },
    )
    expect([status, outputs]).toMatchObject(['ok', [{ text: '1438 359\n' }]])
  } finally {
    await session.shutdown()
  }
}, 120_000)

// A new version of its converter may do better: then CONTRIBUTING need not ask for it.
test('the stock tslab kernel breaks two forms of code, and runs what CONTRIBUTING puts in their place', async () => {
  const session = await host.start({ kernel: 'tslab', cwd: folder })
  const told = async (code: string): Promise<string> => {
    const { status, outputs } = await session.execute(code, { timeout: 60_000, stopOnError: false })
    // After a cell that failed it leaves out what comes next.
    return status === 'aborted' ? told(code) : `${status} ${JSON.stringify(outputs)}`
  }
  try {
    await told('const row = { loss: 1, step: 2 }\nconst rate = 3')
    expect(await told('({ rate }).rate')).toContain('rate is not defined')
    expect(await told('({ rate: rate }).rate')).toMatch(/^ok .*3/)
    expect(await told('const { loss: first, step } = row')).toContain(
      "Identifier 'exports' has already been declared",
    )
    expect(await told('[row].map(({ loss: each }) => each * rate)')).toContain(
      "Cannot read properties of undefined (reading 'rate')",
    )
    expect(await told('const { step } = row\nconst last = row.loss\nstep + last')).toMatch(
      /^ok .*3/,
    )
    // The type that is taken apart is a package's, not another cell's.
    expect(
      await told(
        "import { parse } from 'path'\nconst { name: stem, ext } = parse('a.b')\nstem + ext",
      ),
    ).toMatch(/^ok .*a\.b/)
  } finally {
    await session.shutdown()
  }
}, 120_000)

test.each(lessons)(
  '$folder runs in the stock tslab kernel, up to its last cell',
  async (entry) => {
    const notebook = lessonNotebook('.', entry, { solution: true })
    const session = await host.start({ kernel: 'tslab', cwd: folder })
    try {
      const { failure } = await runNotebook(session, notebook, { timeout: 120_000 })
      expect(failure?.outcome).toBeUndefined()
    } finally {
      await session.shutdown()
    }
    for (const { id, visible } of entry.exercises) {
      const cell = notebook.cells.find((c) => c.id === id)!
      // tslab prints a result instead of sending it, so nbgrader cannot read its points; a learner can.
      expect(JSON.stringify(cell.outputs)).toContain(`${id}: ${visible} of ${visible} points`)
    }
  },
  300_000,
)
