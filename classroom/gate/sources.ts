import type { INotebookContent } from '@jupyterlab/nbformat'
import type { ExerciseEntry } from '../../lessons/manifest.js'
import { parseHints } from '../../src/checks/hints.js'
import type { Check, Exercise } from '../../src/checks/types.js'
import { sourceOf } from '../client/notebook.js'
import type { Checks, GradedLesson } from '../grade/course.js'
import { type Lesson, splitSolution } from '../notebook/index.js'

/** Stands in the first text of what `downhill lessons new` makes, where a learner would read it too. */
export const templateMarker = 'still the template of `downhill lessons new`'

/** Shorter lines, such as `return sum`, may stand anywhere. */
const telling = 20

/** What can be seen without running: of the lesson's source, its student version and its checks. */
export function sourceProblems(
  lesson: Lesson,
  student: INotebookContent,
  graded: GradedLesson,
): string[] {
  const unedited = student.cells.some((cell) => sourceOf(cell).includes(templateMarker))
  const where = `lessons/${graded.entry.folder}`
  return [
    ...(unedited
      ? [`it is ${templateMarker}; write the lesson, then take that line out of ${where}/lesson.ts`]
      : []),
    ...leftIn(lesson, student),
    ...graded.exercises.flatMap(({ exercise }) => checkCell(lesson, exercise)),
    ...checksProblems(graded),
  ]
}

const squeezed = (text: string): string => text.replace(/\s+/g, '')

/** Lines of a solution that a learner can read, however they are spaced. */
function leftIn({ cells }: Lesson, student: INotebookContent): string[] {
  const shown = student.cells.map((cell) => squeezed(sourceOf(cell)))
  const solutions = cells.flatMap(({ kind, id, source, line }) => {
    if (kind !== 'exercise') return []
    const { solution, stub } = splitSolution(source, `line ${line}`)
    const given = new Set(stub.split('\n'))
    return solution
      .split('\n')
      .flatMap((text) => (given.has(text) ? [] : { id, text: text.trim() }))
  })
  return solutions.flatMap(({ id, text }) => {
    const line = squeezed(text)
    const cell = shown.findIndex((source) => text.length >= telling && source.includes(line))
    return cell < 0
      ? []
      : [`cell ${cell + 1} of the student version shows a line of the solution of "${id}": ${text}`]
  })
}

/** `await check('adam-step', adamStep)`, or with several functions: `{ rate: rate, table: table }`. */
const onlyCheck = /^await check\(\s*'([^']+)',\s*(?:(\w+)|\{([\w\s:,]+)\}),?\s*\)$/

/** A check cell checks its exercise, and the function that the grader calls is one that the notebook declares. */
function checkCell({ cells }: Lesson, { id, functionName }: Exercise): string[] {
  const source = cells.find((cell) => cell.kind === 'check' && cell.id === id)?.source ?? ''
  const found = onlyCheck.exec(source.trim())
  if (found?.[1] !== id)
    return [
      `the check cell "${id}" must hold await check('${id}', …) and nothing else: what else it does is lost where the grader leaves it out`,
    ]
  const code = cells.filter(({ kind }) => kind !== 'markdown').map((cell) => cell.source)
  const names = found[2] === undefined ? found[3]!.match(/\w+(?=\s*(?:,|$))/g)! : [found[2]]
  const declared = (name: string): boolean =>
    new RegExp(`^(?:async )?(?:function\\*?|const|let|var|class) +${name}\\b`, 'm').test(
      code.join('\n'),
    )
  return [
    ...names
      .filter((name) => !declared(name))
      .map((name) => `"${id}" checks ${name}, which no cell declares`),
    ...(declared(functionName)
      ? []
      : [`the checks of "${id}" call ${functionName}, which no cell declares`]),
  ]
}

/** Names, points and hints. */
function checksProblems({ entry, exercises }: GradedLesson): string[] {
  return exercises.flatMap(({ exercise: { id, checks }, hidden }) => {
    const names = checks.map(({ name }) => name)
    const twice = names.filter((name, k) => names.indexOf(name) !== k)
    const said = entry.exercises.find((one) => one.id === id)!
    const points = (list: readonly Check[]): number =>
      list.reduce((sum, check) => sum + check.points, 0)
    const found = [points(checks.slice(0, hidden)), points(checks.slice(hidden))]
    const unlike = found[0] !== said.visible || found[1] !== said.hidden
    return [
      ...twice.map((name) => `two checks of "${id}" are called "${name}"; they would share a hint`),
      ...(unlike
        ? [
            `exercise "${id}" gives ${found.join(' + ')} points, manifest.ts says ${said.visible} + ${said.hidden}`,
          ]
        : []),
      ...checks
        .filter(({ hint }) => hint === undefined)
        .map(
          ({ name }) =>
            `check "${name}" has no hint; write one under "# ${id}" in lessons/${entry.folder}/hints.md`,
        ),
    ]
  })
}

/** Hints of a lesson's hints.md that no check of it shows: a name was changed, or misspelt. */
export function strayHints(markdown: string, { entry, exercises }: GradedLesson): string[] {
  return exercises.flatMap(({ exercise: { id, checks } }) =>
    [...parseHints(markdown, id).keys()]
      .filter((name) => !checks.some((check) => check.name === name))
      .map(
        (name) =>
          `lessons/${entry.folder}/hints.md has a hint for "${name}" under "# ${id}", which has no such check`,
      ),
  )
}

/** Exercises that a lesson's own checks (the text of its visible.ts and hidden.ts) define, and that nobody counts. */
export function uncountedProblems(
  text: string,
  { visibleExercises, hiddenExercises }: Checks,
  counted: readonly ExerciseEntry[],
): string[] {
  const ids = new Set([...visibleExercises.keys(), ...hiddenExercises.keys()])
  for (const { id } of counted) ids.delete(id)
  return [...ids]
    .filter((id) => text.includes(`id: '${id}'`))
    .map((id) => `its checks of "${id}" count for nothing: manifest.ts names no such exercise`)
}
