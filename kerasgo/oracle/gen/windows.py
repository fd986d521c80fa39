"""Record Keras's windows of time series and its splits of data sets.

Run: python windows.py
Writes ../testdata/windows.json.gz. A shuffled series is recorded by its start positions, which TensorFlow then mixes once more.
"""

import random

import keras
import numpy as np
from record import plain, write

U = keras.utils
cases = []
data = np.arange(60, dtype="float32").reshape(30, 2)
targets = np.arange(30, dtype="float32") * 10


def windows(n=30, with_targets=True, ntargets=30, **kw):
    y = targets[:ntargets] if with_targets else None
    case = {"what": "timeseries", "n": n, "targets": ntargets if with_targets else 0, "args": kw}
    try:
        out = [[np.asarray(a) for a in (b if with_targets else (b,))] for b in U.timeseries_dataset_from_array(data[:n], y, **kw)]
    except Exception:
        case["refused"] = True
        out = []
    case["batches"] = [[{"shape": list(a.shape), "values": plain(a.ravel())} for a in b] for b in out]
    cases.append(case)


for kw in ({"sequence_length": 5}, {"sequence_length": 5, "batch_size": 4}, {"sequence_length": 3, "sequence_stride": 4, "batch_size": 3}, {"sequence_length": 4, "sampling_rate": 3},
           {"sequence_length": 4, "sampling_rate": 2, "sequence_stride": 3, "start_index": 4, "end_index": 25, "batch_size": 2}, {"sequence_length": 1}, {"sequence_length": 30},
           {"sequence_length": 5, "start_index": 20}, {"sequence_length": 5, "end_index": 9}):
    windows(**kw)
    windows(with_targets=False, **kw)
windows(ntargets=10, sequence_length=5)
windows(ntargets=10, sequence_length=5, sequence_stride=3)
for kw in ({"sequence_length": 5, "start_index": -1}, {"sequence_length": 5, "start_index": 30}, {"sequence_length": 5, "end_index": 30}, {"sequence_length": 5, "start_index": 9, "end_index": 9},
           {"sequence_length": 5, "sampling_rate": 30}, {"sequence_length": 5, "sequence_stride": 30}):
    windows(**kw)
for seed in (0, 1, 1337):
    starts = np.arange(0, 26, 2)
    np.random.RandomState(seed).shuffle(starts)
    cases.append({"what": "shuffled", "n": 30, "args": {"sequence_length": 5, "sequence_stride": 2, "shuffle": True, "seed": seed, "batch_size": 100}, "starts": starts.tolist()})


def split(n, **kw):
    case = {"what": "split", "n": n, "args": kw}
    a = np.arange(2 * n, dtype="float32").reshape(n, 2)
    try:
        left, right = U.split_dataset(a, **kw)
        case["left"], case["right"] = [[float(np.asarray(r)[0]) for r in side] for side in (left, right)]
    except Exception:
        case["refused"] = True
    cases.append(case)


for kw in ({"left_size": 0.5}, {"left_size": 3}, {"right_size": 0.25}, {"right_size": 4}, {"left_size": 0.3, "right_size": 0.3}, {"left_size": 2, "right_size": 3}, {"left_size": 0.5, "right_size": 2},
           {"left_size": 0.7, "shuffle": True, "seed": 0}, {"left_size": 0.7, "shuffle": True, "seed": 12345}, {"left_size": 6, "shuffle": True, "seed": -7}, {"left_size": 1.5}, {"left_size": 0}, {},
           {"left_size": 0.8, "right_size": 0.8}, {"left_size": 11}, {"left_size": 0.01}, {"left_size": 6, "right_size": 6}, {"left_size": 0.8, "shuffle": True, "seed": 2**40 + 3}):
    for n in (11, 10):
        split(n, **kw)
write("windows.json.gz", "windows.py", cases, keras.__version__)
