"""What the recorders of losses, metrics, optimizers, schedules and callbacks share.

Numbers are written as the shortest decimals that give back the same float32, so
that the compressed files stay small and diffs are readable.
"""

import gzip
import json
import os
import pathlib

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"

import keras  # noqa: E402
import numpy as np  # noqa: E402


def number(x):
    """A float32 as a JSON number; infinities and NaN as strings."""
    x = np.float32(x)
    return float(str(x)) if np.isfinite(x) else str(x)


def tensor(a):
    """An array as {dtype, shape, data}; None stays None."""
    if a is None:
        return None
    a = np.asarray(a)
    if a.dtype.kind == "f":
        return {"dtype": "float32", "shape": list(a.shape), "data": [number(v) for v in a.ravel()]}
    return {"dtype": "int32", "shape": list(a.shape), "data": [int(v) for v in a.ravel()]}


def serialized(obj):
    """Keras's JSON form of an object, without the automatic suffix of its name."""
    return keras.saving.serialize_keras_object(obj)


def save(name, cases):
    """Write testdata/<name>.json.gz; equal input gives equal bytes."""
    path = pathlib.Path(__file__).parent.parent / "testdata" / f"{name}.json.gz"
    text = json.dumps({"keras": keras.__version__, "cases": cases}, separators=(",", ":"))
    with open(path, "wb") as f, gzip.GzipFile(filename="", mode="wb", fileobj=f, mtime=0) as z:
        z.write(text.encode())
    print(f"{path.name}: {len(cases)} cases, {path.stat().st_size} bytes")
