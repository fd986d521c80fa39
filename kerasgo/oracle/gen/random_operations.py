"""Draws of operations of keras.ops as nodes of a model."""

import keras

from random_functions import Functions

ops = keras.ops

UNARY = ("arctan arcsinh cos cosh deg2rad exp expm1 rad2deg sin sinh tanh sinc erf erfc abs negative square relu relu6 sigmoid softplus softsign silu squareplus log_sigmoid "
         "hard_sigmoid hard_silu hard_tanh tanh_shrink elu selu celu gelu softmax log_softmax leaky_relu sparse_plus sparse_sigmoid stop_gradient ones_like zeros_like nan_to_num "
         "isfinite sign logical_not").split()
POSITIVE = "log log10 log1p log2 sqrt rsqrt".split()
REDUCE = "sum mean max min amax amin prod logsumexp std var ptp".split()
BINARY = "add subtract multiply maximum minimum arctan2 logaddexp hypot fmax fmin heaviside".split()
COMPARE = "equal not_equal greater less less_equal greater_equal logical_and logical_or logical_xor".split()
FLAT = {"sign", "logical_not", "isfinite", "ones_like", "zeros_like", "stop_gradient", "heaviside"}  # no gradient


class Operations(Functions):
    def operation(self, t, pool):
        """A tensor made of t and of others of its shape."""
        s, axis = tuple(t.shape), self.integer(1, len(t.shape) - 1)
        same = [p for p in pool if tuple(p.shape) == s and p.dtype == t.dtype and p is not t]
        kind = self.pick("unary", "unary", "reduce", "shape", "shape", "index", "arithmetic", "arithmetic", "binary", "join", "nn", "choose", "linear", "function", "function", "function", "function")
        return getattr(self, "_" + kind)(t, s, axis, self.pick(*same) if same else t * 0.5)

    def _unary(self, t, s, axis, other):
        if self.chance(0.15):
            return getattr(ops, self.pick(*POSITIVE))(ops.abs(t) + 0.5)
        name = self.pick(*UNARY)
        y = getattr(ops, name)(t)
        if name in FLAT:
            y = ops.cast(y, "float32") if y.dtype == "bool" else y
            return y * t
        return y

    def _reduce(self, t, s, axis, other):
        names = [n for n in REDUCE if not (self.steady and n in ("std", "ptp"))]
        axes = self.pick(axis, -1, tuple(range(1, len(s))))
        k = {"keepdims": True} if self.chance() or axes == tuple(range(1, len(s))) or len(s) == 2 else {}
        return getattr(ops, self.pick(*names))(t, axis=axes, **k)

    def _shape(self, t, s, axis, other):
        rank = len(s)
        if self.chance(0.3) and rank > 2:
            order = [0] + [int(i) + 1 for i in self.rng.permutation(rank - 1)]
            return self.pick(lambda: ops.transpose(t, order), lambda: ops.swapaxes(t, 1, -1), lambda: ops.moveaxis(t, 1, -1))()
        return self.pick(
            lambda: ops.reshape(t, (-1, int(self.size_of(s)))), lambda: ops.expand_dims(t, self.pick(1, -1)), lambda: ops.squeeze(ops.expand_dims(t, axis), axis),
            lambda: ops.flip(t, axis=axis), lambda: ops.roll(t, self.integer(-2, 2), axis=axis), lambda: ops.repeat(t, self.integer(1, 3), axis=axis),
            lambda: ops.tile(t, (1,) * (rank - 1) + (2,)), lambda: ops.pad(t, ((0, 0),) + ((1, 2),) * (rank - 1)),
            lambda: ops.cumsum(t, axis=axis), lambda: ops.diff(t, axis=axis) if s[axis] > 1 else None, lambda: ops.tril(t) if rank > 2 else None,
            lambda: ops.triu(t, k=1) if rank > 2 else None, lambda: ops.split(t, 2, axis=axis)[self.integer(0, 1)] if s[axis] % 2 == 0 else None,
            lambda: ops.unstack(t, axis=axis)[-1] if rank > 2 else None, lambda: ops.cast(ops.cast(t, "float64"), "float32"))()

    @staticmethod
    def size_of(s):
        n = 1
        for d in s[1:]:
            n *= d
        return n

    def _index(self, t, s, axis, other):
        rank = len(s)
        options = [lambda: t[:, ::-1], lambda: t[..., :1], lambda: t[:, None], lambda: t[:, -1:], lambda: ops.take(t, [0, -1], axis=axis)]
        if rank > 2:
            options += [lambda: t[:, 0], lambda: t[..., -1], lambda: t[:, 1:] if s[1] > 1 else None, lambda: ops.take(t, 0, axis=axis), lambda: t[:, ::2, None, 0]]
        return self.pick(*options)()

    def _arithmetic(self, t, s, axis, other):
        return self.pick(lambda: t + other, lambda: t - 2.0, lambda: 1.5 - t, lambda: t * other, lambda: t / 3.0, lambda: -t, lambda: t ** 2, lambda: 1.0 / (ops.abs(t) + 1.0),
                         lambda: ops.mean(t, axis=-1, keepdims=True) + t, lambda: abs(t), lambda: t // 0.5 * t, lambda: other - t)()

    def _binary(self, t, s, axis, other):
        if self.chance(0.3):
            return ops.cast(getattr(ops, self.pick(*COMPARE))(t, other), "float32") * t
        name = self.pick(*BINARY)
        y = getattr(ops, name)(t, other)
        return y * t if name in FLAT else y

    def _join(self, t, s, axis, other):
        return self.pick(lambda: ops.concatenate([t, other], axis=axis), lambda: ops.stack([t, other], axis=axis), lambda: ops.append(t, other, axis=axis),
                         lambda: ops.average(t, axis=axis) if len(s) > 2 else None)()

    def _nn(self, t, s, axis, other):
        return self.pick(lambda: ops.softmax(t, axis=axis), lambda: ops.log_softmax(t, axis=axis), lambda: ops.normalize(ops.abs(t) + 0.1, axis=axis, order=2),
                         lambda: ops.layer_normalization(t), lambda: ops.rms_normalization(t), lambda: ops.clip(t, -0.5, 0.7), lambda: ops.threshold(t, 0.3, -1.0),
                         lambda: ops.max_pool(t, 2, padding="same") if len(s) in (3, 4) else None, lambda: ops.average_pool(t, 2) if len(s) in (3, 4) and min(s[1:-1]) > 1 else None,
                         lambda: ops.gelu(t, approximate=False), lambda: ops.glu(t) if s[-1] % 2 == 0 else None)()

    def _choose(self, t, s, axis, other):
        return self.pick(lambda: ops.where(t > 0, t, other), lambda: ops.where(ops.greater(t, other), t, 0.25), lambda: ops.sort(t, axis=axis),
                         lambda: ops.top_k(t, min(2, s[-1]))[0], lambda: ops.one_hot(ops.argmax(t, axis=-1), 5), lambda: ops.median(t, axis=axis, keepdims=True),
                         lambda: ops.quantile(t, 0.3, axis=axis, keepdims=True))()

    def _linear(self, t, s, axis, other):
        if len(s) == 2:
            return self.pick(lambda: ops.einsum("bi,bj->bij", t, other), lambda: ops.einsum("bi,bi->b", t, other)[:, None])()
        turned = ops.swapaxes(other, -1, -2)
        return self.pick(lambda: ops.matmul(t, turned), lambda: t @ turned, lambda: ops.einsum("...ij->...ji", t), lambda: ops.diagonal(t, axis1=-2, axis2=-1),
                         lambda: ops.matmul(t, ops.ones((s[-1], 2))))()
