"""Records testdata/operations*.json.gz: operations of keras.ops in functional models.

A case is the model of one expression over symbolic inputs: its to_json, inputs, outputs with
their types, and the gradients of the floating-point inputs under recorded cotangents.

    KERAS_BACKEND=tensorflow python operations.py [basics | images | matrices …]
"""

import json
import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("KERAS_BACKEND", "tensorflow")

import keras
import numpy as np
import tensorflow as tf
from keras import ops

import record
import operations_list
import operations_list_basics
import operations_list_images
import operations_list_matrices

BATCH = 3


def conv_transpose(self, inputs, kernel):
    """ConvTranspose as documented: Keras 3.15.1 hands padding and output_padding to its
    backend in the wrong order, so that no such model runs."""
    return keras.src.backend.nn.conv_transpose(
        inputs, kernel, self.strides, self.padding, self.output_padding, self.data_format or "channels_last", self.dilation_rate)


keras.src.ops.nn.ConvTranspose.call = conv_transpose


def data(kind, shape, rng):
    """Random inputs: f any floats, p positive, u inside (-1, 1), o above 1, n with NaN and
    infinities, d distinct, i small whole numbers, k also negative ones, b truth values, and the
    whole numbers l 1 or 2, j up to 2, t from 4 to 6."""
    full = (BATCH,) + tuple(shape)
    if kind == "p":
        return rng.uniform(0.2, 3, full).astype("float32")
    if kind == "u":
        return rng.uniform(-0.9, 0.9, full).astype("float32")
    if kind == "o":
        return rng.uniform(1.1, 3, full).astype("float32")
    if kind == "d":
        n = int(np.prod(full))
        return ((rng.permutation(n) - n / 2) / 4 + 0.1).astype("float32").reshape(full)
    if kind == "n":
        x = rng.normal(size=full).astype("float32")
        x.flat[1], x.flat[4], x.flat[7] = np.nan, np.inf, -np.inf
        return x
    if kind == "m":
        x = rng.normal(size=full).astype("float32")
        x.flat[1], x.flat[6] = np.nan, np.nan
        return x
    if kind == "v":
        return rng.uniform(0.05, 0.95, full).astype("float32")
    if kind == "i":
        return rng.integers(0, 4, full).astype("int32")
    if kind == "k":
        return rng.integers(-5, 6, full).astype("int32")
    if kind == "l":
        return rng.integers(1, 3, full).astype("int32")
    if kind == "j":
        return rng.integers(0, 3, full).astype("int32")
    if kind == "t":
        return rng.integers(4, 7, full).astype("int32")
    if kind == "b":
        return rng.integers(0, 2, full).astype("bool")
    return rng.normal(size=full).astype("float32")


def one(expression, inputs, seed):
    keras.utils.clear_session()
    rng = np.random.default_rng(seed)
    arrays, symbols = [], {}
    for name, (kind, *shape) in zip("xyzw", inputs):
        a = data(kind, shape, rng)
        arrays.append(a)
        symbols[name] = keras.Input(tuple(shape), dtype=str(a.dtype), name=name)
    no_gradient = []

    def values(out):  # outputs whose gradients are not recorded
        no_gradient.append(True)
        return out

    out = eval(expression, {"ops": ops, "np": np, "keras": keras, "values": values, **symbols})
    out = list(out) if isinstance(out, (list, tuple)) else [out]
    model = keras.Model(list(symbols.values()), out)
    tensors = [tf.constant(a) for a in arrays]
    with tf.GradientTape() as tape:
        floats = [t for t in tensors if t.dtype.is_floating]
        tape.watch(floats)
        results = model(tensors)
        results = list(results) if isinstance(results, (list, tuple)) else [results]
        cotangents, loss = [], 0.0
        for r in results:
            cot = None
            if r.dtype.is_floating and not no_gradient:
                cot = rng.normal(size=r.shape).astype("float32")
                loss += tf.reduce_sum(tf.cast(r, "float32") * cot)
            cotangents.append(cot)
    grads = tape.gradient(loss, floats) if floats and not isinstance(loss, float) else [None] * len(floats)
    grads = [None if g is None else tf.convert_to_tensor(g) for g in grads]
    nodes = [l for l in model.operations if not isinstance(l, keras.layers.InputLayer)]
    return {
        "cls": type(nodes[-1]).__name__,
        "expression": expression,
        "model": json.loads(model.to_json()),
        "inputs": [record.array(a) for a in arrays],
        "outputs": [record.array(tf.cast(r, "float32") if r.dtype in (tf.bfloat16, tf.float16) else r) for r in results],
        "dtypes": [o.dtype for o in out],
        "shapes": [list(o.shape) for o in out],
        "cotangents": [record.array(c) for c in cotangents],
        "grads": [record.array(g) for g in grads],
    }


LISTS = {
    "": operations_list.CASES,
    "basics": operations_list_basics.CASES,
    "images": operations_list_images.CASES,
    "matrices": operations_list_matrices.CASES,
}


def main(out, cases):
    done, failed = [], []
    for i, (expression, *inputs) in enumerate(cases):
        try:
            done.append(one(expression, inputs or [("f", 4)], i))
        except Exception as e:  # noqa: BLE001
            failed.append(f"{expression}: {type(e).__name__}: {e}"[:400])
    record.write(out, "operations.py", done, keras.__version__)
    if failed:
        raise SystemExit("\n".join(failed))


if __name__ == "__main__":
    for name in sys.argv[1:] or LISTS:
        main("operations.json.gz" if name == "" else f"operations_{name}.json.gz", LISTS[name])
