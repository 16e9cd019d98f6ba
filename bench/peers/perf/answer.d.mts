/** What a request asks for; the rest of it is the workload. */
export interface Asked {
  /** Steps that fill this time; answered with milliseconds a step. */
  ms?: number
  /** So many steps, from fresh; answered with the first numbers. */
  check?: number
  /** Frees what was prepared. */
  forget?: boolean
}

/** One workload, ready to run. */
export interface Prepared {
  step(): unknown
  values?(): Promise<ArrayLike<number>> | ArrayLike<number>
  /** Waits until the device has done every step. */
  finish?(): Promise<unknown>
  free?(): void
}

/** The library does not have what was asked for. */
export class NotHere extends Error {}

/** Requests → answers. */
export function answerer(
  prepare: (what: never) => Promise<Prepared> | Prepared,
): (request: object) => Promise<object>
