import { type ChildProcess, spawn } from 'node:child_process'
import { KernelClient, resultText, streamed } from './kernel-client.js'

/** What a learner interrupts in one long session. Each prints "go" when it is under way. */
export const stuck = [
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
export const starting = ['for (;;);', 'await 1; for (;;);', 'await new Promise(() => {})']

export interface Interrupts {
  /** Milliseconds from each interrupt to the idle of its cell. */
  times: number[]
  /** What the kernel said each time that it lost the variables. */
  losses: string[]
}

interface Limits {
  rounds: number
  /** After which there are no more rounds: a slow machine makes fewer. */
  seconds?: number
}

/** One long session in which cells are interrupted. Throws where a cell ends in another way, or the next one does not find its variables. */
export class InterruptSession {
  readonly #kernel: KernelClient
  #kept = 0

  constructor(kernel: KernelClient) {
    this.#kernel = kernel
  }

  static async start(node: string): Promise<InterruptSession> {
    const kernel = await KernelClient.start({ node })
    await kernel.execute('let kept = 0')
    return new InterruptSession(kernel)
  }

  /** Interrupts cells that are under way. */
  underWay(limits: Limits): Promise<Interrupts> {
    return this.#repeat(stuck, limits, async (id) => {
      await this.#kernel.until(
        () => streamed(this.#kernel.published(id)).includes('go') || undefined,
      )
    })
  }

  /** Interrupts cells in their first milliseconds, while other processes keep the processor busy. */
  async starting(limits: Limits): Promise<Interrupts> {
    const burners: ChildProcess[] = []
    try {
      for (let i = 0; i < 2; i++)
        burners.push(spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }))
      return await this.#repeat(starting, limits, async (id) => {
        // Sent later, an interrupt may still come earlier: it has a socket of its own, and would find nothing to end.
        await this.#kernel.until(() => this.#kernel.published(id)[0])
        await new Promise((go) => setTimeout(go, 15 * Math.random()))
      })
    } finally {
      for (const burner of burners) burner.kill('SIGKILL')
    }
  }

  close(): Promise<void> {
    return this.#kernel.close()
  }

  async #repeat(
    codes: string[],
    { rounds, seconds = Number.POSITIVE_INFINITY }: Limits,
    ready: (id: string) => Promise<void>,
  ): Promise<Interrupts> {
    const found: Interrupts = { times: [], losses: [] }
    const end = Date.now() + seconds * 1000
    for (let round = 0; round < rounds && Date.now() < end; round++) {
      const code = codes[round % codes.length]!
      const id = await this.#kernel.send('execute_request', { code })
      await ready(id)
      await this.#stop(id, code, found)
    }
    if (this.#kernel.process.exitCode !== null) throw new Error('the kernel itself has ended')
    return found
  }

  async #stop(id: string, code: string, { times, losses }: Interrupts): Promise<void> {
    const kernel = this.#kernel
    const asked = performance.now()
    await kernel.request('interrupt_request', {}, 'control')
    const { reply } = await kernel.finished(id)
    times.push(performance.now() - asked)
    if (reply.ename === 'StateLost') {
      losses.push(String(reply.evalue))
      await kernel.execute(`let kept = ${this.#kept}`)
    } else if (reply.ename !== 'Interrupted')
      throw new Error(`${code}: an interrupted cell ended as ${JSON.stringify(reply)}`)
    this.#kept += 1
    const found = resultText((await kernel.execute('kept += 1')).messages)
    if (found !== String(this.#kept))
      throw new Error(`after ${code}: the variable should be ${this.#kept}, it is ${found}`)
    // A flood of lines would make the list of messages long, and every search in it slow.
    kernel.iopub.length = 0
  }
}
