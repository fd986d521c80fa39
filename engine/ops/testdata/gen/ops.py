"""Records what keras.ops computes, and the gradients TensorFlow gives, for engine/ops.

Usage: KERAS_BACKEND=tensorflow python ops.py (writes ../ops.json.gz)

A case names the function of package ops, its attributes, the inputs, the outputs and, where TensorFlow has one, the gradient
of sum(output * dout) with respect to each input. Arrays are little-endian bytes in base64.
"""

import base64
import gzip
import json
import pathlib

import keras
import numpy as np
import tensorflow as tf
from keras import ops

rng = np.random.default_rng(7)
cases = []
INF, NAN = np.inf, np.nan


def pack(a):
    a = np.asarray(a, order="C")
    return {"t": str(a.dtype), "s": list(a.shape), "d": base64.b64encode(a.astype(a.dtype.newbyteorder("<")).tobytes()).decode()}


def case(name, fn, *inputs, grad=True, **attrs):
    """Runs fn(*inputs); inputs are arrays."""
    xs = [tf.constant(x) for x in inputs]
    watched = [x for x in xs if x.dtype.is_floating]
    with tf.GradientTape(persistent=False) as tape:
        tape.watch(watched)
        out = fn(*xs)
    outs = list(out) if isinstance(out, (tuple, list)) else [out]
    outs = [tf.convert_to_tensor(o) for o in outs]
    if outs[0].dtype == tf.bool:  # truth is 0 and 1 in the type of the operands
        outs = [tf.cast(o, xs[0].dtype if xs[0].dtype.is_floating else tf.float32) for o in outs]
        grad = False
    c = {"op": name, "in": [pack(x.numpy()) for x in xs], "out": [pack(o.numpy()) for o in outs], "attrs": attrs}
    if grad and watched and outs[0].dtype.is_floating:
        dout = tf.constant(rng.normal(size=outs[0].shape).astype(outs[0].dtype.as_numpy_dtype))
        grads = iter(tape.gradient(outs[0], watched, output_gradients=dout))
        c["dout"] = pack(dout.numpy())
        c["grad"] = []
        for x in xs:
            g = next(grads) if x.dtype.is_floating else None
            c["grad"].append(None if g is None else pack(tf.convert_to_tensor(g).numpy()))
    cases.append(c)


def normal(*shape, t="float64", scale=1.0):
    return (rng.normal(size=shape) * scale).astype(t)


def positive(*shape, t="float64"):
    return rng.uniform(0.2, 3, size=shape).astype(t)


def ints(lo, hi, *shape):
    return rng.integers(lo, hi, size=shape).astype("int32")


# Functions of one number, at special points too.
edge = np.array([-3.5, -2.5, -1.5, -1, -0.5, 0, 0.5, 1, 1.5, 2.5, 40, -40, 100, -100])
unary = {
    "Neg": ops.negative, "Abs": ops.abs, "Sign": ops.sign, "Exp": ops.exp, "Expm1": ops.expm1, "Square": ops.square, "Sin": ops.sin,
    "Cos": ops.cos, "Atan": ops.arctan, "Tanh": ops.tanh, "Sigmoid": ops.sigmoid, "Erf": ops.erf, "Relu": ops.relu, "Floor": ops.floor, "Ceil": ops.ceil,
    "Round": ops.round, "Softplus": ops.softplus, "LogSigmoid": ops.log_sigmoid, "Not": ops.logical_not,
}
for name, fn in unary.items():
    case(name, fn, edge)
    case(name, fn, normal(3, 5, t="float32"))
for name in ("Neg", "Abs", "Sign", "Square", "Relu", "Not"):
    case(name, unary[name], ints(-5, 5, 7), grad=False)
for name, fn in {"Log": ops.log, "Log1p": ops.log1p, "Sqrt": ops.sqrt, "Rsqrt": ops.rsqrt, "Reciprocal": ops.reciprocal}.items():
    case(name, fn, positive(4, 3))
    case(name, fn, positive(6, t="float32"))
    case(name, fn, np.array([0.0, 1e-300, 1e300, INF]), grad=False)
