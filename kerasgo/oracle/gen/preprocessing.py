"""Records what real Keras computes for the layers of preprocessing: ../testdata/preprocessing.json.gz.

Run with KERAS_BACKEND=tensorflow on a CPU:  python preprocessing.py
A case has the layer before and after adapt, the batches it was adapted to, and one call: {"cls", "object", "adapt", "after", "vocabulary", "weights",
"inputs", "names", "output"}. Arrays are {"dtype", "shape", "data"} with a flat list of values.
"""

import json
import random
import sys

import keras
import numpy as np
import tensorflow as tf
from keras import layers

from record import plain, write


def flat(a):
    a = np.asarray(a)
    if a.dtype.kind in "OSU":
        return {"dtype": "string", "shape": list(a.shape), "data": [s.decode() if isinstance(s, bytes) else str(s) for s in a.reshape(-1)]}
    return {"dtype": str(a.dtype), "shape": list(a.shape), "data": [x if abs(x) < 1e300 else 1e300 * np.sign(x) for x in a.reshape(-1).tolist()]}  # JSON has no infinity


def tensor(a):
    return tf.constant(a) if np.asarray(a).dtype.kind in "OSU" else tf.constant(np.asarray(a))


WORDS = ["the", "cat", "sat", "on", "mat", "dog", "The", "café", "naïve", "日本", "end", "a", "b", "42", "-1", "x" * 40]
SENTENCES = [
    "The cat sat on the mat.", "A dog; a DOG! and a cat?", "", "  spaces \t and\nlines  ", "naïve café 日本 end", "don't (really) [stop] {it}",
    "one two three four five six seven eight", "the the the", "É À lower-case", "1 2 3 -1 42", "a\u00a0b c\u3000d",
]


