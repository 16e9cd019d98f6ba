import { randomUUID } from 'node:crypto'
import { type KernelClient, streamed } from './kernel-client.js'

/**
 * Code of a cell that prints "waits" and goes on when `openGate` is called, however late that is. A time to wait would have
 * to be long enough for all that a test does meanwhile, on any machine.
 */
export const gate =
  "await new Promise<void>((go) => { comms.registerTarget('gate', (comm) => { comm.close(); go() }); console.log('waits') })"

/** Lets the cell of this request through its gate. The word goes the way of cells: all that was sent before has come when it does. */
export async function openGate(kernel: KernelClient, cell: string): Promise<void> {
  await kernel.until(() => streamed(kernel.published(cell)).includes('waits') || undefined)
  await kernel.send('comm_open', { comm_id: randomUUID(), target_name: 'gate', data: {} })
}
