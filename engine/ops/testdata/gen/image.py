"""Records what keras.ops.image computes, and the gradients TensorFlow gives, for engine/ops.

Usage: KERAS_BACKEND=tensorflow python image.py (writes ../image.json.gz)

A case is as in ops.py. Where TensorFlow's gradient is not the derivative (affine_transform) or is missing, none is recorded.
"""

import base64
import gzip
import json
import pathlib

import jax
import keras
import numpy as np
import tensorflow as tf
from jax.scipy.ndimage import map_coordinates
from keras import ops

rng = np.random.default_rng(8)
cases = []


def pack(a):
    a = np.asarray(a, order="C")
    return {"t": str(a.dtype), "s": list(a.shape), "d": base64.b64encode(a.astype(a.dtype.newbyteorder("<")).tobytes()).decode()}


def case(name, fn, *inputs, grad=True, **attrs):
    xs = [tf.constant(x) for x in inputs]
    watched = [x for x in xs if x.dtype.is_floating]
    with tf.GradientTape() as tape:
        tape.watch(watched)
        out = fn(*xs)
    out = tf.convert_to_tensor(out)
    c = {"op": name, "in": [pack(x.numpy()) for x in xs], "out": [pack(out.numpy())], "attrs": attrs}
    if grad:
        dout = tf.constant(rng.normal(size=out.shape).astype(out.dtype.as_numpy_dtype))
        grads = iter(tape.gradient(out, watched, output_gradients=dout))
        c["dout"] = pack(dout.numpy())
        c["grad"] = [pack(tf.convert_to_tensor(next(grads)).numpy()) if x.dtype.is_floating else None for x in xs]
    cases.append(c)


def normal(*shape):
    return rng.normal(size=shape).astype("float32")


img = ops.image
for kind in ("nearest", "bilinear", "bicubic", "lanczos3", "lanczos5", "area"):
    for anti in (False, True):
        for h, w in ((4, 13), (9, 2), (6, 7)):
            case("Resize", lambda x: tf.cast(tf.image.resize(x, (h, w), kind, antialias=anti), "float32"), normal(2, 6, 7, 3),
                 grad=kind != "area" and (h, w) != (6, 7), size=(h, w), mode=kind, keep=anti)

for fill in ("constant", "nearest", "reflect", "wrap"):
    for kind in ("bilinear", "nearest"):
        t = np.concatenate([np.tile(np.array([1, 0, 0, 0, 1, 0], "float32"), (4, 1)) + normal(4, 6) * np.array([.5, .5, 6, .5, .5, 6], "float32"), normal(4, 2) * .02], 1)
        t[0, :] = [1, 0, -30.25, 0, 1, 41.75, 0, 0]
        t[1, :] = [-1, 0, 4, 0, -1, 5, 0, 0]
        case("AffineTransform", lambda x, t: img.affine_transform(x, t, kind, fill, 0.5), normal(4, 6, 5, 2), t.astype("float32"), grad=False,
             mode=kind, fill=fill, v=0.5)
    case("AffineTransform", lambda x, t: img.affine_transform(x, t, "bilinear", fill), normal(1, 1, 3, 1), np.array([[1, 0, .5, 0, 1, .25, 0, 0]], "float32"), grad=False,
         mode="bilinear", fill=fill)
start = np.array([[0, 0], [4, 0], [0, 5], [4, 5]], "float32")[None].repeat(3, 0)
for kind in ("bilinear", "nearest"):
    case("PerspectiveTransform", lambda x, a, b: img.perspective_transform(x, a, b, kind, 0.25), normal(3, 6, 5, 2), start, start + normal(3, 4, 2), grad=False, mode=kind, v=0.25)

colours = rng.uniform(size=(2, 3, 4, 3)).astype("float32")
grey = colours.copy()
grey[0] = grey[0, :, :, :1]  # no hue
grey[1, 0] = 0
case("RGBToGrayscale", img.rgb_to_grayscale, colours)
case("RGBToGrayscale", img.rgb_to_grayscale, normal(1, 2, 3, 1))
case("RGBToHSV", img.rgb_to_hsv, colours)
case("RGBToHSV", img.rgb_to_hsv, grey, grad=False)
case("RGBToHSV", img.rgb_to_hsv, colours * 255, grad=False)
case("HSVToRGB", img.hsv_to_rgb, colours, grad=False)
case("HSVToRGB", img.hsv_to_rgb, grey, grad=False)
for size, sigma in (((3, 3), (1.0, 1.0)), ((5, 3), (0.7, 2.0)), ((1, 7), (1.5, 0.5))):
    case("GaussianBlur", lambda x, s: img.gaussian_blur(x, size, s), normal(2, 6, 5, 3), np.array(sigma, "float32"), grad=False, size=size)
for size, strides in (((3, 2), (2, 1)), ((1, 1), (1, 2)), ((4, 5), (1, 1))):
    case("ExtractPatches", lambda x: img.extract_patches(x, size, strides, padding="valid"), normal(2, 6, 5, 3), size=size, strides=strides)
case("Crop", lambda x, p: x[:, 2:5, 1:3], normal(2, 6, 5, 3), np.array([2, 1], "int32"), size=(3, 2))
case("Crop", lambda x, p: x[:, 4:, 0:2], np.arange(60).reshape(2, 6, 5, 1).astype("int32"), np.array([9, -3], "int32"), grad=False, size=(2, 2))
case("Bincount", lambda x: tf.math.bincount(x, minlength=6, maxlength=6), rng.integers(0, 8, (3, 4)).astype("int32"), grad=False, n=6)

y, x = np.array([0, 0, 1, -1, 0, 1.5, -2, 3], "float32"), np.array([1, -1, 0, 0, 0, 2, -1, -.5], "float32")
case("Atan2", ops.arctan2, y, x, grad=False)
case("Atan2", ops.arctan2, normal(3, 4), normal(3, 4))

# Of map_coordinates TensorFlow counts the modes mirror and reflect wrongly: JAX's.
for fill in ("constant", "nearest", "wrap", "mirror", "reflect"):
    for nearest in (False, True):
        x, p = normal(5, 4), np.stack([rng.uniform(-12, 15, (3, 7)), rng.uniform(-9, 12, (3, 7))]).astype("float32")
        f = lambda x, p: map_coordinates(x, list(p), order=0 if nearest else 1, mode=fill, cval=0.5)
        y, back = jax.vjp(f, x, p)
        dout = normal(*y.shape)
        cases.append({"op": "MapCoordinates", "in": [pack(x), pack(p)], "out": [pack(y)], "dout": pack(dout), "grad": [pack(g) for g in back(dout)],
                      "attrs": {"fill": fill, "keep": nearest, "v": 0.5}})

out = pathlib.Path(__file__).parent.parent / "image.json.gz"
text = json.dumps({"script": "gen/image.py", "keras": keras.__version__, "backend": "tensorflow " + tf.__version__, "cases": cases}, separators=(",", ":"))
with gzip.GzipFile(out, "wb", 9, mtime=0) as f:
    f.write(text.encode())
print(len(cases), "cases,", out.stat().st_size, "bytes")
