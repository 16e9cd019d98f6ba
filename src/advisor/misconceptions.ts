/** What is often said, and is not so. */
export interface Misconception {
  readonly code: string
  readonly claim: string
  /** What is the case. */
  readonly truth: string
  /** How to see it here. */
  readonly measure: string
}

/** Sentences that one hears when optimizers are chosen, for quizzes: what is true instead, and how to measure it. */
export const misconceptions: readonly Misconception[] = [
  {
    code: 'adam-is-adamw',
    claim: 'Adam and AdamW are the same.',
    truth:
      'Without decay they are. With it, Adam divides the decay by √v̂ like any other gradient; AdamW does not.',
    measure: 'decayTwoWays(…) shows each weight under both.',
  },
  {
    code: 'one-rate-for-all',
    claim: 'The learning rate that works for Adam works for SGD.',
    truth: 'An Adam step is about as long as the rate, an SGD step is the rate times the gradient.',
    measure: 'findLearningRate(…) with each.',
  },
  {
    code: 'paper-says-so',
    claim: 'It worked in a paper, so it works here.',
    truth: 'A recipe belongs to a model, data, batch and length. It is a start, not a proof.',
    measure: 'compare(…) the recipe with a tuned baseline, over five seeds.',
  },
  {
    code: 'sgd-is-outdated',
    claim: 'SGD is outdated.',
    truth: 'With momentum and a schedule it still ends in front on many convolutional networks.',
    measure: 'compare(…) both for the full length, each with its own rate.',
  },
  {
    code: 'defaults-are-best',
    claim: 'The defaults were chosen by experts, so leave them.',
    truth: 'They were chosen without your task. The rate at least has to be searched for.',
    measure: 'lint({ optimizer: "adamw" }) asks; findLearningRate(…) answers.',
  },
  {
    code: 'adaptive-needs-no-tuning',
    claim: 'Adaptive optimizers need no learning rate.',
    truth:
      'They adapt the steps of weights beside each other; how long all of them are is still yours to say.',
    measure: 'Train with 1e-4, 1e-3 and 1e-1.',
  },
  {
    code: 'optimizer-is-to-blame',
    claim: 'It does not learn: we need another optimizer.',
    truth: 'Rate, numbers, batch, data and gradients are to blame far more often.',
    measure: 'diagnose(history) has the order.',
  },
  {
    code: 'batch-changes-nothing',
    claim: 'A larger batch only makes it faster.',
    truth: 'It makes fewer and steadier steps, and wants another rate.',
    measure: 'The same number of epochs with batch 16 and 256, at one rate, then at a scaled one.',
  },
  {
    code: 'more-decay-more-fit',
    claim: 'Too much weight decay overfits.',
    truth: 'The other way round: too much underfits, too little lets a model overfit.',
    measure: 'Train with decay 0, 0.01 and 10 and look at both losses.',
  },
  {
    code: 'clipping-cures',
    claim: 'Clipping every step makes any learning rate safe.',
    truth: 'Then the limit is the length of the step, and the rate only seems to be one.',
    measure: 'The column "clipped share" of a history.',
  },
  {
    code: 'faster-is-better',
    claim: 'What is ahead after ten epochs is ahead at the end.',
    truth: 'Curves cross: a fast start and a good end are two goals.',
    measure: 'comparison.plot() over the whole length.',
  },
  {
    code: 'one-seed-proves',
    claim: 'It was better in my run.',
    truth: 'Another seed may turn that round: the spread is often larger than the difference.',
    measure: 'compare(…, { seeds: [1, 2, 3, 4, 5] }).',
  },
]
