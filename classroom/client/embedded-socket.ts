import { type Packet, pack, protocol, unpack } from './v1.js'

/** The kernel at the other end, as far as its sockets know it. */
interface Peer {
  process: { send(packet: Packet): void } | undefined
  sockets: Set<EmbeddedSocket>
}

/** The part of a WebSocket that @jupyterlab/services uses. */
export class EmbeddedSocket {
  readonly protocol = protocol
  binaryType = 'arraybuffer'
  readyState = 0
  onopen: (event: object) => void = () => {}
  onmessage: (event: object) => void = () => {}
  onclose: (event: object) => void = () => {}
  onerror: (event: object) => void = () => {}

  constructor(private readonly kernel: Peer | undefined) {
    queueMicrotask(() => {
      if (this.readyState !== 0) return
      if (!kernel) {
        this.readyState = 3
        this.onerror({ code: 4404 })
        return
      }
      this.readyState = 1
      kernel.sockets.add(this)
      this.onopen({})
    })
  }

  send(data: ArrayBuffer): void {
    this.kernel?.process?.send(unpack(data))
  }

  deliver(packet: Packet): void {
    try {
      this.onmessage({ data: pack(packet) })
    } catch {
      // A message that cannot be read (hostile code may send one) is dropped; the request it answers times out.
    }
  }

  close(): void {
    if (this.readyState === 3) return
    this.readyState = 3
    this.kernel?.sockets.delete(this)
    queueMicrotask(() => this.onclose({ code: 1000 }))
  }
}
