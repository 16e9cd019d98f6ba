export type { RandomPlace } from './backend/backend.js'
export type {
  ChoiceOption,
  FlagOption,
  NumberOption,
  OptionSpec,
  Schedule,
} from './backend/options.js'
export {
  choice,
  count,
  flag,
  fraction,
  nonNegative,
  period,
  positive,
  rate,
  share,
} from './backend/options.js'
export type { BackendName, BackendOptions } from './backend/use.js'
export { backend, useBackend } from './backend/use.js'
export { type ClipGradAdaptive, clipGradAdaptive } from './clipping/clipGradAdaptive.js'
export { type ClipGradNorm, clipGradNorm, type NonFinite } from './clipping/clipGradNorm.js'
export { clipGradRms } from './clipping/clipGradRms.js'
export { clipGradValue } from './clipping/clipGradValue.js'
export { type ClipCounts, type ClipHistory, clipHistory } from './clipping/clipHistory.js'
export { type Batch, type Batches, type BatchesOptions, batches } from './data/batches.js'
export { breastCancer } from './data/breastCancer.js'
export { Dataset, type DatasetParts } from './data/dataset.js'
export { digits } from './data/digits.js'
export { oneHot } from './data/oneHot.js'
export { type Spirals, spirals } from './data/spirals.js'
export { type SplitOptions, split } from './data/split.js'
export { type Scale, type Standardized, standardize } from './data/standardize.js'
export { type Numbers, parameter, tensor } from './nn/create.js'
export {
  fanInUniform,
  filled,
  heNormal,
  heUniform,
  type Init,
  type InitOptions,
  standardNormal,
  xavierNormal,
  xavierUniform,
} from './nn/init.js'
export { defineLayer, type Layer, type LayerDefinition } from './nn/layer.js'
export {
  elu,
  gelu,
  leakyRelu,
  logSigmoid,
  relu,
  sigmoid,
  silu,
  softplus,
  tanh,
} from './nn/layers/activations.js'
export { type BatchNorm, batchNorm } from './nn/layers/batchNorm.js'
export { type Conv2d, conv2d } from './nn/layers/conv2d.js'
export { dropout } from './nn/layers/dropout.js'
export { type Embedding, embedding } from './nn/layers/embedding.js'
export { flatten } from './nn/layers/flatten.js'
export { type LayerNorm, layerNorm } from './nn/layers/layerNorm.js'
export type { LinearOptions } from './nn/layers/linear.js'
export { maxPool2d } from './nn/layers/maxPool2d.js'
export { type LayerLike, sequential } from './nn/layers/sequential.js'
export { logSoftmax, softmax } from './nn/layers/softmax.js'
export { updateBatchNorm } from './nn/layers/updateBatchNorm.js'
export { linear } from './nn/linear.js'
export {
  type BceWithLogits,
  bceWithLogits,
  hingeEmbedding,
  softMargin,
} from './nn/losses/binary.js'
export { type CrossEntropy, crossEntropy } from './nn/losses/crossEntropy.js'
export { type KlDiv, klDiv } from './nn/losses/klDiv.js'
export { type Nll, nll } from './nn/losses/nll.js'
export type { Reduction } from './nn/losses/options.js'
export { huber, type LossOptions, l1, mse, smoothL1 } from './nn/losses/regression.js'
export type { ModelState } from './nn/modelState.js'
export { noGrad } from './nn/noGrad.js'
export type { ReduceOptions } from './nn/reductions.js'
export { initialize, manualSeed } from './nn/seed.js'
export { concatenate } from './nn/shape.js'
export { Tensor, type TensorOptions } from './nn/tensor.js'
export type { UnitOptions, Units } from './nn/units.js'
export { adabelief } from './optimizers/adabelief.js'
export { adadelta } from './optimizers/adadelta.js'
export { adafactor } from './optimizers/adafactor.js'
export { adagrad } from './optimizers/adagrad.js'
export { adam } from './optimizers/adam.js'
export { adamax } from './optimizers/adamax.js'
export { adamw } from './optimizers/adamw.js'
export { adan } from './optimizers/adan.js'
export { asgd } from './optimizers/asgd.js'
export {
  type AnyOptimizer,
  defineOptimizer,
  type GroupOptions,
  type OptimizerDefinition,
  type OptimizerFactory,
  type OptimizerOptions,
  type OptionsOf,
  type RuleOptions,
  type Surroundings,
  type TensorDefinition,
} from './optimizers/define.js'
export { freeze, type StagedUnfreeze, stagedUnfreeze, unfreeze } from './optimizers/freeze.js'
export { lamb } from './optimizers/lamb.js'
export { lars } from './optimizers/lars.js'
export { Lbfgs, lbfgs } from './optimizers/lbfgs.js'
export type { LbfgsOptions } from './optimizers/lbfgsOptions.js'
export { lion } from './optimizers/lion.js'
export { Lookahead, type LookaheadOptions, lookahead } from './optimizers/lookahead.js'
export { muon } from './optimizers/muon.js'
export { nadam } from './optimizers/nadam.js'
export {
  type DecayGroups,
  type DecayRow,
  type NoDecayGroups,
  noDecayGroups,
} from './optimizers/noDecayGroups.js'
export { novograd } from './optimizers/novograd.js'
export type { Group, Optimizer } from './optimizers/optimizer.js'
export { radam } from './optimizers/radam.js'
export { rmsprop } from './optimizers/rmsprop.js'
export { rprop } from './optimizers/rprop.js'
export { scheduleFree } from './optimizers/scheduleFree.js'
export { sgd } from './optimizers/sgd.js'
export type { OptimizerState } from './optimizers/state.js'
export {
  stateFromBytes,
  stateFromJson,
  stateToBytes,
  stateToJson,
} from './optimizers/stateFile.js'
export { type TraceOptions, type TraceRow, trace } from './optimizers/trace.js'
export { yogi } from './optimizers/yogi.js'
export type { WeightAverage } from './regularizers/average.js'
export { confidencePenalty } from './regularizers/confidencePenalty.js'
export { decayWeights } from './regularizers/decayWeights.js'
export {
  type EarlyStopping,
  type EarlyStoppingOptions,
  type EarlyStoppingState,
  earlyStopping,
  type Observation,
} from './regularizers/earlyStopping.js'
export { type ElasticNetPenalty, elasticNetPenalty } from './regularizers/elasticNetPenalty.js'
export { type Ema, ema } from './regularizers/ema.js'
export { type GradientNoise, gradientNoise } from './regularizers/gradientNoise.js'
export { groupLassoPenalty } from './regularizers/groupLassoPenalty.js'
export { hardThreshold } from './regularizers/hardThreshold.js'
export { l1Penalty } from './regularizers/l1Penalty.js'
export { type L2Penalty, l2Penalty } from './regularizers/l2Penalty.js'
export { logCoshPenalty } from './regularizers/logCoshPenalty.js'
export { type MaxNorm, maxNorm } from './regularizers/maxNorm.js'
export { nuclearPenalty } from './regularizers/nuclearPenalty.js'
export { orthogonalPenalty } from './regularizers/orthogonalPenalty.js'
export { softThreshold } from './regularizers/softThreshold.js'
export { type Swa, swa } from './regularizers/swa.js'
export type { SchedulePart } from './schedules/combine.js'
export { constant } from './schedules/constant.js'
export { cosine } from './schedules/cosine.js'
export { cosineRestarts } from './schedules/cosineRestarts.js'
export { type Cyclic, type CyclicMomentum, cyclic, cyclicMomentum } from './schedules/cyclic.js'
export {
  defineSchedule,
  type ScheduleDefinition,
  type ScheduleOptions,
} from './schedules/define.js'
export { exponential } from './schedules/exponential.js'
export { floor } from './schedules/floor.js'
export { type InverseSqrt, inverseSqrt } from './schedules/inverseSqrt.js'
export { lambda } from './schedules/lambda.js'
export { multiplicative } from './schedules/multiplicative.js'
export { type MultiStep, multiStep } from './schedules/multiStep.js'
export type { NamedSchedule } from './schedules/named.js'
export { oneCycle, oneCycleMomentum } from './schedules/oneCycle.js'
export { type Piecewise, piecewise } from './schedules/piecewise.js'
export { polynomial } from './schedules/polynomial.js'
export { product } from './schedules/product.js'
export { type Plateau, type PlateauState, reduceOnPlateau } from './schedules/reduceOnPlateau.js'
export { sequence } from './schedules/sequence.js'
export { stepDecay } from './schedules/stepDecay.js'
export { swalr } from './schedules/swalr.js'
export { type ScheduleRow, table } from './schedules/table.js'
export { warmup } from './schedules/warmup.js'
export { warmupCosine } from './schedules/warmupCosine.js'
export { warmupLinear } from './schedules/warmupLinear.js'
export { wsd } from './schedules/wsd.js'
export {
  type CompareOptions,
  compare,
  type Recipe,
  type SeedData,
  type SharedOptions,
} from './training/compare.js'
export {
  type Compared,
  type ComparedRun,
  Comparison,
  type ComparisonRow,
} from './training/comparison.js'
export type { TrainingData } from './training/data.js'
export type { Column, EpochRecord } from './training/epochRecord.js'
export { type EvaluateOptions, type Evaluation, evaluate, predict } from './training/evaluate.js'
export {
  type FindLearningRate,
  findLearningRate,
  LearningRateSearch,
} from './training/findLearningRate.js'
export { fit } from './training/fit.js'
export { History, type Stopped } from './training/history.js'
export type { Loss } from './training/loss.js'
export { accuracy, type Confusion, classOf, confusion, type Metric } from './training/metrics.js'
export type { Model } from './training/model.js'
export type { CheckpointOptions, FitOptions, StopOptions } from './training/options.js'
export { type PickedRate, pickLearningRate } from './training/pickLearningRate.js'
export { counts, type Spread, spreadOf } from './training/statistics.js'
export type { CheckpointStore } from './training/store.js'
export type { Trainable } from './training/trainable.js'
/** The version of this package. */
export const version = '0.1.0'
export * from './advisor/index.js'
export * from './checks/index.js'
export * from './examples/index.js'
export * from './host/index.js'
export * from './plots/index.js'
