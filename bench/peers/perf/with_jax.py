"""Optax, jitted by JAX on the processor, buffers donated. usage: with_jax.py THREADS; ways: jit, scan (a whole epoch)"""

import os
import sys

if sys.argv[1] == "1":  # before JAX makes its threads, of which it takes as many as there are processors
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    else:
        os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false"

import jax
import jax.numpy as jnp
import numpy as np
import optax

from digits import Digits
from serve import NotHere, serve

jax.config.update("jax_platforms", "cpu")

ADAMW = optax.adamw(1e-3, weight_decay=0.01)
KINDS = {
    "adamw": ADAMW,
    "sgd": optax.sgd(1e-3, momentum=0.9),
    "lion": optax.lion(1e-4, b1=0.9, b2=0.99, weight_decay=0.01),
    "clip": optax.chain(optax.clip_by_global_norm(1.0), ADAMW),
}


def prepare(work, way, **more):
    if work in ("epoch", "train"):
        return mlp(work, way, **more)
    return optimizer(work, way, **more)


def optimizer(work, way, size, tensors):
    if way == "scan":
        raise NotHere("the gradient is given, so there is no loop to scan")
    made, wave = KINDS[work], np.sin(np.arange(size) * 0.7)
    grads = [jnp.asarray(g * 0.1, jnp.float32) for g in np.split(wave, tensors)]
    params = [jnp.asarray(p, jnp.float32) for p in np.split(wave, tensors)]
    now = [params, made.init(params)]

    def update(params, state, grads):
        changes, state = made.update(grads, state, params)
        return optax.apply_updates(params, changes), state

    jitted = jax.jit(update, donate_argnums=(0, 1))

    def step():
        now[:] = jitted(*now, grads)
        jax.block_until_ready(now[0])

    return step, lambda: np.asarray(now[0][0][:8])


def forward(layers, x):
    for weight, bias in layers[:-1]:
        x = jax.nn.relu(x @ weight + bias)
    return x @ layers[-1][0] + layers[-1][1]


def loss(layers, x, y):
    return optax.softmax_cross_entropy_with_integer_labels(forward(layers, x), y).mean()


def update(layers, state, x, y):
    changes, state = ADAMW.update(jax.grad(loss)(layers, x, y), state, layers)
    return optax.apply_updates(layers, changes), state


def whole_epoch(layers, state, x, y, batch):
    """The full batches in one loop, then the shorter last one."""
    full = len(x) // batch * batch
    xs, ys = x[:full].reshape(-1, batch, x.shape[1]), y[:full].reshape(-1, batch)
    now, _ = jax.lax.scan(lambda now, rows: (update(*now, *rows), None), (layers, state), (xs, ys))
    return update(*now, x[full:], y[full:]) if full < len(x) else now


one_batch = jax.jit(update, donate_argnums=(0, 1))
one_epoch = jax.jit(whole_epoch, static_argnums=4, donate_argnums=(0, 1))
predicted = jax.jit(forward)


def mlp(work, way, data, batch, goal=None):
    digits = Digits(data)

    def fresh():
        layers = [(jnp.asarray(weight.T), jnp.asarray(bias)) for weight, bias in digits.layers]
        now = [layers, ADAMW.init(layers)]

        def epoch(x, y):
            x, y = jnp.asarray(x), jnp.asarray(y)
            if way == "scan":
                now[:] = one_epoch(*now, x, y, batch)
            else:
                for k in range(0, len(x), batch):
                    now[:] = one_batch(*now, x[k : k + batch], y[k : k + batch])
            jax.block_until_ready(now[0])

        return now, epoch

    if work == "epoch":
        now, epoch = fresh()
        x, y = jnp.asarray(digits.x), jnp.asarray(digits.y)
        return lambda: epoch(x, y), lambda: now[0][-1][1][:8]

    def train():
        now, epoch = fresh()
        return digits.train(goal, epoch, lambda x: predicted(now[0], x))

    return train, None


serve({"jax": jax.__version__, "optax": optax.__version__}, prepare)
