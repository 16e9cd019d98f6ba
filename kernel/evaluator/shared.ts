/** Memory that the evaluator's main thread and its control worker share: how a blocked main thread gets answers. */
export interface Shared {
  /** By `slot`: the newest interrupt after which nothing runs any more, and that of which this was told; whether a termination is on its way; state of input; length of the text; whether a debugger is attached; whether the control worker has left. */
  state: Int32Array<SharedArrayBuffer>
  text: Uint8Array<SharedArrayBuffer>
}

export const slot = {
  settled: 0,
  told: 1,
  terminating: 2,
  input: 3,
  length: 4,
  debugged: 5,
  left: 6,
} as const

export const inputState = { none: 0, answered: 1, interrupted: 2 } as const

const capacity = 1 << 16

export const allocate = (): SharedArrayBuffer => new SharedArrayBuffer(28 + capacity)

export const share = (buffer: SharedArrayBuffer): Shared => ({
  state: new Int32Array(buffer, 0, 7),
  text: new Uint8Array(buffer, 28),
})

/** What the control worker says of interrupt `id`: first to give up what runs, then to look whether it has. */
export interface Order {
  id: number
  settle: boolean
}

/** What the main thread says to the control worker. */
export type Notice =
  | { type: 'leaves' }
  /** Blocked until a child ends, which is none of those `besides`. */
  | { type: 'waits'; besides: number[] }
  | { type: 'goes on' }

export interface WorkerInput {
  shared: SharedArrayBuffer
}
