import type { Backend, DeviceArray, Launch } from '../backend/backend.js'
import type { Node } from '../backend/graph.js'
import { plain } from '../backend/plain.js'
import {
  type CompileOptions,
  compileRule,
  type Program,
  type Rule,
  toProgram,
} from '../backend/rule.js'
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
  /** Reads the gradient's factor, as the input behind the state. */
  readonly scaled: boolean
  /** Of each state, whether a program reads it. */
  readonly reads: readonly boolean[]
  /** Whether the numbers of a launch depend on the tensor's shape. */
  readonly shaped: boolean
}

const asksForShape = (node: Node): boolean =>
  node.op === 'hyper' ? node.name === 'dims' || node.name === 'size' : node.args.some(asksForShape)

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
  const main = updates(false)
  const programs = [main, tensor, ...sums].map(({ program }) => program)
  const read = programs.flatMap(({ inputs }) => inputs)
  return {
    rule,
    ...main,
    sums,
    tensor,
    scaled: options.scaled !== undefined,
    reads: state.map((_, k) => read.includes(k + 2)),
    shaped: programs.some(({ slots }) => slots.some(asksForShape)),
  }
}

/** The program of `average`: (p, …state, options) → the averaged weight. */
export function compileAverage({ name, average, averageSource }: ElementDefinition): Program {
  const source = averageSource ?? String(average)
  return toProgram(compileRule(source, { name: `${name}.average` }).outputs)
}

/** One tensor's part of a launch: p, g, the state, the factor where there is one, and behind them what is summed. */
export interface Tuple {
  readonly inputs: DeviceArray[]
  readonly launch: Launch & { length: number }
}

/**
 * Adds the sums that the rule needs to the inputs of each tensor, in one launch a sum.
 * `squares`: Σg² over all tensors, where the rule asks for it; without it (a single number is traced) the tensor is all there is.
 */
export function addSums(
  backend: Backend,
  { sums }: Variant,
  tuples: readonly Tuple[],
  squares?: () => DeviceArray,
): void {
  for (const { program, position, everywhere } of sums) {
    for (const { inputs } of tuples) while (inputs.length < position) inputs.push(inputs[0]!) // a sum that was folded away
    const totals =
      everywhere && squares ? undefined : plain.reduceEach(backend, 'sum', program, tuples)
    for (let k = 0; k < tuples.length; k++)
      tuples[k]!.inputs[position] = totals ? totals[k]! : squares!()
  }
}
