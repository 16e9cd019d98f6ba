import type { WorkerData } from './simd-worker.js'
import { workerSource } from './simd-worker.js'

/** A thread that has started. */
export interface Thread {
  /** Called when it ends by itself. */
  ended(then: () => void): void
  terminate(): void
}

const inNode = () => globalThis.process?.getBuiltinModule?.('node:worker_threads')

/** How many threads run at once here. */
export const processors = (): number =>
  globalThis.process?.getBuiltinModule?.('node:os').availableParallelism() ??
  globalThis.navigator?.hardwareConcurrency ??
  1

/** @throws Error where a page may not share memory, with the headers it needs */
export function checkSharing(): void {
  if (
    typeof SharedArrayBuffer !== 'undefined' &&
    (inNode() || globalThis.crossOriginIsolated !== false)
  )
    return
  throw new Error(
    'simd: threads need SharedArrayBuffer, which a page has only if it comes with the headers Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp; serve it so, or leave out threads',
  )
}

/** Starts a thread; it never keeps a process from ending. */
export function startThread(data: WorkerData): Promise<Thread> {
  const threads = inNode()
  return threads ? startNode(threads.Worker, data) : startBrowser(data)
}

const failed = (why: unknown) =>
  new Error(`simd: a thread did not start: ${why instanceof Error ? why.message : why}`)

function startNode(
  Worker: typeof import('node:worker_threads').Worker,
  workerData: WorkerData,
): Promise<Thread> {
  const source = `const { parentPort, workerData } = require('node:worker_threads')
    ;(${workerSource})((text) => parentPort.postMessage(text))(workerData)`
  return new Promise((resolve, reject) => {
    const worker = new Worker(source, { eval: true, workerData, execArgv: [] })
    let end = () => reject(failed('it ended'))
    worker.once('error', (error) => reject(failed(error)))
    worker.once('exit', () => end())
    worker.once('message', (text) => {
      if (text !== 'ready') return reject(failed(text))
      worker.unref()
      resolve({
        ended: (then) => {
          end = then
        },
        terminate: () => void worker.terminate(),
      })
    })
  })
}

function startBrowser(data: WorkerData): Promise<Thread> {
  const source = `onmessage = ({ data }) => (${workerSource})((text) => postMessage(text))(data)`
  const url = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }))
  return new Promise<Thread>((resolve, reject) => {
    const worker = new Worker(url)
    worker.onerror = ({ message }) =>
      reject(failed(message || 'the page forbids workers from blob: addresses (worker-src)'))
    worker.onmessage = ({ data: text }) => {
      if (text !== 'ready') return reject(failed(text))
      // A page is told of no worker's end.
      resolve({ ended: () => undefined, terminate: () => worker.terminate() })
    }
    worker.postMessage(data)
  }).finally(() => URL.revokeObjectURL(url))
}
