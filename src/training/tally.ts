import type { Backend, DeviceArray } from '../backend/backend.js'
import { program } from '../backend/rule.js'

/** Everything that is summed over an epoch, as numbers. */
export interface TallyState {
  /** Σ loss · rows, the step at which a loss was first not finite (0: none), and that loss. */
  losses: number[]
  /** Σ of the finite norms, the largest, how many were not finite, how many were clipped. */
  norms: number[]
  rows: number
  /** Steps so far. */
  steps: number
}

const ofLoss = `(sum, first, value, loss, { rows, step }) => {
  const now = Math.abs(loss) < Infinity ? 0 : step
  return [sum + rows * loss, first > 0 ? first : now, first > 0 ? value : loss]
}`

const ofNorm = `(sum, most, odd, clipped, norm, { limit }) => [
  norm < Infinity ? sum + norm : sum,
  norm < Infinity && norm > most ? norm : most,
  norm < Infinity ? odd : odd + 1,
  norm < Infinity && norm > limit ? clipped + 1 : clipped,
]`

/** Sums over an epoch that stay where the tensors are: adding reads nothing back. */
export class Tally {
  readonly #backend: Backend
  #losses: DeviceArray[]
  #norms: DeviceArray[]
  #rows: number
  #steps: number

  constructor(backend: Backend, state?: TallyState) {
    const { losses = [0, 0, 0], norms = [0, 0, 0, 0], rows = 0, steps = 0 } = state ?? {}
    this.#backend = backend
    this.#losses = losses.map((value) => backend.write([value]))
    this.#norms = norms.map((value) => backend.write([value]))
    this.#rows = rows
    this.#steps = steps
  }

  get steps(): number {
    return this.#steps
  }

  /** The loss of a batch, within the step that follows. */
  loss(loss: DeviceArray, rows: number): void {
    this.#losses = this.#backend.map(program(ofLoss), [...this.#losses, loss], {
      hypers: { rows, step: this.#steps + 1 },
      into: this.#losses,
    })
    this.#rows += rows
  }

  /** A step was made, with gradients of this norm; a larger one than `limit` was clipped. */
  step(norm: DeviceArray, limit: number): void {
    this.#norms = this.#backend.map(program(ofNorm), [...this.#norms, norm], {
      hypers: { limit },
      into: this.#norms,
    })
    this.#steps += 1
  }

  async state(): Promise<TallyState> {
    const read = (arrays: DeviceArray[]) =>
      Promise.all(arrays.map(async (array) => (await this.#backend.read(array))[0]!))
    const [losses, norms] = await Promise.all([read(this.#losses), read(this.#norms)])
    return { losses, norms, rows: this.#rows, steps: this.#steps }
  }

  release(): void {
    for (const array of [...this.#losses, ...this.#norms]) this.#backend.release(array)
  }
}

/** What the sums say about the epoch. */
export function summaryOf({ losses, norms, rows, steps }: TallyState) {
  const [sum, first, value] = losses as [number, number, number]
  const [total, largest, odd, clipped] = norms as [number, number, number, number]
  const fine = steps - odd
  return {
    trainLoss: first > 0 ? value : sum / rows,
    gradientNorm: fine > 0 ? total / fine : Number.NaN,
    maxGradientNorm: fine > 0 ? largest : Number.NaN,
    clipped: fine > 0 ? clipped / steps : 0,
    skipped: odd,
    /** The step of the epoch whose loss was the first that is not finite; 0 if all were. */
    odd: first,
  }
}
