import { EvaluatorDied } from '../../evaluator/endings.js'
import type { Magic } from './types.js'

/**
 * `%reset`: V8 cannot take back a name that was declared, so the process goes, and a fresh one comes. Modules are loaded
 * anew, timers and servers of the notebook end.
 */
export const reset: Magic = {
  name: 'reset',
  usage: '%reset',
  summary: 'Removes all variables and starts the notebook afresh; numbers of cells go on.',
  forms: ['%'],
  async answer(_call, { evaluator, language, print }) {
    const code = 'process.kill(process.pid, "SIGKILL"); await new Promise(() => {})'
    try {
      await evaluator.run({ code, count: 0, expressions: {}, allowInput: false }, () => {})
      throw new Error('%reset: the process did not end; restart the kernel')
    } catch (error) {
      if (!(error instanceof EvaluatorDied)) throw error
    }
    language?.reset()
    print('All variables are removed.\n')
  },
}
