#!/usr/bin/python3
"""Writes tests/unit/report_reference.h: figures of a report card by scikit-learn (confusion_matrix, precision_recall_fscore_support,
roc_curve, roc_auc_score, precision_recall_curve, average_precision_score, brier_score_loss) and numpy (quantile, bins of calibration,
lift, costs), over rows of an integer generator that the test has too. Scores lie on a grid, so that some are equal."""
import sys
import numpy as np
import sklearn
from sklearn import metrics

ROWS = 240


class Draw:
    def __init__(self, state):
        self.state = state

    def __call__(self, below):
        self.state = (self.state * 1664525 + 1013904223) % 2**32
        return (self.state >> 8) % below


def two_classes():
    draw = Draw(1)
    rows = [(draw(63) + 1, draw(64)) for _ in range(ROWS)]
    return np.array([p / 64 for p, _ in rows]), np.array([int(p + 20 > 2 * n) for p, n in rows])


def three_classes():
    draw = Draw(2)
    p, truth = [], []
    for _ in range(ROWS):
        a, b, n = draw(32), draw(32), draw(64)
        p.append([a / 64, b / 64, (64 - a - b) / 64])
        truth.append(0 if n < a else 1 if n < a + b else 2)
    return np.array(p), np.array(truth)


def values():
    draw = Draw(3)
    rows = [(draw(1000), draw(200)) for _ in range(ROWS)]
    predicted = np.array([a / 10 for a, _ in rows])
    return predicted + np.array([n / 10 - 8 for _, n in rows]), predicted


def by_class(out, truth, said, classes):
    p, r, f, n = metrics.precision_recall_fscore_support(truth, said, labels=range(classes))
    for c in range(classes):
        for name, x in (("precision", p[c]), ("recall", r[c]), ("f1", f[c]), ("rows", n[c])):
            out.append((f"per_class.{c}.{name}", x))


def of_two():
    p, truth = two_classes()
    out, at = [], 0.375
    said = (p >= at).astype(int)
    cells = metrics.confusion_matrix(truth, said)
    for t, name in enumerate(("No", "Yes")):
        for s, other in enumerate(("No", "Yes")):
            out.append((f"at.confusion.{name}.{other}", cells[t][s]))
    out.append(("at.accuracy", metrics.accuracy_score(truth, said)))
    out.append(("at.cost", cells[0][1] * 1 + cells[1][0] * 5))
    by_class(out, truth, said, 2)
    out.append(("curves.0.roc.area", metrics.roc_auc_score(truth, p)))
    out.append(("curves.0.pr.area", metrics.average_precision_score(truth, p)))
    fpr, tpr, at_roc = metrics.roc_curve(truth, p, drop_intermediate=False)
    precision, recall, at_pr = metrics.precision_recall_curve(truth, p)
    for i in range(1, len(fpr)):
        out.append((f"curves.0.roc.fpr.{i}", fpr[i]))
        out.append((f"curves.0.roc.tpr.{i}", tpr[i]))
        out.append((f"curves.0.roc.threshold.{i}", at_roc[i]))
    for i in range(50):  # ours begins with the highest score, and leaves out points too near to be told apart
        out.append((f"curves.0.pr.precision.{i}", precision[len(at_pr) - 1 - i]))
        out.append((f"curves.0.pr.recall.{i}", recall[len(at_pr) - 1 - i]))
    bins = np.clip(np.ceil(p * 15).astype(int) - 1, 0, 14)
    for b in range(15):
        here = bins == b
        out.append((f"calibration.{b}.rows", here.sum()))
        out.append((f"calibration.{b}.said", p[here].mean()))
        out.append((f"calibration.{b}.happened", truth[here].mean()))
    costs = {t: 5 * ((p < t) & (truth == 1)).sum() + ((p >= t) & (truth == 0)).sum() for t in sorted(set(p), reverse=True)}
    f1 = {t: metrics.f1_score(truth, p >= t) for t in sorted(set(p), reverse=True)}
    gap = {t: a - b for a, b, t in zip(tpr, fpr, at_roc)}
    out += [("best.cost", min(costs, key=costs.get)), ("best.f1", max(f1, key=f1.get)), ("best.balanced", max(gap, key=gap.get))]
    for t in (0.25, 0.5, 0.75):
        k = round(t * 100)
        out.append((f"thresholds.precision.{k}", metrics.precision_score(truth, p >= t)))
        out.append((f"thresholds.recall.{k}", metrics.recall_score(truth, p >= t)))
        out.append((f"thresholds.called_share.{k}", (p >= t).mean()))
    loss = -np.log(np.where(truth == 1, p, 1 - p))
    order = sorted(range(ROWS), key=lambda i: (-loss[i], i))
    for i in range(5):
        out += [(f"worst.{i}.row", order[i] + 1), (f"worst.{i}.loss", loss[order[i]])]
    return out


def of_three():
    p, truth = three_classes()
    out = []
    by_class(out, truth, p.argmax(1), 3)
    for c in range(3):
        out.append((f"curves.{c}.roc.area", metrics.roc_auc_score(truth == c, p[:, c])))
        out.append((f"curves.{c}.pr.area", metrics.average_precision_score(truth == c, p[:, c])))
    costs = np.array([[0, 1, 1], [6, 0, 2], [1, 1, 0]])
    said = (p @ costs).argmin(1)
    out.append(("decided.cost", costs[truth, said].sum()))
    cells = metrics.confusion_matrix(truth, said)
    for t in range(3):
        for s in range(3):
            out.append((f"decided.confusion.{'abc'[t]}.{'abc'[s]}", cells[t][s]))
    return out


def of_values():
    actual, predicted = values()
    residuals = actual - predicted
    out = [("residuals.0.mean", residuals.mean()), ("residuals.0.sd", residuals.std(ddof=1))]
    for name, q in (("min", 0), ("p05", 0.05), ("p25", 0.25), ("median", 0.5), ("p75", 0.75), ("p95", 0.95), ("max", 1)):
        out.append((f"residuals.0.{name}", np.quantile(residuals, q)))
    order = np.argsort(predicted, kind="stable")
    for k in range(10):
        part = order[ROWS * k // 10:ROWS * (k + 1) // 10]
        out.append((f"residuals.0.by_predicted.{k}.low", predicted[part[0]]))
        out.append((f"residuals.0.by_predicted.{k}.rows", len(part)))
    return out


def write(name, rows, to):
    to.write(f"static const Reference {name}[] = {{\n")
    for path, x in rows:
        to.write(f'    {{"{path}", {float(x):.9g}}},\n')
    to.write("    {0},\n};\n")


if __name__ == "__main__":
    with open("tests/unit/report_reference.h", "w") as to:
        to.write(f"/* Written by tests/unit/report_reference.py with scikit-learn {sklearn.__version__} and numpy {np.__version__}; no guard. */\n")
        write("two_classes", of_two(), to)
        write("three_classes", of_three(), to)
        write("of_values", of_values(), to)
    sys.exit(0)
