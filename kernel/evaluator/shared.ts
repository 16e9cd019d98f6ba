/** Memory that the evaluator's main thread and its control worker share: how a blocked main thread gets answers. */
export interface Shared {
  /** By `slot`: whether the main thread has seen the interrupt; state of input; length of the text; the request that runs; whether a debugger is attached. */
  state: Int32Array<SharedArrayBuffer>
  text: Uint8Array<SharedArrayBuffer>
}

export const slot = { seen: 0, input: 1, length: 2, running: 3, debugged: 4 } as const
/** What `slot.seen` holds when interrupt `id` was seen. */
export const seenMark = (id: number): number => id || -1

export const inputState = { none: 0, answered: 1, interrupted: 2 } as const

const capacity = 1 << 16

export const allocate = (): SharedArrayBuffer => new SharedArrayBuffer(20 + capacity)

export const share = (buffer: SharedArrayBuffer): Shared => ({
  state: new Int32Array(buffer, 0, 5),
  text: new Uint8Array(buffer, 20),
})

export interface WorkerInput {
  shared: SharedArrayBuffer
}
