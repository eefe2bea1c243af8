"""Reference values of the sound front end by numpy alone: frames, window, numpy.fft, triangles over the mel scale, log, cosine transform.
Written with numpy 1.24.2; prints tests/unit/audio_reference.h. Run: python3 tests/unit/audio_reference.py > tests/unit/audio_reference.h"""
import numpy as np

RATE, COUNT = 8000, 1000


def signal():
    t = np.arange(COUNT) / RATE
    x = 0.4 * np.sin(2 * np.pi * 440 * t) + 0.2 * np.sin(2 * np.pi * (900 + 4000 * t) * t) + 0.01 * np.cos(2 * np.pi * 3300 * t)
    return np.round(x * 32768) / 32768


def to_mel(f, htk):
    f = np.asarray(f, float)
    if htk:
        return 2595 * np.log10(1 + f / 700)
    return np.where(f < 1000, f * 3 / 200, 15 + 27 * np.log(np.maximum(f, 1) / 1000) / np.log(6.4))


def from_mel(m, htk):
    m = np.asarray(m, float)
    if htk:
        return 700 * (10 ** (m / 2595) - 1)
    return np.where(m < 15, m * 200 / 3, 1000 * np.exp((m - 15) * np.log(6.4) / 27))


def log_mel(x, frame, hop, fft, bands, low, high, htk, area, window, floor):
    n = np.arange(frame)
    w = {"hann": 0.5 - 0.5 * np.cos(2 * np.pi * n / frame), "hamming": 0.54 - 0.46 * np.cos(2 * np.pi * n / frame)}[window]
    edges = from_mel(np.linspace(to_mel(low, htk), to_mel(high, htk), bands + 2), htk)
    lines = np.arange(fft // 2 + 1) * RATE / fft
    weights = np.array([np.maximum(0, np.minimum((lines - a) / (b - a), (c - lines) / (c - b))) * (2 / (c - a) if area else 1)
                        for a, b, c in zip(edges, edges[1:], edges[2:])])
    frames = [x[i:i + frame] * w for i in range(0, len(x) - frame + 1, hop)]
    power = np.abs(np.fft.rfft(frames, fft)) ** 2
    return np.log(np.maximum(power @ weights.T, floor))


def cosine(m, cepstra):
    bands = m.shape[1]
    k, b = np.arange(cepstra)[:, None], np.arange(bands)[None, :]
    c = np.sqrt(2 / bands) * np.cos(np.pi * k * (b + 0.5) / bands)
    c[0] /= np.sqrt(2)
    return m @ c.T


def deltas(m, reach):
    padded = np.pad(m, ((reach, reach), (0, 0)), mode="edge")
    out = sum(k * (padded[reach + k:len(m) + reach + k] - padded[reach - k:len(m) + reach - k]) for k in range(1, reach + 1))
    return out / (2 * sum(k * k for k in range(1, reach + 1)))


def show(name, values):
    print("static const double %s[] = {" % name)
    flat = ["%.7g" % v for v in np.asarray(values).ravel()]
    for i in range(0, len(flat), 10):
        print("    " + ", ".join(flat[i:i + 10]) + ",")
    print("};")


x = signal()
htk = log_mel(x, 256, 128, 256, 20, 20, 4000, True, False, "hann", 1e-6)
slaney = log_mel(x, 200, 80, 512, 24, 50, 3800, False, True, "hamming", 1e-6)
print("/* By tests/unit/audio_reference.py (numpy %s). */" % np.__version__)
show("reference_htk", htk)
show("reference_slaney", slaney)
show("reference_mfcc", cosine(htk, 13))
show("reference_deltas", deltas(htk, 2))
