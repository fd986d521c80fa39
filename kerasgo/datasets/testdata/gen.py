"""Make small files in the form of Keras's data sets, and record what real Keras loads from them.

Run: python gen.py
Writes the files and answers.json beside itself. Keras's get_file is replaced by the path of the small file.
"""

import gzip
import io
import json
import os
import pickle
import struct
import tarfile

import keras
import numpy as np
from keras.src.datasets import boston_housing, california_housing, cifar, cifar100, imdb, reuters

HERE = os.path.dirname(os.path.abspath(__file__))
rng = np.random.default_rng(5)
answers = {"keras": keras.__version__, "numpy": np.__version__}


def path(name):
    return os.path.join(HERE, name)


def texts(n):
    a = np.empty(n, dtype=object)
    for i in range(n):
        a[i] = [int(v) for v in rng.integers(1, 300 if i % 5 else 70000, size=rng.integers(1, 12))]
    return a


def member(z, name, a, protocol):
    """np.save with a given protocol."""
    b = io.BytesIO()
    np.lib.format.write_array_header_1_0(b, np.lib.format.header_data_from_array_1_0(a))
    pickle.dump(a, b, protocol=protocol)
    with z.open(name + ".npy", "w", force_zip64=True) as f:
        f.write(b.getvalue())


def archive(name, protocol, **arrays):
    import zipfile

    with zipfile.ZipFile(path(name), "w", zipfile.ZIP_DEFLATED) as z:
        for k, a in arrays.items():
            if a.dtype == object and protocol:
                member(z, k, a, protocol)
            else:
                b = io.BytesIO()
                np.save(b, a)
                with z.open(k + ".npy", "w") as f:
                    f.write(b.getvalue())


archive("small_imdb.npz", None, x_train=texts(40), y_train=rng.integers(0, 2, 40), x_test=texts(23), y_test=rng.integers(0, 2, 23))
archive("small_reuters.npz", 3, x=texts(51), y=rng.integers(0, 46, 51))
archive("small_boston.npz", None, x=rng.normal(size=(31, 13)), y=rng.normal(size=31))
archive("small_california.npz", None, x=rng.normal(size=(700, 2)).astype("float32"), y=rng.normal(size=700).astype("float32"))


def plain(part):
    x, y = part
    return {"x": [list(map(int, s)) for s in x], "y": [int(v) for v in y]}


def numbers(part):
    x, y = part
    return {"x": np.asarray(x, "float64").ravel().tolist(), "y": np.asarray(y, "float64").ravel().tolist(), "shape": list(x.shape), "dtype": str(x.dtype), "ydtype": str(y.dtype), "yshape": list(y.shape)}


def record(key, module, file, convert, *kwargs):
    module.get_file = lambda *a, **k: path(file)
    answers[key] = []
    for kw in kwargs:
        train, test = module.load_data(**kw)
        answers[key].append({"args": kw, "train": convert(train), "test": convert(test)})


text_args = [{}, {"num_words": 100}, {"skip_top": 20}, {"num_words": 200, "skip_top": 10, "oov_char": None}, {"maxlen": 7}, {"seed": 0}, {"seed": 4294967295}, {"start_char": None},
             {"start_char": None, "index_from": 0}, {"start_char": 5, "oov_char": 9, "index_from": 20, "num_words": 150, "maxlen": 9, "seed": 42}]
record("imdb", imdb, "small_imdb.npz", plain, *text_args)
record("reuters", reuters, "small_reuters.npz", plain, *text_args, {"test_split": 0.5}, {"test_split": 0.0})
record("boston", boston_housing, "small_boston.npz", numbers, {}, {"test_split": 0.37, "seed": 1}, {"test_split": 0.0})
record("california", california_housing, "small_california.npz", numbers, {"version": "small"}, {"seed": 7})

# CIFAR, as Python 2 wrote it (protocol 2, bytes as str) and as later protocols do.
def python2(d):
    """A pickle of protocol 2 as Python 2 makes it of {str: str, list of int, or array of bytes (n, 3072)}."""
    def s(b):
        return (b"U" + bytes([len(b)]) if len(b) < 256 else b"T" + struct.pack("<i", len(b))) + b

    out = b"\x80\x02}q\x01("
    memo = 2
    for k, v in d.items():
        out += s(k) + b"q" + bytes([memo])
        memo += 1
        if isinstance(v, bytes):
            out += s(v)
        elif isinstance(v, list):
            out += b"](" + b"".join(b"K" + bytes([i]) for i in v) + b"e"
        else:
            out += b"cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\x00\x85" + s(b"b") + b"\x87R(K\x01" + b"".join(b"M" + struct.pack("<H", n) for n in v.shape) + b"\x86"
            out += b"cnumpy\ndtype\n" + s(b"u1") + b"K\x00K\x01\x87R(K\x03" + s(b"|") + b"NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb\x89" + s(v.tobytes()) + b"tb"
    return out + b"u."


def cifar_file(name, protocol, n, **labels):
    d = {b"batch_label": b"testing batch 1 of 1", **{k.encode(): [int(v) for v in rng.integers(0, m, n)] for k, m in labels.items()}, b"data": rng.integers(0, 256, (n, 3072), dtype="uint8")}
    os.makedirs(os.path.dirname(path(name)), exist_ok=True)
    raw = python2(d) if protocol == 2 else pickle.dumps(d, protocol=protocol)
    with open(path(name), "wb") as f:
        f.write(raw)
    return name


ten = [cifar_file(f"cifar-10-batches-py/data_batch_{i}", (2, 3, 4, 2, 2)[i - 1], 2, labels=10) for i in range(1, 6)]
test = cifar_file("cifar-10-batches-py/test_batch", 2, 3, labels=10)


def of10(names):
    """load_data of cifar10 wants files of 10000 images; it is these calls."""
    parts = [cifar.load_batch(path(n)) for n in names]
    x = np.concatenate([p[0] for p in parts]).transpose(0, 2, 3, 1)
    y = np.concatenate([np.array(p[1], "uint8") for p in parts]).reshape(-1, 1)
    return numbers((x, y))


answers["cifar10"] = [{"args": {}, "train": of10(ten), "test": of10([test])}]
cifar_file("cifar-100-python/train", 4, 4, fine_labels=100, coarse_labels=20)
cifar_file("cifar-100-python/test", 2, 2, fine_labels=100, coarse_labels=20)
record("cifar100", cifar100, "", numbers, {}, {"label_mode": "coarse"})
with tarfile.open(path("cifar.tar.gz"), "w:gz") as t:
    for name in ten + [test]:
        t.add(path(name), arcname=name)

answers["shuffled"] = []
for seed in (0, 1, 113, 123456789, 2**32 - 1):
    for n in (0, 1, 2, 10, 700):
        a = np.arange(n)
        np.random.RandomState(seed).shuffle(a)
        answers["shuffled"].append({"seed": seed, "n": n, "order": a.tolist()})
with gzip.GzipFile(path("answers.json.gz"), "wb", mtime=0) as f:
    f.write(json.dumps(answers, separators=(",", ":")).encode())
