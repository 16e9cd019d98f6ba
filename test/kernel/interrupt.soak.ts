import { type ChildProcess, spawn } from 'node:child_process'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { KernelClient, resultText, streamed } from '../support/kernel-client.js'
import { onEachNode } from '../support/node24.js'

/** What a learner interrupts in one long session. Each prints "go" when it is under way. */
const stuck = [
  'console.log("go"); while (true) {}',
  'await 1; console.log("go"); for (;;);',
  'console.log("go"); for (;;) await null',
  'console.log("go"); await new Promise(() => {})',
  'console.log("go"); for (;;) { try { for (;;); } catch {} finally { continue } }',
  'await new Promise(() => setTimeout(() => { console.log("go"); for (;;); }, 1))',
  'console.log("go"); const big = Array.from({ length: 1e5 }, (_, i) => ({ i })); for (;;) JSON.stringify(big)',
  'for (;;) console.log("go")',
]

/** What an interrupt meets while it is being compiled, started or given its first turn. */
const starting = ['for (;;);', 'await 1; for (;;);', 'await new Promise(() => {})']

/** Rounds, and the seconds after which there are no more of them: a slow machine makes fewer. */
const most = { rounds: 500, seconds: 18 }

onEachNode('interrupts in one session', (node) => {
  let kernel: KernelClient
  let kept = 0
  beforeAll(async () => {
    kernel = await KernelClient.start({ node })
    await kernel.execute('let kept = 0')
  })
  afterAll(() => kernel.close())

  /** Interrupts the cell, and says how it ended. The next cell must run, and find the variables or none. */
  async function stop(id: string, code: string): Promise<string> {
    await kernel.request('interrupt_request', {}, 'control')
    const { reply } = await kernel.finished(id)
    expect(['Interrupted', 'StateLost'], code).toContain(reply.ename)
    if (reply.ename === 'StateLost') await kernel.execute(`let kept = ${kept}`)
    kept += 1
    const { messages } = await kernel.execute('kept += 1')
    expect(resultText(messages), `after ${code}`).toBe(String(kept))
    // A flood of lines would make the list of messages long, and every search in it slow.
    kernel.iopub.length = 0
    return reply.ename === 'StateLost' ? String(reply.evalue) : ''
  }

  async function soak(codes: string[], round: (code: string) => Promise<string>) {
    const losses: string[] = []
    const end = Date.now() + most.seconds * 1000
    let rounds = 0
    for (; rounds < most.rounds && Date.now() < end; rounds++) {
      const loss = await round(codes[rounds % codes.length]!)
      if (loss) losses.push(loss)
    }
    expect(kernel.process.exitCode).toBe(null)
    return { rounds, losses }
  }

  test('leave the kernel alive, and every loss of variables is told', {
    timeout: 120_000,
  }, async () => {
    const { rounds, losses } = await soak(stuck, async (code) => {
      const id = await kernel.send('execute_request', { code })
      await kernel.until(() => streamed(kernel.published(id)).includes('go') || undefined)
      return stop(id, code)
    })
    console.log(`${rounds} interrupts: the evaluator was replaced ${losses.length} times`)
  })

  test('are not lost in the first milliseconds of a cell on a busy machine', {
    timeout: 120_000,
  }, async () => {
    const burners: ChildProcess[] = []
    try {
      for (let i = 0; i < 2; i++)
        burners.push(spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }))
      const { rounds, losses } = await soak(starting, async (code) => {
        const id = await kernel.send('execute_request', { code })
        await new Promise((go) => setTimeout(go, 15 * Math.random()))
        return stop(id, code)
      })
      console.log(`${rounds} early interrupts: the evaluator was replaced ${losses.length} times`)
      // Node 20's V8 may die of an interrupt; what is not here is one that did nothing for three seconds.
      expect(losses.filter((loss) => loss.includes('did not stop'))).toEqual([])
    } finally {
      for (const burner of burners) burner.kill('SIGKILL')
    }
  })
})
