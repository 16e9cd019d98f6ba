// The source of notebooks/glossary.ipynb: change it here, then run `downhill lessons build glossary`.
// A line is `- **term** (also _alias_, _alias_): what it means. [NN](the lesson that defines it)`; test/docs/glossary.test.ts reads them.

// %% [markdown]
// # Glossary
//
// The words of this course, as it uses them, and the symbols of its formulas. The number behind each leads to the lesson that explains it, where you see it at work. No lesson
// uses a word before that. To find a word, press Ctrl-F (⌘-F on a Mac), or go by the alphabet.

// %% [markdown]
// ## Symbols
//
// A letter may stand for two things in two lessons, as it does in the literature. What you will meet most:
//
// - **α** (alpha): the learning rate. In lesson 14 also the share of the way that Lookahead's slow weights go. [01](01-three-adam-steps.ipynb)
// - **β, β₁, β₂** (beta): how much of the old value a running average keeps; β₁ for the gradient, β₂ for its square. [01](01-three-adam-steps.ipynb)
// - **δ** (delta): the size of an average at which a sign made smooth gives half a step. [15](15-your-own-optimizer.ipynb)
// - **ε** (epsilon): a tiny number that keeps a division from being one by 0. [01](01-three-adam-steps.ipynb)
// - **η** (eta): the schedule alone, a factor of the learning rate; in LARS the share of its length that a tensor moves. [06](06-l2-is-not-weight-decay.ipynb)
// - **θ** (theta): a weight, or all of them. [06](06-l2-is-not-weight-decay.ipynb)
// - **κ** (kappa): the condition number. [04](04-momentum-valley.ipynb)
// - **λ** (lambda): in lesson 04 a curvature. From lesson 06 on the strength of a regularizer, such as weight decay. [04](04-momentum-valley.ipynb)
// - **μ** (mu): in an optimizer the momentum, the share of the velocity that is kept. In a norm layer the mean. [04](04-momentum-valley.ipynb)
// - **σ, σ²** (sigma): the standard deviation of numbers, and the variance. [07](07-dropout-norm-stopping.ipynb)
// - **φ** (phi): the trust ratio. [14](14-large-batch.ipynb)
// - **g**: the gradient, of one parameter or of all. [01](01-three-adam-steps.ipynb)
// - **‖g‖**: the norm of the gradient; the bars mean the length of whatever stands between them. [02](02-gradient-clipping.ipynb)
// - **m, v**: Adam's running averages, of the gradient and of its square. With momentum v is the velocity. [01](01-three-adam-steps.ipynb)
// - **m̂, v̂** (m hat, v hat): m and v after bias correction. [01](01-three-adam-steps.ipynb)
// - **t**: the number of the step. An optimizer counts 1, 2, 3, …; a schedule counts from 0. [01](01-three-adam-steps.ipynb)

// %% [markdown]
// ## A, B
//
// - **accuracy**: the share of examples that are answered rightly. It is what one wants in the end; training works on the loss, since an accuracy has no slope. [05](05-adaptive-methods.ipynb)
// - **Adagrad**: an adaptive optimizer that divides by the root of the sum of all squared gradients so far. It forgets nothing, so its steps shrink for ever. [05](05-adaptive-methods.ipynb)
// - **Adam**: the optimizer that divides a running average of the gradient by the root of one of its square, both corrected for their start at 0. A step is about α long. [01](01-three-adam-steps.ipynb)
// - **AdamW**: Adam with decoupled weight decay. [06](06-l2-is-not-weight-decay.ipynb)
// - **adaptive** (also _adaptive method_): giving each weight a step length of its own, by the size of its own gradients. [05](05-adaptive-methods.ipynb)
// - **advisor**: the part of the library that looks at curves and recipes and says what to try, in which order, and why. [13](13-what-goes-wrong.ipynb)
// - **arm**: one of the things that an experiment compares, with all its runs. [08](08-compare-regularizers.ipynb)
// - **backbone** (also _body_): the layers of a network that turn the input into features; all but the head. [11](11-transfer.ipynb)
// - **backend**: a machine that the library computes on: `reference`, `simd`, or `gpu` in several kinds. [15](15-your-own-optimizer.ipynb)
// - **baseline**: the plain run that another one is compared with. It deserves the same care. [05](05-adaptive-methods.ipynb)
// - **batch**: the rows of data whose mean gradient makes one step. [02](02-gradient-clipping.ipynb)
// - **batch norm**: a norm layer that takes mean and variance of each unit over the rows of a batch. In use it takes its running statistics instead. [07](07-dropout-norm-stopping.ipynb)
// - **bfloat16**: numbers of 16 bits with the range of float32 and 8 binary digits. [09](09-init-precision-augmentation.ipynb)
// - **bias**: the number that a unit adds to its sum of products. [06](06-l2-is-not-weight-decay.ipynb)
// - **bias correction**: dividing a running average by 1 − βᵗ, since one that starts at 0 is too small at first. [05](05-adaptive-methods.ipynb)

