#!/usr/bin/env python3
"""A small table, 7,000 rows of 32 numbers, two classes: 32-64-64-2, Adam 1e-3, batch 128, 30 epochs, one thread; samples a second.
usage: table_peers.py torch|sklearn"""
import os
import statistics
import sys
import time

import numpy

ROWS, EPOCHS, BATCH = 7000, 30, 128
DATA = os.environ.get("BENCH_DIR", "/tmp/bench")
X = numpy.fromfile(DATA + "/mlp_X.f32", dtype=numpy.float32, count=ROWS * 32).reshape(ROWS, 32)
y = numpy.fromfile(DATA + "/mlp_y.u8", dtype=numpy.uint8, count=ROWS).astype(numpy.int64)


def torch_rates():
    import torch
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    nn = torch.nn
    net = nn.Sequential(nn.Linear(32, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 2))
    best = 0
    for foreach in (False, True):
        steps, loss_of = torch.optim.Adam(net.parameters(), foreach=foreach), nn.CrossEntropyLoss()
        rows, labels, rates = torch.from_numpy(X), torch.from_numpy(y), []
        for _ in range(EPOCHS):
            start, order = time.perf_counter(), torch.randperm(ROWS)
            for i in range(0, ROWS, BATCH):
                j = order[i:i + BATCH]
                steps.zero_grad(set_to_none=True)
                loss = loss_of(net(rows[j]), labels[j])
                loss.backward()
                steps.step()
            rates.append(ROWS / (time.perf_counter() - start))
        best = max(best, statistics.median(rates))
    return best


def sklearn_rates():
    from sklearn.neural_network import MLPClassifier
    from threadpoolctl import threadpool_limits
    with threadpool_limits(1):
        net = MLPClassifier((64, 64), batch_size=BATCH, alpha=0, max_iter=EPOCHS, tol=0, n_iter_no_change=EPOCHS)
        start = time.perf_counter()
        net.fit(X, y)
        return ROWS * net.n_iter_ / (time.perf_counter() - start)


print("%s %d samples/s" % (sys.argv[1], {"torch": torch_rates, "sklearn": sklearn_rates}[sys.argv[1]]()))
