import {
  adam,
  parameter,
  stateFromBytes,
  stateToBytes,
  type Tensor,
  type WeightAverage,
} from 'downhill'
import { expect, test } from 'vitest'
import { expectGolden, type Fixture } from './golden.js'

/** The averages, without disturbing the run. */
export function averagesOf(average: WeightAverage, params: readonly Tensor[]): number[][] {
  average.apply()
  const values = params.map((param) => [...param.dataSync()])
  average.restore()
  return values
}

/** Puts new weights into a parameter, as a step would. */
export function move(param: Tensor, values: readonly number[]): void {
  param.array = param.backend.write(values)
}

/** Walks PyTorch's weights of each step; `make` is called when they are what its averaged model was made of. */
export function expectAveragedModel(
  { id, tol, model_params, averaged_params, n_averaged }: Fixture,
  make: (params: readonly Tensor[]) => WeightAverage,
  copiesFirst: boolean,
): void {
  const [models, theirs] = [model_params as number[][][], averaged_params as number[][][]]
  const start = copiesFirst ? models[0]! : theirs[0]!
  const params = start.map((values) => parameter(values))
  const average = make(params)
  for (const [t, model] of models.entries()) {
    for (const [i, param] of params.entries()) move(param, model[i]!)
    average.update()
    for (const [i, values] of averagesOf(average, params).entries())
      expectGolden(values, theirs[t]![i]!, tol, `${id}, step ${t}, parameter ${i}`)
    for (const [i, param] of params.entries()) expect([...param.dataSync()]).toEqual(model[i])
  }
  expect(average.updates).toBe(n_averaged)
}

/** What holds for every average of weights. */
export function describeAverage(
  name: string,
  make: (params: readonly Tensor[], options?: object) => WeightAverage,
): void {
  const train = (params: Tensor[], average: WeightAverage, steps: number) => {
    const optimizer = adam(params, { lr: 0.1 })
    for (let step = 0; step < steps; step++) {
      optimizer.zeroGrad()
      for (const param of params) param.square().sum().backward()
      optimizer.step()
      average.update()
    }
  }

  test('before the first update it shows the weights that it was made with', () => {
    const w = parameter([1, 2])
    const average = make([w])
    move(w, [5, 6])
    expect(averagesOf(average, [w])).toEqual([[1, 2]])
  })

  test('apply and restore swap, twice is once, and updates wait', () => {
    const w = parameter([4])
    const average = make([w, w])
    train([w], average, 3)
    const [training] = w.dataSync()
    average.restore()
    average.apply()
    average.apply()
    expect(w.itemSync()).not.toBe(training)
    expect(() => average.update()).toThrow(
      new Error(
        `${name}: the averaged weights are in the parameters; call restore() before update()`,
      ),
    )
    average.restore()
    expect([w.itemSync(), average.updates]).toEqual([training, 3])
  })

  test('a state goes through bytes and goes on bit for bit', async () => {
    const run = async (restart: boolean) => {
      const params = [parameter([4, -3]), parameter(1)]
      let average = make(params, { start: 1, every: 2 })
      train(params, average, 3)
      if (restart) {
        const saved = stateFromBytes(stateToBytes(await average.stateDict()))
        average = make(params)
        average.loadStateDict(saved)
      }
      train(params, average, 4)
      return [average.updates, ...averagesOf(average, params)]
    }
    expect(await run(true)).toEqual(await run(false))
    expect((await run(true))[0]).toBe(3)
  })

  test('refuses a state that does not fit, and changes nothing', async () => {
    const w = parameter([1, 2], { name: 'w' })
    const average = make([w])
    move(w, [3, 4])
    average.update()
    const before = averagesOf(average, [w])
    const state = await average.stateDict()
    const refused: [object, string][] = [
      [{ format: 'other' }, 'it is not the state of an optimizer'],
      [{ steps: 'x' }, 'steps is not a number of steps'],
      [{ steps: Number.NaN }, 'steps is not a number of steps'],
      [{ groups: null }, 'groups is not a list'],
      [{ groups: [] }, 'it has 0 groups, not one'],
      [{ params: [null] }, 'params[0] is not an object'],
      [{ version: 2 }, 'its version is 2, this library reads 1'],
      [{ name: 'adam' }, 'it was saved by adam'],
      [{ params: [] }, 'it has 0 parameters, here are 1'],
      [
        { params: [{ ...state.params[0]!, shape: [3] }] },
        'parameter 0 has shape [3] there, w [2] on reference here',
      ],
      [
        { params: [{ ...state.params[0]!, arrays: {} }] },
        'the average of parameter 0 must be 2 numbers',
      ],
      [
        { params: [{ ...state.params[0]!, arrays: { average: [1, null] } }] },
        'the average of parameter 0 must be 2 numbers',
      ],
      [
        { groups: [{ ...state.groups[0]!, options: { every: 0 } }] },
        `${name}: every must be a whole number ≥ 1, got 0`,
      ],
    ]
    for (const [change, why] of refused) {
      expect(() => average.loadStateDict({ ...state, ...change } as typeof state)).toThrow(
        new RangeError(`${name}: this state does not fit: ${why}`),
      )
      expect([average.updates, averagesOf(average, [w])]).toEqual([1, before])
    }
  })

  test.each([
    [{ start: -1 }, `${name}: start must be a whole number ≥ 0, got -1`],
    [{ every: Number.NaN }, `${name}: every must be a whole number ≥ 1, got NaN`],
    [{}, `${name}: there must be at least one parameter, got none`],
  ])('refuses %j for no parameters', (options, message) => {
    expect(() => make([], options)).toThrow(new RangeError(message))
  })

  test('refuses an option that it has not', () => {
    expect(() => make([], { rate: 1 })).toThrow(TypeError)
  })
}