for name in ("Exp", "Relu", "Tanh", "Sign", "Abs", "Sigmoid"):
    case(name, unary[name], np.array([NAN, INF, -INF]), grad=False)

# Functions of two numbers, broadcast.
binary = {
    "Add": ops.add, "Sub": ops.subtract, "Mul": ops.multiply, "Div": ops.true_divide, "Maximum": ops.maximum, "Minimum": ops.minimum,
    "Greater": ops.greater, "GreaterEqual": ops.greater_equal, "Less": ops.less, "LessEqual": ops.less_equal, "Equal": ops.equal,
    "NotEqual": ops.not_equal, "And": ops.logical_and, "Or": ops.logical_or,
}
shapes = [((4,), (4,)), ((2, 3), (3,)), ((3, 1), (1, 4)), ((), (2, 3)), ((2, 1, 3), (4, 1)), ((5, 1), ()), ((0, 3), (3,)), ((2, 3, 1, 2), (1, 3, 4, 1))]
for name, fn in binary.items():
    for a, b in shapes:
        case(name, fn, normal(*a), positive(*b))
    ties = np.array([1.0, 2, 3, 0, -1, 0]), np.array([1.0, 1, 4, 0, -1, 2])
    case(name, fn, *(ties if name != "Div" else (ties[0], ties[1] + 0.25)))
    case(name, fn, normal(2, 3, t="float32"), positive(2, 1, t="float32"))
    if name != "Div":
        case(name, fn, ints(-3, 3, 4, 2), ints(-3, 3, 2), grad=False)
case("Maximum", ops.maximum, np.array([NAN, 1, INF]), np.array([1, NAN, -INF]), grad=False)
case("Minimum", ops.minimum, np.array([NAN, 1, INF]), np.array([1, NAN, -INF]), grad=False)
case("Pow", ops.power, positive(2, 3), normal(3))
case("Pow", ops.power, positive(2, 3, t="float32"), normal(2, 1, t="float32"))
case("Pow", ops.power, np.array([0.0, 0.0, 0.0, 2.0, -2.0, -2.0]), np.array([1.0, 2.0, 3.0, 0.0, 2.0, 3.0]))
for v in (1.0, 2.0, 0.5, -1.0, 3.0, -0.5):
    case("PowScalar", lambda x, v=v: ops.power(x, v), positive(5), v=v)
case("AddScalar", lambda x: x + 1.5, normal(3), v=1.5)
case("SubScalar", lambda x: x - 1.5, normal(3), v=1.5)
case("MulScalar", lambda x: x * 1.5, normal(3), v=1.5)
case("DivScalar", lambda x: x / 1.5, normal(3), v=1.5)
case("MaximumScalar", lambda x: ops.maximum(x, 0.5), np.array([0.5, 0.0, 1.0]), v=0.5)
case("MinimumScalar", lambda x: ops.minimum(x, 0.5), np.array([0.5, 0.0, 1.0]), v=0.5)
case("Clip", lambda x: ops.clip(x, -1.0, 2.0), np.array([-2.0, -1, 0, 2, 3]), lo=-1.0, hi=2.0)
case("Clip", lambda x: ops.clip(x, -1, 2), ints(-4, 5, 9), lo=-1.0, hi=2.0, grad=False)
for c, a, b in [((3,), (3,), (3,)), ((2, 1), (3,), ()), ((), (2, 2), (2, 1)), ((2, 3, 1), (4,), (3, 1))]:
    case("Where", lambda c, a, b: ops.where(c != 0, a, b), (rng.random(c) < 0.5).astype("int32"), normal(*a), normal(*b))
case("Cast", lambda x: ops.cast(x, "int32"), np.array([-1.7, -0.2, 0.9, 2.5]), dtype="int32")
case("Cast", lambda x: ops.cast(x, "float32"), normal(4), dtype="float32")
case("Cast", lambda x: ops.cast(x, "float64"), normal(4, t="float32"), dtype="float64")
case("Cast", lambda x: ops.cast(x, "float32"), np.array([0, 7, 255], "uint8"), dtype="float32")
case("StopGradient", lambda x: x + ops.stop_gradient(x * x), normal(3))

