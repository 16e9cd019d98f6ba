// The source of notebooks/00-start-here.ipynb: change it here, then run `downhill lessons build start`.
// `npm start` opens it. test/docs/00-start-here.test.ts compares the table with lessons/manifest.ts.

// %% [markdown]
// # Start here
//
// This course is about one thing: how a neural network learns, and what to do when it does not learn well.
//
// A network is a function with many numbers in it that can be set, its **weights**. At first they are random, and so are its answers. One more number, the **loss**, says how wrong the answers are. To **train** the network is
// to walk downhill on the loss: find out which way it rises, by its slope, the **gradient**; set every weight a little the other way; and again, some thousand times. The rule for these steps is called an **optimizer**.
// How long should a step be? What if one slope is a hundred times steeper than the others? When does one stop? Sixteen lessons answer such questions, each by runs that you start yourself, and at the end a project is yours alone.
//
// You need to have programmed a little, in any language, and to know what a derivative is. The code is TypeScript, which is JavaScript with types; in the exercises `+ - * /`, `**` (to the power of), `Math.sqrt`, lists and functions will do. No other knowledge is taken for granted: each new word is
// _set like this_ where it is explained, and all of them stand in the [glossary](glossary.ipynb).

// %% [markdown]
// ## How a notebook works
//
// A notebook is text with **cells** of code in between, such as the grey one below. Click into it and press **Shift+Enter**: it runs, what it shows appears below it, and the next cell is chosen.

// %% id=first-cell
const answer = 6 * 7
answer

// %% [markdown]
// Now change the 6 and press Shift+Enter again. Nothing can break.
//
// - **From top to bottom.** A cell uses what cells above it have made. If one says _Cannot find name_, a cell above has not been run: choose **Run → Run All Above Selected Cell** in the menu.
// - **`[*]`** beside a cell: it is running, or waiting for its turn. A number: it is done.
// - **A cell that does not end?** The square ■ above the notebook stops it; what was made before is kept.
// - **All muddled up?** The round arrow ↻ starts afresh: your text stays, but every cell has to be run again, from the top.
// - **Ctrl+S** (⌘+S on a Mac) saves. When you come back tomorrow, your text and what the cells showed are there, but the cells have to be run again.
// - **To have a lesson anew**, rename your copy (right click on its name at the left), stop the program that you started in the terminal and start it again: it puts a fresh one beside it.

// %% [markdown]
// ## How a lesson goes
//
// 1. **Guess before you run.** A cell takes your guess; a later one sets it beside the result. A wrong guess costs nothing, and it is what makes the result stick.
// 2. **Run the cells and look.** You need not understand every line of the code that draws a figure: look at what comes out. Change numbers, run again.
// 3. **Your turn.** In the cell of an exercise, put your code in place of the line with `throw`. Run that cell, then the one below it, which begins with `await check`. It shows what was expected and what your code gave. A closed **Hint** stands beside what is not right yet; open it when you are stuck.
//    Try as often as you like. If the error of your own cell says _Nothing in this cell ran_, the check still sees the version before, and says so above its table; if there is none, it says _Cannot find name_.
// 4. **True or false?** A few statements that many people get wrong. Decide before you look.
// 5. **To keep.** What one sees when something goes wrong, and what to do first. It ends with a link to the next lesson.
//
// Stuck on an exercise? Go on: what follows does not need your answer. Twenty to thirty minutes a lesson is usual for those who have met the subject; take the time that you need.

