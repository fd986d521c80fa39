"""Draws of the operations of keras.ops that random_operations.py leaves: tables of functions, each a node or a few."""

import keras
import numpy as np

ops = keras.ops

EVERY = {  # of a tensor t in (-inf, inf), of another u like it; a is an axis and n its length
    "arccos": lambda t, u, a: ops.arccos(ops.clip(t, -0.9, 0.9)), "arcsin": lambda t, u, a: ops.arcsin(ops.clip(t, -0.9, 0.9)), "arccosh": lambda t, u, a: ops.arccosh(ops.abs(t) + 1.1),
    "arctanh": lambda t, u, a: ops.arctanh(ops.clip(t, -0.9, 0.9)), "cbrt": lambda t, u, a: ops.cbrt(ops.abs(t) + 0.2), "ceil": lambda t, u, a: ops.ceil(t) * t,
    "floor": lambda t, u, a: ops.floor(t) * t, "round": lambda t, u, a: ops.round(t, 1) * t, "trunc": lambda t, u, a: ops.trunc(t) * t, "copy": lambda t, u, a: ops.copy(t),
    "conj": lambda t, u, a: ops.conjugate(t), "real": lambda t, u, a: ops.real(t), "erfinv": lambda t, u, a: ops.erfinv(ops.clip(t, -0.9, 0.9)), "exp2": lambda t, u, a: ops.exp2(t),
    "fabs": lambda t, u, a: ops.fabs(t), "i0": lambda t, u, a: ops.i0(t), "reciprocal": lambda t, u, a: ops.reciprocal(ops.abs(t) + 0.5), "tan": lambda t, u, a: ops.tan(t * 0.3),
    "hard_shrink": lambda t, u, a: ops.hard_shrink(t, 0.3), "soft_shrink": lambda t, u, a: ops.soft_shrink(t, 0.2), "swish": lambda t, u, a: ops.swish(t),
    "leaky_relu": lambda t, u, a: ops.leaky_relu(t, 0.3), "elu": lambda t, u, a: ops.elu(t, alpha=0.5), "celu": lambda t, u, a: ops.celu(t, 0.7),
    "full_like": lambda t, u, a: ops.full_like(t, 0.3) * t, "divide": lambda t, u, a: ops.divide(t, ops.abs(u) + 0.5), "divide_no_nan": lambda t, u, a: ops.divide_no_nan(t, ops.relu(u) + 0.5),
    "true_divide": lambda t, u, a: ops.true_divide(t, 2), "logaddexp2": lambda t, u, a: ops.logaddexp2(t, u), "power": lambda t, u, a: ops.power(ops.abs(t) + 0.1, ops.tanh(u)),
    "log2": lambda t, u, a: ops.log2(ops.abs(t) + 1), "trapezoid": lambda t, u, a: ops.expand_dims(ops.trapezoid(t, dx=0.5, axis=a), a), "broadcast": lambda t, u, a: t + ops.broadcast_to(1.5, u.shape[1:]),
    "moments": lambda t, u, a: ops.moments(t, axes=[a], keepdims=True)[0], "cumprod": lambda t, u, a: ops.cumprod(ops.tanh(t), axis=a), "flip": lambda t, u, a: ops.flip(t, axis=(a, -1)),
    "argsort": lambda t, u, a: ops.cast(ops.argsort(t, axis=a), "float32") * t, "take_along": lambda t, u, a: ops.take_along_axis(t, ops.argsort(u, axis=a), axis=a),
    "array_split": lambda t, u, a: ops.array_split(t, 2, axis=a)[0], "split_at": lambda t, u, a: ops.split(t, [1], axis=a)[0], "select": lambda t, u, a: ops.select([t > 0.5, u > 0], [t, u], 0.1),
    "norm": lambda t, u, a: ops.norm(ops.abs(t) + 0.1, axis=a, keepdims=True), "norm1": lambda t, u, a: ops.norm(t, ord=1, axis=a, keepdims=True), "cumsum": lambda t, u, a: ops.cumsum(t, a),
    "count": lambda t, u, a: t * ops.expand_dims(ops.cast(ops.count_nonzero(t > 0, axis=a), "float32"), a), "argmin": lambda t, u, a: t * ops.cast(ops.argmin(t, axis=a, keepdims=True), "float32"),
    "any": lambda t, u, a: t * ops.cast(ops.any(t > 1, axis=a, keepdims=True), "float32"), "all": lambda t, u, a: t * ops.cast(ops.all(t < 1, axis=a, keepdims=True), "float32"),
    "nan": lambda t, u, a: ops.nan_to_num(ops.nanmean(t, axis=a, keepdims=True)), "nansum": lambda t, u, a: ops.nansum(t, axis=a, keepdims=True), "nanmax": lambda t, u, a: ops.nanmax(t, axis=a, keepdims=True),
    "percentile": lambda t, u, a: ops.percentile(t, 40.0, axis=a, keepdims=True, method="linear"), "clip": lambda t, u, a: ops.clip(t, -1, 2), "digitize": lambda t, u, a: t * ops.cast(ops.digitize(t, np.array([-1.0, 0.0, 1.0])), "float32"),
    "isclose": lambda t, u, a: t * ops.cast(ops.isclose(t, u), "float32"), "isnan": lambda t, u, a: ops.where(ops.isnan(t), 0.0, t), "signbit": lambda t, u, a: t * ops.cast(ops.signbit(t), "float32"),
    "mod": lambda t, u, a: ops.mod(t, 0.7) + t, "fmod": lambda t, u, a: ops.fmod(t, 0.7) + t, "cast": lambda t, u, a: ops.cast(ops.cast(t, "int32"), "float32") + t,
    "bits": lambda t, u, a: ops.cast(ops.bitwise_and(ops.cast(t * 4, "int32"), 3), "float32") + t, "shift": lambda t, u, a: ops.cast(ops.left_shift(ops.cast(t, "int32"), 2), "float32") * t,
    "xor": lambda t, u, a: ops.cast(ops.bitwise_xor(ops.cast(t * 4, "int32"), ops.cast(u * 4, "int32")), "float32") + t, "bfloat": lambda t, u, a: ops.cast(ops.cast(ops.round(t), "bfloat16"), "float32") + t,
    "roll": lambda t, u, a: ops.roll(t, 1, axis=[a, -1] if a != len(t.shape) - 1 else a), "pad": lambda t, u, a: ops.pad(t, [[0, 0]] * a + [[1, 1]] + [[0, 0]] * (len(t.shape) - a - 1), mode="constant", constant_values=0.5),
    "reflect": lambda t, u, a: ops.pad(t, [[0, 0]] * a + [[1, 1]] + [[0, 0]] * (len(t.shape) - a - 1), mode=np.random.default_rng(a).choice(["reflect", "symmetric"]).item()) if t.shape[a] > 2 else None,
    "one_hot": lambda t, u, a: ops.one_hot(ops.argmax(t, axis=-1), 4, axis=-1), "multi_hot": lambda t, u, a: ops.multi_hot(ops.cast(ops.clip(ops.abs(t), 0, 3), "int32"), 4),
    "sparsemax": lambda t, u, a: ops.sparsemax(t) if len(t.shape) == 2 else None, "glu": lambda t, u, a: ops.glu(t, axis=a) if t.shape[a] % 2 == 0 else None, "top_k": lambda t, u, a: ops.top_k(t, 1)[0],
    "squeeze": lambda t, u, a: ops.squeeze(ops.sum(t, axis=a, keepdims=True), axis=a) if len(t.shape) > 2 else None, "isin": lambda t, u, a: t + ops.cast(ops.isin(ops.cast(t, "int32"), [1, 2]), "float32"),
    "searchsorted": lambda t, u, a: t + ops.cast(ops.searchsorted(np.array([-1.0, 0.0, 0.5], "float32"), ops.reshape(t, (-1,) + tuple(t.shape[1:]))), "float32") if len(t.shape) == 2 else None,
    "crossentropy": lambda t, u, a: ops.binary_crossentropy(ops.sigmoid(t), ops.sigmoid(u)), "batch_normalization": lambda t, u, a: ops.batch_normalization(t, np.zeros(t.shape[-1], "float32"), np.ones(t.shape[-1], "float32") * 2, axis=-1, epsilon=0.01),
    "allclose": lambda t, u, a: ops.where(ops.greater_equal(t, u), ops.minimum(t, 1), ops.fmax(u, -1)), "nanvar": lambda t, u, a: ops.nanvar(t, axis=a, keepdims=True), "gelu": lambda t, u, a: ops.gelu(t, True),
    "view": lambda t, u, a: ops.reshape(t, (-1,) + tuple(t.shape[1:][::-1])), "vander": lambda t, u, a: ops.vander(ops.reshape(ops.tanh(t), (-1,)), 3) if t.shape[1:] == (1,) else None,
}

