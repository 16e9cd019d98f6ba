import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect } from 'vitest'
import { NotebookPage } from '../support/jupyterlab.js'
import { putNotebook, useLab } from '../support/lab.js'
import { testWith } from '../support/need.js'

const counter = `const counter = widget({
  state: { count: 0, bytes: new Uint8Array([1, 2, 3]) },
  css: '.counting { color: rgb(1, 2, 3) }',
  esm: \`export default { render({ model, el }) {
    const button = document.createElement('button')
    button.className = 'counting'
    const show = () => { button.textContent = 'count ' + model.get('count') + ' bytes ' + model.get('bytes').byteLength }
    button.onclick = () => {
      model.set('count', model.get('count') + 1)
      model.set('bytes', new DataView(new ArrayBuffer(model.get('count') + 10)))
      model.save_changes()
    }
    model.on('change:count', show)
    model.on('change:bytes', show)
    model.on('msg:custom', (content) => { button.title = content.say; model.send({ heard: content.say }) })
    show()
    el.append(button)
  } }\`,
})
counter`
const read = `counter.get('count') + ':' + counter.get('bytes').byteLength`
const set = `let said: unknown
counter.on('msg:custom', (content) => { said = content })
counter.set('count', 40)
counter.send({ say: 'hello' })`
const waits = `const clicked = new Promise<number>((done) => counter.on('change:count', done))
console.log('waiting')
'clicked ' + (await clicked)`

describe('a widget in JupyterLab', () => {
  const lab = useLab((work) => {
    const sources = [counter, read, set, waits, '"after " + JSON.stringify(said)']
    putNotebook(work, 'counter.ipynb', sources)
  })

  testWith(
    ['python', 'chromium'],
    'a click changes the value in the kernel, the kernel changes the page, and a cell waits for a click',
    async () => {
      const notebook = await NotebookPage.open(lab.browser, lab.url, 'counter.ipynb')
      const { page } = notebook
      const button = page.locator('button.counting')
      const outputs = async (index: number) => (await notebook.cells())[index]!.outputs
      const run = async (part: string) => {
        await (await notebook.show(part)).locator('.cm-content').click()
        await page.keyboard.press('Control+Enter')
      }

      await run('const counter')
      await button.getByText('count 0 bytes 3').waitFor()
      expect(await button.evaluate((node) => getComputedStyle(node).color)).toBe('rgb(1, 2, 3)')
      await button.click()
      await button.click()
      await button.getByText('count 2 bytes 12').waitFor()
      await notebook.picture('widget-clicked')
      await run('counter.get(')
      await expect
        .poll(() => outputs(1))
        .toMatchObject([{ output_type: 'execute_result', data: { 'text/plain': "'2:12'" } }])

      await run('let said')
      await button.getByText('count 40').waitFor()
      await expect.poll(() => button.getAttribute('title')).toBe('hello')

      // A cell waits, another queues behind it: the click passes both by.
      await run('const clicked')
      await run('"after "')
      await expect.poll(() => outputs(3)).toMatchObject([{ text: 'waiting\n' }])
      expect(await outputs(4)).toEqual([])
      await notebook.show('const counter')
      await button.click()
      await expect
        .poll(() => outputs(3))
        .toMatchObject([{}, { data: { 'text/plain': "'clicked 41'" } }])
      await expect
        .poll(() => outputs(4))
        .toMatchObject([{ data: { 'text/plain': `'after {"heard":"hello"}'` } }])
      expect(notebook.outside).toEqual([])
      expect(notebook.errors).toEqual([])

      // Another visit finds the widget where the kernel has it.
      await page.keyboard.press('Control+S')
      await expect
        .poll(() => readFileSync(join(lab.work, 'counter.ipynb'), 'utf8'))
        .toContain('clicked 41')
      await page.close()
      const again = await NotebookPage.open(lab.browser, lab.url, 'counter.ipynb')
      const found = again.page.locator('button.counting')
      await found.getByText('count 41').waitFor()
      await found.click()
      await found.getByText('count 42 bytes 52').waitFor()
      expect(again.errors).toEqual([])
      await again.page.close()
    },
    120_000,
  )
})
