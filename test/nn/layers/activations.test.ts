import { relu, sequential } from 'downhill'
import { describe, test } from 'vitest'
import { expectActivation } from '../../support/activations.js'
import { goldenCases } from '../../support/golden.js'
import { expectSlopes } from '../../support/slopes.js'

const layers = { relu: () => relu() }

describe.each(['reference', 'simd'] as const)('on %s', (name) => {
  test.each(goldenCases('layers', 'nn/layers/activations'))('PyTorch: $id', (fixture) =>
    expectActivation(name, fixture, layers[fixture.id as keyof typeof layers]()),
  )
})

test.each(Object.entries(layers))('slopes of %s', (_, make) => {
  expectSlopes(make(), [[3, 4]])
  expectSlopes(sequential(make()), [[5]])
})
