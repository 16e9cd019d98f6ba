import { close, type Exercise, registerExercise, withHints } from 'downhill'
import { gives } from '../gives.js'
import hints from './hints.md'

const accumulate: Exercise = {
  id: 'accumulate',
  functionName: 'accumulate',
  checks: [
    {
      name: 'equal-parts',
      points: 1,
      rule: 'g = Σ nₖ/N · gₖ: two parts of 2 rows give the mean of their gradients',
      async test(student) {
        const parts = [
          { rows: 2, gradient: [1, -2] },
          { rows: 2, gradient: [3, 4] },
        ]
        return close(await student.call('accumulate', [parts]), [2, 1])
      },
    },
    {
      name: 'unequal-parts',
      points: 1,
      rule: 'a part of 3 rows counts 3/4, one of 1 row 1/4',
      async test(student) {
        const parts = [
          { rows: 3, gradient: [4, 0] },
          { rows: 1, gradient: [0, 8] },
        ]
        return close(await student.call('accumulate', [parts]), [3, 2])
      },
    },
  ],
}

const scaleRate: Exercise = {
  id: 'scale-rate',
  functionName: 'scaleRate',
  checks: [
    {
      name: 'linear-sgd',
      points: 1,
      rule: 'SGD: lr · to/from; 0.1 at 256 rows is 0.8 at 2048',
      test: gives('scaleRate', [0.1, 256, 2048, 'sgd'], 0.8),
    },
    {
      name: 'root-adam',
      points: 1,
      rule: 'Adam: lr · √(to/from); 0.001 at 32 rows is 0.008 at 2048',
      test: gives('scaleRate', [0.001, 32, 2048, 'adam'], 0.008),
    },
    {
      name: 'root-adamw',
      points: 1,
      rule: 'AdamW: as Adam',
      test: gives('scaleRate', [0.002, 16, 64, 'adamw'], 0.004),
    },
  ],
}

export const visible = [withHints(accumulate, hints), withHints(scaleRate, hints)]
for (const exercise of visible) registerExercise(exercise)
