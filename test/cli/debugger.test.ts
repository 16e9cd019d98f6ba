import { describe, expect } from 'vitest'
import { DebuggerPanel } from '../support/debugger-panel.js'
import { NotebookPage } from '../support/jupyterlab.js'
import { putNotebook, useLab } from '../support/lab.js'
import { testWith } from '../support/need.js'

/** Types that are gone in the JavaScript: its lines are not these. */
const slope = `type Slope = (x: number) => number

const rate: number = 0.5
const slope: Slope = (x) => {
  const doubled: number = x * 2
  return doubled / 2
}`
const descend = `interface Step {
  x: number
  walked: number
}

function descend(start: number, steps: number): Step[] {
  const path: Step[] = []
  let x: number = start
  for (let k: number = 0; k < steps; k++) {
    const gradient: number = slope(x)
    x -= rate * gradient
    path.push({ x, walked: start - x })
  }
  return path
}
const path: Step[] = descend(8, 3)
path.map(({ x }) => x)`
const top = '(top level) Cell [*]:16'

describe('the debugger of JupyterLab', () => {
  const lab = useLab((work) => putNotebook(work, 'walk.ipynb', [slope, descend, '1 + 1']))

  testWith(
    ['python', 'chromium'],
    'stops at a TypeScript line, shows variables, steps, evaluates, and goes on',
    async () => {
      const notebook = await NotebookPage.open(lab.browser, lab.url, 'walk.ipynb')
      const panel = new DebuggerPanel(notebook)
      const [first, second, third] = [
        await notebook.show('type Slope'),
        await notebook.show('interface Step'),
        await notebook.show('1 + 1'),
      ]
      await panel.run(first)
      await panel.turn('on')
      await panel.shows({ rate: '0.5', slope: '(x)=>{…}' })

      await panel.toggleBreakpoint(second, 11)
      expect(await panel.breakpoints(second)).toEqual([11])
      await panel.run(second)
      await panel.stoppedAt(['descend Cell [*]:11', top], 'x -= rate * gradient')
      await panel.shows({ x: '8', gradient: '8', k: '0', start: '8', steps: '3', path: '[]' })
      await panel.scope('Globals')
      await panel.shows({ rate: '0.5', slope: '(x)=>{…}' })
      await notebook.picture('debugger-stopped')

      await panel.scope('Locals')
      await panel.press('next')
      await panel.stoppedAt(['descend Cell [*]:12', top], 'path.push({ x, walked: start - x })')
      await panel.shows({ x: '4', gradient: '8' })
      await panel.press('next')
      const loop = 'for (let k: number = 0; k < steps; k++) {'
      await panel.stoppedAt(['descend Cell [*]:9', top], loop)
      await panel.shows({ path: '[{…}]' })
      expect(await panel.inside('path')).toMatchObject({ '0': '{x: 4, walked: 4}', length: '1' })
      await panel.press('next')
      await panel.stoppedAt(['descend Cell [*]:10', top], 'const gradient: number = slope(x)')
      await panel.press('stepIn')
      const called = ['descend Cell [*]:10', top]
      await panel.stoppedAt(['slope Cell [1]:5', ...called], 'const doubled: number = x * 2')
      await panel.shows({ x: '4' })
      await panel.press('stepOut')

      await panel.stoppedAt(['descend Cell [*]:11', top], 'x -= rate * gradient')
      await panel.press('evaluate')
      expect(await panel.evaluate('(x as number) * 100')).toBe('400')
      expect(await panel.evaluate('nobody')).toBe('ReferenceError: nobody is not defined')
      expect(await panel.evaluate('x = 20')).toBe('20')
      // JupyterLab has emptied the variables.
      await panel.select('descend')
      await panel.shows({ x: '20', gradient: '4' })
      await panel.press('evaluate')
      await panel.toggleBreakpoint(second, 11)
      await panel.press('continue')
      await panel.ran()
      expect(await panel.result(1, 2)).toBe('[ 4, 18, 9 ]')
      await panel.shows({ rate: '0.5', path: '[{…}, {…}, {…}]' })

      await panel.run(second)
      expect(await panel.result(1, 3)).toBe('[ 4, 2, 1 ]')
      await panel.turn('off')
      await panel.run(third)
      expect(await panel.result(2, 4)).toBe('2')
      expect(notebook.outside).toEqual([])
      expect(notebook.errors).toEqual([])
      await notebook.page.close()
    },
    240_000,
  )
})
