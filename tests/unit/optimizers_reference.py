#!/usr/bin/python3
"""Writes tests/unit/optimizers_reference.h: weights on their way under optimizers of PyTorch 1.13 (torch.optim, float32), and under
lion by its formula (Chen et al. 2023, algorithm 2) in numpy. The gradient of weight i at step t is c[i] * w[i] + noise(t, i), where
noise comes from an integer generator that the test has too."""
import sys
import numpy as np
import torch

COUNT, STEPS, EVERY = 4, 100, 10
CURVES = np.array([0.5, 1.0, 2.0, 4.0], np.float32)
START = np.array([1.0, -2.0, 0.5, 3.0], np.float32)


def noise():
    state = 1
    while True:
        state = (state * 1664525 + 1013904223) % 2**32
        yield np.float32((state >> 8) / 2**24 - 0.5)


def gradients(weights, draw):
    return CURVES * weights + np.array([next(draw) for _ in range(COUNT)], np.float32)


def by_torch(make):
    draw, kept = noise(), []
    w = torch.nn.Parameter(torch.tensor(START.copy()))
    optimizer = make([w])
    for step in range(1, STEPS + 1):
        w.grad = torch.tensor(gradients(w.detach().numpy(), draw))
        optimizer.step()
        if step % EVERY == 0:
            kept.append(w.detach().numpy().copy())
    return kept


def by_lion(rate, beta1, beta2, decay):
    draw, kept, w, m = noise(), [], START.copy(), np.zeros(COUNT, np.float32)
    for step in range(1, STEPS + 1):
        g = gradients(w, draw)
        way = np.sign(np.float32(beta1) * m + np.float32(1 - beta1) * g)
        w = w * np.float32(1 - rate * decay) - np.float32(rate) * way
        m = np.float32(beta2) * m + np.float32(1 - beta2) * g
        if step % EVERY == 0:
            kept.append(w.copy())
    return kept


o = torch.optim
CASES = [
    ("sgd", {"learning_rate": 0.05, "momentum": 0}, 0, lambda p: o.SGD(p, 0.05)),
    ("sgd", {"learning_rate": 0.05, "momentum": 0.9}, 0, lambda p: o.SGD(p, 0.05, momentum=0.9)),
    ("sgd", {"learning_rate": 0.05, "momentum": 0.9, "nesterov": True}, 0, lambda p: o.SGD(p, 0.05, momentum=0.9, nesterov=True)),
    ("sgd", {"learning_rate": 0.05, "momentum": 0.9}, 0.1, lambda p: o.SGD(p, 0.05, momentum=0.9, weight_decay=0.1)),
    ("rmsprop", {"learning_rate": 0.01}, 0, lambda p: o.RMSprop(p, 0.01)),
    ("rmsprop", {"learning_rate": 0.01, "memory": 0.9, "momentum": 0.8}, 0, lambda p: o.RMSprop(p, 0.01, alpha=0.9, momentum=0.8)),
    ("rmsprop", {"learning_rate": 0.01, "centered": True, "momentum": 0.5}, 0,
     lambda p: o.RMSprop(p, 0.01, momentum=0.5, centered=True)),
    ("adagrad", {"learning_rate": 0.1}, 0, lambda p: o.Adagrad(p, 0.1)),
    ("adagrad", {"learning_rate": 0.1, "rate_decay": 0.01, "start": 0.5}, 0.05,
     lambda p: o.Adagrad(p, 0.1, lr_decay=0.01, initial_accumulator_value=0.5, weight_decay=0.05)),
    ("adam", {"learning_rate": 0.02}, 0, lambda p: o.Adam(p, 0.02)),
    ("adam", {"learning_rate": 0.02, "beta1": 0.8, "beta2": 0.95, "eps": 1e-3}, 0.1,
     lambda p: o.Adam(p, 0.02, betas=(0.8, 0.95), eps=1e-3, weight_decay=0.1)),
    ("adamw", {"learning_rate": 0.02, "decay": 0.5}, 0, lambda p: o.AdamW(p, 0.02, weight_decay=0.5)),
    ("lion", {"learning_rate": 0.01, "decay": 0.5}, 0, None),
]


def text(settings):
    pairs = ['\\"%s\\":%s' % (k, "true" if v is True else v) for k, v in settings.items()]
    return "{" + ",".join(pairs) + "}"


def main():
    assert torch.__version__.startswith("1.13"), torch.__version__
    out = open(sys.argv[1], "w")
    out.write("/* Written by tests/unit/optimizers_reference.py with torch %s and numpy %s: weights after every %d of %d steps; no guard. */\n"
              % (torch.__version__.split("+")[0], np.__version__, EVERY, STEPS))
    for name, settings, l2, make in CASES:
        kept = by_torch(make) if make else by_lion(0.01, 0.9, 0.99, 0.5)
        settings = {"optimizer": name, **settings}
        line = text(settings).replace(":%s," % name, ':\\"%s\\",' % name).replace(":%s}" % name, ':\\"%s\\"}' % name)
        out.write('{"%s",\n %s,\n {' % (line, "%gF" % l2 if l2 else "0"))
        rows = ["{" + ", ".join("%.9gF" % x if "." in "%.9g" % x or "e" in "%.9g" % x else "%.9g.0F" % x for x in row) + "}" for row in kept]
        out.write(",\n  ".join(rows) + "}},\n")


main()
