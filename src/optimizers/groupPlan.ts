import { checkNames } from '../backend/options.js'
import type { OptimizerCompiler, Values } from './compiler.js'
import type { Variant } from './variant.js'

/** What the options of a group come to. They may be edited by hand at any time, yet are checked anew only where one is another. */
export class GroupPlan {
  readonly #compiler: OptimizerCompiler
  readonly #group: Readonly<Record<string, unknown>>
  /** The options as they were last seen. */
  #names: readonly string[] = []
  #given: readonly unknown[] = []
  #values: Values | undefined
  /** The options with the numbers of the last tensor; the next step writes its own into it. */
  hypers: Record<string, number> = {}
  #scheduled = false
  #plain: Variant | undefined
  #scaled: Variant | undefined

  constructor(compiler: OptimizerCompiler, group: object) {
    this.#compiler = compiler
    this.#group = group as Record<string, unknown>
  }

  /** The options at a step, for reading only. @throws RangeError or TypeError for what cannot be */
  at(step: number): Values {
    const { name, spec } = this.#compiler
    if (!this.#isAsSeen()) {
      const { params: _, ...options } = this.#group
      this.#values = undefined
      checkNames(name, spec, options)
      this.#names = Object.keys(options)
      this.#given = Object.values(options)
      this.#scheduled = this.#given.some((value) => typeof value === 'function')
      this.#plain = undefined
      this.#scaled = undefined
    }
    if (!this.#values || this.#scheduled) {
      this.#values = this.#compiler.at(this.#group, step)
      this.hypers = { ...this.#values } as Record<string, number>
    }
    return this.#values
  }

  #isAsSeen(): boolean {
    let k = 0
    for (const name in this.#group) {
      if (name === 'params') continue
      if (name !== this.#names[k] || this.#group[name] !== this.#given[k]) return false
      k += 1
    }
    return this.#values !== undefined && k === this.#names.length
  }

  /** The rule for these options. */
  get variant(): Variant {
    this.#plain ??= this.#compiler.variant(this.#group)
    return this.#plain
  }

  /** The rule that reads the gradient's factor, or the plain one: Σg² over all tensors is taken of scaled gradients. */
  get scaledVariant(): Variant {
    this.#scaled ??= this.variant.sums.some(({ everywhere }) => everywhere)
      ? this.variant
      : this.#compiler.variant(this.#group, true)
    return this.#scaled
  }
}
