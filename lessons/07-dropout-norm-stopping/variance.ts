import { close, type Plain, type Verdict } from 'downhill'

/**
 * Running statistics by one of two conventions: the batch's variance divided by n − 1 (PyTorch, and Algorithm 2 of Ioffe & Szegedy 2015), or by
 * n (Keras). What fits neither is compared with the first.
 */
export function closeToEither(got: Plain, first: Plain, second: Plain): Verdict {
  const verdicts = [first, second].map((want) => close(got, want, { tolerance: 1e-6 }))
  return verdicts.find(({ ok }) => ok) ?? verdicts[0]!
}
