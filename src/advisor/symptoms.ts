/** What is seen while a model trains. */
export type Symptom =
  | 'not-finite'
  | 'diverging'
  | 'oscillating'
  | 'exploding'
  | 'vanishing'
  | 'not-decreasing'
  | 'clips-every-step'
  | 'backbone-drifts'
  | 'overfitting'
  | 'underfitting'
  | 'slow'

/** What each symptom looks like. In the order of their weight: the first of those that are there is the main one. */
export const symptoms: Readonly<Record<Symptom, string>> = {
  'not-finite': 'the loss or a gradient was NaN or infinite',
  diverging: 'the training loss ends far above where it was best',
  oscillating: 'a loss jumps up and down',
  exploding: 'gradients are far too large, some or all of them',
  vanishing: 'hardly any gradient arrives, and the loss is still high',
  'not-decreasing': 'the training loss stays where it was',
  'clips-every-step': 'nearly every step is clipped',
  'backbone-drifts': 'pretrained weights move so far that they forget',
  overfitting: 'training still improves, validation gets worse',
  underfitting: 'training and validation are equally poor',
  slow: 'the loss falls steadily, but slowly',
}
