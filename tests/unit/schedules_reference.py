#!/usr/bin/python3
"""Writes tests/unit/schedules_reference.h: learning rates of PyTorch 1.13 (torch.optim.lr_scheduler) at each of 40 steps in 8 epochs,
from a base rate of 0.1; those that PyTorch has not (flat_cosine, coslog4: Holzmueller et al. 2024) by their formulas. plateau: the rate
after each of some validation losses."""
import json
import math
import sys
import warnings
import torch
from torch.optim import lr_scheduler as s

BASE, TOTAL, PER_EPOCH = 0.1, 40, 5
LOSSES = [1, 0.9, 0.8999, 0.8995, 0.9, 0.7, 0.72, 0.7, 0.71, 0.7, 0.69995, 0.69, 0.7, 0.7, 0.7, 0.7, 0.7, 0.7, 0.7, 0.7]
warnings.simplefilter("ignore")


def optimizer():
    return torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=BASE)


def by_steps(make):
    o, rates = optimizer(), []
    scheduler = make(o)
    for _ in range(TOTAL):
        rates.append(o.param_groups[0]["lr"])
        o.step()
        scheduler.step()
    return rates


def by_epochs(make):
    o, rates = optimizer(), []
    scheduler = make(o)
    for step in range(TOTAL):
        rates.append(o.param_groups[0]["lr"])
        o.step()
        if step % PER_EPOCH == PER_EPOCH - 1:
            scheduler.step()
    return rates


def by_fractions(make):
    o, rates = optimizer(), []
    scheduler = make(o)
    for step in range(TOTAL):
        scheduler.step(step / PER_EPOCH)
        rates.append(o.param_groups[0]["lr"])
    return rates


def by_formula(formula):
    return [BASE * formula(step / TOTAL) for step in range(TOTAL)]


def by_losses(make):
    o, rates = optimizer(), []
    scheduler = make(o)
    for loss in LOSSES:
        scheduler.step(loss)
        rates.append(o.param_groups[0]["lr"])
    return rates


def warmed(o):
    rise = 10
    return s.SequentialLR(o, [s.LinearLR(o, 1 / (rise + 1), total_iters=rise), s.CosineAnnealingLR(o, TOTAL - rise)], [rise])


STEPS = [
    ({"schedule": "step", "every": 3, "factor": 0.5}, by_epochs(lambda o: s.StepLR(o, 3, 0.5))),
    ({"schedule": "multi_step", "epochs": [2, 5], "factor": 0.3}, by_epochs(lambda o: s.MultiStepLR(o, [2, 5], 0.3))),
    ({"schedule": "exponential", "factor": 0.9}, by_epochs(lambda o: s.ExponentialLR(o, 0.9))),
    ({"schedule": "cosine", "floor": 0.1}, by_steps(lambda o: s.CosineAnnealingLR(o, TOTAL, eta_min=BASE * 0.1))),
    ({"schedule": "cosine", "warm_up": 2}, by_steps(warmed)),
    ({"schedule": "warm_restarts", "first": 2, "growth": 2, "floor": 0.05},
     by_fractions(lambda o: s.CosineAnnealingWarmRestarts(o, 2, 2, eta_min=BASE * 0.05))),
    ({"schedule": "warm_restarts", "first": 3, "growth": 1}, by_fractions(lambda o: s.CosineAnnealingWarmRestarts(o, 3, 1))),
    ({"schedule": "one_cycle"}, by_steps(lambda o: s.OneCycleLR(o, BASE, TOTAL))),
    ({"schedule": "one_cycle", "rise": 0.5, "start": 0.1, "finish": 0.001},
     by_steps(lambda o: s.OneCycleLR(o, BASE, TOTAL, pct_start=0.5, div_factor=10, final_div_factor=100))),
    ({"schedule": "flat_cosine"}, by_formula(lambda t: 1 if t < 0.5 else 0.5 * (1 + math.cos(math.pi * (2 * t - 1))))),
    ({"schedule": "coslog4"}, by_formula(lambda t: 0.5 * (1 - math.cos(2 * math.pi * math.log2(1 + 15 * t))))),
]
PLATEAUS = [
    ({"schedule": "plateau", "patience": 1, "min_delta": 0.001, "floor": 0.1},
     by_losses(lambda o: s.ReduceLROnPlateau(o, factor=0.5, patience=1, threshold=0.001, threshold_mode="abs", min_lr=BASE * 0.1))),
    ({"schedule": "plateau", "patience": 2, "factor": 0.3, "min_delta": 0.01, "relative": True},
     by_losses(lambda o: s.ReduceLROnPlateau(o, factor=0.3, patience=2, threshold=0.01, threshold_mode="rel", min_lr=BASE * 1e-3))),
    ({"schedule": "plateau", "patience": 0, "min_delta": 1e-4, "cooldown": 2},
     by_losses(lambda o: s.ReduceLROnPlateau(o, factor=0.5, patience=0, cooldown=2, threshold=1e-4, threshold_mode="abs",
                                             min_lr=BASE * 1e-3))),
]


def write(out, name, cases):
    out.write("static const struct %s {\n    const char *schedule;\n    double rates[%d];\n} %s_cases[] = {\n" %
              (name.capitalize(), len(cases[0][1]), name))
    for settings, rates in cases:
        out.write("    {%s,\n     {%s}},\n" % (json.dumps(json.dumps(settings)), ", ".join("%.12g" % r for r in rates)))
    out.write("};\n")


out = open(sys.argv[1], "w")
out.write("/* Written by tests/unit/schedules_reference.py with torch %s; no guard. */\n" % torch.__version__)
out.write("static const double losses[] = {%s};\n\n" % ", ".join(str(x) for x in LOSSES))
write(out, "torch", STEPS)
out.write("\n")
write(out, "plateau", PLATEAUS)
