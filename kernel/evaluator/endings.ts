import type { Failure } from './protocol.js'

/** The evaluator process ended while it had something to do; all variables are lost. */
export class EvaluatorDied extends Error {
  override name = 'EvaluatorDied'
}

/** What a cell shows when its process died under it. */
export function lostState(reason: string): Failure {
  const evalue = `${reason}. All variables are lost; run the cells from the top again.`
  return { ename: 'StateLost', evalue, traceback: [`StateLost: ${evalue}`] }
}

/** What a cell shows when an interrupt came before it ran. */
export const stoppedBefore: Failure = {
  ename: 'Interrupted',
  evalue: 'the cell was stopped by an interrupt before it ran',
  traceback: ['Interrupted: the cell was stopped by an interrupt before it ran'],
}