# Shapes.
case("Reshape", lambda x: ops.reshape(x, (4, -1)), normal(2, 3, 2), shape=[4, -1])
case("Reshape", lambda x: ops.reshape(x, (1, 1)), normal(), shape=[1, 1])
case("ExpandDims", lambda x: ops.expand_dims(x, 1), normal(2, 3), axis=1)
case("ExpandDims", lambda x: ops.expand_dims(x, -1), normal(2, 3), axis=-1)
case("Squeeze", lambda x: ops.squeeze(x, 1), normal(2, 1, 3), axis=1)
case("Squeeze", lambda x: ops.squeeze(x, -3), normal(1, 2, 3), axis=-3)
for s, p in [((2, 3), (1, 0)), ((2, 3, 4), (2, 0, 1)), ((2, 3, 4), (0, 2, 1)), ((2, 3, 1, 4), (0, 3, 1, 2)), ((2, 3, 4, 5), (3, 2, 1, 0))]:
    case("Transpose", lambda x, p=p: ops.transpose(x, p), normal(*s), perm=list(p))
case("Transpose", lambda x: ops.transpose(x), normal(2, 3, 4), perm=[])
for s, to in [((3,), (2, 3)), ((), (2, 2)), ((2, 1, 3), (2, 4, 3)), ((1, 3, 1), (5, 2, 3, 2))]:
    case("BroadcastTo", lambda x, to=to: ops.broadcast_to(x, to), normal(*s), shape=list(to))
case("Concat", lambda a, b, c: ops.concatenate([a, b, c], axis=1), normal(2, 1, 2), normal(2, 3, 2), normal(2, 2, 2), axis=1)
case("Concat", lambda a, b: ops.concatenate([a, b], axis=-1), normal(2, 3), normal(2, 1), axis=-1)
case("Concat", lambda a, b: ops.concatenate([a, b], axis=0), ints(0, 9, 2, 3), ints(0, 9, 1, 3), axis=0)
for axis in (0, 1, 2, -1, -2):
    case("Stack", lambda a, b, axis=axis: ops.stack([a, b], axis=axis), normal(2, 3), normal(2, 3), axis=axis)
case("Slice", lambda x: x[1:3, :, 2:4], normal(4, 2, 5), starts=[1, 0, 2], sizes=[2, 2, 2])
case("Slice", lambda x: x[-2:, 1:], normal(4, 3), starts=[-2, 1], sizes=[-1, -1])
case("SliceStep", lambda x: x[1:6:2, ::3], normal(6, 7), starts=[1, 0], sizes=[3, 3], steps=[2, 3])
case("SliceStep", lambda x: x[1::4, 2:3], normal(6, 7), starts=[1, 2], sizes=[-1, 1], steps=[4, 1])
case("Pad", lambda x: ops.pad(x, [(1, 2), (0, 0), (0, 1)], constant_values=3.5), normal(2, 3, 2), pads=[[1, 2], [0, 0], [0, 1]], v=3.5)
case("Pad", lambda x: ops.pad(x, [(0, 1)], constant_values=-2), ints(0, 5, 3), pads=[[0, 1]], v=-2, grad=False)
for axes in ([0], [-1], [0, 2]):
    case("Flip", lambda x, axes=axes: ops.flip(x, axis=axes), normal(2, 3, 4), axes=axes)
case("Flip", lambda x: ops.flip(x), normal(2, 3), axes=[])
for axis in (0, 1, -1):
    case("Repeat", lambda x, axis=axis: ops.repeat(x, 3, axis=axis), normal(2, 3, 2), n=3, axis=axis)
