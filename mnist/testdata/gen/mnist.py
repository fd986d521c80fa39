"""Records sums of what the old read_data_sets and keras.datasets.mnist return for the four MNIST files.

Usage: python mnist.py (reads ../../data, writes ../mnist.json)

read_data_sets itself is long gone; the arithmetic is that of its documentation: uint8 to float32, times 1/255, the
first 5,000 training images for validation.
"""

import gzip
import hashlib
import json
import pathlib

import numpy as np

here = pathlib.Path(__file__).parent


def idx(name, header):
    return np.frombuffer(gzip.decompress((here / "../../data" / (name + ".gz")).read_bytes()), np.uint8, offset=header)


def sha(a):
    return hashlib.sha256(np.ascontiguousarray(a).tobytes()).hexdigest()


out = {}
for prefix, key, n in (("train", "train", 60000), ("t10k", "test", 10000)):
    x = idx(prefix + "-images-idx3-ubyte", 16).reshape(n, 28, 28)
    y = idx(prefix + "-labels-idx1-ubyte", 8)
    flat = np.multiply(x.reshape(n, 784).astype(np.float32), np.float32(1.0 / 255.0))
    hot = np.eye(10, dtype=np.float32)[y]
    out[f"x_{key}"], out[f"y_{key}"] = sha(x), sha(y)
    cut = 5000 if key == "train" else 0
    out[f"{key} images"], out[f"{key} labels"], out[f"{key} one-hot"] = sha(flat[cut:]), sha(y[cut:]), sha(hot[cut:])
    if cut:
        out["validation images"], out["validation labels"] = sha(flat[:cut]), sha(y[:cut])
        out["validation one-hot"] = sha(hot[:cut])
(here / "../mnist.json").write_text(json.dumps(out, indent=1) + "\n")
