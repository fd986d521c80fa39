"""Records what real Keras computes for the recurrent layers and TimeDistributed: ../testdata/rnn.json.gz.

Run with KERAS_BACKEND=tensorflow on a CPU:  python rnn.py

Cases are those of layers.py, with all outputs of layers that return states (more) and with first states as
further inputs. Weights have the names under which they lie in Keras's files.
"""

import os

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

import inspect

import keras
import numpy as np
import tensorflow as tf
from keras import layers as L
from keras.src.utils.naming import to_snake_case

from layers import numpy
from record import array, plain, write

R, C = keras.regularizers, keras.constraints
RNNS = ("SimpleRNN", "LSTM", "GRU")
SEQ = (3, 5, 4)
PRE = np.array([[0, 0, 1, 1, 1], [1, 1, 1, 1, 1], [0, 0, 0, 0, 1]], bool)
POST = np.array([[1, 1, 1, 0, 0], [1, 1, 1, 1, 1], [1, 0, 0, 0, 0]], bool)
HOLES = np.array([[1, 0, 1, 0, 0], [0, 1, 0, 1, 1], [0, 0, 0, 0, 0]], bool)


def states(cls, batch, units):
    return [(batch, units)] * (2 if cls.startswith("LSTM") else 1)


def inner(cls, **kw):
    return lambda: getattr(L, cls)(**{**dict(units=3), **kw})


