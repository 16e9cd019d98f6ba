import type {
  ChoiceOption,
  FlagOption,
  OptionSpec,
  Resolved,
  Schedule,
} from '../backend/options.js'
import type { Tensor } from '../nn/tensor.js'
import { OptimizerCompiler } from './compiler.js'
import { Optimizer } from './optimizer.js'
import type { TensorWork } from './work.js'

/** One number for each name: the state of a parameter element. */
type Numbers<State extends readonly string[]> = { [K in keyof State]: number }

/** What a rule finds beside its options. */
export interface Surroundings {
  /** How often this tensor was stepped, counting this step: 1, 2, … */
  readonly t: number
  /** How often `step()` was called since the tensor joined, also when it had no gradient. */
  readonly calls: number
  /** Number of dimensions of the tensor. */
  readonly dims: number
  /** Number of elements of the tensor. */
  readonly size: number
  /** Σx over the tensor. */
  sum(x: number): number
  /** Σx/size over the tensor. */
  mean(x: number): number
  /** √Σx² over the tensor. */
  norm(x: number): number
  /** √Σg² over the gradients of all tensors. */
  globalNorm(g: number): number
}

/** All that a rule's last argument holds. */
export type RuleOptions<Spec extends OptionSpec, Scalar extends string = never> = Resolved<Spec> &
  Surroundings & { readonly [K in Scalar]: number }

/** What both kinds of definition have. */
export interface Definition<
  State extends readonly string[],
  Spec extends OptionSpec,
  Scalar extends string,
> {
  readonly name: string
  readonly options: Spec
  /** Names of the numbers kept for each parameter element, 0 at first unless `start` says otherwise. */
  readonly state: State
  /** Those of `state` that are one number a tensor, not one an element. */
  readonly tensorState?: readonly State[number][]
  /** First values of state: a number made of the options, or 'p', the parameter itself. */
  readonly start?: {
    readonly [K in State[number]]?: ((options: Resolved<Spec>) => number) | 'p'
  }
  /** Numbers that the host keeps for each parameter, with their values before the parameter's first step. */
  readonly scalars?: (options: Resolved<Spec>) => { readonly [K in Scalar]: number }
  /** Their new values, before step t of the parameter. */
  advance?(
    scalars: { readonly [K in Scalar]: number },
    options: Resolved<Spec> & { readonly t: number; readonly calls: number },
  ): { [K in Scalar]: number }
  /** Refuses options that do not go together. */
  check?(options: Resolved<Spec>): void
}

/** What `defineOptimizer` takes. */
export interface OptimizerDefinition<
  State extends readonly string[],
  Spec extends OptionSpec,
  Scalar extends string = never,
> extends Definition<State, Spec, Scalar> {
  /**
   * The new value of one parameter element and of its state, from the old ones, the gradient g, the options and the
   * step count t = 1, 2, … Written as the equation reads: the compiler computes what depends on options alone once a step.
   */
  rule(p: number, g: number, ...rest: [...Numbers<State>, RuleOptions<Spec, Scalar>]): number[]
  /** The rule's text as it was before bundling; the build fills it in. */
  readonly source?: string
  /** The averaged weight that `evaluate()` shows in place of p. */
  average?(p: number, ...rest: [...Numbers<State>, Resolved<Spec>]): [number]
  /** As `source`, of `average`. */
  readonly averageSource?: string
}

/** What an optimizer that treats tensors whole (rows, columns, products) gives in place of a rule. */
export interface TensorDefinition<State extends readonly string[], Spec extends OptionSpec>
  extends Definition<State, Spec, never> {
  /** How many numbers each state holds for a tensor of this shape; all are 0 at first. */
  lengths(shape: readonly number[]): { readonly [K in State[number]]?: number }
  /** Assigns `work.p` and `work.state`. */
  update(work: TensorWork, options: Resolved<Spec>): void
}

/** Options as a caller gives them: every number may be a schedule. `maximize` climbs instead of descending. */
export type OptimizerOptions<Spec extends OptionSpec> = {
  -readonly [K in keyof Spec]?: Spec[K] extends FlagOption
    ? boolean
    : Spec[K] extends ChoiceOption<infer Word>
      ? Word
      : number | Schedule
} & { maximize?: boolean }

/** Parameters with options of their own: `{ params: [bias], weightDecay: 0 }`. */
export type GroupOptions<Spec extends OptionSpec> = {
  params: readonly Tensor[]
} & OptimizerOptions<Spec>

/** What `defineOptimizer` makes: called with parameters (or groups of them) and options, it gives an `Optimizer`. */
export interface OptimizerFactory<Spec extends OptionSpec> {
  (
    params: readonly Tensor[] | readonly GroupOptions<Spec>[],
    options?: OptimizerOptions<Spec>,
  ): Optimizer<Spec>
  readonly compiler: OptimizerCompiler
}

/** What makes an optimizer, whatever its options (`adam`, `sgd`, one of your own): what `trace` and comparisons take. */
export interface AnyOptimizer {
  (
    params: readonly Tensor[],
    options?: never,
  ): Pick<Optimizer, 'name' | 'step' | 'zeroGrad' | 'stateDict'>
  readonly compiler: OptimizerCompiler
}

/** The options of an optimizer: `OptionsOf<typeof adam>`. */
export type OptionsOf<Factory> =
  Factory extends OptimizerFactory<infer Spec> ? OptimizerOptions<Spec> : never

/**
 * Makes an optimizer of one scalar rule, or (`update`) of operations on whole tensors.
 * @example
 * const signSgd = defineOptimizer({
 *   name: 'signSgd', options: { lr: rate(0.01) }, state: [],
 *   rule: (p, g, { lr }) => [p - lr * Math.sign(g)],
 * })
 * @throws SyntaxError on the first use, if the rule uses what no backend can compute
 */
export function defineOptimizer<
  const State extends readonly string[],
  Spec extends OptionSpec,
  Scalar extends string = never,
>(definition: OptimizerDefinition<State, Spec, Scalar>): OptimizerFactory<Spec>
export function defineOptimizer<const State extends readonly string[], Spec extends OptionSpec>(
  definition: TensorDefinition<State, Spec>,
): OptimizerFactory<Spec>
export function defineOptimizer<Spec extends OptionSpec>(definition: {
  readonly name: string
}): OptimizerFactory<Spec> {
  const compiler = new OptimizerCompiler(definition as never)
  const factory = (
    params: readonly Tensor[] | readonly GroupOptions<Spec>[],
    options: OptimizerOptions<Spec> = {},
  ) => new Optimizer<Spec>(compiler, params, options)
  Object.defineProperty(factory, 'name', { value: definition.name })
  return Object.assign(factory, { compiler })
}
