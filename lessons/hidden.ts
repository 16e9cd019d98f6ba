import type { Exercise } from 'downhill'
import { hidden as adam } from './01-three-adam-steps/hidden.js'
import { hidden as clipping } from './02-gradient-clipping/hidden.js'
import { hidden as warmup } from './03-warmup-cosine/hidden.js'
import { hidden as momentum } from './04-momentum-valley/hidden.js'
import { hidden as adaptive } from './05-adaptive-methods/hidden.js'
import { hidden as decay } from './06-l2-is-not-weight-decay/hidden.js'
import { hidden as modes } from './07-dropout-norm-stopping/hidden.js'
import { hidden as stopping } from './07-dropout-norm-stopping/hidden-stopping.js'
import { hidden as regularizers } from './08-compare-regularizers/hidden.js'
import { hidden as firstWeights } from './09-init-precision-augmentation/hidden.js'
import { hidden as batch } from './10-batch-size/hidden.js'
import { hidden as transfer } from './11-transfer/hidden.js'
import { hidden as fair } from './12-fair-comparison/hidden.js'
import { hidden as troubles } from './13-what-goes-wrong/hidden.js'
import { hidden as largeBatch } from './14-large-batch/hidden.js'
import { hidden as ownRule } from './15-your-own-optimizer/hidden.js'
import { hidden as resume } from './16-resume-switch-average/hidden.js'
import { hidden as project } from './project-digits/hidden.js'

/** The hidden checks of the course, by exercise id. Only the grader imports this: it never enters a learner's process. */
export const hiddenExercises: ReadonlyMap<string, Exercise> = new Map(
  [
    ...adam,
    ...clipping,
    ...warmup,
    ...momentum,
    ...adaptive,
    ...decay,
    ...modes,
    ...stopping,
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
