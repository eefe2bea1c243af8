#!/usr/bin/env python3
"""Speed beside the peers, in interleaved runs: each round runs limbeck and then every form of the peer, the best of which counts.
Prints the medians with their ranges, the median of the rounds' ratios and the goal; fails when a ratio or an accuracy is below its goal
or a peer is missing. Wants a quiet machine. Names choose workloads: tests/bench/pairs.py p4 p8.
LIMBECK, PEERS (directory of the peers' programs), PYTHON, BENCH_DIR (data), ROUNDS, OPENMP (directory of the OpenMP build of OpenBLAS,
with which PyTorch is at its best on two threads) and GOALS=0 may be set."""
import json
import os
import re
import statistics
import subprocess
import sys

HOME = os.path.dirname(os.path.abspath(__file__))
LIMBECK = os.path.abspath(os.environ.get("LIMBECK", "build/limbeck"))
PEERS = os.path.abspath(os.environ.get("PEERS", "../shared/bench"))
PYTHON = os.environ.get("PYTHON", "/usr/bin/python3")
DATA = os.environ.setdefault("BENCH_DIR", "/tmp/bench")
ROUNDS = int(os.environ.get("ROUNDS", "5"))
OPENMP = os.environ.get("OPENMP", "/usr/lib/x86_64-linux-gnu/openblas-openmp")


class Peer:
    """A program whose output holds one figure, by pattern; is_slow: it is seconds or microseconds, less is better."""

    def __init__(self, command, pattern, threads=1):
        self.command, self.pattern, self.threads = command, pattern, threads

    def run(self):
        paths = dict(os.environ, LD_LIBRARY_PATH=OPENMP) if self.threads > 1 else os.environ
        said = subprocess.run(self.command, env=paths, capture_output=True, text=True, timeout=600)
        found = [float(x) for x in re.findall(self.pattern, said.stdout)]
        if said.returncode or not found:
            raise SystemExit("peer missing: %s\n%s" % (" ".join(self.command), said.stderr.strip()[-400:]))
        return found


def python(name, *arguments):
    return [PYTHON, os.path.join(PEERS if not os.path.exists(os.path.join(HOME, name)) else HOME, name), *arguments]


def torch_mlp(threads, *arguments):
    pattern = r"P4 torch .*median (\d+) samples"
    return [Peer(python("p4_mlp_torch.py", "--threads", str(threads), *arguments, *adam), pattern, threads) for adam in ([], ["--foreach"])]


def torch_cnn(net, figure, threads=2):
    forms = [[], ["--channels-last"]] if net == "2d" else [[]]
    return [Peer(python("p5_cnn_torch.py", "--net", net, "--threads", str(threads), *form), r"P5 torch .*%s (\d+) samples" % figure, threads)
            for form in forms]


def table_peer(name):
    return [Peer(python("table_peers.py", name), r"%s (\d+) samples" % name)]


def inference(pattern):
    return [Peer(["node", os.path.join(PEERS, "p8_infer.cjs")], pattern)]


