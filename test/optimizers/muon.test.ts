import { muon, parameter } from 'downhill'
import { expect, test } from 'vitest'
import { fixtures, goldenCases } from '../support/golden.js'
import { type Library, libraryOf, walkTape } from '../support/tapes.js'

const coefficients = [3.4445, -4.775, 2.0315]

/** The coefficients of the iteration are fixed in ours; the cases have the same. */
function withoutCoefficients(name: string, library: Library): Library {
  return {
    ...library,
    options({ [name]: given, ...hyper }) {
      expect(given).toEqual(coefficients)
      return library.options(hyper)
    },
  }
}

const torch = libraryOf(
  {
    lr: 'lr',
    momentum: 'momentum',
    nesterov: 'nesterov',
    weight_decay: 'weightDecay',
    eps: 'eps',
    ns_steps: 'iterations',
    adjust_lr_fn: 'adjust',
  },
  { momentum_buffer: 'm' },
)

const libraries: Record<string, Library> = {
  'torch.optim.Muon': withoutCoefficients('ns_coefficients', {
    ...torch,
    options: ({ adjust_lr_fn, ...hyper }) => ({
      ...torch.options(hyper),
      adjust: adjust_lr_fn === 'match_rms_adamw' ? 'rms' : 'shape',
    }),
  }),
  'optax.contrib.muon': withoutCoefficients('ns_coeffs', {
    options: ({ learning_rate, beta, eps, weight_decay, nesterov, ns_steps, preconditioning }) => {
      expect(preconditioning).toBe('frobenius')
      return {
        lr: learning_rate,
        momentum: beta,
        eps,
        weightDecay: weight_decay,
        nesterov,
        iterations: ns_steps,
        convention: 'optax',
      }
    },
    // What Optax keeps beside: the coefficients, and the Adam for other shapes.
    state: { mu: 'm', ns_coeffs: null },
  }),
}

const { tapes } = fixtures('optim_muon')
const cases = goldenCases('optim_muon', 'optimizers/muon')

test.each(cases)('$impl: $id', async (fixture) => {
  await walkTape(fixture, tapes[fixture.tape as string]!, muon, libraries[fixture.impl]!)
})

test.each(cases.filter(({ params_float64_rule }) => params_float64_rule))(
  'the same rule in float64: $id',
  async ({ params_float64_rule, ...fixture }) => {
    const exact = { ...fixture, params: params_float64_rule, tol: 1e-10 }
    await walkTape(exact, tapes[fixture.tape as string]!, muon, libraries[fixture.impl]!)
  },
)

test.each([
  [
    () => muon([parameter([1, 2])]),
    'muon: it moves matrices alone, got a parameter of shape [2]; give that to adamw',
  ],
  [() => muon([], { momentum: 1 }), 'muon: momentum must be in [0, 1), got 1'],
])('refuses %o', (make, message) => {
  expect(make).toThrow(new RangeError(message))
})
