import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { sliders } from '../../src/host/sliders.js'
import { displaySymbol } from '../../src/host/types.js'
import { noHost, shown, useHost } from '../support/host.js'
import { contents, isIdle, KernelClient } from '../support/kernel-client.js'

const rate = { min: 0.001, max: 1, value: 0.1, log: true, label: 'learning <rate>' }
const momentum = { min: 0, max: 0.99, value: 0.9 }
const sum = ({ rate, momentum }: { rate: number; momentum: number }) => rate + momentum

describe('without a page', () => {
  beforeEach(() => useHost())
  afterEach(noHost)
  const texts = async () =>
    (await Promise.all(shown.map(({ bundle }) => bundle))).map((b) => b['text/plain'])

  test('the first numbers are named and drawn; set draws again in the same place', async () => {
    const moved = await sliders({ rate, momentum }, sum)
    expect(await texts()).toEqual([
      'learning <rate> = 0.1, momentum = 0.9 (sliders, in JupyterLab with the kernel of this course)',
      '1',
    ])
    expect((await shown[0]!.bundle)['text/html']).toContain('learning &lt;rate&gt; = 0.1')
    await moved.set({ rate: 0.2 })
    expect(moved.values).toEqual({ rate: 0.2, momentum: 0.9 })
    expect(shown[2]).toMatchObject({ id: shown[1]!.id, update: true })
    expect((await texts())[2]).toBe('1.1')
    expect(moved[displaySymbol]()).toEqual({})
  })

  test('while one picture is made, only the newest position waits', async () => {
    const drawn: number[] = []
    const moved = await sliders({ rate }, async ({ rate }) => {
      await Promise.resolve()
      drawn.push(rate)
      return rate
    })
    await Promise.all([0.2, 0.3, 0.4, 0.5].map((value) => moved.set({ rate: value })))
    expect(drawn).toEqual([0.1, 0.2, 0.5])
    expect((await texts()).at(-1)).toBe('0.5')
  })

  test('what is no number, or no slider, changes nothing; a picture that fails says why, and the next one comes', async () => {
    const moved = await sliders({ rate }, ({ rate }) => {
      if (rate > 0.5) throw new RangeError('too fast')
      return rate
    })
    await moved.set({ rate: Number.NaN, other: 3 } as { rate: number })
    expect(moved.values).toEqual({ rate: 0.1 })
    await moved.set({ rate: 0.9 })
    expect((await texts()).at(-1)).toBe('sliders: RangeError: too fast')
    await moved.set({ rate: 0.2 })
    expect((await texts()).at(-1)).toBe('0.2')
  })

  test.each([
    [{ min: 1, max: 1, value: 1 }, 'must go from a smaller to a larger number, got 1 to 1'],
    [{ min: 0, max: 1, value: 2 }, 'must start within 0 to 1, got 2'],
    [{ min: 0, max: 1, value: 1, log: true }, 'is a log slider, whose min must be above 0, got 0'],
    [{ min: 0, max: 1, value: 1, step: 0 }, 'must have a step above 0, got 0'],
  ])('refuses %j', async (slider, message) => {
    const shows = sliders({ lr: slider }, () => 0)
    await expect(shows).rejects.toThrow(new RangeError(`sliders: "lr" ${message}`))
    expect(shown).toEqual([])
  })
})

describe('in our kernel', () => {
  let kernel: KernelClient
  beforeAll(async () => {
    kernel = await KernelClient.start({ types: 'error' })
  })
  afterAll(() => kernel.close())

  test('a page that moves a slider gets a new picture in the same output', async () => {
    const { messages, reply } = await kernel.execute(
      `import { sliders } from '${process.cwd()}/dist/index.js'
const moved = await sliders({ lr: { min: 0, max: 1, value: 0.5 } }, ({ lr }) => 'lr is ' + lr)
moved`,
    )
    expect(reply).toMatchObject({ status: 'ok' })
    const [controls, picture, ...more] = contents(messages, 'display_data')
    expect(more).toEqual([])
    const { data } = controls as { data: Record<string, { model_id: string }> }
    const { model_id: comm_id } = data['application/vnd.jupyter.widget-view+json']!
    expect((picture as { data: object }).data).toMatchObject({ 'text/plain': 'lr is 0.5' })

    const state = { values: { lr: 0.25 } }
    const id = await kernel.send('comm_msg', {
      comm_id,
      data: { method: 'update', state, buffer_paths: [] },
    })
    await kernel.until(() => kernel.published(id).find(isIdle))
    const updated = () => contents(kernel.iopub, 'update_display_data')[0]
    expect(await kernel.until(updated)).toMatchObject({
      data: { 'text/plain': 'lr is 0.25' },
      transient: (picture as { transient: object }).transient,
    })
    const states = () =>
      contents(kernel.iopub, 'comm_msg').map(({ data }) => (data as { state?: object }).state)
    // So that the page can say that a picture is being made.
    await kernel.until(() => states().some((s) => s && 'drawing' in s && !s.drawing) || undefined)
    expect(states().filter((s) => s && 'drawing' in s)).toEqual([
      { drawing: true },
      { drawing: false },
    ])
    const { messages: later } = await kernel.execute('moved.values.lr')
    expect(contents(later, 'execute_result')[0]).toMatchObject({ data: { 'text/plain': '0.25' } })
  })
  test('an interrupt of a picture that takes too long does not end the sliders', async () => {
    const { messages } = await kernel.execute(
      `import { sliders } from '${process.cwd()}/dist/index.js'
const slow = await sliders({ s: { min: 0, max: 9, value: 0 } }, async ({ s }) => {
  await null
  if (s === 5) { console.log('slow'); for (;;); }
  return 's is ' + s
})`,
    )
    const [controls] = contents(messages, 'display_data')
    const { data } = controls as { data: Record<string, { model_id: string }> }
    const { model_id: comm_id } = data['application/vnd.jupyter.widget-view+json']!
    const move = (s: number) =>
      kernel.send('comm_msg', {
        comm_id,
        data: { method: 'update', state: { values: { s } }, buffer_paths: [] },
      })
    await move(5)
    await kernel.until(() => contents(kernel.iopub, 'stream').length > 0 || undefined)
    await kernel.request('interrupt_request', {}, 'control')
    await move(7)
    const drawn = () =>
      contents(kernel.iopub, 'update_display_data').find(
        (c) => (c as { data: Record<string, string> }).data['text/plain'] === 's is 7',
      )
    expect(await kernel.until(drawn)).toBeDefined()
  })
})
