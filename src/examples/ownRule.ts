import type { Node } from '../backend/graph.js'
import { fraction, nonNegative, positive, rate } from '../backend/options.js'
import { parseRule } from '../backend/parse.js'
import { compileRule, elementwise } from '../backend/rule.js'
import { defineOptimizer } from '../optimizers/define.js'

/** What a rule of somebody's own finds in its last argument. */
const options = {
  lr: rate(0.01),
  momentum: fraction(0.9),
  beta1: fraction(0.9),
  beta2: fraction(0.999),
  eps: positive(1e-8),
  weightDecay: nonNegative(0),
}

/** A stranger's rule is run as often as there are steps: its length, what it keeps and what it computes have limits. */
export const ruleLimits = { characters: 2000, states: 3, operations: 200 }

/** Operations of the backend that take about as long as 20 additions. */
const slow: ReadonlySet<string> = new Set(['pow', 'exp', 'log', 'cos', 'sin', 'tanh'])
const costOf = ({ op, uniform }: Node): number => (!uniform && slow.has(op) ? 20 : 1)

/**
 * Looks at the text of a rule without running anything of it.
 * @throws TypeError for what is no text, RangeError for too much of it, SyntaxError for what no rule may say
 */
export function checkOwnRule(rule: unknown): void {
  if (typeof rule !== 'string' || rule === '')
    throw new TypeError(
      "trainRecipe: the optimizer 'own' needs a rule, as text: rule: '(p, g, { lr }) => [p - lr * g]'",
    )
  if (rule.length > ruleLimits.characters)
    throw new RangeError(
      `trainRecipe: rule must have at most ${ruleLimits.characters} characters, got ${rule.length}`,
    )
  const { inputs, hypers } = parseRule(rule, 'rule')
  const states = inputs.length - 2
  if (states > ruleLimits.states)
    throw new RangeError(
      `trainRecipe: rule may keep at most ${ruleLimits.states} states, got ${states}`,
    )
  const known = [...Object.keys(options), 't', 'calls', 'dims', 'size']
  const unknown = [...hypers.values()].find((name) => !known.includes(name))
  if (unknown)
    throw new RangeError(
      `trainRecipe: rule asks for "${unknown}"; there are ${Object.keys(options).join(', ')} and t`,
    )
  const { outputs, named, reductions } = compileRule(rule, { name: 'rule' })
  const summed = reductions.map((reduction) => reduction.of)
  const nodes = elementwise([...outputs, ...named.values(), ...summed])
  const operations = nodes.map(costOf).reduce((sum, cost) => sum + cost, 0)
  if (operations > ruleLimits.operations)
    throw new RangeError(
      `trainRecipe: rule may have at most ${ruleLimits.operations} operations, got ${operations} (${[...slow].map((name) => `Math.${name}`).join(', ')} count as 20)`,
    )
  if (states < 0 || outputs.length !== states + 1)
    throw new RangeError(
      'trainRecipe: rule must take p, g and its states, and return the new p and the new states in that order',
    )
}

/** The optimizer of a rule that was checked. Its text is compiled by the library: nothing of it is ever run as JavaScript. */
export function ownOptimizer(rule: string) {
  const state = parseRule(rule, 'rule').inputs.slice(2)
  return defineOptimizer({ name: 'own', options, state, rule: () => [], source: rule })
}