// %% [markdown]
// ## C, D
//
// - **centered RMSprop** (also _centered_): RMSprop that divides by the standard deviation of the gradients, not by their root mean square. [05](05-adaptive-methods.ipynb)
// - **checkpoint**: a file with all that a training needs to go on: weights, optimizer state, and where in the training one was. [16](16-resume-switch-average.ipynb)
// - **clipping by global norm** (also _clipping by norm_): shortening all gradients of a model by one common factor where their norm is above a limit. The direction stays. [02](02-gradient-clipping.ipynb)
// - **clipping by value**: pushing each number of a gradient back between −c and c. The direction changes. [02](02-gradient-clipping.ipynb)
// - **condition number**: the largest curvature divided by the smallest: how much steeper a valley is across than along. [04](04-momentum-valley.ipynb)
// - **convex**: with one valley only, so that every way down ends at the same lowest loss. [04](04-momentum-valley.ipynb)
// - **cosine schedule** (also _half cosine_): a learning rate that falls from its peak to 0 as half a cosine does: slowly, fast, slowly. [03](03-warmup-cosine.ipynb)
// - **cross-entropy**: the usual loss where one of several classes is right: minus the natural logarithm of the probability that the right one got, the mean over the rows. 0 is the best there is. [06](06-l2-is-not-weight-decay.ipynb)
// - **curvature**: how fast the slope grows along a direction. The largest one limits the learning rate. [04](04-momentum-valley.ipynb)
// - **data augmentation**: showing a network changed copies of its rows, changed in ways that leave the label right. [09](09-init-precision-augmentation.ipynb)
// - **decoupled** (also _decoupled decay_): of weight decay: acting on the weights themselves, not by way of the gradient. [06](06-l2-is-not-weight-decay.ipynb)
// - **difference that counts**: a difference between two recipes, taken seed by seed, whose mean is more than twice its standard deviation with five seeds (more than once with ten): luck alone gets there once in a hundred times. The one rule by which the course judges (`counts`). [06](06-l2-is-not-weight-decay.ipynb)
// - **diverge** (also _diverging_, _diverges_, _diverged_): of a run: to have a loss that grows and grows instead of falling. [04](04-momentum-valley.ipynb)
// - **dropout**: setting each unit to 0 with probability p while training, anew for every row and step, and dividing the others by 1 − p. [07](07-dropout-norm-stopping.ipynb)

