"""Records what real Keras computes for activations, initializers, regularizers and constraints:
../testdata/functions.json.gz.

Run with KERAS_BACKEND=tensorflow on a CPU:  python functions.py

Activations, regularizers and constraints: values, and gradients of sum(output * cotangent). Initializers:
configuration, the strings that stand for them, and the values of those that draw no random numbers.
"""

import os

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

import keras
import numpy as np
import tensorflow as tf

from record import array, plain, write

A, I, R, C = keras.activations, keras.initializers, keras.regularizers, keras.constraints
# threshold has no defaults: it is no string. sparsemax of 3.15.1 adds up all cumulative sums of the support
# where the formula wants the last one: sparsemax([1, 2, 3, 2.9]) is all zeros.
SKIP = {"get", "serialize", "deserialize", "threshold", "sparsemax"}


def differentiate(f, x):
    x = tf.constant(x)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = tf.convert_to_tensor(f(x))
        cot = np.random.default_rng(5).normal(size=y.shape).astype("float32")
        total = tf.reduce_sum(y * cot)
    g = tape.gradient(total, x)
    return dict(input=array(x.numpy()), output=array(y.numpy()), cotangent=array(cot), gradient=array(None if g is None else g.numpy()))


def activations():
    rng = np.random.default_rng(1)
    grid = np.linspace(-6.05, 6.05, 122).reshape(2, 61)[:, :60]
    xs = [grid.astype("float32"), rng.normal(size=(2, 3, 6)).astype("float32"), np.array([[-90, -30, -12, 12, 30, 90]], "float32"),
          np.zeros((1, 4), "float32")]  # the derivative at 0 matters: biases start there
    for name in sorted(n for n in dir(A) if callable(getattr(A, n)) and n not in SKIP and not n.startswith("_")):
        f = getattr(A, name)
        for x in xs:
            if name == "celu" and not x.any():
                continue  # TensorFlow adds the slopes of both sides at 0 and gets 2; JAX gets 1
            yield dict(kind="activation", name=name, function=f.__name__, **differentiate(f, x))


def objects(kind, list_, get):
    for o in list_:
        yield dict(kind=kind, object=plain(keras.saving.serialize_keras_object(o))), o
    for name in get[1]:
        o = get[0](name)
        yield dict(kind=kind, string=name, object=plain(keras.saving.serialize_keras_object(o))), o


STFT = [I.STFT(), I.STFT("imag", "hamming", "spectrum", True), I.STFT("imag", None), I.STFT("real", [0.5, 1.0, 1.0, 0.5, 0.25], None)]


def initializers():
    list_ = [
        I.GlorotUniform(), I.GlorotUniform(seed=3), I.GlorotNormal(), I.HeNormal(), I.HeUniform(), I.LecunNormal(), I.LecunUniform(),
        I.HeNormal(input_axes=[0, 1], output_axes=[2]), I.Zeros(), I.Ones(), I.Constant(0.3), I.Constant(), I.RandomNormal(), I.RandomNormal(1.0, 2.0, seed=5),
        I.RandomUniform(), I.RandomUniform(0, 1), I.TruncatedNormal(), I.TruncatedNormal(0.5, 0.1), I.VarianceScaling(),
        I.VarianceScaling(2.0, "fan_out", "untruncated_normal", seed=1), I.VarianceScaling(0.5, "fan_avg", "uniform"), I.Orthogonal(), I.Orthogonal(2.0, seed=9),
        I.Identity(), *STFT,
    ]
    strings = ["glorot_uniform", "GlorotNormal", "he_normal", "he_uniform", "lecun_normal", "lecun_uniform", "zeros", "ones", "zero", "one",
               "random_normal", "normal", "random_uniform", "uniform", "truncated_normal", "variance_scaling", "orthogonal", "OrthogonalInitializer", "identity",
               "IdentityInitializer", "stft", "STFTInitializer"]
    for case, o in objects("initializer", list_, (I.get, strings)):
        if isinstance(o, (I.Zeros, I.Ones, I.Constant, I.Identity)):
            case["output"] = array(o(shape=(3, 4)).numpy())
        if isinstance(o, I.STFT):
            case["output"] = array(o(shape=(5, 1, 4)).numpy())
        yield case


def regularizers():
    w = np.random.default_rng(2).normal(size=(4, 3)).astype("float32")
    list_ = [R.L1(), R.L1(0.2), R.L2(), R.L2(0.5), R.L2(0.0), R.L1L2(), R.L1L2(0.1, 0.2), R.L1L2(l2=0.3), R.L1L2(l1=0.4), R.OrthogonalRegularizer(),
             R.OrthogonalRegularizer(0.5, "columns")]
    strings = ["l1", "L1", "l2", "L2", "l1l2", "L1L2", "orthogonal_regularizer", "OrthogonalRegularizer"]
    for case, o in objects("regularizer", list_, (R.get, strings)):
        yield {**case, **differentiate(o, w)}


def constraints():
    w = np.random.default_rng(3).normal(size=(4, 3)).astype("float32") * 2
    k = np.random.default_rng(4).normal(size=(2, 3, 2, 4)).astype("float32")
    list_ = [(C.MaxNorm(), w), (C.MaxNorm(1.5, axis=1), w), (C.MaxNorm(0.5, axis=[0, 1, 2]), k), (C.MinMaxNorm(), w), (C.MinMaxNorm(2, 3, 0.5), w),
             (C.MinMaxNorm(0.2, 0.9, axis=(0, 1)), k), (C.NonNeg(), w), (C.UnitNorm(), w), (C.UnitNorm(axis=[0, 1, 2]), k)]
    for o, x in list_:
        case = dict(kind="constraint", object=plain(keras.saving.serialize_keras_object(o)))
        yield {**case, "input": array(x), "output": array(o(tf.constant(x)).numpy())}
    for case, o in objects("constraint", [], (C.get, ["max_norm", "MaxNorm", "min_max_norm", "non_neg", "NonNeg", "unit_norm"])):
        yield {**case, "input": array(w), "output": array(o(tf.constant(w)).numpy())}


if __name__ == "__main__":
    write("functions.json.gz", "gen/functions.py", [*activations(), *initializers(), *regularizers(), *constraints()], keras.__version__)
