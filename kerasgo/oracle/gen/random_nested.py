"""Draws of models as layers, of layers around models, and of calls with more than one tensor."""

import keras
import numpy as np

L = keras.layers
BACKEND = keras.backend.backend()


class Nested:
    """A part of random_net.Net."""

    def within(self, inputs, steps):
        """The tensors that grow from the inputs of a model inside."""
        before, self.pool, self.shared, self.deep = (self.pool, self.shared, self.deep), list(inputs), [], self.deep + 1
        for _ in range(steps):
            y = self.merge(self.pool) if self.chance(0.2) else self.grow(self.pick(*self.pool[-2:]))
            if y is not None:
                self.pool.append(y)
        grown = self.pool[len(inputs):]
        self.pool, self.shared, self.deep = before
        return grown

    def chain(self, s, fits=lambda y: True):
        """A model of one input and one output, as Sequential or functional, or None."""
        x = L.Input(s)
        y, chain = x, []
        self.deep += 1
        for _ in range(self.integer(1, 3)):
            layer = self.chain(y.shape[1:]) if self.deep < 3 and self.chance(0.15) else self.layer(y.shape[1:], *self.names)
            if layer is not None:
                z = layer(y)
                if self.small(z) and fits(z):
                    y = z
                    chain.append(layer)
        self.deep -= 1
        if not chain:
            return None
        return keras.Sequential([x] + chain) if self.chance() else keras.Model(x, y)

    def nested(self, t):
        """The outputs of a model as a layer, of one or more inputs and outputs."""
        s = tuple(t.shape[1:])
        if self.chance():
            layer = self.chain(s)
            return layer and self.shared_call(layer, t)
        tensors = [t] + [self.pick(*self.pool) for _ in range(self.integer(0, 2))]
        inputs = [L.Input(tuple(p.shape[1:]), dtype=p.dtype) for p in tensors]
        grown = self.within(inputs, self.integer(1, 4))
        if not grown:
            return None
        ends = grown[-self.integer(1, 2):]
        whole = keras.Model(inputs, ends)
        used = [i for i in range(len(inputs)) if any(n.operation is not inputs[i]._keras_history.operation and inputs[i] in n.input_tensors for n in self.nodes(whole))]
        if not used:
            return None
        inputs, tensors = [inputs[i] for i in used], [tensors[i] for i in used]
        form = self.structure(len(inputs))
        inner = keras.Model(form(inputs), self.structure(len(ends))(ends))
        out = keras.tree.flatten(inner(form(tensors)))
        if self.chance(0.2):  # a second call
            out += keras.tree.flatten(inner(form([p * 0.5 if "float" in p.dtype else p for p in tensors])))
        return self.pick(*out)

    @staticmethod
    def nodes(model):
        return [n for op in model.operations for n in op._inbound_nodes if n in [m for ms in model._nodes_by_depth.values() for m in ms]]

    def structure(self, n):
        """A function that makes n tensors the argument of a call: one, a list, a tuple or a dictionary."""
        names = [str(x) for x in self.rng.permutation(["a", "b", "zz", "first"])[:n]]
        return self.pick(*([lambda v: v[0]] * 2 if n == 1 else []), lambda v: list(v), lambda v: tuple(v), lambda v: dict(zip(names, v)))

    def shared_call(self, layer, t):
        y = layer(t)
        if self.small(y):
            self.shared.append((layer, tuple(t.shape[1:])))
            return y

    def around(self, t):
        """A layer around a model."""
        s = tuple(t.shape[1:])
        if len(s) < 2:
            return None
        inner = self.chain(s[1:])
        return inner and self.shared_call(L.TimeDistributed(inner), t)

    def masked(self, t):
        """A call with a mask of one's own."""
        if len(t.shape) != 3 or t.dtype != "float32":
            return None
        mask = self.pick(lambda: keras.ops.any(keras.ops.not_equal(t, 0.0), axis=-1), lambda: t[..., 0] > -0.7, lambda: keras.ops.not_equal(t[:, :, -1], 0.0))()
        layer = self.layer(tuple(t.shape[1:]), "SimpleRNN", "LSTM", "GRU", "RNN", "Bidirectional", "GlobalAveragePooling1D", "BatchNormalization", "Softmax", "TimeDistributed")
        if layer is None or isinstance(layer, L.Softmax) and layer.axis not in (-1, 1):
            return None
        if isinstance(layer, L.Softmax):
            mask = keras.ops.greater(t, -0.5)
        y = layer(t, mask=mask, **self.pick({}, {}, {"training": False}))
        return y if self.small(y) else None

    def constant(self, t):
        """A merge of a tensor with a constant, as an array or as a tensor."""
        s = tuple(t.shape[1:])
        value = self.rng.normal(size=(1,) + s).astype("float32")
        value = np.float32(np.round(value * 8) / 8)
        value = value if self.chance() else keras.ops.convert_to_tensor(value)
        if self.chance(0.3):
            return getattr(L, self.pick("Add", "Multiply", "Average", "Maximum", "Minimum", "Subtract"))()(self.pick([t, value], [value, t]))
        o = keras.ops
        return self.pick(lambda: t + value, lambda: o.maximum(t, value), lambda: o.where(t > value, t, value), lambda: o.multiply(x1=value, x2=t), lambda: o.subtract(t, x2=value),
                         lambda: o.matmul(t, self.rng.integers(-3, 4, (s[-1], 2)).astype("float32") / 4), lambda: o.concatenate([t, t * 0 + value], axis=-1),
                         lambda: o.take(t, np.array([0, s[0] - 1, 0], "int32"), axis=1))()

    def heads(self, t):
        """Attention over chosen axes."""
        if len(t.shape) == 4 and t.dtype == "float32":
            axes = self.pick((2,), (1, 2), (1,))
            return L.MultiHeadAttention(2, 3, attention_axes=axes, **self.some(use_bias=False, value_dim=2))(t, t)
