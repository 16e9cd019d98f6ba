import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
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

  constructor(listener: ChildListener) {
    const token = randomUUID()
    const { flags, env } = withoutInspector()
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
    // 'close' comes after all pipes ended, so the last output is not lost.
    child.on('close', (code, signal) => {
      ordered.end()
      listener.exit(
        memory
          ? 'the process ran out of memory'
          : signal
            ? `the process was ended by ${signal}`
            : `the process ended with exit code ${code}`,
      )
    })
    child.on('exit', () => this.#abandonPipes())
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
    ;(this.#process.stdio[fd] as Writable).write(`${JSON.stringify(value)}\n`)
  }

  /** A grandchild that keeps our pipes open must not delay the report of the evaluator's death. */
  #abandonPipes(): void {
    setTimeout(() => {
      for (const pipe of this.#process.stdio) pipe?.destroy()
    }, 200).unref()
  }
}
