interface Sendable {
  send(frames: Uint8Array[]): Promise<void>
}

/**
 * One socket's queue: each send waits for the one before it. ZeroMQ.js throws EBUSY ("only one send operation may be in
 * progress") after about 512 un-awaited sends in a turn, and what was sent later is lost.
 */
export class Sender {
  #tail: Promise<void> = Promise.resolve()
  readonly #socket: Sendable

  constructor(socket: Sendable) {
    this.#socket = socket
  }

  /** Resolves when this message, and so every earlier one, is in ZeroMQ's hands. */
  send(frames: Uint8Array[]): Promise<void> {
    this.#tail = this.#tail.then(() => this.#socket.send(frames)).catch(complain)
    return this.#tail
  }
}

/** A peer that went away is no reason to stop: the next message may have another peer. */
function complain(error: Error): void {
  process.stderr.write(`kernel: a message could not be sent: ${error.message}\n`)
}
