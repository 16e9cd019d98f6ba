export { type GradedLesson, loadCourse, loadLesson } from './course.js'
export {
  type Coursework,
  type CourseworkOptions,
  findCoursework,
  gradeCoursework,
  requireOutside,
} from './coursework.js'
export { type FolderOptions, gradeFolder } from './folder.js'
export type { Grade, GradeOptions } from './grade.js'
export { type Limits, requireSandbox } from './sandbox.js'
export { findSubmissions, type Submission } from './submissions.js'
export { inTurns, type Turns } from './turns.js'
