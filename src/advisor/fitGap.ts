import { checkOption, share } from '../backend/options.js'

/**
 * What two accuracies say: training far above validation is overfitting, both poor and alike is underfitting. The limits (0.1 apart; below 0.7) are a rule
 * of thumb: what is poor depends on the task. A run that ended in NaN is neither, whatever its accuracies: `diagnose`, which sees the run, says so.
 * Tests     test/advisor/diagnose.test.ts
 * @throws RangeError unless both are shares from 0 to 1
 * @example [fitGap({ train: 0.99, validation: 0.7 }), fitGap({ train: 0.6, validation: 0.58 })]   // ['overfitting', 'underfitting']
 */
export function fitGap({
  train,
  validation,
}: {
  train: number
  validation: number
}): 'overfitting' | 'underfitting' | 'neither' {
  checkOption('fitGap', 'train', share(), train)
  checkOption('fitGap', 'validation', share(), validation)
  if (train - validation >= 0.1) return 'overfitting'
  return train < 0.7 ? 'underfitting' : 'neither'
}
