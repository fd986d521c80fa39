"""Records what real Keras computes for the attention layers and EinsumDense: ../testdata/attention.json.gz.

Run with KERAS_BACKEND=tensorflow on a CPU:  python attention.py

Cases are those of layers.py, with all outputs of layers that return scores (more), the names of the inputs (names,
absent where a layer takes a list) and the options of the call (options).
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

from layers import numpy
from record import array, plain, write

C = keras.constraints
Q, V = (2, 4, 6), (2, 5, 6)
QM = np.array([[1, 1, 1, 0], [1, 0, 1, 1]], bool)
VM = np.array([[1, 1, 0, 1, 0], [0, 1, 1, 1, 1]], bool)
KM = np.array([[1, 0, 1, 1, 1], [1, 1, 1, 0, 1]], bool)
SCORES, CAUSAL = ["return_attention_scores"], ["use_causal_mask"]


def mask(*shape, seed=1):
    return np.random.default_rng(seed).integers(0, 2, shape).astype("float32")


def cases():
    """Yields (class, arguments, [shape or mask, ...], {options})."""
    mha = dict(num_heads=2, key_dim=3)
    qv, qvk = dict(names=["query", "value"]), dict(names=["query", "value", "key"])
    for a in ({}, dict(value_dim=5), dict(output_shape=7), dict(output_shape=(2, 3)), dict(use_bias=False), dict(use_gate=True, value_dim=2),
              dict(sliding_window=2), dict(attention_axes=(1,)), dict(attention_axes=1),
              dict(kernel_regularizer="l2", bias_regularizer="l1", activity_regularizer="l2", kernel_constraint="unit_norm", bias_constraint=C.MaxNorm(1),
                   kernel_initializer="he_normal", bias_initializer="ones")):
        yield "MultiHeadAttention", {**mha, **a}, [Q, (2, 5, 4)], qv
        yield "MultiHeadAttention", {**mha, **a}, [Q, V, (2, 5, 3)], dict(qvk, options=SCORES)
    for o in ([], CAUSAL, SCORES, CAUSAL + SCORES):
        yield "MultiHeadAttention", mha, [Q, V], dict(qv, options=o)
        yield "MultiHeadAttention", dict(mha, dropout=0.3, seed=5), [Q, V], dict(qv, options=o, random=True)
        yield "MultiHeadAttention", dict(mha, sliding_window=2), [Q, V], dict(qv, options=o)
        for m in ([None, VM], [QM, VM], [QM, None]):
            yield "MultiHeadAttention", mha, [Q, V], dict(qv, options=o, masks=m)
        yield "MultiHeadAttention", dict(mha, dropout=0.3), [Q, V], dict(qv, options=o, masks=[QM, VM], random=True)
        yield "MultiHeadAttention", mha, [Q, V, V], dict(qvk, options=o, masks=[QM, VM, KM])
        for m in ((2, 4, 5), (1, 4, 5), (4, 5), (2, 1, 5), (2, 2, 4, 5)):
            yield "MultiHeadAttention", mha, [Q, V, mask(*m)], dict(names=["query", "value", "attention_mask"], options=o)
        yield "MultiHeadAttention", mha, [Q, V, mask(2, 4, 5)], dict(names=["query", "value", "attention_mask"], options=o, masks=[None, VM, None])
        yield "MultiHeadAttention", mha, [Q, V, mask(2, 5), mask(2, 4, 5)], dict(names=["query", "value", "value_mask", "attention_mask"], options=o)
        yield "MultiHeadAttention", mha, [Q, V, V, mask(2, 5)], dict(names=["query", "value", "key", "key_mask"], options=o)
    grid = (2, 3, 4, 5)
    for a in ({}, dict(attention_axes=(1,)), dict(attention_axes=(2,)), dict(attention_axes=(1, 2)), dict(attention_axes=-2), dict(attention_axes=(2, 1), value_dim=2)):
        for o in ([], SCORES):
            yield "MultiHeadAttention", {**mha, **a}, [grid, grid], dict(qv, options=o)
    yield "MultiHeadAttention", dict(mha, attention_axes=(2,)), [grid, (2, 3, 5, 4)], qv
    yield "MultiHeadAttention", dict(mha, use_gate=True, output_shape=(2,)), [grid, grid, mask(2, 3, 4, 3, 4)], dict(names=["query", "value", "attention_mask"])
    yield "MultiHeadAttention", dict(mha, num_heads=1, key_dim=1), [(1, 1, 1), (1, 1, 1)], qv

    gqa = dict(head_dim=3, num_query_heads=4, num_key_value_heads=2)
    for a in ({}, dict(num_key_value_heads=1), dict(num_key_value_heads=4), dict(use_bias=False, use_gate=True), dict(sliding_window=2),
              dict(kernel_regularizer="l2", bias_regularizer="l1", activity_regularizer="l2", kernel_constraint="unit_norm", bias_constraint=C.MaxNorm(1),
                   kernel_initializer="he_normal", bias_initializer="ones")):
        for o in ([], SCORES):
            yield "GroupQueryAttention", {**gqa, **a}, [Q, V], dict(qv, options=o)
            yield "GroupQueryAttention", {**gqa, **a}, [Q, V, (2, 5, 3)], dict(qvk, options=o)
    for o in ([], CAUSAL, SCORES, CAUSAL + SCORES):
        for m in ([None, VM], [QM, VM], [QM, None]):
            yield "GroupQueryAttention", gqa, [Q, V], dict(qv, options=o, masks=m)
        yield "GroupQueryAttention", dict(gqa, dropout=0.2, seed=3), [Q, V], dict(qv, options=o, random=True, masks=[QM, VM])
        yield "GroupQueryAttention", gqa, [Q, V, mask(2, 4), mask(2, 4, 5)], dict(names=["query", "value", "query_mask", "attention_mask"], options=o)

    for a in ({}, dict(use_scale=True), dict(score_mode="concat"), dict(score_mode="concat", use_scale=True), dict(dropout=0.2, seed=4)):
        for o in ([], CAUSAL, CAUSAL + SCORES):
            r = dict(options=o, random="dropout" in a)
            yield "Attention", a, [Q, (2, 5, 6)], r
            yield "Attention", a, [Q, (2, 5, 3), V], r
            yield "Attention", a, [Q, V], dict(r, masks=[QM, VM])
            yield "Attention", a, [Q, V], dict(r, masks=[None, VM])
            yield "Attention", a, [Q, V, V], dict(r, masks=[QM, None, KM])
            if "score_mode" not in a:
                if "use_scale" in a:
                    a = dict(use_scale=False)
                yield "AdditiveAttention", a, [Q, V], r
                yield "AdditiveAttention", a, [Q, (2, 5, 3), V], r
                yield "AdditiveAttention", a, [Q, V], dict(r, masks=[QM, VM])

    for a, s in ((dict(equation="ab,bc->ac", output_shape=4, bias_axes="c"), (3, 5)), (dict(equation="abc,cd->abd", output_shape=(None, 4)), (2, 3, 5)),
                 (dict(equation="abc,cde->abde", output_shape=(None, 2, 3), bias_axes="de", activation="relu"), (2, 3, 5)),
                 (dict(equation="abc,cde->abde", output_shape=(3, 2, 3), bias_axes="d"), (2, 3, 5)), (dict(equation="abcd,cde->abe", output_shape=(3, 5), bias_axes="be"), (2, 3, 2, 4)),
                 (dict(equation="...x,xy->...y", output_shape=4, bias_axes="y"), (2, 3, 5)), (dict(equation="...x,xy->...y", output_shape=4), (3, 5)),
                 (dict(equation="ab...,bc->ac...", output_shape=4, bias_axes="c"), (2, 3, 5, 2)), (dict(equation="abc,bd->adc", output_shape=(6, None), bias_axes="d"), (2, 3, 4)),
                 (dict(equation="abc,cb->abc", output_shape=(3, 4)), (2, 3, 4)),
                 (dict(equation="abc,de->abde", output_shape=(None, 2, 3)), (2, 3, 4)), (dict(equation="abc,bcd->ad", output_shape=5, bias_axes="d", kernel_initializer="he_uniform"), (2, 3, 4)),
                 (dict(equation="ab,bc->ac", output_shape=4, bias_axes="c", kernel_regularizer="l2", bias_regularizer="l1", activity_regularizer="l2",
                       kernel_constraint="unit_norm", bias_constraint="non_neg", kernel_initializer="orthogonal", bias_initializer="ones"), (3, 5))):
        yield "EinsumDense", a, [s], {}


def call(layer, xs, opt, training):
    kw = {o: True for o in opt.get("options", [])}
    if "training" in inspect.signature(layer.call).parameters:
        kw["training"] = training
    if "names" in opt:
        return layer(**dict(zip(opt["names"], xs)), **kw)
    return layer(xs if len(xs) > 1 else xs[0], **kw)


def rounded(g, v):
    """A key's bias moves all scores of a query alike: what TensorFlow computes as its gradient is the rounding of 0."""
    g = numpy(g)
    return np.where(np.abs(g) < 2e-5, 0, g).astype("float32") if "key/bias" in v.path else g


