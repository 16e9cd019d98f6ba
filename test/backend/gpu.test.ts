import { adam, clipGradNorm, parameter, sgd, tensor, trace, useBackend } from 'downhill'
import { afterEach, describe, expect, test } from 'vitest'
import { compareWithReference, deviceBound } from '../support/device.js'
import { trainedError, trainingBound, trainMlp } from '../support/training.js'

afterEach(() => useBackend('reference'))

describe.each(['webasm', 'cpu'] as const)('gpu:%s', (mode) => {
  test('really runs there, and every result is within the bound of the reference', async () => {
    const { backend, errors } = await compareWithReference(`gpu:${mode}`)
    expect(backend).toBe(`gpu: ${mode}`)
    expect(Object.keys(errors).length).toBeGreaterThan(60)
    expect(Object.entries(errors).filter(([, error]) => !(error <= deviceBound))).toEqual([])
  })

  test('tensors of two backends do not mix', async () => {
    const here = parameter([1, 2])
    await useBackend(`gpu:${mode}`)
    const there = parameter([1, 2])
    expect(() => here.add(there)).toThrow(
      new TypeError(
        `tensor [2] on reference and tensor [2] on gpu: ${mode}: both must live on one backend; make them after useBackend`,
      ),
    )
    here.grad = tensor([1, 2])
    expect(() => sgd([here]).step()).toThrow(RangeError)
  })

  test('nothing is read at once', async () => {
    await useBackend(`gpu:${mode}`)
    const x = parameter(2)
    const message = (caller: string) =>
      `${caller}: gpu: ${mode} is read asynchronously; use await …item() or await …data()`
    expect(() => x.itemSync()).toThrow(message('itemSync'))
    expect(() => x.dataSync()).toThrow(message('dataSync'))
    x.mul(x).backward()
    for (const nonFinite of ['skip', 'raise'] as const)
      expect(() => clipGradNorm([x], 1, { nonFinite })).toThrow(
        new Error(
          `clipGradNorm: nonFinite "${nonFinite}" must know the norm at once, and gpu: ${mode} is read asynchronously; use "clip", or "pass" and \`if (Number.isFinite(await norm.item())) optimizer.step()\``,
        ),
      )
    expect(await x.grad!.item()).toBe(4)
  })

  test('a saved state goes on', async () => {
    await useBackend(`gpu:${mode}`)
    const walk = async (steps: number, restart: number) => {
      const x = parameter([1, -2, 3])
      let optimizer = adam([x], { lr: 0.1 })
      for (let step = 0; step < steps; step++) {
        if (step === restart) {
          const saved = JSON.parse(JSON.stringify(await optimizer.stateDict()))
          optimizer = adam([x], { lr: 0.1 })
          optimizer.loadStateDict(saved)
        }
        optimizer.zeroGrad()
        x.square().sum().backward()
        optimizer.step()
      }
      return x.data()
    }
    expect(await walk(6, 3)).toEqual(await walk(6, -1))
  })
})

test('gpu takes the best mode that is here, and says which', async () => {
  expect(await useBackend('gpu')).toBe('gpu: webasm')
})

test.each([
  ['webgl2', 'needs a browser with WebGL 2'],
  ['webgl', 'needs a browser with WebGL'],
] as const)('%s is refused in Node, with what it needs', async (mode, need) => {
  await expect(useBackend(`gpu:${mode}`)).rejects.toThrow(
    new Error(`gpu: mode ${mode} is not available here; it ${need}`),
  )
  await expect(
    trace(sgd, { start: 1, gradient: (x) => x, steps: 1, backend: `gpu:${mode}` }),
  ).rejects.toThrow('is not available here')
})

/** Parts of Node that a machine may have or lack: what is there must work, what is not must be told. */
test.each([
  ['headlessgl', 'npm install gl'],
  ['webgpu', 'npm install webgpu'],
] as const)('%s trains in Node, or says what it needs', async (mode, install) => {
  const opened = await useBackend(`gpu:${mode}`).catch((error: Error) => error)
  if (opened instanceof Error) {
    expect(opened.message).toContain(`gpu: mode ${mode} is not available here; it needs `)
    expect(opened.message).toContain(install)
    return
  }
  expect(opened).toMatch(`gpu: ${mode}`)
  const trained = await trainMlp(`gpu:${mode}`, 5)
  expect(await trainedError(trained, 5)).toBeLessThan(trainingBound)
})

test('a backend that does not exist is refused', async () => {
  await expect(useBackend('cuda' as never)).rejects.toThrow(
    new RangeError(
      'useBackend: there is no backend "cuda"; take auto, reference, simd, gpu, gpu:webgpu, gpu:webgl2, gpu:webgl, gpu:headlessgl, gpu:webasm or gpu:cpu',
    ),
  )
})
