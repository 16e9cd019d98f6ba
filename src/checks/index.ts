export { type Answer, check, registerExercise, registeredExercises } from './check.js'
export { close, type Tolerance } from './close.js'
export { withHints } from './hints.js'
export { type Fact, type QuizRow, quiz } from './quiz.js'
export { seededRandom } from './random.js'
export { CheckReport } from './report.js'
export type {
  Check,
  CheckResult,
  Exercise,
  ExerciseResult,
  Plain,
  Random,
  Student,
  Verdict,
} from './types.js'
export { answerCall } from './wire.js'
