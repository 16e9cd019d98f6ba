/** Memory that the evaluator's main thread and its control worker share: how a blocked main thread gets answers. */
export interface Shared {
  /** By `slot`: the newest interrupt that the main thread is done with; whether a termination is on its way; state of input; length of the text; whether a debugger is attached; whether the control worker has left. */
  state: Int32Array<SharedArrayBuffer>
  text: Uint8Array<SharedArrayBuffer>
}

export const slot = {
  settled: 0,
  terminating: 1,
  input: 2,
  length: 3,
  debugged: 4,
  left: 5,
} as const

export const inputState = { none: 0, answered: 1, interrupted: 2 } as const

const capacity = 1 << 16

export const allocate = (): SharedArrayBuffer => new SharedArrayBuffer(24 + capacity)

export const share = (buffer: SharedArrayBuffer): Shared => ({
  state: new Int32Array(buffer, 0, 6),
  text: new Uint8Array(buffer, 24),
})

export interface WorkerInput {
  shared: SharedArrayBuffer
}
