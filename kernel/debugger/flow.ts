import { type Command, type Frame, type Session, type Step, threadId } from './session.js'

/** Goes on from a pause, in one of V8's ways. */
const go =
  (method: string): Command =>
  async (_args, session) => {
    if (!session.paused) throw new Error('debugger: nothing is paused')
    session.stepping = method === 'Debugger.resume' ? undefined : stepFrom(method, session)
    await session.inspector.call(method)
    return { allThreadsContinued: true }
  }

/** A step goes from line to line; in a line that is a whole loop it stops after so many of V8's own steps. */
const most = 10

const stepFrom = (method: string, { cells, paused = [] }: Session): Step => ({
  method,
  run: cells.newest,
  from: placeOf(paused),
  left: most,
})

const placeOf = (frames: readonly Frame[]): Step['from'] => ({
  path: frames[0]?.source.path ?? '',
  line: frames[0]?.line ?? 0,
  depth: frames.length,
})

/** What V8 must do next where it stopped in the course of `step`, before a client is told; undefined: the step is done. */
export function nextOf(
  step: Step | undefined,
  frames: readonly Frame[],
  at: 'code' | 'end' | 'elsewhere',
): { step: Step; method: string } | undefined {
  if (!step || frames.length === 0) return undefined
  // V8 steps into some functions of Node although it was told not to.
  if (at === 'elsewhere') return { step, method: 'Debugger.stepOut' }
  // Clients show lines, V8 stops at each statement in them: a loop's `k++` and then its condition.
  const { path, line, depth } = placeOf(frames)
  const { from, left, method } = step
  const stays = path === from.path && line === from.line && depth === from.depth
  return at === 'code' && stays && left > 0
    ? { step: { ...step, left: left - 1 }, method }
    : undefined
}

const detach = async (session: Session): Promise<object> => {
  await session.detach()
  return {}
}

export const flowCommands: Record<string, Command> = {
  attach: async (_args, session) => {
    await session.attach()
    session.event('initialized', {})
    return {}
  },
  configurationDone: () => ({}),
  continue: go('Debugger.resume'),
  next: go('Debugger.stepOver'),
  stepIn: go('Debugger.stepInto'),
  stepOut: go('Debugger.stepOut'),
  pause: async (_args, { inspector }) => inspector.call('Debugger.pause'),
  disconnect: (_args, session) => detach(session),
  terminate: (_args, session) => detach(session),
}

export const continued = { threadId, allThreadsContinued: true }