// %% [markdown]
// ## The lessons
//
// | | lesson | it asks | points |
// | --- | --- | --- | --- |
// | 01 | [Three steps of Adam](01-three-adam-steps.ipynb) | How long is a step, and what decides it? | 4 |
// | 02 | [Clipping gradients](02-gradient-clipping.ipynb) | What if one gradient is suddenly huge? | 6 |
// | 03 | [Warmup, then half a cosine](03-warmup-cosine.ipynb) | Should all steps be equally long? | 6 |
// | 04 | [Momentum and the valley](04-momentum-valley.ipynb) | What if the slope is steep one way and gentle the other? | 8 |
// | 05 | [Adaptive methods and bias correction](05-adaptive-methods.ipynb) | Can each weight have a step length of its own? | 8 |
// | 06 | [L2 is not weight decay](06-l2-is-not-weight-decay.ipynb) | How are weights kept small? | 5 |
// | 07 | [Dropout, norm layers, early stopping](07-dropout-norm-stopping.ipynb) | What if the network learns its examples by heart? | 10 |
// | 08 | [Compare regularizers](08-compare-regularizers.ipynb) | Which remedy helps here, and was it luck? | 12 |
// | 09 | [First weights, few digits, more data](09-init-precision-augmentation.ipynb) | What is decided before the first step? | 6 |
// | 10 | [Batch size, accumulation, and the learning rate](10-batch-size.ipynb) | From how many examples at a time? | 5 |
// | 11 | [Parameter groups and transfer](11-transfer.ipynb) | Can it use what it learned before? | 5 |
// | 12 | [Learning rates, and a fair comparison](12-fair-comparison.ipynb) | Which optimizer is better, and how would we know? | 7 |
// | 13 | [What goes wrong: six runs](13-what-goes-wrong.ipynb) | A run went badly: what comes first? | 8 |
// | 14 | [Large batches: LAMB, LARS, Lookahead](14-large-batch.ipynb) | What if there are many machines? | 7 |
// | 15 | [Your own optimizer, on every backend](15-your-own-optimizer.ipynb) | How does one write an optimizer? | 3 |
// | 16 | [Resume, switch, average](16-resume-switch-average.ipynb) | What if a training breaks off? | 5 |
// | project | [The project: digits within a budget](project-digits.ipynb) | How well can you do it? | 6 |
//
// One after the other is best. In a hurry: 01, 04, 05, 12, 13 and the project. Beside them lie the [glossary](glossary.ipynb), [how long a step takes](speed.ipynb), and [a tour of the kernel](kernel-tour.ipynb) for those who want to know what such a cell can do.

// %% [markdown]
// ## Your points
//
// Run this cell, today or whenever you like. It reads the notebooks in this folder as they were last saved, and adds up what their checks showed. You need not read the code.

// %% id=points
import { readdir, readFile } from 'node:fs/promises'
import { records } from 'downhill'

interface SavedCell {
  metadata: { nbgrader?: { grade: boolean; points: number } }
  outputs?: { data?: { 'text/plain'?: string | string[] } }[]
}

const rows: { lesson: string; points: number; of: number; checks: string }[] = []
for (const file of (await readdir('.')).filter((name) => name.endsWith('.ipynb')).sort()) {
  const { cells }: { cells: SavedCell[] } = JSON.parse(await readFile(file, 'utf8'))
  const checks = cells.filter(({ metadata }) => metadata.nbgrader?.grade)
  if (checks.length === 0) continue
  const shown = checks.map(({ outputs }) => outputs?.[0]?.data?.['text/plain'])
  const run = shown.filter((points) => points !== undefined)
  rows.push({
    lesson: file.replace('.ipynb', ''),
    points: run.reduce((sum, points) => sum + Number(points), 0),
    of: checks.reduce((sum, { metadata }) => sum + (metadata.nbgrader?.points ?? 0), 0),
    checks: `${run.length} of ${checks.length} run`,
  })
}
const total = (column: 'points' | 'of') => rows.reduce((sum, row) => sum + row[column], 0)
records(rows, { caption: `Your points so far: ${total('points')} of ${total('of')}` })

// %% [markdown]
// Who learns alone is done when these are full. In a class the notebook itself is what you hand in: save it and send the file (right click on its name at the left, **Download**). The teacher's program calls your functions with other numbers as well, so there are more
// points to be had than here; a function that only knows the numbers of the page loses them.
//
// Now open [lesson 01](01-three-adam-steps.ipynb).
