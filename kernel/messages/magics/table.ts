import { lsmagic } from './lsmagic.js'
import { reset } from './reset.js'
import { html, markdown, svg } from './show.js'
import type { Magic } from './types.js'

const inEvaluator: Magic[] = [
  {
    name: 'bash',
    usage: '%%bash',
    summary:
      'Runs the cell as a bash script. Its output is shown as it comes; an exit code other than 0 is an error.',
    forms: ['%%'],
  },
  {
    name: 'load',
    usage: '%load FILE',
    summary: "Puts a file's text into the cell, in place of this line, without running it.",
    forms: ['%'],
  },
  {
    name: 'time',
    usage: '%time CODE, or %%time above a cell',
    summary: 'Runs the code once, and says how long it took, on the clock and on the processor.',
    forms: ['%', '%%'],
    code: true,
  },
  {
    name: 'timeit',
    usage: '%timeit [-n LOOPS] [-r RUNS] CODE, or %%timeit above a cell',
    summary:
      'Runs the code so often that its time can be told: mean and standard deviation of 7 runs, and the best.',
    forms: ['%', '%%'],
    code: true,
    options: /^(?:-[nr]\s*\d+(?:\s+|$))*/,
  },
  {
    name: 'who',
    usage: '%who [TYPE]',
    summary: 'Lists the variables of the notebook with type and value, or only those of one type.',
    forms: ['%'],
  },
  {
    name: 'writefile',
    usage: '%%writefile [-a] FILE',
    summary: 'Writes the cell into a file, in one step; with -a at its end.',
    forms: ['%%'],
  },
]

/** Read by `parse.ts`: it changes how the rest of the cell is checked, and runs nothing. */
const typecheck: Magic = {
  name: 'typecheck',
  usage: '%%typecheck off|warn|error',
  summary: 'Says what a type error does to this cell: nothing, a note, or stop it before it runs.',
  forms: ['%%'],
}

/** Every magic by its name. A new one is one line here, and one file here or in kernel/evaluator/magics. */
export const magics: ReadonlyMap<string, Magic> = new Map(
  [...inEvaluator, html, markdown, svg, reset, typecheck, lsmagic(() => magics.values())]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((magic) => [magic.name, magic]),
)
