import {
  checkDigitsRecipe,
  digitsProject,
  type FullRecipe,
  type Plain,
  type Student,
  type Verdict,
} from 'downhill'
import { field } from '../plain.js'

/** The curves that a note may name. */
export const curves = ['trainLoss', 'validationLoss', 'accuracy'] as const
export type Curve = (typeof curves)[number]

/** What a student's function returned: asked once for all checks, so that no two of them see another recipe, or wait twice. */
const answers = new WeakMap<Student, Map<string, Promise<Plain>>>()

export function answerOf(student: Student, name: string): Promise<Plain> {
  const known = answers.get(student) ?? new Map<string, Promise<Plain>>()
  answers.set(student, known)
  const answer = known.get(name) ?? student.call(name, [])
  known.set(name, answer)
  return answer
}

/** The recipe as it will be trained. @throws what is wrong with it */
export const wellFormed = (recipe: Plain): FullRecipe => checkDigitsRecipe(recipe)

/** The recipe, within the budget of the project. @throws what is wrong with it */
export const withinBudget = (recipe: Plain): FullRecipe =>
  checkDigitsRecipe(recipe, { length: digitsProject.train, rows: digitsProject.rows })

/** A verdict on something that throws where it is wrong. */
export function verdictOf(expected: string, look: () => string): Verdict {
  try {
    return { ok: true, expected, got: look() }
  } catch (error) {
    return { ok: false, expected, got: (error as Error).message }
  }
}

/** The fields in which two recipes differ, in every one that was left to its default too. */
export const differences = (before: FullRecipe, after: FullRecipe): string[] =>
  Object.keys(before).filter(
    (name) =>
      JSON.stringify(Reflect.get(before, name)) !== JSON.stringify(Reflect.get(after, name)),
  )

/** The two recipes of a note. @throws what is wrong with one of them */
export function experimentOf(note: Plain): { before: FullRecipe; after: FullRecipe } {
  const [before, after] = ['before', 'after'].map((name) => {
    try {
      return withinBudget(field(note, name))
    } catch (error) {
      throw new TypeError(`${name}: ${(error as Error).message}`)
    }
  })
  return { before: before!, after: after! }
}
