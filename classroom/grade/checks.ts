/**
 * Entry of dist/grader/checks.js, the only file of dist/ that holds hidden checks. Nothing may import this one: the grader
 * loads what was built, by its path (course.ts), so that no bundle that is packed or that a learner runs can contain it.
 */
export { hiddenExercises } from '../../lessons/hidden.js'
export { visibleExercises } from '../../lessons/visible.js'
