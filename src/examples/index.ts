export { digitAugmentations } from './augmentDigits.js'
export { type BiasCorrection, biasCorrection } from './biasCorrection.js'
export { type ClippedBothWays, type ClippedGradient, clippedGradient } from './clippedGradient.js'
export { type DecayTwoWays, decayTwoWays, type TwoDecays } from './decayTwoWays.js'
export { type DigitsRecipe, digitsRecipeFields, type FullRecipe } from './digitsFields.js'
export { checkDigitsRecipe } from './digitsRecipe.js'
export {
  type FourOptimizers,
  fourOptimizers,
  type OptimizerName,
  type TunedWalk,
} from './fourOptimizers.js'
export { momentumVelocity, type VelocityRow } from './momentumVelocity.js'
export { type ScaledRate, scaledRate, scaledSchedule } from './scaledRate.js'
export { type AdamRow, type ThreeAdamSteps, threeAdamSteps } from './threeAdamSteps.js'
export {
  digitsProject,
  type TrainedRecipe,
  type TrainRecipeOptions,
  trainRecipe,
} from './trainRecipe.js'
export {
  type TroubledName,
  type TroubledResult,
  type TroubledRun,
  troubledRun,
} from './troubledRun.js'
export { type ValleyPoint, type ValleyWalk, valleyStep, walkValley } from './valley.js'
export { type PrintedRate, warmupCosineTable } from './warmupCosineTable.js'