def cases(rng):
    """(class, arguments, batches of adapt, inputs, names of the inputs)"""
    words = lambda *s: np.array([rng.choice(WORDS) for _ in range(int(np.prod(s)))], dtype=object).reshape(s)
    ints = lambda lo, hi, *s, t="int64": np.array([rng.randint(lo, hi) for _ in range(int(np.prod(s)))], dtype=t).reshape(s)
    floats = lambda *s: np.array([rng.uniform(-3, 3) for _ in range(int(np.prod(s)))], dtype="float32").reshape(s)

    # Normalization
    for axis, shape in ((-1, (6, 3)), (None, (6, 3)), (1, (5, 4, 3)), ((1, 2), (5, 4, 3)), ((-1, 1), (4, 2, 3, 5)), (2, (3, 4, 2))):
        for invert in (False, True):
            yield "Normalization", dict(axis=axis, invert=invert), [floats(*shape)], [floats(*shape)], None
    yield "Normalization", {}, [floats(4, 3), floats(7, 3), floats(1, 3)], [ints(-5, 5, 4, 3)], None
    yield "Normalization", dict(mean=3.0, variance=2.0), None, [floats(4, 3)], None
    yield "Normalization", dict(mean=[1.0, 2.0, 3.0], variance=[0.5, 0.0, 4.0], invert=True), None, [floats(4, 3)], None
    yield "Normalization", dict(mean=[1.0, 2.0, 3.0], variance=[0.5, 0.0, 4.0]), None, [floats(4, 3)], None
    yield "Normalization", dict(axis=(1, 2), mean=[[1.0, 2.0], [3.0, 4.0]], variance=[[1.0, 2.0], [3.0, 4.0]]), None, [floats(3, 2, 2)], None
    yield "Normalization", dict(axis=(1, 2), mean=[1.0, 2.0], variance=[1.0, 2.0]), None, [floats(3, 3, 2)], None
    yield "Normalization", {}, [np.ones((5, 2), "float32")], [floats(3, 2)], None

    # Discretization
    for mode in ("int", "one_hot", "multi_hot", "count"):
        yield "Discretization", dict(bin_boundaries=[-1.0, 0.0, 0.5, 2.0], output_mode=mode), None, [floats(6, 3)], None
        yield "Discretization", dict(num_bins=rng.randint(2, 9), output_mode=mode), [floats(200, 2)], [floats(6, 1)], None
    yield "Discretization", dict(bin_boundaries=[0.0, 1.0, 2.0]), None, [np.array([-1, 0, 1, 1.5, 2, 3, np.inf, -np.inf], "float32").reshape(4, 2)], None
    yield "Discretization", dict(bin_boundaries=[0.1, 0.7]), None, [ints(-2, 3, 5, 2, t="int32")], None
    for n, bins, eps, batches in ((50, 4, 0.01, 1), (500, 10, 0.01, 1), (1000, 7, 0.1, 1), (300, 3, 0.05, 5), (64, 5, 0.01, 8), (990, 20, 0.01, 3), (5, 8, 0.01, 1)):
        yield "Discretization", dict(num_bins=bins, epsilon=eps), [floats(n, 1) for _ in range(batches)], [floats(7, 2)], None
    yield "Discretization", dict(num_bins=4), [np.arange(100).reshape(50, 2)], [floats(7, 2) * 30], None

    # CategoryEncoding
    for mode in ("one_hot", "multi_hot", "count"):
        for shape in ((5, 3), (4, 1), (6,), (2, 3, 4), (2, 3, 1)):
            if mode != "one_hot" and len(shape) == 1:
                continue  # becomes one row for the whole batch
            yield "CategoryEncoding", dict(num_tokens=7, output_mode=mode), None, [ints(0, 6, *shape)], None
    yield "CategoryEncoding", dict(num_tokens=4, output_mode="count"), None, [ints(0, 6, 5, 3, t="int32")], None
    yield "CategoryEncoding", dict(num_tokens=4, output_mode="one_hot"), None, [ints(0, 6, 5, 3)], None
    yield "CategoryEncoding", dict(num_tokens=5, output_mode="count"), None, [ints(0, 4, 5, 3), floats(5, 3)], ["inputs", "count_weights"]

    # Hashing
    for a in ({}, dict(salt=133137), dict(salt=(133, 137)), dict(mask_value="the"), dict(mask_value="", salt=7), dict(num_bins=1), dict(num_bins=1, mask_value="the"), dict(dtype="int32")):
        yield "Hashing", {**dict(num_bins=11), **a}, None, [words(6, 4)], None
    for a in ({}, dict(salt=1), dict(mask_value=3), dict(mask_value=-1, num_bins=2)):
        yield "Hashing", {**dict(num_bins=9), **a}, None, [ints(-5, 5, 6, 4)], None
    yield "Hashing", dict(num_bins=1000), None, [ints(-(2**62), 2**62, 6, 2)], None
    yield "Hashing", dict(num_bins=5), None, [floats(4, 3)], None
    for mode in ("one_hot", "multi_hot", "count"):
        for shape in ((5, 3), (5, 1), (5,)):
            if mode != "one_hot" and len(shape) == 1:
                continue
            yield "Hashing", dict(num_bins=6, output_mode=mode), None, [words(*shape)], None
    yield "Hashing", dict(num_bins=6, output_mode="multi_hot", mask_value="cat"), None, [words(3, 5)], None

    # HashedCrossing
    for mode in ("int", "one_hot"):
        for shape in ((7,), (7, 1)):
            yield "HashedCrossing", dict(num_bins=10, output_mode=mode), None, [words(*shape), ints(-9, 9, *shape)], None
    yield "HashedCrossing", dict(num_bins=100000), None, [words(8, 1), ints(-(2**62), 2**62, 8, 1), words(8, 1)], None
    yield "HashedCrossing", dict(num_bins=5), None, [ints(0, 3, 8, t="int32"), ints(0, 9, 8)], None

    # StringLookup and IntegerLookup
    vocab, numbers = ["cat", "dog", "café", "end"], [12, 36, -7, 2**40]
    for cls, v, data, mask, oov in (("StringLookup", vocab, words, "the", "[UNK]"), ("IntegerLookup", numbers, lambda *s: np.array([rng.choice(numbers + [5, 0, -8, 99, 2**50]) for _ in range(int(np.prod(s)))]).reshape(s), 0, -1)):
        for mode in ("int", "one_hot", "multi_hot", "count"):
            for a in ({}, dict(mask_token=mask), dict(num_oov_indices=3), dict(num_oov_indices=2, mask_token=mask), dict(max_tokens=9, pad_to_max_tokens=True)):
                yield cls, {**dict(vocabulary=v, output_mode=mode), **a}, None, [data(5, 4)], None
                yield cls, {**dict(output_mode=mode), **a, **(dict(max_tokens=5) if rng.random() < 0.4 and "pad_to_max_tokens" not in a else {})}, [data(20, 3)], [data(5, 1 if rng.random() < 0.3 else 4)], None
        yield cls, dict(vocabulary=[oov] + v), None, [data(4, 2)], None
        yield cls, dict(vocabulary=[mask, oov] + v, mask_token=mask), None, [data(4, 2)], None
        yield cls, dict(vocabulary=v, num_oov_indices=0), None, [np.array([v[0], v[3], v[1]]).astype(object if cls[0] == "S" else "int64").reshape(3, 1)], None
        yield cls, dict(vocabulary=v, output_mode="tf_idf", idf_weights=[0.5, 1.5, 0.25, 2.0]), None, [data(5, 4)], None
        yield cls, dict(vocabulary=[oov] + v, output_mode="tf_idf", idf_weights=[0.125, 0.5, 1.5, 0.25, 2.0]), None, [data(5, 4)], None
        yield cls, dict(output_mode="tf_idf"), [data(12, 3)], [data(5, 4)], None
        yield cls, dict(output_mode="tf_idf", num_oov_indices=2), [data(7, 3), data(5, 3)], [data(5, 4)], None
        yield cls, dict(output_mode="tf_idf", max_tokens=12, pad_to_max_tokens=True), [data(12)], [data(5, 4)], None
        yield cls, {}, [data(30)], [data(5)], None
        yield cls, dict(mask_token=mask), [data(30), data(9)], [data(5, 2)], None
        yield cls, dict(vocabulary=v, invert=True), None, [ints(0, 6, 4, 3)], None
        yield cls, dict(vocabulary=v, invert=True, mask_token=mask, num_oov_indices=2), None, [ints(0, 8, 4, 3)], None
        if cls == "IntegerLookup":
            yield cls, dict(vocabulary=v, num_oov_indices=4, oov_method="farmhash"), None, [data(5, 4)], None
            yield cls, dict(vocabulary=v, num_oov_indices=4, oov_method="farmhash", salt=[3, 4]), None, [data(5, 4)], None
            yield cls, dict(vocabulary=[1, 2, 3]), None, [ints(0, 5, 4, 2, t="int32")], None
        else:
            yield cls, dict(vocabulary=v, num_oov_indices=4, salt=5), None, [data(5, 4)], None
            yield cls, dict(vocabulary=v, oov_token="?", invert=True), None, [ints(0, 6, 4, 3)], None

    # TextVectorization
    texts = lambda *s: np.array([rng.choice(SENTENCES) for _ in range(int(np.prod(s)))], dtype=object).reshape(s)
    everything = np.array(SENTENCES, dtype=object)
    for a in ({}, dict(output_sequence_length=4), dict(output_sequence_length=12, max_tokens=9), dict(standardize=None), dict(standardize="lower"), dict(standardize="strip_punctuation"),
              dict(split="character"), dict(split="character", output_sequence_length=5, ngrams=2), dict(ngrams=2), dict(ngrams=3, max_tokens=20), dict(ngrams=(2,)), dict(ngrams=(3, 1), output_sequence_length=7)):
        yield "TextVectorization", a, [everything], [texts(5)], None
        yield "TextVectorization", a, [texts(6, 1), texts(3, 1)], [texts(4, 1)], None
    for mode in ("multi_hot", "count", "tf_idf"):
        for a in ({}, dict(max_tokens=8), dict(max_tokens=100, pad_to_max_tokens=True), dict(ngrams=2, max_tokens=15), dict(split="character"), dict(standardize=None)):
            yield "TextVectorization", dict(output_mode=mode, **a), [everything], [texts(5, 1) if rng.random() < 0.5 else texts(5)], None
    yield "TextVectorization", dict(vocabulary=["the", "cat", "dog"]), None, [texts(5)], None
    yield "TextVectorization", dict(vocabulary=["", "[UNK]", "the", "cat", "dog"], output_sequence_length=3), None, [texts(5)], None
    yield "TextVectorization", dict(vocabulary=["the", "cat"], output_mode="tf_idf", idf_weights=[0.5, 2.0]), None, [texts(5)], None
    yield "TextVectorization", dict(vocabulary=["the", "cat"], output_mode="multi_hot"), None, [texts(5)], None
    for a in (dict(), dict(output_sequence_length=2), dict(output_sequence_length=6), dict(ngrams=2), dict(output_mode="one_hot"), dict(output_mode="count"), dict(output_mode="multi_hot", ngrams=2), dict(output_mode="tf_idf")):
        yield "TextVectorization", dict(split=None, **a), [words(9, 3)], [words(4, 3)], None