case("Gather", lambda x, i: ops.take(x, i, axis=0), normal(5, 3), np.array([[0, 4], [2, 2], [-1, 0]], "int32"))
case("Gather", lambda x, i: ops.take(x, i, axis=0), normal(4, t="float32"), np.array(2, "int32"))
case("Gather", lambda x, i: ops.take(x, i, axis=0), ints(0, 99, 4, 2), np.array([3, 1], "int32"))
case("OneHot", lambda i: ops.one_hot(i, 4, dtype="float32"), np.array([[0, 1], [-1, 4]], "int32"), depth=4, dtype="float32")
case("OneHot", lambda i: ops.one_hot(i, 3, dtype="int32"), np.array(1, "int32"), depth=3, dtype="int32")
case("TakeAlong", lambda x, i: ops.take_along_axis(x, i, axis=1), normal(2, 4, 3), ints(0, 4, 2, 2, 3), axis=1)
case("TakeAlong", lambda x, i: ops.take_along_axis(x, i, axis=-1), normal(3, 4), np.array([[0, -1], [1, 1], [3, 2]], "int32"), axis=-1)

# Reductions, with ties.
reductions = {"Sum": ops.sum, "Mean": ops.mean, "Max": ops.max, "Min": ops.min, "Prod": ops.prod, "Variance": ops.var,
              "LogSumExp": ops.logsumexp}
for name, fn in reductions.items():
    for s, axes in [((4,), []), ((2, 3, 4), [1]), ((2, 3, 4), [0, 2]), ((2, 3, 4), [-1]), ((2, 3, 4), [0, 1]), ((2, 1, 3), []), ((2, 3, 2, 2), [-3, 2])]:
        for keep in (False, True):
            case(name, lambda x, a=axes, k=keep: fn(x, axis=tuple(a) or None, keepdims=k), normal(*s), axes=axes, keep=keep)
    case(name, lambda x: fn(x, axis=1), normal(3, 5, t="float32"), axes=[1], keep=False)
    case(name, lambda x: fn(x, axis=1), np.array([[1.0, 2, 2, 0], [3, 3, 3, 3], [0, 0, -1, 1]]), axes=[1], keep=False)
for name in ("Sum", "Max", "Min", "Prod"):
    case(name, lambda x, fn=reductions[name]: fn(x, axis=0), ints(-4, 5, 3, 4), axes=[0], keep=False, grad=False)
case("LogSumExp", lambda x: ops.logsumexp(x, axis=1), np.array([[1000.0, 1000], [-1000, -1001], [-INF, 0], [-INF, -INF], [INF, 0]]), axes=[1], keep=False, grad=False)
for axis in (0, 1, -1):
    case("ArgMax", lambda x, a=axis: ops.argmax(x, axis=a), ints(0, 3, 3, 4, 2).astype("float64"), axis=axis)
    case("CumSum", lambda x, a=axis: ops.cumsum(x, axis=a), normal(3, 4, 2), axis=axis)
    case("Sort", lambda x, a=axis: ops.sort(x, axis=a), normal(3, 4, 2), axis=axis)
case("ArgMax", lambda x: ops.argmax(x, axis=1), np.array([[NAN, 3, 5], [1, NAN, 0], [NAN, -INF, -3]]), axis=1)
case("CumSum", lambda x: ops.cumsum(x, axis=0), ints(-4, 5, 6), axis=0)
case("Sort", lambda x: ops.sort(x, axis=0), ints(-4, 5, 9), axis=0)
case("Sort", lambda x: ops.sort(x, axis=1), normal(2, 5, t="float32"), axis=1)
for k in (1, 3, 5):
    case("TopK", lambda x, k=k: ops.top_k(x, k), normal(2, 3, 5), k=k)
case("TopK", lambda x: ops.top_k(x, 4), np.array([1.0, 3, 3, 1, 2, 3]), k=4)

# Matrices.
for a, b in [((2, 3), (3, 4)), ((5, 2, 3), (3, 4)), ((2, 5, 2, 3), (3, 2)), ((5, 2, 3), (5, 3, 4)), ((2, 1, 2, 3), (4, 3, 2)), ((2, 3), (4, 3, 2)), ((1, 1), (1, 1))]:
    case("MatMul", ops.matmul, normal(*a), normal(*b))
