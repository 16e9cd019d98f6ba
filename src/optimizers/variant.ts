import type { Backend, DeviceArray, Launch } from '../backend/backend.js'
import {
  type CompileOptions,
  compileRule,
  type Program,
  program,
  type Rule,
  toProgram,
} from '../backend/rule.js'
import { tidy } from '../backend/tidy.js'
import type { ElementDefinition } from './compiler.js'

/** A program, and what its outputs replace: "p" or the name of a state, one for each. */
interface Update {
  readonly program: Program
  readonly updates: readonly string[]
}

/** One compiled form of a rule: what is summed first, the step of each element, and that of the tensor's own numbers. */
export interface Variant extends Update {
  readonly rule: Rule
  /** `everywhere`: the sum is over all tensors, and not this variant's to compute. */
  readonly sums: readonly { program: Program; position: number; everywhere: boolean }[]
  readonly tensor: Update
}

/** Compiles the rule; `options` settle its flags, words and zeros. */
export function compileVariant(definition: ElementDefinition, options: CompileOptions): Variant {
  const { name, state, tensorState = [] } = definition
  const source = definition.source ?? definition.rule.toString()
  const rule = compileRule(source, { ...options, name })
  if (rule.inputs.length !== state.length + 2)
    throw new TypeError(`${name}: the rule must take p, g, ${[...state, '{ options }'].join(', ')}`)
  if (rule.outputs.length !== state.length + 1)
    throw new TypeError(
      `${name}: the rule must return [${['p', ...state].join(', ')}], got ${rule.outputs.length} values`,
    )
  const targets = ['p', ...state]
  const olds = [rule.inputs[0], ...rule.inputs.slice(2)]
  const changed = rule.outputs
    .map((output, k) => ({ output, target: targets[k]!, old: olds[k] }))
    .filter(({ output, old }) => output !== old)
  const updates = (wholeTensor: boolean): Update => {
    const some = changed.filter(({ target }) => tensorState.includes(target) === wholeTensor)
    return {
      program: toProgram(some.map(({ output }) => output)),
      updates: some.map(({ target }) => target),
    }
  }
  const tensor = updates(true)
  const ofElements = [
    0,
    1,
    ...state.flatMap((one, k) => (tensorState.includes(one) ? [] : [k + 2])),
  ]
  if (tensor.program.inputs.some((position) => ofElements.includes(position)))
    throw new TypeError(
      `${name}: the new ${tensor.updates.join(', ')} must rest on sums over the tensor alone, not on single elements`,
    )
  const sums = rule.reductions.map(({ of, ...rest }) => ({ program: toProgram([of]), ...rest }))
  return { rule, ...updates(false), sums, tensor }
}

/** The program of `average`: (p, …state, options) → the averaged weight. */
export function compileAverage({ name, average, averageSource }: ElementDefinition): Program {
  const source = averageSource ?? String(average)
  return toProgram(compileRule(source, { name: `${name}.average` }).outputs)
}

interface VariantLaunch extends Launch {
  length: number
  /** Σg² over all tensors, where the rule asks for it. */
  gradientSquares?: () => DeviceArray
}

/** `inputs` (p, g, state) and, behind them, the sums that the rule needs: what its programs are run over. */
export function withSums(
  backend: Backend,
  { sums }: Variant,
  inputs: readonly DeviceArray[],
  { gradientSquares, ...launch }: VariantLaunch,
): DeviceArray[] {
  const all = [...inputs]
  for (const { program, position, everywhere } of sums) {
    while (all.length < position) all.push(inputs[0]!) // a sum that was folded away
    if (everywhere && gradientSquares) all[position] = gradientSquares()
    else {
      const [terms] = backend.map(program, all, launch)
      all[position] = backend.fold('sum', terms!)
      backend.release(terms!)
    }
  }
  return all
}

/** Σg² over all gradients, each backend's own. */
export function sumOfSquares(backend: Backend, gradients: readonly DeviceArray[]): DeviceArray {
  return tidy(backend, (here) =>
    gradients
      .map((gradient) => here.fold('sum', here.map(program('(g) => [g * g]'), [gradient])[0]!))
      .reduce((a, b) => here.map(program('(a, b) => [a + b]'), [a, b])[0]!),
  )
}
