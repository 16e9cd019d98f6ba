import type { Exercise } from 'downhill'
import { visible as adam } from './01-three-adam-steps/visible.js'
import { visible as clipping } from './02-gradient-clipping/visible.js'
import { visible as warmup } from './03-warmup-cosine/visible.js'
import { visible as momentum } from './04-momentum-valley/visible.js'
import { visible as adaptive } from './05-adaptive-methods/visible.js'
import { visible as decay } from './06-l2-is-not-weight-decay/visible.js'
import { visible as modes } from './07-dropout-norm-stopping/visible.js'
import { visible as regularizers } from './08-compare-regularizers/visible.js'
import { visible as firstWeights } from './09-init-precision-augmentation/visible.js'
import { visible as batch } from './10-batch-size/visible.js'
import { visible as transfer } from './11-transfer/visible.js'
import { visible as fair } from './12-fair-comparison/visible.js'
import { visible as troubles } from './13-what-goes-wrong/visible.js'
import { visible as largeBatch } from './14-large-batch/visible.js'
import { visible as ownRule } from './15-your-own-optimizer/visible.js'
import { visible as resume } from './16-resume-switch-average/visible.js'
import { visible as project } from './project-digits/visible.js'

/** The visible checks of the course, by exercise id: for the grader and the gates. Importing them also registers them. */
export const visibleExercises: ReadonlyMap<string, Exercise> = new Map(
  [
    ...adam,
    ...clipping,
    ...warmup,
    ...momentum,
    ...adaptive,
    ...decay,
    ...modes,
    ...regularizers,
    ...firstWeights,
    ...batch,
    ...transfer,
    ...fair,
    ...troubles,
    ...largeBatch,
    ...ownRule,
    ...resume,
    ...project,
  ].map((exercise) => [exercise.id, exercise]),
)