case("MatMul", ops.matmul, normal(7, 5, t="float32"), normal(5, 3, t="float32"))
for ta in (False, True):
    for tb in (False, True):
        for batch in ((), (2,), (3, 1)):
            a, b = (4, 2) if ta else (2, 4), (3, 4) if tb else (4, 3)
            case("MatMulT", lambda x, y, ta=ta, tb=tb: tf.matmul(x, y, transpose_a=ta, transpose_b=tb), normal(*batch, *a), normal(*b) if batch == (2,) else normal(*((2,) if batch else ()), *b), ta=ta, tb=tb)
for axis in (-1, 0, 1):
    for name, fn in (("Softmax", ops.softmax), ("LogSoftmax", ops.log_softmax)):
        case(name, lambda x, a=axis: fn(x, axis=a), normal(3, 4, 2, scale=4), axis=axis)
case("Softmax", ops.softmax, np.array([[1000.0, 0, -1000]]), axis=-1)
case("LogSoftmax", ops.log_softmax, np.array([[1000.0, 0, -1000]]), axis=-1)
case("Softmax", ops.softmax, normal(2, 5, t="float32"), axis=-1)
case("LogSoftmax", ops.log_softmax, normal(2, 5, t="float32"), axis=-1)


# Images.
def conv(x, w, strides, padding, dilation, groups):
    """keras.ops.conv, group by group: TensorFlow has no gradient for grouped kernels on the CPU."""
    parts = [ops.conv(a, b, strides=strides, padding=padding, data_format="channels_last", dilation_rate=dilation)
             for a, b in zip(tf.split(x, groups, axis=3), tf.split(w, groups, axis=3))]
    return tf.concat(parts, axis=3)


