"""Loads files that Keras wrote and the same files written again, and fails if anything differs: compare.py <folder> <folder>."""
import os, sys, zipfile
import h5py
import keras
import numpy as np

theirs, ours = sys.argv[1:3]
L = keras.layers


def same(a, b, what):
    if isinstance(a, np.ndarray) or isinstance(b, np.ndarray):
        a, b = np.asarray(a), np.asarray(b)
        assert a.dtype == b.dtype and a.shape == b.shape and (a == b).all(), (what, a, b)
    else:
        assert a == b, (what, a, b)


def tree(path, shards=False):
    """Every object, shape, value and attribute of an HDF5 file."""
    found = {}
    with h5py.File(path) as f:
        def visit(name, o):
            found[name] = o[()] if isinstance(o, h5py.Dataset) else "group"
            for k, v in o.attrs.items():
                found[name + "@" + k] = v
        visit("", f)
        f.visititems(visit)
    return found


for name in ["conv.weights.h5", "conv.h5", "conv_legacy_weights.h5", "half.weights.h5"]:
    a, b = tree(os.path.join(theirs, name)), tree(os.path.join(ours, name))
    same(sorted(a), sorted(b), name)
    for k in a:
        same(a[k], b[k], (name, k))

x = np.random.default_rng(1).random((4, 6, 6, 1)).astype("f4")
for name in ["conv.keras", "conv.h5"]:
    a = keras.saving.load_model(os.path.join(theirs, name))
    b = keras.saving.load_model(os.path.join(ours, name))
    same(a.to_json(), b.to_json(), name)
    same(np.asarray(a(x)), np.asarray(b(x)), name)
    same(len(a.optimizer.variables), len(b.optimizer.variables), name)
    for v, w in zip(a.optimizer.variables, b.optimizer.variables):
        same(np.asarray(v), np.asarray(w), v.path)
    for weights in ["conv.weights.h5", "conv.keras"]:
        b.set_weights([np.zeros_like(w) for w in b.get_weights()])
        b.load_weights(os.path.join(ours, weights))
        same(np.asarray(a(x)), np.asarray(b(x)), weights)
    b.set_weights([np.zeros_like(w) for w in b.get_weights()])
    b.load_weights(os.path.join(ours, "conv_legacy_weights.h5"))
    same(np.asarray(a(x)), np.asarray(b(x)), "legacy weights")

words = keras.saving.load_model(os.path.join(ours, "words.keras"))
same(words.layers[-1].get_vocabulary(), ["[UNK]", "red", "green"], "vocabulary")

half = keras.Sequential([L.Input((3,)), L.Dense(2, dtype="bfloat16"), L.Dense(2, dtype="float16")])
half.load_weights(os.path.join(theirs, "half.weights.h5"))
want = [keras.ops.convert_to_numpy(keras.ops.cast(w, "float32")) for w in half.weights]
half.set_weights([np.zeros(w.shape, "f4") for w in half.weights])
half.load_weights(os.path.join(ours, "half.weights.h5"))
for v, w in zip(want, half.weights):
    same(v, keras.ops.convert_to_numpy(keras.ops.cast(w, "float32")), w.path)

# Written from shards: only groups that hold data, without the names that shards lack.
a, b = tree(os.path.join(theirs, "tree.weights.h5")), tree(os.path.join(ours, "tree.weights.h5"))
arrays = [k for k, v in a.items() if not isinstance(v, str)]
same(sorted(arrays), sorted(k for k, v in b.items() if not isinstance(v, str)), "tree")
for k in arrays:
    same(a[k], b[k], ("tree", k))

for info in zipfile.ZipFile(os.path.join(ours, "conv.keras")).infolist():
    same(info.compress_type, zipfile.ZIP_STORED, info.filename)
assert zipfile.ZipFile(os.path.join(ours, "conv.keras")).testzip() is None
