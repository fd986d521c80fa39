"""Records what real Keras computes for ConvLSTM1D, 2D and 3D, the wrappers and the arguments that all layers
inherit: ../testdata/core.json.gz.

Run with KERAS_BACKEND=tensorflow on a CPU:  python core.py

Cases are those of rnn.py.
"""

import os

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

import keras
from keras import layers as L

from record import write
from rnn import HOLES, POST, record

R, C = keras.regularizers, keras.constraints


def conv_lstm():
    """(class, arguments, input shapes, options)"""
    seq = {1: (3, 5, 6, 2), 2: (3, 5, 5, 4, 2), 3: (3, 5, 3, 4, 4, 2)}
    for n in (1, 2, 3):
        cls = f"ConvLSTM{n}D"
        one = dict(filters=2, kernel_size=2)
        first = (3, 5, 2) + seq[n][2:-1]
        for a, s, o in (
            ({}, seq[n], {}),
            (dict(return_sequences=True, padding="same", strides=2), seq[n], {}),
            (dict(padding="same", dilation_rate=2, kernel_size=(3, 2, 1)[:n], return_state=True), seq[n], {}),
            (dict(data_format="channels_first", padding="same", return_sequences=True, activation="relu", recurrent_activation="hard_sigmoid"), first, {}),
            (dict(data_format="channels_first", kernel_size=(1, 2, 3)[:n], strides=(2, 1, 2)[:n], use_bias=False), first, {}),
            (dict(go_backwards=True, return_sequences=True, unit_forget_bias=False), seq[n], dict(masks=[HOLES])),
            (dict(zero_output_for_mask=True, return_state=True), seq[n], dict(masks=[HOLES])),
            (dict(kernel_regularizer="l2", recurrent_regularizer=R.L1(0.02), bias_regularizer="l1", activity_regularizer="l2", kernel_constraint=C.MaxNorm(2),
                  recurrent_constraint="unit_norm", bias_constraint="non_neg", return_state=True, return_sequences=True), seq[n], dict(masks=[POST])),
            (dict(dropout=0.3, recurrent_dropout=0.2, seed=5, name="r"), seq[n], dict(random=True)),
            (dict(dropout=1.0, recurrent_dropout=1.0, trainable=False), seq[n], {}),
        ):
            yield cls, {**one, **a}, [s], o
        state = (3,) + seq[n][2:-1] + (2,)
        yield cls, dict(**one, padding="same", return_state=True), [seq[n], state, state], dict(initial=True, masks=[None] * 3)


def inherited():
    """activity_regularizer where it is an argument of the base class"""
    reg = dict(activity_regularizer=R.L1L2(0.01, 0.03))
    img, seq = (2, 6, 5, 3), (3, 5, 4)
    for cls, args, shape in (
        ("Flatten", {}, img), ("MaxPooling2D", {}, img), ("ReLU", {}, seq), ("LayerNormalization", {}, seq), ("BatchNormalization", {}, img),
        ("Softmax", {}, seq), ("Activation", dict(activation="tanh"), seq), ("ZeroPadding2D", {}, img), ("UpSampling2D", {}, img),
        ("GlobalAveragePooling2D", {}, img), ("PReLU", {}, seq), ("UnitNormalization", {}, seq), ("Reshape", dict(target_shape=(20,)), seq),
    ):
        yield cls, {**args, **reg}, [shape], {}
    yield "RNN", dict(cell=lambda: L.GRUCell(3, name="g"), return_sequences=True, **reg), [seq], dict(masks=[HOLES])
    yield "Bidirectional", dict(layer=lambda: L.LSTM(2, name="r", return_sequences=True, activity_regularizer="l1"), **reg), [seq], {}
    yield "TimeDistributed", dict(layer=lambda: L.Dense(2, name="d"), **reg), [seq], {}
    yield "LSTM", dict(units=3, use_cudnn=False), [seq], {}
    yield "GRU", dict(units=3, use_cudnn="auto", unroll=True), [seq], {}


def cases():
    yield from conv_lstm()
    yield from inherited()


if __name__ == "__main__":
    write("core.json.gz", "gen/core.py", [record(i, *c) for i, c in enumerate(cases())], keras.__version__)
