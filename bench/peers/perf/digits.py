"""The recipe of the small network: data, first weights and order of rows, as the benchmark wrote them for all peers alike."""

import time
from pathlib import Path

import numpy as np

SIZES = [64, 128, 128, 10]


class Digits:
    def __init__(self, folder):
        def read(name, kind):
            return np.fromfile(Path(folder) / name, kind)

        self.x = read("x.f32", "<f4").reshape(-1, SIZES[0])
        self.y = read("y.i32", "<i4").astype(np.int64)
        self.test = read("test.i32", "<i4")
        self.order = read("order.i32", "<i4").reshape(-1, len(self.y) - len(self.test))
        self.layers, flat, at = [], read("init.f32", "<f4"), 0
        for a, b in zip(SIZES, SIZES[1:]):
            weight, bias = flat[at : at + a * b].reshape(b, a), flat[at + a * b : at + a * b + b]
            self.layers.append((weight.copy(), bias.copy()))
            at += a * b + b

    def accuracy(self, predict):
        """`predict` gives a row of ten numbers for each row of pixels."""
        found = np.asarray(predict(self.x[self.test])).argmax(1)
        return float((found == self.y[self.test]).mean())

    def train(self, goal, epoch, predict):
        """Epochs until the test rows are right to the goal; only the epochs are timed. `epoch` gets rows and labels in order."""
        ms, accuracy = 0.0, 0.0
        for number, rows in enumerate(self.order, 1):
            x, y, start = self.x[rows], self.y[rows], time.perf_counter()
            epoch(x, y)
            ms += (time.perf_counter() - start) * 1e3
            accuracy = self.accuracy(predict)
            if accuracy >= goal:
                break
        return {"ms": ms, "epochs": number, "accuracy": accuracy}
