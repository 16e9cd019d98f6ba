import { type AnyOptimizer, type OptionsOf, trace } from 'downhill'
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