// %% [markdown]
// ## E, F
//
// - **early stopping**: ending a run when the validation loss has not improved for some epochs, and putting the best weights back. [07](07-dropout-norm-stopping.ipynb)
// - **eigenvalue**: of a matrix: by what factor it stretches one of its own directions. Those of the Hessian are the curvatures. [04](04-momentum-valley.ipynb)
// - **EMA** (also _exponential moving average_): of weights: a running average of them beside the training, over about the last 1/(1 − β) steps. [16](16-resume-switch-average.ipynb)
// - **epoch**: one pass over all training rows. [06](06-l2-is-not-weight-decay.ipynb)
// - **evaluation mode** (also _in evaluation_): how a network computes when it is measured or used: nothing is dropped, batch norm takes its running statistics. [07](07-dropout-norm-stopping.ipynb)
// - **examples seen**: how many rows a run has trained on so far, each time counted; the fair axis where batches differ in size. [14](14-large-batch.ipynb)
// - **exploding gradients** (also _exploding_): gradients that layer after layer has made so large that the loss jumps, or is NaN. [09](09-init-precision-augmentation.ipynb)
// - **fast weights**: Lookahead's first copy of the weights, which takes the steps; now and then it starts again from the slow weights. [14](14-large-batch.ipynb)
// - **feature**: a number that says something about an example: a measurement, or what the layers of a network make of it. [05](05-adaptive-methods.ipynb)
// - **fix**: what one changes in a recipe to cure a symptom. The order of fixes matters. [13](13-what-goes-wrong.ipynb)
// - **float16** (also _fp16_, _half precision_): numbers of 16 bits with 11 binary digits, none above 65504 and none between 0 and 6·10⁻⁸. [09](09-init-precision-augmentation.ipynb)
// - **float32**: numbers of 32 bits, about 7 decimal digits; what tensors hold unless told otherwise. [01](01-three-adam-steps.ipynb)
// - **float64**: numbers of 64 bits, about 16 decimal digits; JavaScript's own. [01](01-three-adam-steps.ipynb)
// - **floor**: the height at which noise keeps the loss, however long one trains at that learning rate. [04](04-momentum-valley.ipynb)
// - **freeze** (also _frozen_): to leave a layer as it is while others train. [11](11-transfer.ipynb)

// %% [markdown]
// ## G, H, I, L
//
// - **gradient**: the slope of the loss along each parameter: the direction in which it rises fastest. [01](01-three-adam-steps.ipynb)
// - **gradient accumulation**: adding up the gradients of several small batches before one step, where a large batch does not fit into memory. [10](10-batch-size.ipynb)
// - **gradient descent**: moving each parameter against its gradient, by α times its size. [01](01-three-adam-steps.ipynb)
// - **gradient norm**: the norm of all gradients of a model together, as if they were one vector. [02](02-gradient-clipping.ipynb)
// - **grid**: the list of values that are tried for a setting. The best of them should not be its first or last. [05](05-adaptive-methods.ipynb)
// - **He's rule** (also _He_): first weights of standard deviation √(2/n), n being the inputs of a unit; keeps the size of signals through relu. [09](09-init-precision-augmentation.ipynb)
// - **head**: the last layer, which turns features into an answer. [11](11-transfer.ipynb)
// - **heavy ball**: gradient descent with momentum in its first form, by Polyak: v ← μv + g, p ← p − αv. [04](04-momentum-valley.ipynb)
// - **Hessian**: the matrix of all second derivatives of a loss; its eigenvalues are the curvatures. [04](04-momentum-valley.ipynb)
// - **hidden layer**: a layer between input and output. [06](06-l2-is-not-weight-decay.ipynb)
// - **inverted scaling**: dropout's division by 1 − p while training, so that nothing need be done in use. [07](07-dropout-norm-stopping.ipynb)
// - **L1** (also _L1 penalty_): a penalty of λ times the sum of all |w|. Its pull is the same for small and large weights. [08](08-compare-regularizers.ipynb)
// - **L2** (also _L2 in the loss_, _L2 penalty_): a penalty of ½·λ times the sum of all squared weights. Its pull grows with the weight; under Adam it is divided like the gradient. [06](06-l2-is-not-weight-decay.ipynb)
// - **label**: the right answer of an example. [07](07-dropout-norm-stopping.ipynb)
// - **label smoothing**: asking for a little less than certainty: 1 − s + s / k for the right one of k answers, s / k for each other. [08](08-compare-regularizers.ipynb)
// - **LAMB**: AdamW with a trust ratio for each tensor. [14](14-large-batch.ipynb)
// - **LARS**: gradient descent with momentum and a trust ratio for each tensor. [14](14-large-batch.ipynb)
// - **layer**: one stage of a network: it takes numbers, computes others from them by its weights, and hands these on. [03](03-warmup-cosine.ipynb)
// - **layer norm**: a norm layer that takes mean and variance of each row over its units; the same in training and in use. [07](07-dropout-norm-stopping.ipynb)
// - **learning rate**: α, the number that an optimizer multiplies its step by. [01](01-three-adam-steps.ipynb)
// - **linear rule**: k times the batch, k times the learning rate; for SGD. [10](10-batch-size.ipynb)
// - **linter**: a program that reads a recipe before it runs and points at what is out of the usual. [11](11-transfer.ipynb)
// - **Lookahead**: a wrapper around any optimizer: fast weights walk k steps, slow ones follow a part of the way. [14](14-large-batch.ipynb)
// - **loss**: the function that training makes small; it says how wrong the model is. [01](01-three-adam-steps.ipynb)
// - **loss scaling**: multiplying the loss by a large factor before going backwards, and dividing the gradients by it afterwards, so that float16 does not lose small ones. [09](09-init-precision-augmentation.ipynb)

