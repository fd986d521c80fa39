"""Records what real Keras computes for SpectralNormalization: ../testdata/spectral.json.gz, cases as those of rnn.py, and
../testdata/spectral_models.json.gz, models that are trained, as those of stateful.py.

Run with KERAS_BACKEND=tensorflow on a CPU:  python spectral.py
"""

import os

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

import keras
from keras import layers as L

import rnn
import stateful
from record import write


def cases():
    for inner, args, shape, o in (
        (lambda: L.Dense(3, name="d"), {}, (4, 5), {}),
        (lambda: L.Dense(3, name="d", use_bias=False, activation="tanh"), dict(power_iterations=4, name="s"), (2, 3, 5), dict(masks=[[[True, False, True], [True, True, False]]])),
        (lambda: L.Dense(3, name="d", kernel_constraint="non_neg", activity_regularizer="l1"), dict(activity_regularizer="l2"), (4, 5), {}),
        (lambda: L.Dense(3, name="d", bias_regularizer="l2"), dict(power_iterations=2), (4, 5), {}),
        (lambda: L.Conv2D(3, 2, name="c", padding="same"), dict(power_iterations=3), (2, 4, 5, 2), {}),
        (lambda: L.Conv1D(4, 3, name="c", strides=2), {}, (2, 7, 2), {}),
        (lambda: L.Conv2DTranspose(3, 2, name="c"), {}, (2, 3, 4, 2), {}),
        (lambda: L.DepthwiseConv2D(2, name="c", depth_multiplier=2), dict(power_iterations=2), (2, 4, 5, 3), {}),
        (lambda: L.EinsumDense("abc,cde->abde", output_shape=(None, 2, 3), bias_axes="e", name="e"), dict(power_iterations=2), (2, 3, 4), {}),
        (lambda: L.SpectralNormalization(L.Dense(3, name="d"), name="i"), dict(power_iterations=2), (4, 5), {}),
    ):
        yield "SpectralNormalization", dict(layer=inner, **args), [shape], o


def models():
    SN = L.SpectralNormalization

    def seq(*layers, shape=(4, 2)):
        return keras.Sequential([keras.Input(batch_shape=(stateful.B, *shape)), *layers])

    yield seq(SN(L.Dense(3)), L.Dense(2))
    yield seq(SN(L.Conv1D(3, 2, kernel_regularizer="l2", kernel_constraint="unit_norm"), power_iterations=3), L.Flatten(), SN(L.Dense(2, trainable=False)))
    yield seq(L.Masking(0.0), SN(SN(L.Dense(3, activation="tanh"))), L.GRU(2))
    x = keras.Input(batch_shape=(stateful.B, 4, 2))
    shared = SN(L.Dense(2))
    yield keras.Model(x, shared(shared(x)))


if __name__ == "__main__":
    write("spectral.json.gz", "gen/spectral.py", [rnn.record(i, *c) for i, c in enumerate(cases())], keras.__version__)
    write("spectral_models.json.gz", "gen/spectral.py", [stateful.record(i, m) for i, m in enumerate(models())], keras.__version__)
