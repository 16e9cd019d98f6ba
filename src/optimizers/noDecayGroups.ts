import type { Tensor } from '../nn/tensor.js'

/** Options of `noDecayGroups`. */
export interface NoDecayGroups {
  /** λ of those that decay. */
  weightDecay: number
  /** Names of those that do not, whatever their shape. */
  names?: RegExp
}

/** What became of one parameter, and why: a table of these is what a notebook shows. */
export interface DecayRow {
  name: string
  shape: string
  weightDecay: number
  because: string
}

/** Two groups for an optimizer, and the list of what is in them. */
export interface DecayGroups {
  groups: { params: Tensor[]; weightDecay: number }[]
  rows: DecayRow[]
}

/** Biases, the scales and shifts of norm layers, and embeddings, as frameworks call them. */
const undecayed = /(^|[._])(bias|beta|gamma|norm\d*|bn\d*|ln\d*|embed(ding)?s?)($|[._])/i

/**
 * Splits parameters into those whose weights decay and those that are usually left alone: by dimension (numbers and vectors: biases, the scales
 * of norm layers) and by name. It says what it did: `console.table(rows)`.
 * @throws RangeError unless weightDecay is a number ≥ 0
 * @example
 * const { groups, rows } = noDecayGroups([w, bias], { weightDecay: 0.01 })
 * const optimizer = adamw(groups, { lr: 1e-3 })
 */
export function noDecayGroups(
  params: readonly Tensor[],
  { weightDecay, names = undecayed }: NoDecayGroups,
): DecayGroups {
  if (!(Number.isFinite(weightDecay) && weightDecay >= 0))
    throw new RangeError(`noDecayGroups: weightDecay must be ≥ 0, got ${weightDecay}`)
  // A global or sticky expression would go on where it found the name before.
  const pattern = new RegExp(names, names.flags.replace(/[gy]/g, ''))
  const decaying: Tensor[] = []
  const others: Tensor[] = []
  const rows = params.map((param): DecayRow => {
    const { name, shape } = param
    const called = pattern.exec(name)
    const because = called
      ? `its name has "${called[0].replace(/^[._]|[._]$/g, '')}"`
      : `${shape.length} dimension${shape.length === 1 ? '' : 's'}`
    const decays = !called && shape.length > 1
    ;(decays ? decaying : others).push(param)
    return { name, shape: `[${shape.join(', ')}]`, weightDecay: decays ? weightDecay : 0, because }
  })
  const groups = [
    { params: decaying, weightDecay },
    { params: others, weightDecay: 0 },
  ]
  return { groups: groups.filter((group) => group.params.length > 0), rows }
}
