import { afterAll, beforeAll, expect, test } from 'vitest'
import { gate, openGate } from '../support/gate.js'
import { isIdle, KernelClient, streamed } from '../support/kernel-client.js'
import { onEachNode } from '../support/node24.js'

onEachNode('while a cell of the main shell runs', (node) => {
  let kernel: KernelClient
  beforeAll(async () => {
    kernel = await KernelClient.start({ node, types: 'error' })
    await kernel.execute(
      '/** Of the whole. */\nconst share = 0.5; const loose: any = { inside: 1 }',
    )
  })
  afterAll(() => kernel.close())

  const asked = async (type: string, code: string) =>
    (await kernel.request(`${type}_request`, { code, cursor_pos: code.length })).content
  const matches = async (code: string) => (await asked('complete', code)).matches as string[]

  /** Runs `questions` while the cell, which prints "in", is under way; then interrupts it. */
  async function during(code: string, questions: (id: string) => Promise<void>) {
    const id = await kernel.send('execute_request', { code })
    await kernel.until(() => streamed(kernel.published(id)).includes('in') || undefined)
    await questions(id)
    expect(kernel.published(id).some(isIdle)).toBe(false)
    await kernel.request('interrupt_request', {}, 'control')
    expect((await kernel.finished(id)).reply).toMatchObject({ ename: 'Interrupted' })
  }

  test.each([
    ['loops', 'const mine = { total: 1 }; console.log("in"); for (;;);'],
    ['awaits', 'const mine = { total: 1 }; console.log("in"); await new Promise(() => {})'],
  ])('and %s, questions are answered', async (how, code) => {
    await during(code, async (id) => {
      expect(await matches('share.toF')).toEqual(['toFixed'])
      expect(await matches('sha')).toContain('share')
      // Names of the cell itself.
      expect(await matches('mine.to')).toContain('total')
      // What types do not tell, the evaluator does, when it is free: on a busy machine perhaps not at the first glance.
      if (how === 'awaits') await expect.poll(() => matches('loose.ins')).toEqual(['inside'])
      else expect(await matches('loose.ins')).toEqual([])
      const seen = await asked('inspect', 'share')
      expect(seen).toMatchObject({ status: 'ok', found: true })
      expect(JSON.stringify(seen.data)).toContain('Of the whole.')
      expect(JSON.stringify(seen.data).includes('0.5')).toBe(true)
      expect(await asked('is_complete', 'for (;;) {')).toMatchObject({ status: 'incomplete' })
      for (const type of ['kernel_info', 'comm_info'])
        expect((await kernel.request(`${type}_request`, {})).content.status).toBe('ok')
      const history = { hist_access_type: 'tail', n: 1, output: false, raw: true }
      expect((await kernel.request('history_request', history)).content.history).toMatchObject([
        [1, expect.any(Number), code],
      ])
      // The newest word on the kernel's state is that it is busy.
      const last = await kernel.send('comm_info_request', {})
      await kernel.until(() => kernel.published(last).find(isIdle))
      const newest = await kernel.until(() => {
        const at = kernel.iopub.findIndex((m) => isIdle(m) && m.parent.msg_id === last)
        return kernel.iopub.slice(at + 1).find((m) => m.header.msg_type === 'status')
      })
      expect(newest).toMatchObject({ parent: { msg_id: id }, content: { execution_state: 'busy' } })
    })
  })

  test('completion that is asked right behind a quick cell knows its names', async () => {
    for (let round = 0; round < 10; round++) {
      const code = `const quick${round} = { found: 1 }`
      const id = await kernel.send('execute_request', { code })
      expect(await matches(`quick${round}.fo`)).toEqual(['found'])
      expect((await kernel.finished(id)).reply.status).toBe('ok')
    }
  })

  test('a question that passed is not asked again, and the cells behind still run', async () => {
    const first = await kernel.send('execute_request', { code: `${gate}; 1` })
    const second = await kernel.send('execute_request', { code: 'const after = 2' })
    expect(await matches('share.toF')).toEqual(['toFixed'])
    expect(kernel.published(second)).toEqual([])
    await openGate(kernel, first)
    for (const id of [first, second]) expect((await kernel.finished(id)).reply.status).toBe('ok')
  })
})
