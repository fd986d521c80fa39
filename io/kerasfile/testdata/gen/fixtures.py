"""Saves small models with real Keras into this folder's parent, with a manifest of the weights inside each file.

Usage: KERAS_BACKEND=tensorflow python fixtures.py <output folder>     (recorded with Keras 3.15.1)
"""
import hashlib, json, os, sys
import h5py
import keras
import numpy as np

out = sys.argv[1]
L = keras.layers


def sha(a):
    return hashlib.sha256(np.ascontiguousarray(a).tobytes()).hexdigest()[:16]


def array(d):
    dtype = "bfloat16" if d.dtype.kind == "V" else d.dtype.name
    return {"name": d.name, "shape": list(d.shape), "dtype": dtype, "sha": sha(d[()])}


def v3(group, path="", found=None):
    """Every vars group below group: its path, attribute name, and arrays in numeric order."""
    found = [] if found is None else found
    for name, o in group.items():
        if name == "vars":
            arrays = [array(o[k]) for k in sorted(o, key=int)]
            found.append({"path": path.strip("/"), "name": o.attrs.get("name", ""), "vars": arrays})
        elif isinstance(o, h5py.Group):
            v3(o, path + "/" + name, found)
    return found


def names(group, attr):
    return [n if isinstance(n, str) else n.decode() for n in group.attrs[attr]]


def legacy(f):
    g = f["model_weights"] if "model_weights" in f else f
    layers = [{"path": n, "vars": [array(g[n][w]) for w in names(g[n], "weight_names")]} for n in names(g, "layer_names")]
    opt = []
    if "optimizer_weights" in f:
        opt = [array(f["optimizer_weights"][w]) for w in names(f["optimizer_weights"], "weight_names")]
    return {"layers": layers, "optimizer": opt, "attrs": sorted(f.attrs)}


def record(name, describe):
    with h5py.File(os.path.join(out, name)) as f:
        with open(os.path.join(out, name + ".json"), "w") as g:
            json.dump(describe(f), g)


keras.utils.set_random_seed(1)
conv = keras.Sequential([
    L.Input((6, 6, 1)), L.Conv2D(2, 3), L.BatchNormalization(), L.Flatten(), L.Dropout(0.5), L.Dense(3, activation="softmax"),
], name="conv")
conv.compile("adam", "categorical_crossentropy", metrics=["accuracy"])
conv.fit(np.random.rand(8, 6, 6, 1), np.eye(3)[np.arange(8) % 3], verbose=0)
conv.save(os.path.join(out, "conv.keras"))
conv.save(os.path.join(out, "conv.h5"))
conv.save_weights(os.path.join(out, "conv.weights.h5"))
record("conv.weights.h5", v3)
record("conv.h5", legacy)

# Weights only, in the legacy layout, which Keras 3 still reads but no longer writes by itself.
from keras.src.legacy.saving import legacy_h5_format
with h5py.File(os.path.join(out, "conv_legacy_weights.h5"), "w") as f:
    legacy_h5_format.save_weights_to_hdf5_group(f, conv)
record("conv_legacy_weights.h5", legacy)

a = L.Input((4,), dtype="int32", name="a")
b = L.Input((3, 2), name="b")
x = L.Embedding(7, 3)(a)
x = L.Bidirectional(L.LSTM(2))(x)
y = L.MultiHeadAttention(2, 2)(b, b)
y = keras.Sequential([L.GRU(2), L.Dense(2)], name="inner")(y)
tree = keras.Model([a, b], L.Dense(1)(L.Concatenate()([x, y])), name="tree")
tree.compile(keras.optimizers.SGD(0.1, momentum=0.9), "mse")
tree.save_weights(os.path.join(out, "tree.weights.h5"))
record("tree.weights.h5", v3)
tree.save_weights(os.path.join(out, "sharded.weights.json"), max_shard_size=5e-7)

half = keras.Sequential([L.Input((3,)), L.Dense(2, dtype="bfloat16"), L.Dense(2, dtype="float16")], name="half")
half.save_weights(os.path.join(out, "half.weights.h5"))
record("half.weights.h5", v3)

lookup = L.StringLookup()
lookup.adapt(np.array(["red", "green", "red"]))
keras.Sequential([L.Input((1,), dtype="string"), lookup], name="words").save(os.path.join(out, "words.keras"))
