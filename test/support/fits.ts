import {
  type Dataset,
  digits,
  type History,
  type Layer,
  linear,
  relu,
  sequential,
  split,
  standardize,
} from 'downhill'

/** Some digits, on one scale. */
export async function someDigits(
  sizes: { train: number; validation: number } = { train: 300, validation: 200 },
): Promise<{ train: Dataset; validation: Dataset; test: Dataset }> {
  const parts = split(await digits(), { ...sizes, seed: 1 })
  const { sets } = standardize(parts.train, parts.validation, parts.test)
  return { train: sets[0], validation: sets[1], test: sets[2] }
}

/** A small network for digits, always with the same first weights for a seed. */
export const smallNet = (seed = 1, hidden = 16): Layer =>
  sequential(linear(64, hidden, { seed }), relu(), linear(hidden, 10, { seed: seed + 1000 }))

/** All numbers of a model. */
export const weightsOf = (model: Layer): number[][] =>
  model.parameters().map((param) => [...param.dataSync()])

/** What must be equal when a run is repeated: all but the seconds. */
export const timeless = ({ rows }: Pick<History, 'rows'>) =>
  rows.map(({ seconds: _, ...row }) => row)