def run(layer, xs, masks, opt, training):
    xs = [tf.constant(x) for x in xs]
    variables = [v.value for v in layer.weights]
    with tf.GradientTape() as tape:
        tape.watch(xs)
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
        grad_inputs=[array(numpy(g)) for g in grads[: len(xs)]],
        grad_weights=[array(rounded(g, v)) for g, v in zip(grads[len(xs):], layer.weights)],
    ), ys, cots


def record(i, cls, args, shapes, opt):
    rng = np.random.default_rng(1000 + i)
    keras.backend.clear_session()
    layer = getattr(L, cls)(**args)
    xs = [rng.normal(size=s).astype("float32") if isinstance(s, tuple) else s for s in shapes]
    masks = opt.get("masks", [None] * len(xs))
    call(layer, [tf.constant(x) for x in xs], opt, False)
    ws = [(0.5 * rng.normal(size=v.shape)).astype("float32") for v in layer.weights]
    layer.set_weights(ws)
    case = dict(
        cls=cls,
        object=plain(keras.saving.serialize_keras_object(layer)),
        inputs=[array(x) for x in xs],
        masks=[array(m) for m in masks],
        names=opt.get("names"),
        options=opt.get("options", []),
        weights=[dict(name=v.path.split("/", 1)[1], value=array(w), trainable=True) for v, w in zip(layer.weights, ws)],
    )
    case["object"].pop("build_config", None)
    for training in [False] if opt.get("random") else [False, True]:
        rec, ys, cots = run(layer, xs, masks, opt, training)
        case["train" if training else "infer"] = rec
    case["output_shape"] = [None] + list(ys[0].shape[1:])
    case["cotangent"], case["more_cotangents"] = array(cots[0]), [array(c) for c in cots[1:]]
    return case


if __name__ == "__main__":
    out = [record(i, *c) for i, c in enumerate(cases())]
    print(len(out), "cases")
    write("attention.json.gz", "gen/attention.py", out, keras.__version__)
