"""What the recorders share: numbers that Go and Python both make from a formula, so that goldens hold answers only.

A golden is gzipped JSON {"keras": version, "cases": [...]}.
"""

import base64
import gzip
import json
import os
import tempfile

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

import keras  # noqa: E402
import numpy as np  # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))
OUT = os.path.join(HERE, "..")
MNIST = os.path.join(HERE, "..", "..", "..", "mnist", "data")


def units(n, seed):
    """n numbers in [0, 1) with 24 bits: splitmix64 of the index."""
    with np.errstate(over="ignore"):
        z = (np.arange(n, dtype=np.uint64) + np.uint64(1) + np.uint64(seed) * np.uint64(1000003)) * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = z ^ (z >> np.uint64(31))
    return (z >> np.uint64(40)).astype(np.float64) / float(1 << 24)


def mnist(kind, n):
    if kind == "images":
        with gzip.open(os.path.join(MNIST, "train-images-idx3-ubyte.gz")) as f:
            f.read(16)
            return np.frombuffer(f.read(n * 784), np.uint8).reshape(n, 28, 28)
    with gzip.open(os.path.join(MNIST, "train-labels-idx1-ubyte.gz")) as f:
        f.read(8)
        return np.frombuffer(f.read(n), np.uint8)


def data(d):
    """An array, or a list or dict of arrays, from its description."""
    if d is None:
        return None
    if isinstance(d, list):
        return [data(v) for v in d]
    if "make" not in d:
        return {k: data(v) for k, v in d.items()}
    kind, shape, dtype = d["make"], d.get("shape"), d.get("dtype", "float32")
    if kind == "uniform":
        lo, hi = d.get("lo", -1.0), d.get("hi", 1.0)
        return (lo + (hi - lo) * units(int(np.prod(shape)), d["seed"])).astype(dtype).reshape(shape)
    if kind == "ints":
        a = np.floor(units(int(np.prod(shape)), d["seed"]) * d["below"]).astype(dtype).reshape(shape)
        if d.get("padded"):  # row i ends after 1 + i modulo the length
            for i in range(shape[0]):
                a[i, 1 + i % shape[1]:] = 0
        return a
    if kind == "onehot":
        ids = np.floor(units(int(np.prod(shape)), d["seed"]) * d["below"]).astype(int)
        return np.eye(d["below"], dtype=dtype)[ids].reshape(list(shape) + [d["below"]])
    if kind == "mnist":
        x = mnist("images", shape[0])
        return (x.astype(np.float32) / np.float32(255)).reshape(shape) if dtype == "float32" else x.reshape(shape)
    if kind == "mnist_labels":
        y = mnist("labels", shape[0])
        return np.eye(10, dtype=dtype)[y] if d.get("onehot") else y.astype(dtype)
    raise ValueError(kind)


def uniform(seed, *shape, **kw):
    return dict(make="uniform", seed=seed, shape=list(shape), **kw)


def ints(seed, below, *shape, **kw):
    return dict(make="ints", seed=seed, below=below, shape=list(shape), **kw)


def padded(seed, below, *shape, **kw):
    return ints(seed, below, *shape, padded=True, **kw)


def onehot(seed, below, *shape, **kw):
    return dict(make="onehot", seed=seed, below=below, shape=list(shape), **kw)


def start(model, seed):
    """Gives every weight numbers of the formula, scaled by its fan; variances stay positive."""
    values = []
    for i, w in enumerate(model.weights):
        shape = tuple(w.shape)
        u = units(int(np.prod(shape)), seed + i)
        if "variance" in w.path or "gamma" in w.path:
            v = 0.5 + u
        else:
            fan = int(np.prod(shape[:-1])) if len(shape) > 1 else 25
            v = (2 * u - 1) * np.sqrt(3.0 / fan)
        values.append(v.astype(np.float32).reshape(shape))
    model.set_weights(values)


def floats(a):
    """Float32 array as base64, at most about 600 elements of it, evenly spread."""
    a = np.asarray(a).astype("<f4").ravel()
    step = max(1, a.size // 600)
    return {"size": int(a.size), "step": int(step), "data": base64.b64encode(a[::step].tobytes()).decode()}


def jsonable(v):
    if isinstance(v, dict):
        return {k: jsonable(x) for k, x in v.items()}
    if isinstance(v, (list, tuple)):
        return [jsonable(x) for x in v]
    if isinstance(v, np.ndarray):
        return v.astype(float).tolist()
    if hasattr(v, "numpy"):
        return jsonable(v.numpy())
    if isinstance(v, np.generic):
        v = v.item()
    if isinstance(v, float) and not np.isfinite(v):
        return str(v)
    return v


def serial(v):
    """Compile arguments: strings stay, objects become their Keras JSON."""
    if isinstance(v, dict):
        return {k: serial(x) for k, x in v.items()}
    if isinstance(v, (list, tuple)):
        return [serial(x) for x in v]
    if v is None or isinstance(v, (str, int, float, bool)):
        return v
    return keras.saving.serialize_keras_object(v)


def callback(c, keep_paths=False):
    (name, args), = c.items()
    args = dict(args)
    if "filepath" in args and not keep_paths:
        args["filepath"] = os.path.join(tempfile.mkdtemp(), args["filepath"])
    return getattr(keras.callbacks, name)(**args)


def arguments(a, keep_paths=False):
    a = dict(a)
    for k in ("x", "y", "sample_weight"):
        if k in a:
            a[k] = data(a[k])
    if "validation_data" in a:
        a["validation_data"] = tuple(data(v) for v in a["validation_data"])
    if "class_weight" in a:
        a["class_weight"] = {int(k): v for k, v in a["class_weight"].items()}
    if "callbacks" in a:
        a["callbacks"] = [callback(c, keep_paths) for c in a["callbacks"]]
    return a


def fresh():
    keras.backend.clear_session()
    keras.utils.set_random_seed(1)


def write(name, cases):
    raw = json.dumps({"keras": keras.__version__, "cases": cases}, separators=(",", ":")).encode()
    with open(os.path.join(OUT, name), "wb") as f:
        with gzip.GzipFile(filename="", mode="wb", fileobj=f, mtime=0, compresslevel=9) as z:
            z.write(raw)
    print(name, len(cases), "cases", os.path.getsize(os.path.join(OUT, name)), "bytes")
