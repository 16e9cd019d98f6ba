import { type Command, type Session, threadId } from './session.js'

/** Goes on from a pause, in one of V8's ways. */
const go =
  (method: string): Command =>
  async (_args, session) => {
    if (!session.paused) throw new Error('debugger: nothing is paused')
    session.stepping = method === 'Debugger.resume' ? undefined : session.cells.newest
    await session.inspector.call(method)
    return { allThreadsContinued: true }
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