// %% [markdown]
// ## M, N, O
//
// - **master weights**: the weights in float32 that are kept beside the rounded ones, so that small steps are not lost. [09](09-init-precision-augmentation.ipynb)
// - **metric**: what is measured for people rather than for the optimizer, such as accuracy. [08](08-compare-regularizers.ipynb)
// - **minDelta**: by how much a validation loss must fall to count as an improvement. [07](07-dropout-norm-stopping.ipynb)
// - **mixed precision**: the heavy products in 16 bits, what accumulates in 32. [09](09-init-precision-augmentation.ipynb)
// - **model**: what is trained: a function with parameters, here mostly a network. [02](02-gradient-clipping.ipynb)
// - **momentum**: keeping a share of the last step's velocity; also the number that says how much. A steady gradient then makes steps 1 / (1 − μ) times as long. [04](04-momentum-valley.ipynb)
// - **NaN**: "not a number", what 0 / 0 gives. Whatever is computed from it is NaN as well, so one of them spoils a whole run. [02](02-gradient-clipping.ipynb)
// - **nat** (also _nats_): the unit of cross-entropy: one nat less, and the right answers get 2.7 times the probability. [06](06-l2-is-not-weight-decay.ipynb)
// - **negative transfer**: what happens when pretrained layers make a new task harder than a fresh start. [11](11-transfer.ipynb)
// - **Nesterov momentum** (also _Nesterov_): momentum that steps as if the velocity had been applied already, so that it brakes one step earlier. [04](04-momentum-valley.ipynb)
// - **network** (also _neural network_): a model made of layers, each fed by the one before. [03](03-warmup-cosine.ipynb)
// - **noise**: what in a gradient (or a result) is chance: it would be different with other rows or another seed. [03](03-warmup-cosine.ipynb)
// - **norm**: the length of a vector: the root of the sum of its squared numbers. [02](02-gradient-clipping.ipynb)
// - **norm layer**: a layer that brings its numbers to mean 0 and variance 1, then scales and shifts them by learned numbers: batch norm, layer norm. [06](06-l2-is-not-weight-decay.ipynb)
// - **one-cycle schedule** (also _one cycle_): a learning rate that rises once, over a third of the run or so, and then falls to nearly 0. [03](03-warmup-cosine.ipynb)
// - **optimizer**: a rule that changes parameters by their gradients, so that the loss gets small. [01](01-three-adam-steps.ipynb)
// - **overfitting** (also _overfit_, _overfits_): training goes well and validation does not: what is learned is the training rows, not what they have in common with others. [06](06-l2-is-not-weight-decay.ipynb)