def cases():
    """(class, arguments, input shapes, options); arguments may be functions that make layers"""
    for c in RNNS:
        act = {} if c == "SimpleRNN" else dict(recurrent_activation="hard_sigmoid")
        for a, o in (
            ({}, {}),
            (dict(return_sequences=True), {}),
            (dict(return_sequences=True, go_backwards=True), {}),
            (dict(go_backwards=True, return_state=True), {}),
            (dict(return_sequences=True, return_state=True, activation="softsign", use_bias=False, **act), {}),
            (dict(unroll=True, activation="linear", bias_initializer="ones", name="r"), {}),
            (dict(kernel_regularizer="l2", recurrent_regularizer=R.L1(0.02), bias_regularizer="l1", activity_regularizer="l2",
                  kernel_constraint=C.MaxNorm(2), recurrent_constraint="unit_norm", bias_constraint="non_neg", return_state=True), {}),
            (dict(trainable=False, kernel_regularizer="l2", kernel_initializer="he_normal", recurrent_initializer="glorot_uniform"), {}),
            (dict(dropout=0.3, recurrent_dropout=0.2, seed=5) if c != "SimpleRNN" else dict(dropout=0.3, recurrent_dropout=0.2), dict(random=True)),
            (dict(dropout=1.0), dict(random=c == "SimpleRNN")),
            (dict(return_sequences=True), dict(masks=[PRE])),
            (dict(return_sequences=True), dict(masks=[POST])),
            (dict(return_state=True), dict(masks=[HOLES])),
            (dict(return_sequences=True, return_state=True, go_backwards=True), dict(masks=[HOLES])),
            (dict(return_sequences=True, zero_output_for_mask=True), dict(masks=[HOLES])),
            (dict(zero_output_for_mask=True), dict(masks=[HOLES])),
            (dict(return_state=True), dict(initial=True)),
            (dict(return_sequences=True, return_state=True), dict(initial=True, masks=[HOLES])),
            (dict(go_backwards=True), dict(initial=True, masks=[HOLES])),
        ):
            sh = [SEQ] + (states(c, 3, 3) if o.get("initial") else [])
            yield c, dict(units=3, **a), sh, dict(o, masks=o.get("masks", [None]) + [None] * (len(sh) - 1))
        yield c, dict(units=1), [(2, 1, 1)], {}
        for a in ({}, dict(activation="relu", use_bias=False), dict(kernel_regularizer="l2", recurrent_regularizer="l1", bias_constraint="non_neg",
                                                                    dropout=0.0, recurrent_dropout=0.0, seed=3)):
            yield c + "Cell", dict(units=3, **a), [(2, 4)] + states(c, 2, 3), {}
        yield c + "Cell", dict(units=3, dropout=0.5, recurrent_dropout=0.5), [(2, 4)] + states(c, 2, 3), dict(random=True)
    yield "LSTM", dict(units=2, unit_forget_bias=False), [SEQ], {}
    for a in (dict(return_sequences=True), dict(use_bias=False), dict(go_backwards=True, return_state=True, recurrent_activation="hard_sigmoid")):
        yield "GRU", dict(units=3, reset_after=False, **a), [SEQ], {}
        yield "GRU", dict(units=3, reset_after=False, **a), [SEQ], dict(masks=[POST])
    yield "GRUCell", dict(units=3, reset_after=False), [(2, 4), (2, 3)], {}
    yield "GRUCell", dict(units=3, use_bias=False), [(2, 4), (2, 3)], {}

    def stack(*cells):
        return lambda: L.StackedRNNCells([getattr(L, c)(u, name=f"c{i}", **kw) for i, (c, u, kw) in enumerate(cells)], name="stack")

    two = stack(("LSTMCell", 3, {}), ("LSTMCell", 2, dict(activation="relu")))
    three = stack(("GRUCell", 2, {}), ("SimpleRNNCell", 4, dict(use_bias=False)), ("GRUCell", 3, dict(reset_after=False)))
    one = stack(("GRUCell", 2, {}))
    for cell, n in ((two, [3, 3, 2, 2]), (three, [2, 4, 3]), (inner("GRUCell", name="g"), [3])):
        for a, o in (({}, {}), (dict(return_sequences=True, return_state=True), {}), (dict(go_backwards=True, return_sequences=True), dict(masks=[HOLES])),
                     (dict(return_state=True), dict(masks=[POST])), (dict(zero_output_for_mask=True, return_sequences=True), dict(masks=[HOLES])),
                     (dict(unroll=True), {})):
            yield "RNN", dict(cell=cell, **a), [SEQ], o
    yield "RNN", dict(cell=inner("LSTMCell", name="l"), return_state=True), [SEQ, (3, 3), (3, 3)], dict(masks=[HOLES, None, None], initial=True)
    yield "StackedRNNCells", dict(cells=[inner("LSTMCell", name="a"), inner("GRUCell", name="b", units=2)]), [(2, 4), (2, 3), (2, 3), (2, 2)], dict(nest=[2, 1])
    yield "StackedRNNCells", dict(cells=[inner("GRUCell", name="a"), inner("GRUCell", name="b", units=2)]), [(2, 4), (2, 3), (2, 2)], dict(nest=[1, 1])
    yield "StackedRNNCells", dict(cells=[inner("SimpleRNNCell", name="a")]), [(2, 4), (2, 3)], dict(nest=[1])

    for c in RNNS:
        for mode in ("concat", "sum", "mul", "ave", None):
            yield "Bidirectional", dict(layer=inner(c, name="r"), merge_mode=mode), [SEQ], {}
            yield "Bidirectional", dict(layer=inner(c, name="r", return_sequences=True), merge_mode=mode), [SEQ], dict(masks=[HOLES])
        yield "Bidirectional", dict(layer=inner(c, name="forward_r", return_sequences=True)), [SEQ], {}
        yield "Bidirectional", dict(layer=inner(c, name="r")), [SEQ], dict(masks=[POST])
        yield "Bidirectional", dict(layer=inner(c, name="r", return_state=True, return_sequences=True, activity_regularizer="l2", kernel_regularizer="l1")), [SEQ], {}
        yield "Bidirectional", dict(layer=inner(c, name="r", return_state=True)), [SEQ] + 2 * states(c, 3, 3), dict(initial=True)
        yield "Bidirectional", dict(layer=inner(c, name="r", return_sequences=True), merge_mode="sum",
                                    backward_layer=inner(c, name="b", return_sequences=True, go_backwards=True, activation="relu")), [SEQ], {}
    yield "Bidirectional", dict(layer=inner("GRU", name="r", return_sequences=True, go_backwards=True),
                                backward_layer=inner("LSTM", name="b", return_sequences=True)), [SEQ], {}
    yield "Bidirectional", dict(layer=lambda: L.RNN(two(), name="r", return_sequences=True)), [SEQ], {}

    yield "TimeDistributed", dict(layer=lambda: L.Dense(3, activation="tanh", kernel_regularizer="l2", activity_regularizer="l1", name="d")), [SEQ], {}
    yield "TimeDistributed", dict(layer=lambda: L.Dense(3, name="d")), [SEQ], dict(masks=[HOLES])
    yield "TimeDistributed", dict(layer=lambda: L.Conv2D(2, 3, name="c")), [(2, 3, 5, 4, 2)], {}
    yield "TimeDistributed", dict(layer=lambda: L.LSTM(2, return_sequences=True, name="l")), [(2, 3, 4, 2)], {}
    yield "TimeDistributed", dict(layer=lambda: L.BatchNormalization(name="b")), [(4, 3, 2)], {}
    yield "TimeDistributed", dict(layer=lambda: L.Flatten(name="f")), [(2, 3, 4, 2)], {}
    yield "TimeDistributed", dict(layer=lambda: L.Dropout(0.5, name="f")), [(2, 3, 4)], dict(random=True)


