"""NumPy by hand, in place. Its own loops have one thread; THREADS is for the products of the network (OPENBLAS_NUM_THREADS)."""

from math import sqrt

import numpy as np

from digits import Digits
from serve import serve

f4 = np.float32


class AdamW:
    def __init__(self, p, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, decay=0.01):
        self.options, self.t = (lr, beta1, beta2, eps, decay), 0
        self.m, self.v, self.a = np.zeros_like(p), np.zeros_like(p), np.empty_like(p)

    def step(self, p, g):
        (lr, beta1, beta2, eps, decay), m, v, a = self.options, self.m, self.v, self.a
        self.t += 1
        p *= f4(1 - lr * decay)
        m *= f4(beta1)
        np.multiply(g, f4(1 - beta1), out=a)
        m += a
        v *= f4(beta2)
        np.multiply(g, g, out=a)
        a *= f4(1 - beta2)
        v += a
        np.sqrt(v, out=a)
        a /= f4(sqrt(1 - beta2**self.t))
        a += f4(eps)
        np.divide(m, a, out=a)
        a *= f4(lr / (1 - beta1**self.t))
        p -= a


class Momentum:
    def __init__(self, p, lr=1e-3, momentum=0.9):
        self.options, self.m, self.a = (lr, momentum), np.zeros_like(p), np.empty_like(p)

    def step(self, p, g):
        (lr, momentum), m, a = self.options, self.m, self.a
        m *= f4(momentum)
        m += g
        np.multiply(m, f4(lr), out=a)
        p -= a


class Lion:
    def __init__(self, p, lr=1e-4, beta1=0.9, beta2=0.99, decay=0.01):
        self.options = (lr, beta1, beta2, decay)
        self.m, self.a, self.b = np.zeros_like(p), np.empty_like(p), np.empty_like(p)

    def step(self, p, g):
        (lr, beta1, beta2, decay), m, a, b = self.options, self.m, self.a, self.b
        np.multiply(m, f4(beta1), out=a)
        np.multiply(g, f4(1 - beta1), out=b)
        a += b
        np.sign(a, out=a)
        a *= f4(lr)
        p *= f4(1 - lr * decay)
        p -= a
        m *= f4(beta2)
        np.multiply(g, f4(1 - beta2), out=b)
        m += b


KINDS = {"adamw": AdamW, "sgd": Momentum, "lion": Lion, "clip": AdamW}


def prepare(work, way, **more):
    if work in ("epoch", "train"):
        return mlp(work, **more)
    return optimizer(work, **more)


def optimizer(work, size, tensors):
    wave = np.sin(np.arange(size) * 0.7)
    params = [p.astype(f4) for p in np.split(wave, tensors)]
    grads = [(g * 0.1).astype(f4) for g in np.split(wave, tensors)]
    made = [KINDS[work](p) for p in params]

    def step():
        if work == "clip":
            norm = sqrt(sum(float(np.dot(g, g)) for g in grads))
            for g in grads:
                g *= f4(min(1.0, 1 / (norm + 1e-6)))
        for one, p, g in zip(made, params, grads):
            one.step(p, g)

    return step, lambda: params[0][:8]


class Net:
    """Weights in × out; all of them in one array, and their gradients in another, so that AdamW is one pass."""

    def __init__(self, layers):
        self.flat = np.concatenate([part.ravel() for w, b in layers for part in (w.T, b)])
        self.grad = np.empty_like(self.flat)
        self.layers, self.grads = self.views(self.flat, layers), self.views(self.grad, layers)
        self.adamw = AdamW(self.flat)

    @staticmethod
    def views(flat, layers):
        found, at = [], 0
        for weight, bias in layers:
            b, a = weight.shape
            found.append((flat[at : at + a * b].reshape(a, b), flat[at + a * b : at + a * b + b]))
            at += a * b + b
        return found

    def forward(self, x):
        found = [x]
        for weight, bias in self.layers[:-1]:
            found.append(np.maximum(found[-1] @ weight + bias, 0))
        return found, found[-1] @ self.layers[-1][0] + self.layers[-1][1]

    def batch(self, x, y):
        hidden, z = self.forward(x)
        z -= z.max(1, keepdims=True)
        np.exp(z, out=z)
        z /= z.sum(1, keepdims=True)
        z[np.arange(len(y)), y] -= 1
        z /= f4(len(y))
        for k in (2, 1, 0):
            np.matmul(hidden[k].T, z, out=self.grads[k][0])
            z.sum(0, out=self.grads[k][1])
            if k:
                z = z @ self.layers[k][0].T
                z *= hidden[k] > 0
        self.adamw.step(self.flat, self.grad)

    def epoch(self, x, y, batch):
        for k in range(0, len(x), batch):
            self.batch(x[k : k + batch], y[k : k + batch])


def mlp(work, data, batch, goal=None):
    digits = Digits(data)
    if work == "epoch":
        net = Net(digits.layers)
        return lambda: net.epoch(digits.x, digits.y, batch), lambda: net.layers[-1][1][:8]

    def train():
        net = Net(digits.layers)
        return digits.train(goal, lambda x, y: net.epoch(x, y, batch), lambda x: net.forward(x)[1])

    return train, None


serve({"numpy": np.__version__}, prepare)
