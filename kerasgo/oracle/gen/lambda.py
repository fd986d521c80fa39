"""Records what real Keras computes for Lambda with registered functions: ../testdata/lambda.json.gz, cases as those of rnn.py.

Run with KERAS_BACKEND=tensorflow on a CPU:  python lambda.py
"""

import os

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

import keras
from keras import ops

import rnn
from record import write


@keras.saving.register_keras_serializable("oracle", "bent")
def bent(x):
    return x * ops.sigmoid(2 * x)


@keras.saving.register_keras_serializable("oracle", "weighed")
def weighed(x, mask=None, training=None, factor=1.0):
    """The values that the mask lets through times factor, doubled in training."""
    if mask is not None:
        x = x * ops.cast(mask, x.dtype)[..., None]
    return x * factor * (2 if training else 1)


@keras.saving.register_keras_serializable("oracle", "between")
def between(inputs):
    return ops.concatenate([inputs[0] - inputs[1], inputs[0] * inputs[1]], axis=-1)


def cases():
    yield "Lambda", dict(function=lambda: bent), [(3, 4)], {}
    yield "Lambda", dict(function=lambda: bent, activity_regularizer="l2", name="curve", output_shape=(4,)), [(3, 4)], {}
    yield "Lambda", dict(function=lambda: weighed, arguments={"factor": 3.0}), [(2, 3, 4)], {}
    yield "Lambda", dict(function=lambda: weighed), [(2, 3, 4)], dict(masks=[[[True, False, True], [True, True, False]]])
    yield "Lambda", dict(function=lambda: between), [(2, 3), (2, 3)], dict(list=True)
    yield "Lambda", dict(function=lambda: keras.activations.softplus), [(2, 5)], {}


if __name__ == "__main__":
    write("lambda.json.gz", "gen/lambda.py", [rnn.record(i, *c) for i, c in enumerate(cases())], keras.__version__)
