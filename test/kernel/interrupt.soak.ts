import { expect, test } from 'vitest'
import { KernelClient, resultText, streamed } from '../support/kernel-client.js'
import { onEachNode } from '../support/node24.js'

/** What a learner interrupts in one long session. Each prints "go" when it is under way. */
const stuck = [
  'console.log("go"); while (true) {}',
  'await 1; console.log("go"); for (;;);',
  'console.log("go"); for (;;) await null',
  'console.log("go"); await new Promise(() => {})',
  'console.log("go"); for (;;) { try { for (;;); } catch {} finally { continue } }',
  'await new Promise(() => setTimeout(() => { console.log("go"); for (;;); }, 1))',
  'console.log("go"); const big = Array.from({ length: 1e5 }, (_, i) => ({ i })); for (;;) JSON.stringify(big)',
  'for (;;) console.log("go")',
]

onEachNode('500 interrupts in one session', (node) => {
  test('leave the kernel alive, and every loss of variables is told', {
    timeout: 600_000,
  }, async () => {
    const kernel = await KernelClient.start({ node })
    let lost = 0
    try {
      await kernel.execute('let kept = 0')
      for (let round = 1; round <= 500; round++) {
        const code = stuck[round % stuck.length]!
        const id = await kernel.send('execute_request', { code })
        await kernel.until(() => streamed(kernel.published(id)).includes('go') || undefined)
        await kernel.request('interrupt_request', {}, 'control')
        const { reply } = await kernel.finished(id)
        expect(['Interrupted', 'StateLost']).toContain(reply.ename)
        if (reply.ename === 'StateLost') {
          lost++
          await kernel.execute(`let kept = ${round - 1}`)
        }
        const { messages } = await kernel.execute('kept += 1')
        expect(resultText(messages), `after round ${round}: ${code}`).toBe(String(round))
        // A flood of lines would make the list of messages long, and every search in it slow.
        kernel.iopub.length = 0
      }
      expect(kernel.process.exitCode).toBe(null)
    } finally {
      await kernel.close()
    }
    console.log(`500 interrupts: the evaluator was replaced ${lost} times`)
  })
})
