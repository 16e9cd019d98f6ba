import { expect, test } from 'vitest'
import { openBackend } from '../../src/backend/use.js'
import { accuracy, tooFar } from '../support/accuracy.js'

test.each(['gpu:webasm', 'gpu:cpu'] as const)(
  'functions and long sums of %s are within their bounds',
  async (name) => {
    expect(tooFar(await accuracy(await openBackend(name)))).toEqual([])
  },
)