def record(cls, args, adapt, inputs, names):
    layer = getattr(layers, cls)(**args)
    out = {"cls": cls, "object": plain(keras.saving.serialize_keras_object(layer))}
    if adapt is not None:
        out["adapt"] = [flat(b) for b in adapt]
        if len(adapt) == 1:
            layer.adapt(tensor(adapt[0]) if adapt[0].dtype.kind == "O" else adapt[0])
        else:
            layer.adapt(b if cls == "Normalization" else tensor(b) for b in adapt)
    x = [tensor(a) for a in inputs]
    if names:
        y = layer(x[0], **dict(zip(names[1:], x[1:])))
        out["names"] = names
    else:
        y = layer(x if len(x) > 1 else x[0])
    out["inputs"] = [flat(a) for a in inputs]
    out["output"] = flat(y.numpy())
    out["after"] = plain(layer.get_config())
    if hasattr(layer, "get_vocabulary"):
        out["vocabulary"] = [v if isinstance(v, str) else int(v) for v in layer.get_vocabulary()]
    if cls == "Normalization":
        out["weights"] = [flat(w) for w in layer.get_weights()]
    return out


if __name__ == "__main__":
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    out = []
    for i, c in enumerate(cases(random.Random(seed))):
        try:
            out.append(record(*c))
        except Exception as e:
            print(i, c[0], c[1], type(e).__name__, str(e)[:300], file=sys.stderr)
    if len(sys.argv) > 2:
        json.dump(out, open(sys.argv[2], "w"))
    else:
        write("preprocessing.json.gz", "gen/preprocessing.py", out, keras.__version__)