def weights(layer, prefix=""):
    """The weights with the paths they have in files."""
    for v in layer._trainable_variables + layer._non_trainable_variables:
        yield prefix + v.name, v
    count = {}
    for i, c in enumerate(getattr(layer, "cells", [])):
        name = to_snake_case(type(c).__name__)
        k = count.get(name, 0)
        count[name] = k + 1
        yield from weights(c, f"{prefix}cells/{name}{f'_{k}' if k else ''}/")
    for attr in ("cell", "layer", "forward_layer", "backward_layer"):
        if isinstance(getattr(layer, attr, None), keras.Layer):
            yield from weights(getattr(layer, attr), f"{prefix}{attr}/")


def call(layer, xs, opt, training):
    kw = {}
    if "training" in inspect.signature(layer.call).parameters:
        kw["training"] = training
    if "nest" in opt:
        nested, rest = [], xs[1:]
        for n in opt["nest"]:
            nested.append(rest[:n])
            rest = rest[n:]
        return layer(xs[0], nested, **kw)
    if type(layer).__name__.endswith("Cell"):
        return layer(xs[0], xs[1:], **kw)
    if opt.get("list"):
        return layer(xs, **kw)
    if opt.get("initial"):
        kw["initial_state"] = xs[1:]
    kw.update({name: True for name in opt.get("options", [])})
    return layer(xs[0], **kw)


def run(layer, xs, masks, opt, training):
    xs = [tf.constant(x) for x in xs]
    variables = [v.value for v in layer.weights]
    with tf.GradientTape() as tape:
        tape.watch([x for x in xs if x.dtype.is_floating])
        tape.watch(variables)
        for x, m in zip(xs, masks):
            if m is not None:
                x._keras_mask = tf.constant(m)
        ys = tf.nest.flatten(call(layer, xs, opt, training))
        rng = np.random.default_rng(17)
        cots = [rng.normal(size=y.shape).astype("float32") for y in ys]
        losses = sum(layer.losses) if layer.losses else tf.constant(0.0)
        total = losses + sum(tf.reduce_sum(y * c) for y, c in zip(ys, cots))
    grads = tape.gradient(total, xs + variables)
    return dict(
        output=array(numpy(ys[0])),
        more=[array(numpy(y)) for y in ys[1:]],
        mask=array(numpy(getattr(ys[0], "_keras_mask", None))),
        losses=float(losses),
        grad_inputs=[array(numpy(g)) for g, x in zip(grads, xs) if x.dtype.is_floating],
        grad_weights=[array(numpy(g)) for g in grads[len(xs):]],
        after=[array(v.numpy()) for v in layer.non_trainable_variables if v.name.startswith(("moving", "renorm", "vector_u"))] if training else None,
    ), ys, cots


def record(i, cls, args, shapes, opt):
    rng = np.random.default_rng(1000 + i)
    keras.backend.clear_session()

    def made(v):
        return [made(x) for x in v] if isinstance(v, list) else v() if inspect.isfunction(v) else v

    layer = getattr(L, cls)(**{k: made(v) for k, v in args.items()})
    xs = [rng.integers(0, opt["ids"], s).astype("int32") if "ids" in opt else rng.normal(size=s).astype("float32") for s in shapes]
    masks = opt.get("masks", [None] * len(xs))
    call(layer, [tf.constant(x) for x in xs], opt, False)
    ws = [(0.7 * rng.normal(size=v.shape)).astype("float32") for v in layer.weights]
    for w, v in zip(ws, layer.weights):
        if v.name in ("moving_variance", "moving_stddev", "renorm_stddev"):
            w[:] = np.abs(w) + 0.5
    layer.set_weights(ws)
    names = {id(v): n for n, v in weights(layer)}
    frozen = {id(v) for v in layer.non_trainable_variables} if layer.trainable else set()
    case = dict(
        cls=cls,
        object=plain(keras.saving.serialize_keras_object(layer)),
        inputs=[array(x) for x in xs],
        masks=[array(m) for m in masks],
        weights=[dict(name=names[id(v)], value=array(w), trainable=id(v) not in frozen) for v, w in zip(layer.weights, ws)],
    )
    case["object"].pop("build_config", None)
    if "options" in opt:
        case["options"] = opt["options"]
    for training in [False] if opt.get("random") else [False, True]:
        layer.set_weights(ws)
        rec, ys, cots = run(layer, xs, masks, opt, training)
        case["train" if training else "infer"] = rec
    case["output_shape"] = [None] + list(ys[0].shape[1:])
    case["cotangent"], case["more_cotangents"] = array(cots[0]), [array(c) for c in cots[1:]]
    return case


if __name__ == "__main__":
    out = [record(i, *c) for i, c in enumerate(cases())]
    write("rnn.json.gz", "gen/rnn.py", out, keras.__version__)