# name, limbeck's arguments, its figure, the peer's forms, goal (ours / peer; peer / ours where less is better), least accuracy
WORKLOADS = [
    ("p1", ["p1", os.path.join(DATA, "table.csv")], "load", [Peer(python("pandas_load.py", os.path.join(DATA, "table.csv")), r"load ([\d.]+)")],
     2.5, 0),
    ("p4 256 x 2", ["p4", "--threads", "2"], "samples/s", torch_mlp(2), 3.0, 0.918),
    ("p4 256 x 1", ["p4", "--threads", "1"], "samples/s", torch_mlp(1), 2.2, 0.918),
    ("p4 32", ["p4", "--threads", "1", "--batch", "32"], "samples/s", torch_mlp(2, "--batch", "32"), 5.0, 0.922),
    ("p4 norm 256", ["p4", "--bn", "--threads", "2"], "samples/s", torch_mlp(1, "--bn") + torch_mlp(2, "--bn"), 5.0, 0.91),
    ("p4 norm 32", ["p4", "--bn", "--batch", "32", "--threads", "1"], "samples/s", torch_mlp(2, "--bn", "--batch", "32"), 7.0, 0.91),
    ("p4 large", ["p4", "--large", "--threads", "2"], "samples/s", torch_mlp(2, "--net", "large", "--batch", "512", "--epochs", "2"), 1.4, 0),
    ("p5 1-D train", ["p5-1d", "--threads", "2"], "samples/s", torch_cnn("1d", "train"), 2.5, 0.92),
    ("p5 1-D forward", ["p5-1d", "--threads", "2"], "forward/s", torch_cnn("1d", "forward"), 1.8, 0.92),
    ("p5 2-D train", ["p5-2d", "--threads", "2"], "samples/s", torch_cnn("2d", "train"), 2.0, 0.935),
    ("p5 2-D forward", ["p5-2d", "--threads", "2"], "forward/s", torch_cnn("2d", "forward"), 2.0, 0.935),
    ("p8 one row", ["p8", "--threads", "1"], "p50 us", inference(r"one-row p50 ([\d.]+)"), 12.0, 0),
    ("p8 10,000 rows", ["p8", "--threads", "1"], "rows/s", inference(r"batch-10k (\d+)"), 1.5, 0),
    ("table torch", ["table", "--threads", "1"], "samples/s", table_peer("torch"), 8.0, 0.85),
    ("table sklearn", ["table", "--threads", "1"], "samples/s", table_peer("sklearn"), 5.0, 0.85),
]
LESS_IS_BETTER = {"p50 us", "load"}


def ours(arguments):
    said = subprocess.run([LIMBECK, "bench", *arguments, "--quiet", "--json"], capture_output=True, text=True, check=True)
    try:
        return json.loads(said.stdout)
    except ValueError:  # p1 prints lines
        return {line.split()[0]: float(line.split()[1]) for line in said.stdout.splitlines() if len(line.split()) > 1}


def spread(values):
    form = "%.3g" if max(values) < 1000 else "%.0f"
    return "%s [%s, %s]" % tuple(form % x for x in (statistics.median(values), min(values), max(values)))


def compare(workload):
    name, arguments, figure, peers, goal, least = workload
    less, mine, theirs, accuracy, memory = figure in LESS_IS_BETTER, [], [], 0, 0
    for _ in range(ROUNDS):
        said = ours(arguments)
        mine.append(said[figure])
        accuracy, memory = said.get("test accuracy", 0), said.get("rss MiB", said.get("rss", 0))
        found = [x for peer in peers for x in peer.run()]
        theirs.append(min(found) if less else max(found))
    ratios = [b / a if less else a / b for a, b in zip(mine, theirs)]
    ratio = statistics.median(ratios)
    reached = ratio >= goal and accuracy >= least
    print("%-15s limbeck %-32s peer %-30s %5.2f [%.2f, %.2f] x, goal %.1f%s%s%s"
          % (name, spread(mine), spread(theirs), ratio, min(ratios), max(ratios), goal, ", accuracy %.4f" % accuracy if least else "",
             ", %d MiB" % memory if memory else "", "" if reached else "  NOT REACHED"), flush=True)
    return reached


def main():
    chosen = [w for w in WORKLOADS if len(sys.argv) < 2 or any(w[0].startswith(word) for word in sys.argv[1:])]
    for maker in ("mlp", "cnn1d", "cnn2d"):
        if not os.path.exists(os.path.join(DATA, maker + "_X.f32")):
            os.makedirs(DATA, exist_ok=True)
            subprocess.run([PYTHON, os.path.join(PEERS, "gen_data.py"), maker], check=True)
    if any(w[0] == "p1" for w in chosen) and not os.path.exists(os.path.join(DATA, "table.csv")):
        subprocess.run([PYTHON, os.path.join(PEERS, "gen_data.py"), "table"], check=True)
    if any(w[0].startswith("p8") for w in chosen) and not os.path.exists(os.path.join(DATA, "mlp_small.onnx")):
        subprocess.run(python("p8_infer.py"), check=True, stdout=subprocess.DEVNULL)
    reached = [compare(w) for w in chosen]
    print("%d of %d goals reached" % (sum(reached), len(reached)))
    return 0 if all(reached) or os.environ.get("GOALS") == "0" else 1


if __name__ == "__main__":
    sys.exit(main())
