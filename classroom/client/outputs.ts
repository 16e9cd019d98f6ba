import type { IMimeBundle, IOutput, IStream, OutputMetadata } from '@jupyterlab/nbformat'
import type { KernelMessage } from '@jupyterlab/services'

type Displayed = { data: IMimeBundle; metadata: OutputMetadata }
/** Outputs that carry a display id, wherever in the notebook they are: an update changes them all. */
export type Displays = Map<string, Displayed[]>

/** Collects the messages of one cell as nbformat outputs: streams merged, clear_output honoured, size bounded. */
export class OutputCollector {
  readonly outputs: IOutput[] = []
  #size = 0
  #clearNext = false
  #cut = false

  constructor(
    private readonly options: { limit: number; dropStreams: boolean; displays: Displays },
  ) {}

  add(message: KernelMessage.IIOPubMessage): void {
    const type = message.header.msg_type
    if (type === 'stream') this.#stream(message.content as KernelMessage.IStreamMsg['content'])
    else if (type === 'display_data' || type === 'execute_result')
      this.#display(type, message.content as KernelMessage.IExecuteResultMsg['content'])
    else if (type === 'update_display_data')
      this.#update(message.content as KernelMessage.IUpdateDisplayDataMsg['content'])
    else if (type === 'error') this.#push({ output_type: 'error', ...errorOf(message.content) })
    else if (type === 'clear_output') {
      if ((message.content as KernelMessage.IClearOutputMsg['content']).wait) this.#clearNext = true
      else this.#clear()
    }
  }

  #stream({ name, text }: KernelMessage.IStreamMsg['content']): void {
    if (this.options.dropStreams) return
    if (this.#clearNext) this.#clear()
    if (this.#cut) return
    const room = this.options.limit - this.#size
    const bytes = Buffer.byteLength(text)
    const kept = bytes <= room ? text : Buffer.from(text).subarray(0, Math.max(0, room)).toString()
    this.#append(name, kept)
    this.#size += bytes
    if (bytes > room) this.#note()
  }

  #append(name: IStream['name'], text: string): void {
    const last = this.outputs.at(-1)
    if (last?.output_type === 'stream' && last.name === name) last.text = `${last.text}${text}`
    else if (text) this.outputs.push({ output_type: 'stream', name, text } satisfies IStream)
  }

  #display(
    type: 'display_data' | 'execute_result',
    content: KernelMessage.IExecuteResultMsg['content'],
  ): void {
    const { data, metadata, transient, execution_count } = content
    const id = transient?.display_id
    if (typeof id === 'string') this.#update({ data, metadata, transient: { display_id: id } })
    const output: IOutput = { output_type: type, data, metadata: metadata ?? {} }
    if (type === 'execute_result') output.execution_count = execution_count
    if (!this.#push(output) || typeof id !== 'string') return
    this.options.displays.set(id, [
      ...(this.options.displays.get(id) ?? []),
      output as unknown as Displayed,
    ])
  }

  #update({ data, metadata, transient }: KernelMessage.IUpdateDisplayDataMsg['content']): void {
    if (sizeOf(data) > this.options.limit) return
    for (const shown of this.options.displays.get(String(transient.display_id)) ?? []) {
      shown.data = data as IMimeBundle
      shown.metadata = metadata ?? {}
    }
  }

  #push(output: IOutput): boolean {
    if (this.#clearNext) this.#clear()
    if (this.#cut) return false
    this.#size += sizeOf(output)
    if (this.#size > this.options.limit) this.#note()
    else this.outputs.push(output)
    return !this.#cut
  }

  #note(): void {
    this.#cut = true
    this.#append(
      'stdout',
      `\n[output cut: more than ${this.options.limit.toLocaleString('en')} bytes]\n`,
    )
  }

  #clear(): void {
    this.outputs.length = 0
    this.#size = 0
    this.#clearNext = false
    this.#cut = false
  }
}

/** The fields of an error, whatever a strange kernel left out. */
export function errorOf(content: object): { ename: string; evalue: string; traceback: string[] } {
  const { ename, evalue, traceback } = content as Record<string, unknown>
  return {
    ename: String(ename ?? 'Error'),
    evalue: String(evalue ?? ''),
    traceback: Array.isArray(traceback) ? traceback.map(String) : [],
  }
}

/** Bytes of a value as JSON; infinite for one nested so deeply that it cannot be written. */
function sizeOf(value: unknown): number {
  try {
    return Buffer.byteLength(JSON.stringify(value))
  } catch {
    return Number.POSITIVE_INFINITY
  }
}
