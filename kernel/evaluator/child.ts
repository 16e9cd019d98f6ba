import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import type { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { withoutInspector } from '../no-inspector.js'
import { parsed, readLines, splitLines } from './lines.js'
import { readNative } from './native.js'
import { Ordered } from './ordered.js'
import type { ControlRequest, EvaluatorEvent, EvaluatorRequest, SentEvent } from './protocol.js'

interface ChildListener {
  event(event: EvaluatorEvent): void
  debug(message: object): void
  native(name: 'stdout' | 'stderr', text: string): void
  exit(reason: string): void
}

/** One evaluator process: its pipes and its end. */
export class Child {
  readonly #process: ChildProcess
  /** A cell closed one of our pipes. */
  #cut = false

  constructor(listener: ChildListener) {
    const token = randomUUID()
    const { flags, env } = withoutInspector()
    // By name: Node remembers it also when the folder is gone, and one that is made again will do.
    const cwd = process.cwd()
    const child = spawn(
      process.execPath,
      [
        ...flags,
        // Without this flag, terminating a timer's callback aborts Node ("async hook stack has become corrupted").
        '--no-force-async-hooks-checks',
        // Our own features (import() from a cell) are experimental in Node 20 and would warn in the learner's cell.
        '--disable-warning=ExperimentalWarning',
        fileURLToPath(new URL('./evaluator.js', import.meta.url)),
        token,
      ],
      {
        cwd,
        env,
        stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe', 'pipe'],
        // A process group of its own: a Ctrl-C in the terminal passes it by, and killing it takes its children along.
        detached: process.platform !== 'win32',
        windowsHide: true,
      },
    )
    this.#process = child
    const pipes = child.stdio as (Readable | Writable | null)[]
    // A dying child breaks its pipes; its exit is what is reported.
    for (const pipe of pipes) pipe?.on('error', () => {})
    let memory = false
    const ordered = new Ordered<EvaluatorEvent>({
      event: (event) => listener.event(event),
      native(name, text) {
        memory ||= name === 'stderr' && text.includes('heap out of memory')
        listener.native(name, text)
      },
    })
    for (const name of ['stdout', 'stderr'] as const) {
      const pipe = child[name] as Readable
      readNative(pipe, token, {
        text: (text) => ordered.text(name, text),
        mark: (mark) => ordered.mark(name, mark),
      })
      pipe.on('end', () => ordered.close(name))
    }
    readLines(pipes[4] as Readable, (value) => listener.debug(value as object))
    /** A display whose data come on the next line. */
    let begun: (SentEvent & { type: 'display' }) | undefined
    splitLines(pipes[5] as Readable, (line) => {
      const event = begun ? { ...begun, data: line } : (parsed(line) as SentEvent | undefined)
      begun = !begun && event?.type === 'display' ? event : undefined
      if (event && !begun) ordered.event(event, event.after)
    })
    child.on('error', ({ message }) =>
      listener.exit(
        existsSync(cwd)
          ? `a process for the cells could not be started (${message})`
          : `a process for the cells could not be started: the folder ${cwd} is gone, make it again`,
      ),
    )
    // 'close' comes after all pipes ended, so the last output is not lost.
    child.on('close', (code, signal) => {
      ordered.end()
      listener.exit(
        memory
          ? 'the process ran out of memory'
          : this.#cut
            ? 'a cell closed the pipe through which the kernel speaks to its process'
            : signal
              ? `the process was ended by ${signal}`
              : `the process ended with exit code ${code}`,
      )
    })
    child.on('exit', () => {
      // What its cells started goes with it, however it ended.
      this.kill()
      this.#abandonPipes()
    })
  }

  send(request: EvaluatorRequest): void {
    this.#write(3, request)
  }

  control(request: ControlRequest): void {
    this.#write(4, request)
  }

  /** Ends the process and whatever it started. */
  kill(): void {
    const { pid } = this.#process
    if (pid === undefined) return
    try {
      if (process.platform === 'win32') this.#process.kill('SIGKILL')
      else process.kill(-pid, 'SIGKILL')
    } catch {
      // It is gone already.
    }
  }

  #write(fd: 3 | 4, value: unknown): void {
    const pipe = this.#process.stdio[fd] as Writable
    if (!pipe.destroyed) {
      pipe.write(`${JSON.stringify(value)}\n`)
      return
    }
    // It would never hear of us again.
    this.#cut = true
    this.kill()
  }

  /** A grandchild that keeps our pipes open must not delay the report of the evaluator's death. */
  #abandonPipes(): void {
    setTimeout(() => {
      for (const pipe of this.#process.stdio) pipe?.destroy()
    }, 200).unref()
  }
}
