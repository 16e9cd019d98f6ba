import { scriptOf } from '../debugger/cells.js'
import { EvaluatorDied, lostState } from '../evaluator/endings.js'
import type { RunAnswer } from '../evaluator/protocol.js'
import type { ExecuteRequest } from './execute.js'
import { magics } from './magics/table.js'
import type { Cell, Step } from './magics/types.js'
import type { Context } from './types.js'

type Ran = Omit<RunAnswer, 'type'>

/** Runs what a cell asks for, one thing after the other, up to the first error. */
export async function runSteps(
  { steps, kept }: Cell,
  request: ExecuteRequest,
  count: number,
  context: Context,
): Promise<Ran> {
  const { language } = context
  const payload: object[] = []
  let last: Ran = { expressions: {} }
  // The expressions are answered with the last step, by the evaluator.
  const asks = Object.keys(request.user_expressions ?? {}).length > 0
  const all = asks && answers(steps.at(-1)) ? [...steps, { code: '' }] : steps
  const first = all.find((step) => !answers(step))
  try {
    for (const [index, step] of all.entries()) {
      // What it has declared is there also while it runs, and where it throws.
      if (step === first) language?.commit(kept)
      const final = step === all.at(-1)
      last = await runStep(
        step,
        final ? request : { ...request, user_expressions: {} },
        count,
        context,
        scriptOf(request.code, index),
      )
      payload.push(...(last.payload ?? []))
      if (last.error) break
    }
    return { ...last, payload }
  } catch (error) {
    if (!(error instanceof EvaluatorDied)) throw error
    language?.reset()
    return { error: lostState(error.message), expressions: {} }
  }
}

/** Of no step the kernel itself has answered. */
const answers = (step: Step | undefined): boolean =>
  !step || (step.magic !== undefined && magics.get(step.magic.name)?.answer !== undefined)

async function runStep(
  { code, magic }: Step,
  request: ExecuteRequest,
  count: number,
  context: Context,
  script: string,
): Promise<Ran> {
  const { code: source, silent = false, user_expressions = {}, allow_stdin = false } = request
  const answer = magic && magics.get(magic.name)?.answer
  if (answer) {
    const publish = silent ? () => {} : context.publish
    const print = (text: string) => publish('stream', { name: 'stdout', text })
    await answer(magic, { ...context, publish, print })
    return { expressions: {} }
  }
  await context.debugger.ready
  return context.evaluator.run(
    {
      code,
      count,
      expressions: user_expressions,
      allowInput: allow_stdin,
      ...(code !== source && { source }),
      script,
      ...(magic && { magic }),
    },
    (id) => {
      context.adopt(id, { silent, count })
      context.debugger.cells.ran(id, source, code)
    },
  )
}