for (h, w, cin), (kh, kw, cout), strides, dilation, padding, groups in [
    ((5, 6, 2), (3, 3, 4), (1, 1), (1, 1), "valid", 1),
    ((5, 6, 2), (3, 3, 3), (1, 1), (1, 1), "same", 1),
    ((6, 5, 1), (2, 4, 2), (1, 1), (1, 1), "same", 1),
    ((7, 6, 2), (3, 2, 2), (2, 3), (1, 1), "same", 1),
    ((8, 7, 2), (3, 3, 2), (2, 2), (1, 1), "valid", 1),
    ((8, 9, 2), (3, 2, 3), (1, 1), (2, 3), "valid", 1),
    ((6, 7, 2), (3, 2, 2), (1, 1), (2, 3), "same", 1),
    ((5, 5, 4), (3, 3, 6), (1, 1), (1, 1), "same", 2),
    ((6, 5, 3), (2, 3, 3), (2, 2), (1, 1), "same", 3),
    ((5, 5, 4), (2, 2, 8), (1, 1), (2, 2), "same", 4),
    ((4, 4, 3), (1, 1, 5), (1, 1), (1, 1), "valid", 1),
    ((7, 7, 1), (1, 1, 2), (3, 2), (1, 1), "same", 1),
    ((3, 3, 2), (5, 4, 2), (1, 1), (1, 1), "same", 1),
    ((28, 1, 1), (5, 1, 2), (4, 1), (1, 1), "same", 1),
]:
    case("Conv2D", lambda x, k: conv(x, k, strides, padding, dilation, groups), normal(2, h, w, cin), normal(kh, kw, cin // groups, cout),
         strides=list(strides), dilation=list(dilation), padding=padding, groups=groups)
case("Conv2D", lambda x, k: conv(x, k, (1, 1), "same", (1, 1), 1), normal(2, 8, 8, 3, t="float32"), normal(3, 3, 3, 5, t="float32"),
     strides=[1, 1], dilation=[1, 1], padding="same", groups=1)
case("Conv2D", lambda x, k: ops.conv(x, k, padding="same", data_format="channels_last"), normal(1, 5, 5, 4, t="float32"), normal(3, 3, 2, 6, t="float32"),
     strides=[1, 1], dilation=[1, 1], padding="same", groups=2, grad=False)
for k, d in ((3, 1), (2, 2), (4, 3)):
    case("Conv2D", lambda x, w, d=d: tf.expand_dims(
        ops.conv(tf.pad(x[:, 0], [[0, 0], [(k - 1) * d, 0], [0, 0]]), w[0], padding="valid", dilation_rate=d, data_format="channels_last"), 1),
        normal(2, 1, 9, 2), normal(1, k, 2, 3), strides=[1, 1], dilation=[1, d], padding="causal", groups=1)

pools = [((6, 6), (2, 2), None, "valid"), ((7, 5), (2, 2), None, "valid"), ((7, 5), (2, 2), None, "same"), ((7, 6), (3, 3), (2, 2), "same"),
         ((7, 6), (3, 2), (1, 2), "valid"), ((5, 5), (2, 3), (1, 1), "same"), ((5, 7), (4, 4), (3, 2), "same"), ((4, 4), (1, 1), (2, 2), "same")]
for (h, w), size, strides, padding in pools:
    attrs = dict(size=list(size), strides=list(strides or (0, 0)), padding=padding)
    case("MaxPool2D", lambda x: ops.max_pool(x, size, strides=strides, padding=padding, data_format="channels_last"), normal(2, h, w, 3), **attrs)
    case("MaxPool2D", lambda x: ops.max_pool(x, size, strides=strides, padding=padding, data_format="channels_last"),
         -ints(0, 3, 2, h, w, 2).astype("float32"), **attrs)
    case("AvgPool2D", lambda x: ops.average_pool(x, size, strides=strides, padding=padding, data_format="channels_last"), normal(2, h, w, 3), **attrs)
for (h, w), (h2, w2) in [((3, 4), (6, 8)), ((2, 3), (6, 3)), ((5, 4), (3, 7)), ((1, 1), (3, 2))]:
    case("ResizeBilinear", lambda x: ops.image.resize(x, (h2, w2), interpolation="bilinear", data_format="channels_last"), normal(2, h, w, 2, t="float32"), h=h2, w=w2)


def spread(k, dilation):
    """A dilated kernel, spelled out: TensorFlow's transposed convolution has no dilation on the CPU."""
    for axis, d in enumerate(dilation):
        rows = tf.split(k, k.shape[axis], axis=axis)
        k = tf.concat([r for row in rows for r in [row] + [tf.zeros_like(row)] * (d - 1)][: (len(rows) - 1) * d + 1], axis=axis)
    return k


for (h, w, cin), (kh, kw, cout), strides, padding, extra, dilation in [
    ((4, 5, 2), (3, 3, 3), (1, 1), "valid", None, (1, 1)), ((4, 5, 2), (3, 3, 3), (2, 2), "same", None, (1, 1)),
    ((4, 3, 2), (2, 3, 1), (2, 3), "valid", None, (1, 1)), ((4, 3, 2), (2, 2, 1), (3, 3), "valid", None, (1, 1)),
    ((4, 3, 2), (3, 3, 1), (2, 2), "same", (1, 0), (1, 1)), ((4, 3, 2), (3, 4, 1), (2, 2), "valid", (1, 1), (1, 1)),
    ((4, 3, 1), (4, 2, 2), (2, 2), "same", None, (1, 1)), ((5, 4, 2), (3, 2, 2), (1, 1), "same", None, (2, 2)),
    ((5, 4, 2), (1, 1, 2), (2, 2), "same", None, (1, 1)), ((5, 4, 2), (3, 3, 2), (1, 1), "valid", None, (2, 2)),
]:
    case("Conv2DTranspose", lambda x, k: ops.conv_transpose(x, spread(k, dilation), strides=strides, padding=padding, output_padding=extra, data_format="channels_last"),
         normal(2, h, w, cin), normal(kh, kw, cout, cin), strides=list(strides), padding=padding, extra=list(extra or (-1, -1)), dilation=list(dilation))

# Rounding to the short types. Ties, the largest numbers, the smallest, what lies between.
halves = np.array([1 + 2**-8, 1 + 3 * 2**-8, -1 - 2**-8, 1 + 2**-11, 1 + 3 * 2**-11, 65519, 65520, -65520, 2**-14, 1.5 * 2**-24, 2**-25, 2**-26, -(2**-24),
                   2**-15 + 2**-25, 3.4e38, -3.4e38, 1e-40, 0, 1e-3, 1 / 3, INF, -INF, NAN], "float32")
for name, t in {"BFloat16": "bfloat16", "Float16": "float16"}.items():
    cast = lambda x, t=t: ops.cast(ops.cast(x, t), "float32")
    case(name, cast, halves, grad=False)
    case(name, cast, normal(5, 7, t="float32"))
    case(name, cast, (normal(40, scale=3e-6)).astype("float32"))

# Attention, and the products that attention layers are made of.
for eq, a, b in [("ab,bc->ac", (2, 3), (3, 4)), ("abc,cd->abd", (2, 3, 4), (4, 5)), ("abc,cde->abde", (2, 3, 4), (4, 2, 3)), ("abcd,cde->abe", (2, 3, 2, 4), (2, 4, 5)),
                 ("aecd,abcd->acbe", (2, 5, 3, 4), (2, 3, 3, 4)), ("acbe,aecd->abcd", (2, 3, 4, 5), (2, 5, 3, 2)), ("ab,ab->a", (3, 4), (3, 4)), ("ab,ab->", (3, 4), (3, 4)),
                 ("a,b->ba", (3,), (4,)), ("abc,bd->acd", (2, 3, 4), (3, 5)), ("...x,xy->...y", (2, 3, 4), (4, 5)), ("ab...,bc->ac...", (2, 3, 4, 2), (3, 5)),
                 ("...ab,...bc->...ac", (2, 2, 3), (2, 3, 4)), ("abcd,bfd->afc", (2, 3, 4, 5), (3, 6, 5)), ("ab,c->a", (2, 3), (4,)), ("abc,cb->cab", (2, 3, 4), (4, 3)),
                 ("abxy,xyc->acb", (2, 3, 2, 4), (2, 4, 5))]:
    case("Einsum", lambda x, y: tf.einsum(eq, x, y), normal(*a), normal(*b), equation=eq)
case("Einsum", lambda x, y: tf.einsum("abc,cde->abde", x, y), normal(2, 3, 4, t="float32"), normal(4, 2, 3, t="float32"), equation="abc,cde->abde")
for (b, t, n, h), (s, g, hv), mask, causal in [
    ((2, 3, 2, 4), (5, 2, 4), None, False), ((2, 3, 4, 2), (4, 2, 3), None, False), ((1, 4, 2, 3), (4, 1, 3), None, True),
    ((2, 3, 2, 4), (5, 2, 2), (2, 1, 3, 5), False), ((2, 3, 2, 4), (5, 1, 2), (2, 1, 1, 5), False), ((2, 4, 2, 3), (3, 2, 3), (2, 2, 4, 3), True),
    ((1, 1, 1, 1), (1, 1, 1), None, True), ((2, 7, 3, 5), (6, 3, 4), (1, 3, 7, 1), True), ((2, 5, 2, 8), (9, 2, 8), None, False),
]:
    extra = [] if mask is None else [rng.integers(0, 2, mask).astype("float32")]
    wide = lambda x: x if x.shape[2] == n else tf.repeat(x, n // x.shape[2], axis=2)
    case("DotProductAttention", lambda q, k, v, *m: ops.dot_product_attention(q, wide(k), wide(v), mask=tf.cast(m[0], "bool") if m else None, scale=0.7, is_causal=causal),
         normal(b, t, n, h, t="float32"), normal(b, s, g, h, t="float32"), normal(b, s, g, hv, t="float32"), *extra, v=0.7, keep=causal)

out = pathlib.Path(__file__).parent.parent / "ops.json.gz"
text = json.dumps({"script": "gen/ops.py", "keras": keras.__version__, "backend": "tensorflow " + tf.__version__, "cases": cases}, separators=(",", ":"))
with gzip.GzipFile(out, "wb", 9, mtime=0) as f:
    f.write(text.encode())
print(len(cases), "cases,", out.stat().st_size, "bytes")
