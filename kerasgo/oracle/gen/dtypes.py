"""Records what real Keras computes under its dtype policies: ../testdata/dtypes.json.gz.

Run with KERAS_BACKEND=tensorflow on a CPU:  python dtypes.py

A case is either one layer in a model (the model's JSON, weights, inputs and the output in inference) or a training run (the losses of
some steps, the weights and the optimizer's variables after them). Numbers are exact: JSON holds them as Python prints them.
"""

import os

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

import json

import keras
import numpy as np
from keras import layers as L

import layers
from record import write

POLICIES = ["mixed_bfloat16", "mixed_float16", "bfloat16", "float64"]
MERGING = {"Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum", "Concatenate", "Dot"}


def numbers(a):
    a = np.asarray(a)
    return {"shape": list(a.shape), "values": a.astype("float64").ravel().tolist()}


def model_of(cls, args, shapes, ids):
    inputs = [keras.Input(s[1:], dtype="int32" if ids else "float32") for s in shapes]
    y = getattr(L, cls)(**args)(inputs if cls in MERGING else inputs[0])
    return keras.Model(inputs, y)


def layer_cases():
    """The first cases of each class."""
    count = {}
    for cls, args, shapes, opt in layers.cases():
        if cls == "InputLayer" or "masks" in opt or "activity_regularizer" in args or len(shapes[0]) < 2:
            continue
        count[cls] = count.get(cls, 0) + 1
        if count[cls] <= 2:
            yield cls, args, shapes, opt.get("ids")
    for cls in ("SimpleRNN", "LSTM", "GRU"):
        yield cls, dict(units=5, return_sequences=True), [(3, 6, 4)], None
    yield "GRU", dict(units=4, reset_after=False), [(2, 5, 3)], None


def record_layer(i, policy, cls, args, shapes, ids):
    rng = np.random.default_rng(5000 + i)
    keras.backend.clear_session()
    keras.utils.set_random_seed(i)
    keras.config.set_dtype_policy(policy)
    m = model_of(cls, args, shapes, ids)
    ws = []
    for v in m.weights:
        w = rng.normal(size=v.shape).astype("float32")
        ws.append(np.abs(w) + np.float32(0.5) if v.name == "moving_variance" else w)
    m.set_weights(ws)
    xs = [rng.integers(0, ids, s).astype("int32") if ids else rng.normal(size=s).astype("float32") for s in shapes]
    y = m(xs if len(xs) > 1 else xs[0], training=False)
    return dict(cls=cls, policy=policy, model=json.loads(m.to_json()), weights=[numbers(w) for w in m.get_weights()], inputs=[numbers(x) for x in xs],
                ids=bool(ids), dtype=keras.backend.standardize_dtype(y.dtype), output=numbers(keras.ops.convert_to_numpy(keras.ops.cast(y, "float64"))))


def record_training(policy, optimizer, weight=1.0, steps=12):
    keras.backend.clear_session()
    keras.utils.set_random_seed(3)
    keras.config.set_dtype_policy(policy)
    m = keras.Sequential([keras.Input((8, 8, 1)), L.Conv2D(4, 3, activation="relu"), L.BatchNormalization(), L.MaxPooling2D(2), L.Flatten(),
                          L.Dense(16, activation="relu"), L.Dense(3, activation="softmax", dtype="float32" if policy != "float64" else None)])
    m.compile(keras.optimizers.get(optimizer), "sparse_categorical_crossentropy", loss_weights=[weight])
    rng = np.random.default_rng(1)
    y = rng.integers(0, 3, 64).astype("int32")
    x = (rng.normal(size=(64, 8, 8, 1)) + y[:, None, None, None]).astype("float32")
    start = [numbers(w.astype("float64")) for w in m.get_weights()]
    config = json.loads(m.to_json())
    losses = []
    for k in range(steps):
        lo = k * 16 % 64
        m.reset_metrics()
        losses.append(float(m.train_on_batch(x[lo:lo + 16], y[lo:lo + 16])))
    return dict(training=True, policy=policy, model=config, optimizer=optimizer, weight=weight, weights=start, inputs=[numbers(x), numbers(y)], losses=losses,
                after=[numbers(w.astype("float64")) for w in m.get_weights()], wrapped=type(m.optimizer).__name__,
                scalars=[float(v.numpy()) for v in m.optimizer.variables if v.shape == () and v.name != "learning_rate"])


if __name__ == "__main__":
    out = []
    for i, c in enumerate(layer_cases()):
        for p in POLICIES:
            try:
                out.append(record_layer(i, p, *c))
            except Exception as e:  # TensorFlow has no such kernel for the type
                print("Keras cannot:", p, c[0], c[1], str(e).split("\n")[0][:120])
    for p in POLICIES:
        out += [record_training(p, "sgd"), record_training(p, "adam")]
    out.append(record_training("mixed_float16", "sgd", weight=64.0))  # gradients overflow: steps are left out and the scale falls
    write("dtypes.json.gz", "gen/dtypes.py", out, keras.__version__)