MATRICES = {  # of sequences: (batch, steps, features)
    "det": lambda t, u, a: ops.expand_dims(ops.det(gram(t)), -1), "inv": lambda t, u, a: ops.inv(gram(t)), "cholesky": lambda t, u, a: ops.cholesky(gram(t)), "solve": lambda t, u, a: ops.solve(gram(t), t),
    "trace": lambda t, u, a: ops.expand_dims(ops.trace(t, axis1=1, axis2=2), -1), "tensordot": lambda t, u, a: ops.tensordot(t, np.ones((t.shape[-1], 2), "float32"), axes=1), "rot90": lambda t, u, a: ops.rot90(t, axes=(1, 2)),
    "diag": lambda t, u, a: ops.diagonal(t, offset=0, axis1=1, axis2=2), "einsum": lambda t, u, a: ops.einsum("bij,bkj->bik", t, u), "dot": lambda t, u, a: ops.dot(t, np.full((t.shape[-1], 3), 0.5, "float32")),
    "dpa": lambda t, u, a: ops.dot_product_attention(t[:, :, None], u[:, :, None], t[:, :, None])[:, :, 0], "conv": lambda t, u, a: ops.conv(t, kernel(2, t.shape[-1], 2), padding="same"),
    "depthwise": lambda t, u, a: ops.depthwise_conv(t, kernel(2, t.shape[-1], 1), padding="same"), "norm": lambda t, u, a: ops.norm(t + 1.5, axis=(1, 2), keepdims=True)[:, :, 0], "rfft": lambda t, u, a: ops.rfft(t)[0],
    "unfold": lambda t, u, a: ops.extract_sequences(t, 2, 1) if t.shape[-1] > 1 else None, "transpose": lambda t, u, a: ops.transpose(t, axes=(0, 2, 1)), "moveaxis": lambda t, u, a: ops.moveaxis(t, [1], [2]),
    "slice": lambda t, u, a: t[:, ::2, ...], "cross": lambda t, u, a: ops.cross(t, u) if t.shape[-1] == 3 else None, "inner": lambda t, u, a: ops.inner(t, np.ones(t.shape[-1], "float32")),
    "vstack": lambda t, u, a: ops.hstack([t, u]), "dstack": lambda t, u, a: ops.dstack([t, u]), "layer_norm": lambda t, u, a: ops.layer_normalization(t, gamma=np.full(t.shape[-1], 1.5, "float32"), beta=np.ones(t.shape[-1], "float32"), axis=-1),
    "hsplit": lambda t, u, a: ops.hsplit(t, [1])[0], "pool": lambda t, u, a: ops.max_pool(t, 2, strides=1, padding="valid"), "adaptive": lambda t, u, a: ops.adaptive_average_pool(t, 2), "cdist": lambda t, u, a: ops.cdist(t, u + 3),
    "qr": lambda t, u, a: ops.abs(ops.qr(gram(t))[1]), "eigh": lambda t, u, a: ops.eigh(gram(t))[0], "slogdet": lambda t, u, a: ops.slogdet(gram(t))[1][:, None], "svd": lambda t, u, a: ops.svd(gram(t), compute_uv=False),
}

