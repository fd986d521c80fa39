"""Records what networks of keras.applications compute: ../testdata/application_outputs.json.gz.

Run with KERAS_BACKEND=tensorflow on a CPU:  python application_outputs.py [class…]
With classes it writes nothing but what these compute, all others included, into the file all.json.gz
of the current folder.

Weights and images follow from their paths by a formula (see numbers and value), so that only the
outputs are stored.
"""

import os
import re
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np

import record as files
from record import array, write

U = np.uint64


def numbers(path, n):
    """n numbers from 0 to 1 that follow from a path: SplitMix64, started at the path's FNV-1a hash."""
    h = 14695981039346656037
    for b in path.encode():
        h = (h ^ b) * 1099511628211 % 2**64
    with np.errstate(over="ignore"):
        z = U(h) + np.arange(1, n + 1, dtype=U) * U(0x9E3779B97F4A7C15)
        z = (z ^ (z >> U(30))) * U(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> U(27))) * U(0x94D049BB133111EB)
        z = z ^ (z >> U(31))
    return (z >> U(40)).astype("float64") / 2**24


def value(path, shape):
    """A weight's value. Kernels keep the size of what they multiply, about, so that rounding does not grow from layer to layer."""
    u = numbers(path, int(np.prod(shape)))
    name = path.split("/")[-1]
    if name == "count":
        u = u * 0
    elif len(shape) > 1:
        inputs = np.prod(shape[:-1]) if shape[-1] > 1 else shape[0] * shape[1]  # of one output; depthwise kernels end with 1
        u = (2 * u - 1) * np.sqrt(3 / inputs)
    elif name == "variable":  # of LayerScale
        u = u * 0.2
    elif name in ("gamma", "moving_variance", "variance"):
        u = u + 0.5
    else:
        u = (u - 0.5) * 0.4
    return u.astype("float32").reshape(shape)


def path_of(v):
    """layer/weight, without the path of a nested model, and without the number that Keras gives to a weight without a name."""
    return re.sub(r"/variable_\d+$", "/variable", "/".join(v.path.split("/")[-2:]))


def images(cls, shape):
    u = numbers("images", int(np.prod(shape))).reshape(shape)
    scaled = cls.startswith(("EfficientNet", "MobileNetV3", "ConvNeXt"))  # these scale pixels themselves
    return (255 * u if scaled else 2 * u - 1).astype("float32")


SMALL = [
    ("MobileNet", dict(alpha=0.25, input_shape=[33, 40, 3], include_top=False, pooling="max")),
    ("MobileNet", dict(alpha=0.25, input_shape=[32, 32, 3], classes=7, classifier_activation=None)),
    ("MobileNetV2", dict(alpha=0.35, input_shape=[64, 35, 3], include_top=False, pooling="avg")),
    ("MobileNetV3Small", dict(alpha=0.75, input_shape=[41, 32, 3], classes=5, classifier_activation=None)),
    ("MobileNetV3Small", dict(minimalistic=True, input_shape=[64, 64, 3], include_top=False)),
    ("EfficientNetB0", dict(input_shape=[35, 32, 3], classes=5, classifier_activation=None)),
    ("EfficientNetV2B0", dict(input_shape=[32, 32, 3], classes=4, classifier_activation=None)),
    ("NASNetMobile", dict(input_shape=[32, 37, 3], include_top=False, pooling="avg")),
    ("DenseNet121", dict(input_shape=[32, 32, 3], classes=3, classifier_activation="sigmoid")),
    ("ResNet50V2", dict(input_shape=[32, 40, 3], include_top=False, pooling="avg")),
    ("ConvNeXtTiny", dict(input_shape=[64, 67, 3], include_top=False)),
]


def all_cases():
    from applications import PLAIN
    for c in PLAIN:
        side = {"InceptionV3": 75, "InceptionResNetV2": 75, "Xception": 71}.get(c, 64)
        yield c, dict(input_shape=[side, side + 3, 3], include_top=False)
        if not c.startswith("VGG"):
            yield c, dict(input_shape=[side + 1, side, 3], classes=6, classifier_activation=None)


def record(cls, args):
    keras.backend.clear_session()
    m = getattr(keras.applications, cls)(weights=None, **{k: tuple(v) if k == "input_shape" else v for k, v in args.items()})
    m.set_weights([value(path_of(v), v.shape) for v in m.weights])
    for layer in m.layers:
        if hasattr(layer, "finalize_state"):  # Normalization computes with what it makes of its weights here
            layer.finalize_state()
    x = images(cls, [2] + args["input_shape"])
    return {"class": cls, "args": args, "output": array(m.predict(x, verbose=0))}


if __name__ == "__main__":
    out = []
    for c, a in all_cases() if len(sys.argv) > 1 else SMALL:
        if len(sys.argv) == 1 or c.startswith(tuple(sys.argv[1:])):
            print(c, a, file=sys.stderr, flush=True)
            out.append(record(c, a))
    name = "application_outputs.json.gz"
    if len(sys.argv) > 1:
        files.OUT, name = os.getcwd(), "all.json.gz"
    write(name, "gen/application_outputs.py", out, keras.__version__)