// %% [markdown]
// ## P, R
//
// - **paired differences** (also _paired_): differences between two runs that had the same seed. What the seed does to both cancels. [08](08-compare-regularizers.ipynb)
// - **parameter**: a number of a model that training changes. [01](01-three-adam-steps.ipynb)
// - **parameter group**: a list of parameters with options of its own, such as a learning rate. [11](11-transfer.ipynb)
// - **patience**: how many epochs without an improvement end a run. [07](07-dropout-norm-stopping.ipynb)
// - **peak**: the highest learning rate of a schedule. [03](03-warmup-cosine.ipynb)
// - **penalty**: what a regularizer adds to the loss. [06](06-l2-is-not-weight-decay.ipynb)
// - **power iteration**: multiplying a vector by a matrix again and again; what remains is the direction that it stretches most. [04](04-momentum-valley.ipynb)
// - **pretrained**: of weights: learned in another task. [11](11-transfer.ipynb)
// - **range test** (also _learning-rate finder_): one short run in which the learning rate grows from far too small to far too large. [12](12-fair-comparison.ipynb)
// - **recipe**: all that is chosen before a run: optimizer, learning rate, batch, regularizers and so on. [07](07-dropout-norm-stopping.ipynb)
// - **reduce on plateau**: a schedule that watches a loss: when it has found no new lowest value for some time, the rate is cut. [03](03-warmup-cosine.ipynb)
// - **regularizer**: whatever is added to training so that the model does better on rows that it has not seen. [06](06-l2-is-not-weight-decay.ipynb)
// - **ReLU**: the function that lets positive numbers pass and makes negative ones 0. [06](06-l2-is-not-weight-decay.ipynb)
// - **RMSprop**: an adaptive optimizer that divides by the root of a running average of squared gradients. It has no bias correction. [05](05-adaptive-methods.ipynb)
// - **root mean square** (also _RMS_): the root of the average of squares. [05](05-adaptive-methods.ipynb)
// - **rule of thumb**: a value or habit that people start from. It is a place to begin a search, and no result. [03](03-warmup-cosine.ipynb)
// - **running average**: an average that forgets: at each step it keeps a share β of the old and takes in 1 − β of the new. [01](01-three-adam-steps.ipynb)
// - **running statistics**: the running averages of mean and variance that batch norm keeps, to be used in evaluation. [07](07-dropout-norm-stopping.ipynb)

// %% [markdown]
// ## S
//
// - **schedule**: a learning rate (or another option) as a function of the step. [03](03-warmup-cosine.ipynb)
// - **seed**: the number that starts the random numbers of a run: it decides the split, the first weights and the order of the rows. Several seeds show how much is luck. [04](04-momentum-valley.ipynb)
// - **SGD** (also _stochastic gradient descent_): gradient descent whose gradient comes from a batch. [01](01-three-adam-steps.ipynb)
// - **sharp minimum** (also _sharp minima_, _sharper minima_): a narrow place of low loss: a small change of the weights makes it high. [10](10-batch-size.ipynb)
// - **sigmoid**: the function 1 / (1 + e⁻ˣ), which squeezes all numbers between 0 and 1. Its slope is at most 1/4. [13](13-what-goes-wrong.ipynb)
// - **signum**: an optimizer whose step has length α whatever the gradient: it goes by the sign of a running average. [15](15-your-own-optimizer.ipynb)
// - **slow weights**: Lookahead's second copy: every k steps it goes a part of the way after the fast weights. What you use in the end. [14](14-large-batch.ipynb)
// - **sparse gradient**: one that is 0 for most weights at most steps, as those of rare words are. [05](05-adaptive-methods.ipynb)
// - **split**: which rows are for training, which for validation, which for the test. [05](05-adaptive-methods.ipynb)
// - **square-root rule**: k times the batch, √k times the learning rate; for Adam and its kin. [10](10-batch-size.ipynb)
// - **staged unfreezing**: training the head alone at first, then the layers below, from the top down. [11](11-transfer.ipynb)
// - **standard deviation** (also _sd_): how far numbers typically lie from their mean: the root of the mean squared distance. [04](04-momentum-valley.ipynb)
// - **standardize** (also _standardized_): to move and scale each column of the data to mean 0 and standard deviation 1. [05](05-adaptive-methods.ipynb)
// - **state** (also _optimizer state_): what an optimizer remembers from step to step: running averages, the number of steps. [01](01-three-adam-steps.ipynb)
// - **step decay**: a schedule that divides the learning rate at steps chosen beforehand. [03](03-warmup-cosine.ipynb)
// - **stochastic**: by chance; of a gradient: from a random batch of the data. [04](04-momentum-valley.ipynb)
// - **SWA** (also _stochastic weight averaging_): the plain mean of all weights since some step of a training. [16](16-resume-switch-average.ipynb)
// - **sweep**: a row of settings tried one after the other, such as learning rates that grow by a factor. [12](12-fair-comparison.ipynb)
// - **symptom**: what the curves of a run show to be wrong. [01](01-three-adam-steps.ipynb)