IMAGES = {  # (batch, height, width, channels)
    "resize": lambda t, u, a: ops.image.resize(t, (4, 5), interpolation="nearest"), "bilinear": lambda t, u, a: ops.image.resize(t, (3, 6)), "gray": lambda t, u, a: ops.image.rgb_to_grayscale(t) if t.shape[-1] == 3 else None,
    "hsv": lambda t, u, a: ops.image.rgb_to_hsv(ops.sigmoid(t)) if t.shape[-1] == 3 else None, "crop": lambda t, u, a: ops.image.crop_images(t, 0, 0, target_height=1, target_width=2), "pad": lambda t, u, a: ops.image.pad_images(t, 1, 0, 1, 2),
    "patches": lambda t, u, a: ops.image.extract_patches(t, 2), "conv": lambda t, u, a: ops.conv(t, kernel((2, 2), t.shape[-1], 2), strides=2, padding="same"), "blur": lambda t, u, a: ops.image.gaussian_blur(t, (3, 3), (1.0, 1.0)),
    "conv_transpose": lambda t, u, a: ops.conv_transpose(t, kernel((2, 2), 2, t.shape[-1]), strides=2, padding="same"), "separable": lambda t, u, a: ops.separable_conv(t, kernel((2, 2), t.shape[-1], 1), kernel((1, 1), t.shape[-1], 2)),
    "space": lambda t, u, a: ops.space_to_depth(t, 2) if t.shape[1] % 2 == 0 == t.shape[2] % 2 else None, "depth": lambda t, u, a: ops.depth_to_space(t, 2) if t.shape[-1] % 4 == 0 else None, "fft": lambda t, u, a: ops.fft2((t, u))[0],
    "slice": lambda t, u, a: t[:, 1:None:2, ::-1, None, ..., 0], "ellipsis": lambda t, u, a: t[..., -1:, :], "steps": lambda t, u, a: t[:, -1:None:-1, 0:2], "adaptive": lambda t, u, a: ops.adaptive_max_pool(t, (2, 1)),
    "rearrange": lambda t, u, a: ops.rearrange(t, "b h w c -> b (h w) c"), "average": lambda t, u, a: ops.average_pool(t, (2, 1), strides=1, padding="valid"), "swap": lambda t, u, a: ops.swapaxes(t, 1, 3),
}


def kernel(size, *channels):
    shape = (size if isinstance(size, tuple) else (size,)) + channels
    return np.linspace(-0.5, 0.75, int(np.prod(shape)), dtype="float32").reshape(shape)


def gram(t):
    """A positive matrix."""
    return ops.matmul(ops.swapaxes(t, 1, 2), t) * 0.1 + ops.eye(t.shape[-1])


class Functions:
    """A part of random_operations.Operations."""

    def _function(self, t, s, axis, other):
        if not str(t.dtype).startswith("float32") or not str(other.dtype).startswith("float32"):
            return None
        table = {3: MATRICES, 4: IMAGES}.get(len(s), {}) if self.chance(0.4) else EVERY
        return table[self.pick(*table)](t, other, axis) if table else None
