"""Records connectionist temporal classification as Keras computes it on TensorFlow, for engine/ops.

Usage: KERAS_BACKEND=tensorflow python ctc.py (writes ../ctc.json.gz, in the form of ops.py)
"""

import base64
import gzip
import json
import pathlib

import keras
import numpy as np
import tensorflow as tf
from keras import ops

rng = np.random.default_rng(11)
cases = []


def pack(a):
    a = np.asarray(a, order="C")
    return {"t": str(a.dtype), "s": list(a.shape), "d": base64.b64encode(a.tobytes()).decode()}


def normal(*shape):
    return (2 * rng.normal(size=shape)).astype("float32")


def i32(x):
    return np.asarray(x, "int32")


def loss(z, y, label_lengths, lengths, blank):
    x = tf.constant(z)
    with tf.GradientTape() as tape:
        tape.watch(x)
        out = ops.ctc_loss(y, x, label_lengths, lengths, mask_index=blank)
    dout = normal(len(z))
    grad = tape.gradient(out, x, output_gradients=tf.constant(dout))
    cases.append({"op": "CTCLoss", "in": [pack(v) for v in (z, y, label_lengths, lengths)], "out": [pack(out.numpy())], "attrs": {"blank": blank},
                  "dout": pack(dout), "grad": [pack(grad.numpy()), None, None, None]})


def decode(z, lengths, **kw):
    labels, numbers = ops.ctc_decode(z, lengths, **kw)
    attrs = {"greedy": kw["strategy"] == "greedy", "merge": kw.get("merge_repeated", True), "beam": kw.get("beam_width", 100), "paths": kw.get("top_paths", 1),
             "blank": kw.get("mask_index", 0)}
    cases.append({"op": "CTCDecode", "in": [pack(z), pack(lengths)], "out": [pack(labels.numpy()), pack(numbers.numpy())], "attrs": attrs})


loss(normal(4, 6, 4), i32([[1, 2, 0], [1, 1, 0], [3, 0, 0], [0, 0, 0]]), i32([2, 2, 1, 0]), i32([6, 4, 1, 3]), 0)
loss(normal(3, 9, 5), i32([[1, 2, 2, 0], [0, 0, 0, 0], [4, 0, 1, 0]]), i32([4, 3, 1]), i32([9, 7, 8]), 3)
loss(normal(2, 3, 2), i32([[1, 1], [1, 0]]), i32([2, 1]), i32([3, 3]), 0)
loss(normal(2, 20, 7), rng.integers(1, 7, size=(2, 8)).astype("int32"), i32([8, 5]), i32([20, 17]), 0)
for blank in (0, 2, 4):
    z, n = normal(4, 7, 5), i32([7, 5, 1, 6])
    decode(z, n, strategy="greedy", mask_index=blank)
    decode(z, n, strategy="greedy", mask_index=blank, merge_repeated=False)
    decode(z, n, strategy="beam_search", mask_index=blank, top_paths=3)
    decode(z, n, strategy="beam_search", mask_index=blank, beam_width=4, top_paths=2)

path = pathlib.Path(__file__).parent.parent / "ctc.json.gz"
raw = json.dumps({"keras": keras.__version__, "cases": cases}).encode()
path.write_bytes(gzip.compress(raw, mtime=0))
print(len(cases), "cases,", path.stat().st_size, "bytes")
