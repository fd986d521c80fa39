"""Records what real Keras computes for attention with drawn arguments: ../testdata/attention_draws.json.gz.

Run with KERAS_BACKEND=torch:  python attention_draws.py [SEED [COUNT]]

Cases are those of attention.py: lengths of query and value, heads, groups, sizes of heads, axes, masks and options are drawn. TensorFlow cannot record
them: there ops.add(x, bias) takes a bias of which one axis is longer than 1 for one of x's last axis (or else of its axis 1) if the lengths fit, wherever
that axis stands in the bias. With as many steps as heads of size 1, every projection gets the bias on the wrong axis (Keras 3.15.1). The last cases are
such biases. No query is left without a place to see, where backends differ.
"""

import os
import sys

os.environ.setdefault("KERAS_BACKEND", "torch")

import inspect

import keras
import numpy as np
import torch
from keras import layers as L

from record import array, plain, write

MASKS = ("value_mask", "key_mask", "attention_mask")


def draw(rng):
    """Returns (class, arguments, {name of the input: shape or mask}, options, masks of query and value)."""
    cls = str(rng.choice(["MultiHeadAttention", "GroupQueryAttention"]))
    chance = lambda p=0.5: rng.random() < p
    one = lambda a, b: int(rng.integers(a, b + 1))
    b, t, s, f = one(1, 3), one(1, 6), one(1, 6), one(1, 5)
    a = dict(use_bias=chance(0.8), use_gate=chance(0.3))
    lead, axes = (), (1,)
    if cls == "MultiHeadAttention":
        a.update(num_heads=one(1, 4), key_dim=one(1, 4))
        if chance(0.3):
            a["value_dim"] = one(1, 4)
        if chance(0.3):
            a["output_shape"] = (one(1, 4),)
        if chance(0.4):  # a grid of which rows, columns or both are attended
            lead = (one(1, 3),)
            axes = [(2,), (-2,), (1, 2), (1,)][one(0, 3)]
            a["attention_axes"] = axes
    else:
        groups = one(1, 3)
        a.update(head_dim=one(1, 4), num_key_value_heads=groups, num_query_heads=groups * one(1, 3))
    if not lead:
        query, value = (b, t), (b, s)
    elif axes == (1,):
        query, value = (b, t) + lead, (b, s) + lead
    else:
        query, value = (b,) + lead + (t,), (b,) + lead + (s,)
    gqa = cls == "GroupQueryAttention"
    inputs = dict(query=query + (f,), value=value + (f if gqa else one(1, 5),))
    if chance():
        inputs["key"] = value + (one(1, 5),)
    options = ["return_attention_scores"] if chance(0.3) else []
    masks = [None, None]

    def mask(*shape):
        m = rng.random(shape) < 0.6
        m[..., 0] = True
        return m

    if not lead:
        if chance(0.3):
            options.append("use_causal_mask")
        if t == s and chance(0.3):
            a["sliding_window"] = one(1, 3)
        else:
            if chance(0.3):
                masks[1] = mask(b, s)
            elif chance(0.3):
                inputs["value_mask"] = mask(b, s)
            if "key" in inputs and chance(0.3):
                inputs["key_mask"] = mask(b, s)
            if chance(0.4):
                inputs["attention_mask"] = mask(*[(b, t, s), (1, t, s), (b, 1, s)][one(0, 2)])
    return cls, a, inputs, options, masks


def ambiguous():
    """Biases of which one axis alone is longer than 1, for inputs of which another is as long."""
    qv = dict(query=(2, 4, 3), value=(2, 4, 3))
    yield "MultiHeadAttention", dict(num_heads=4, key_dim=1), qv, [], [None, None]
    yield "GroupQueryAttention", dict(head_dim=1, num_query_heads=4, num_key_value_heads=2), qv, [], [None, None]
    for shape, out, axes in (((2, 3, 5), (None, 3, 1), "de"), ((2, 3, 5), (None, 3, 2), "d"), ((2, 4, 5), (None, 3, 3), "d"), ((2, 4, 5), (None, 1, 4), "de")):
        yield "EinsumDense", dict(equation="abc,cde->abde", output_shape=out, bias_axes=axes), dict(x=shape), [], [None]


def call(layer, names, xs, options, training):
    kw = {o: True for o in options}
    if "training" in inspect.signature(layer.call).parameters:
        kw["training"] = training
    y = layer(*xs, **kw) if names == ["x"] else layer(**dict(zip(names, xs)), **kw)
    return list(y) if isinstance(y, tuple) else [y]


def record(i, cls, args, inputs, options, masks):
    rng = np.random.default_rng(1000 + i)
    keras.backend.clear_session()
    layer = getattr(L, cls)(**args)
    names = list(inputs)
    xs = [rng.normal(size=s).astype("float32") if isinstance(s, tuple) else s.astype("float32") for s in inputs.values()]
    masks = masks + [None] * (len(xs) - len(masks))
    ts = [torch.tensor(x, requires_grad=n not in MASKS) for n, x in zip(names, xs)]
    call(layer, names, ts, options, False)
    ws = [(0.5 * rng.normal(size=v.shape)).astype("float32") for v in layer.weights]
    layer.set_weights(ws)
    for x, m in zip(ts, masks):
        if m is not None:
            x._keras_mask = torch.tensor(m)
    ys = call(layer, names, ts, options, True)
    cots = [rng.normal(size=tuple(y.shape)).astype("float32") for y in ys]
    wanted = [x for x in ts if x.requires_grad] + [v.value for v in layer.weights]
    grads = list(torch.autograd.grad(sum((y * torch.tensor(c)).sum() for y, c in zip(ys, cots)), wanted, allow_unused=True))
    grad_inputs = [grads.pop(0) if x.requires_grad else None for x in ts]
    mode = dict(
        output=number(ys[0]), more=[number(y) for y in ys[1:]], mask=number(getattr(ys[0], "_keras_mask", None)), losses=0.0,
        grad_inputs=[number(g) for g in grad_inputs],
        # A key's bias moves all scores of a query alike: its gradient is the rounding of 0.
        grad_weights=[number(g * (g.abs() > 2e-5) if g is not None and "key/bias" in v.path else g) for g, v in zip(grads, layer.weights)],
    )
    case = dict(
        cls=cls, object=plain(keras.saving.serialize_keras_object(layer)), inputs=[array(x) for x in xs], masks=[array(m) for m in masks],
        names=None if names == ["x"] else names, options=options,
        weights=[dict(name=v.path.split("/", 1)[1], value=array(w), trainable=True) for v, w in zip(layer.weights, ws)],
        infer=mode, train=mode, output_shape=[None] + list(ys[0].shape[1:]), cotangent=array(cots[0]), more_cotangents=[array(c) for c in cots[1:]],
    )
    case["object"].pop("build_config", None)
    return case


def number(t):
    return None if t is None else array(t.detach().numpy())


if __name__ == "__main__":
    seed, count = (int(a) for a in (sys.argv[1:] + ["1", "40"][len(sys.argv) - 1:])[:2])
    rng = np.random.default_rng(seed)
    cases = [draw(rng) for _ in range(count)] + list(ambiguous())
    write("attention_draws.json.gz", "gen/attention_draws.py", [record(i, *c) for i, c in enumerate(cases)], keras.__version__)