// %% [markdown]
// ## T, U, V, W, X
//
// - **tensor**: numbers in a list, a table, or a block of more dimensions, with their shape. [02](02-gradient-clipping.ipynb)
// - **test set** (also _test rows_): rows that decide nothing and are read once, at the end. [05](05-adaptive-methods.ipynb)
// - **train mode**: how a network computes while it trains: units are dropped, batch norm takes the batch. [07](07-dropout-norm-stopping.ipynb)
// - **training loss** (also _train loss_): the loss on the rows that are trained on. It says whether the optimizer does its work. [01](01-three-adam-steps.ipynb)
// - **training-recipe note**: what is written after each experiment: symptom, what was changed, which curve moved, what comes next. [08](08-compare-regularizers.ipynb)
// - **transfer**: taking a pretrained backbone for a new task, with a new head. [11](11-transfer.ipynb)
// - **trust ratio**: the factor that LARS and LAMB give to each tensor: the length of its weights, divided by that of what would move them. [14](14-large-batch.ipynb)
// - **underfitting** (also _underfit_, _underfits_): training goes badly already: the model does not fit even the rows that it sees. [06](06-l2-is-not-weight-decay.ipynb)
// - **unit**: one output of a layer, one number for each row. [07](07-dropout-norm-stopping.ipynb)
// - **validation loss**: the loss on the validation set. It says whether what is learned holds for other rows. [05](05-adaptive-methods.ipynb)
// - **validation set** (also _validation_): rows that are not trained on, kept aside to choose settings by. [05](05-adaptive-methods.ipynb)
// - **vanishing gradients** (also _vanishing_): gradients that layer after layer has made so small, on the way forward or back, that weights hardly move. [09](09-init-precision-augmentation.ipynb)
// - **variance**: the mean squared distance from the mean, the square of the standard deviation. [07](07-dropout-norm-stopping.ipynb)
// - **velocity**: what momentum carries from step to step: a share of the old one and the new gradient. [04](04-momentum-valley.ipynb)
// - **warmup**: the first steps of a schedule, in which the learning rate rises from near 0 to its peak. [03](03-warmup-cosine.ipynb)
// - **weight**: a parameter of a network, above all one that multiplies an input. [01](01-three-adam-steps.ipynb)
// - **weight decay**: taking a small share off each weight at each step. Under SGD without momentum it is L2 by another name, under Adam it is not. [06](06-l2-is-not-weight-decay.ipynb)
// - **Xavier's rule** (also _Xavier_, _Glorot_): first weights of standard deviation √(2 / (inputs + outputs)); made for tanh. [09](09-init-precision-augmentation.ipynb)

// %% [markdown]
// ## Named in passing
//
// The lessons say of some advice for which kind of network it is meant. What these are, in a sentence; no lesson builds one.
//
// - **convolutional network**: a network for pictures, in which small patterns of weights slide over the image.
// - **recurrent network**: a network for sequences, which reads one item after the other and feeds its own result back in.
// - **reinforcement learning**: learning by acting: the data depend on what has been learned so far, so they change all the time.
// - **transformer**: the network of today's language models: each item of a sequence looks at all others and weighs them.
