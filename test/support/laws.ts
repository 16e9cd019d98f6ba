import {
  type AnyOptimizer,
  type Optimizer,
  type OptionsOf,
  parameter,
  type Tensor,
  tensor,
  trace,
} from 'downhill'
import fc from 'fast-check'
import { expect } from 'vitest'

/** Gradients 1024 times as large make the very same steps. `options` make ε too small to matter. */
export async function expectScaleFree<Factory extends AnyOptimizer>(
  optimizer: Factory,
  options: OptionsOf<Factory>,
): Promise<void> {
  const numbers = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 1, maxLength: 8 })
  await fc.assert(
    fc.asyncProperty(numbers, async (gradients) => {
      const walk = async (scale: number) => {
        let k = 0
        const gradient = () => scale * gradients[k++]!
        const rows = await trace(optimizer, {
          start: 1,
          gradient,
          steps: gradients.length,
          options,
        })
        return rows.map(({ x }) => x)
      }
      expect(await walk(1024)).toEqual(await walk(1))
    }),
  )
}

/** Saved as JSON after three steps and loaded into a fresh optimizer, the run goes on to the same bits as one that was not. */
export async function expectResumes(
  make: (params: Tensor[]) => Pick<Optimizer, 'step' | 'stateDict' | 'loadStateDict'>,
): Promise<void> {
  const walk = async (saveAt: number) => {
    const x = parameter([1, -2, 3])
    let optimizer = make([x])
    for (let step = 0; step < 8; step++) {
      if (step === saveAt) {
        const saved = JSON.parse(JSON.stringify(await optimizer.stateDict()))
        optimizer = make([x])
        optimizer.loadStateDict(saved)
      }
      x.grad = tensor([Math.sin(step), step - 4, 0.1])
      optimizer.step()
    }
    return [await x.data(), (await optimizer.stateDict()).params]
  }
  expect(await walk(3)).toEqual(await walk(-1))
}
