/** Fixture files of the families that the library offers. */
export type FixtureFile =
  | 'optim_sgd'
  | 'optim_adam'
  | 'optim_adaptive'
  | 'optim_modern'
  | 'param_groups'
  | 'clipping'
  | 'schedulers_torch'
  | 'schedulers_transformers'
  | 'schedulers_optax'
  | 'worked_examples'

interface Claim {
  /** Test file (below test/) → the ids of the cases that it runs. */
  run: Record<string, string[]>
  /** Reason → the ids that wait, or that ours does otherwise. */
  notOffered: Record<string, string[]>
}

/** Every case of every file, once: run by a test, or not offered yet, with the reason. test/golden.test.ts holds it to that. */
export const claims: Record<FixtureFile, Claim> = {
  optim_sgd: {
    run: {
      'optimizers/sgd': [
        'sgd_plain',
        'sgd_wd',
        'sgd_maximize',
        'sgd_momentum',
        'sgd_momentum_wd',
        'sgd_dampening',
        'sgd_dampening_one',
        'sgd_nesterov',
        'sgd_nesterov_wd_maximize',
        'sgd_momentum_zeros',
        'sgd_momentum_extreme',
        'sgd_momentum_none',
      ],
    },
    notOffered: {},
  },
  optim_adam: {
    run: {
      'optimizers/adam': [
        'adam_default',
        'adam_betas',
        'adam_wd',
        'adam_amsgrad',
        'adam_amsgrad_decay',
        'adam_maximize',
        'adam_big_eps',
        'adam_zeros',
        'adam_extreme',
        'adam_none',
        'adam_eps_tiny_decay',
      ],
      'optimizers/adamw': [
        'adamw_default',
        'adamw_betas',
        'adamw_wd',
        'adamw_amsgrad',
        'adamw_amsgrad_decay',
        'adamw_maximize',
        'adamw_big_eps',
        'adamw_zeros',
        'adamw_extreme',
        'adamw_none',
        'adamw_eps_tiny_decay',
      ],
    },
    notOffered: {
      'adamax is not offered yet': [
        'adamax_default',
        'adamax_wd',
        'adamax_zeros',
        'adamax_extreme',
        'adamax_maximize',
      ],
      'nadam is not offered yet': [
        'nadam_default',
        'nadam_wd',
        'nadam_decoupled',
        'nadam_zeros',
        'nadam_extreme',
        'nadam_maximize',
      ],
      'radam is not offered yet': [
        'radam_default',
        'radam_never_rectified',
        'radam_wd',
        'radam_decoupled',
        'radam_zeros',
        'radam_extreme',
        'radam_big_eps',
      ],
    },
  },
  optim_adaptive: {
    run: {},
    notOffered: {
      'rmsprop is not offered yet': [
        'rmsprop_default',
        'rmsprop_alpha_wd',
        'rmsprop_momentum',
        'rmsprop_centered',
        'rmsprop_centered_momentum_wd',
        'rmsprop_maximize',
        'rmsprop_zeros',
        'rmsprop_extreme',
        'rmsprop_none',
        'optax_rmsprop_eps_in',
        'optax_rmsprop_eps_out',
        'optax_rmsprop_centered',
        'timm_rmsproptf_default',
      ],
      'adagrad is not offered yet': [
        'adagrad_default',
        'adagrad_lr_decay',
        'adagrad_init_acc_wd',
        'adagrad_maximize',
        'adagrad_zeros',
        'adagrad_extreme',
        'adagrad_none',
        'optax_adagrad',
        'optax_adagrad_init0_zeros',
      ],
      'adadelta is not offered yet': [
        'adadelta_default',
        'adadelta_rho_wd',
        'adadelta_maximize',
        'adadelta_zeros',
        'adadelta_extreme',
        'adadelta_none',
        'optax_adadelta_wd',
      ],
      'adafactor is not offered yet': [
        'adafactor_default',
        'adafactor_big_lr',
        'adafactor_wd_d',
        'adafactor_eps',
        'adafactor_zeros',
        'adafactor_extreme',
        'adafactor_none',
      ],
      'asgd is not offered yet': [
        'asgd_default',
        'asgd_averaging',
        'asgd_maximize',
        'asgd_zeros',
        'asgd_extreme',
      ],
      'rprop is not offered yet': [
        'rprop_default',
        'rprop_etas',
        'rprop_limits',
        'rprop_zeros',
        'rprop_extreme',
        'rprop_decay',
        'rprop_none',
      ],
      'radam is not offered yet': ['optax_radam'],
      'adamax is not offered yet': ['optax_adamax'],
      'nadam is not offered yet': ['optax_nadam'],
    },
  },
  optim_modern: {
    run: {
      'optimizers/adamw': ['optax_adamw'],
    },
    notOffered: {
      'lion is not offered yet': [
        'timm_lion_default',
        'timm_lion_wd',
        'timm_lion_zeros',
        'timm_lion_extreme',
        'po_lion_default',
        'po_lion_wd',
        'po_lion_zeros',
        'po_lion_extreme',
        'timm_lion_caution',
        'timm_lion_maximize',
        'po_lion_coupled',
        'timm_lion_none',
        'optax_lion_default',
        'optax_lion_zeros',
      ],
      'adan is not offered yet': [
        'timm_adan_default',
        'timm_adan_wd',
        'timm_adan_zeros',
        'po_adan_default',
        'po_adan_wd',
        'po_adan_zeros',
        'timm_adan_no_prox',
        'optax_adan_default',
        'optax_adan_wd',
      ],
      'yogi is not offered yet': [
        'optax_yogi_default',
        'optax_yogi_zeros',
        'optax_yogi_decay',
        'to_yogi_default',
        'to_yogi_wd',
        'to_yogi_zeros',
        'po_yogi_wd',
      ],
      'adabelief is not offered yet': [
        'optax_adabelief_default',
        'optax_adabelief_zeros',
        'timm_adabelief_default',
        'timm_adabelief_plain',
        'timm_adabelief_amsgrad',
        'to_adabelief_default',
        'to_adabelief_decoupled',
        'po_adabelief_default',
      ],
      'novograd is not offered yet': [
        'optax_novograd_default',
        'optax_novograd_wd',
        'timm_novograd_default',
        'timm_novograd_avg_wd',
        'timm_novograd_zeros',
        'to_novograd_default',
        'po_novograd_default',
      ],
      'scheduleFree is not offered yet': [
        'optax_schedule_free_adamw',
        'optax_schedule_free_adamw_wd',
        'po_schedule_free_adamw',
        'po_schedule_free_adamw_wd',
      ],
      'Prodigy, which finds its own learning rate, is not among the optimizers that we set out to offer':
        ['optax_prodigy', 'po_prodigy', 'po_prodigy_wd'],
      'SM3, which keeps one number a row and a column, is not among the optimizers that we set out to offer':
        ['optax_sm3'],
      'sign SGD is the example of defineOptimizer, not an optimizer of its own': ['optax_sign_sgd'],
      'nadam is not offered yet': ['optax_nadamw'],
      'adamax is not offered yet': ['optax_adamaxw'],
    },
  },
  param_groups: {
    run: {
      'optimizers/optimizer': ['sgd', 'adamw', 'adam']
        .flatMap((name) =>
          [
            'two_groups',
            'no_decay_bias',
            'add_group',
            'freeze_unfreeze',
            'lr_zero_freeze',
            'save_restore',
          ].map((kind) => `${name}_${kind}`),
        )
        .concat('adamw_beta_schedule'),
    },
    notOffered: {
      'nadam is not offered yet': ['nadam_lr_schedule'],
      'lamb is not offered yet': ['lamb_groups'],
      'rmsprop is not offered yet': ['rmsprop_groups'],
    },
  },
  clipping: {
    run: {
      'clipping/clipGradNorm': [
        'norm_1.0',
        'norm_2.0',
        'norm_inf',
        'norm_3.0',
        'norm_0.5',
        'below_limit',
        'just_at_limit',
        'zero_grads',
        'max_norm_zero',
        'nan',
        'inf',
        'nan_error',
        'inf_error',
        'tiny',
        'inf_norm_type_inf',
        'three_four',
        'optax_global_norm',
        'optax_global_norm_below',
        'optax_global_norm_zero',
      ],
      'clipping/clipGradValue': ['value', 'value_nan', 'value_inf', 'value_zero', 'optax_clip'],
      'clipping/clipGradRms': ['optax_block_rms'],
    },
    notOffered: {
      'PyTorch’s norm overflows here, ours does not: the test of clipGradNorm shows both': ['huge'],
      'adaptive clipping is not offered yet': [
        'optax_agc',
        'timm_agc',
        'optax_agc_loose',
        'timm_agc_loose',
        'optax_agc_zero_params',
        'timm_agc_zero_params',
        'optax_agc_zero_grads',
        'timm_agc_zero_grads',
      ],
    },
  },
  schedulers_torch: {
    run: {
      'schedules/stepDecay': ['step'],
      'schedules/cosine': ['cosine', 'cosine_past'],
    },
    notOffered: {
      'a rate edited by hand changes the rest of a recursive scheduler; a pure function of the step has no past':
        ['step_edit', 'cosine_edit'],
      'resuming a recursive scheduler continues from the rate it finds, a pure function from the step':
        ['resume_last_epoch', 'resume_last_epoch_cosine'],
      'this schedule is not offered yet': [
        'multistep',
        'multistep_dup',
        'constant',
        'linear_warmup',
        'linear_down',
        'exponential',
        'polynomial_1',
        'polynomial_p',
        'warm_restarts',
        'warm_restarts_mult',
        'warm_restarts_fractional',
        'cyclic_triangular',
        'cyclic_triangular2',
        'cyclic_exp_range',
        'cyclic_no_momentum',
        'cyclic_adam',
        'cyclic_iterations',
        'onecycle_cos',
        'onecycle_cos_three_phase',
        'onecycle_linear',
        'onecycle_linear_three_phase',
        'onecycle_no_momentum',
        'onecycle_adam',
        'lambda',
        'multiplicative',
        'sequential_warmup_cosine',
        'sequential_three',
        'chained',
        'chained_three',
        'plateau_min_rel',
        'plateau_min_abs',
        'plateau_max_rel',
        'plateau_max_abs',
        'plateau_cooldown',
        'plateau_neg_rel',
        'swalr_cos',
        'swalr_linear',
      ],
    },
  },
  schedulers_transformers: {
    run: {
      'schedules/constant': ['constant'],
      'schedules/warmupCosine': ['cosine', 'cosine_min_lr'],
    },
    notOffered: {
      'this schedule is not offered yet': [
        'constant_warmup',
        'linear',
        'linear_no_warmup',
        'cosine_cycles',
        'cosine_restarts',
        'polynomial',
        'inverse_sqrt',
        'inverse_sqrt_timescale',
        'wsd',
      ],
    },
  },
  schedulers_optax: {
    run: {
      'schedules/warmupCosine': ['warmup_cosine'],
      'schedules/cosine': ['cosine'],
    },
    notOffered: {
      'starts at a given rate and raises the cosine to a power': ['warmup_cosine_exp'],
      'this schedule is not offered yet': [
        'exponential',
        'exponential_stair',
        'piecewise_linear',
        'piecewise_cosine',
        'piecewise_constant',
        'sgdr',
        'polynomial',
        'linear',
        'onecycle_cos',
        'onecycle_linear',
        'warmup_exponential',
        'warmup_constant',
      ],
    },
  },
  worked_examples: {
    run: {
      'optimizers/trace': ['adam_x2_0', 'adam_x2_1', 'adam_x2_2', 'adam_x2_3', 'adam_x2_4'].flatMap(
        (id) => [id, id.replace('adam', 'adamw')],
      ),
      'clipping/clipGradNorm': [
        'global_norm_clip_0',
        'global_norm_clip_1',
        'global_norm_clip_2',
        'global_norm_clip_3',
      ],
      'schedules/warmupCosine': [
        'warmup_cosine_table_0',
        'warmup_cosine_table_1',
        'warmup_cosine_table_2',
      ],
    },
    notOffered: {},
  },
}
