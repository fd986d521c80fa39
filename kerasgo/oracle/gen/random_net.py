"""Draws of models: graphs of the layers that random_layers.py draws."""

import keras
import numpy as np

from random_layers import Layers
from random_nested import Nested
from random_operations import Operations
from random_words import Words

L = keras.layers
LIMIT = 1200  # elements of a sample


def size(t):
    return int(np.prod([d for d in t.shape[1:]], dtype=int))


SINGLE = [n for n in dir(Layers) if n[0].isupper() and not n.endswith("Cell")]
MERGES = ["Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum", "Concatenate", "Dot"]


class Net(Layers, Operations, Words, Nested):
    """Grows a graph of layer calls."""

    def __init__(self, rng, steady, names=None):
        super().__init__(rng, steady)
        self.names = [n for n in SINGLE if not names or n in names] or SINGLE
        self.merges = [n for n in MERGES if not names or n in names]
        self.shared = []  # (layer, shape that it was called on)
        self.feeds = {}  # how the values of an input are drawn, by its name
        self.pool = []
        self.deep = 0  # how many models are around what is drawn

    def input(self):
        """An input and the tensor to go on with."""
        kind = self.pick("vector", "sequence", "sequence", "image", "image", "ids", "volume", "frames", "preprocessed")
        if kind == "preprocessed":
            return self.preprocessed()
        if kind == "ids":
            n = self.integer(3, 8)
            x = L.Input((n,), dtype=self.pick("int32", "float32"))
            k = self.common({"mask_zero": self.chance()}, "embeddings")
            if self.steady:  # a dense gradient: TensorFlow squares that of repeated ids one by one
                k.setdefault("embeddings_regularizer", "l2")
            return x, self.pick(L.Embedding, L.Embedding, L.ReversibleEmbedding)(7, self.integer(2, 5), **k)(x)
        shape = {"vector": lambda: (self.integer(1, 12),), "sequence": lambda: (self.integer(3, 9), self.integer(1, 5)),
                 "image": lambda: (self.integer(1, 9), self.integer(3, 9), self.pick(1, 2, 3, 3, 4, 6)),
                 "frames": lambda: (self.integer(2, 4), self.integer(3, 6), self.integer(3, 5)) + self.pick((), (self.integer(2, 4),)) + (self.integer(1, 3),),
                 "volume": lambda: (self.integer(3, 5), self.integer(3, 6), self.integer(3, 5), self.integer(1, 3))}[kind]()
        x = L.Input(shape, **self.pick({}, {"name": f"in_{self.integer(100, 999)}"}))
        return x, x

    def grow(self, t, depth=0):
        """The tensor after one more layer, or None."""
        s = tuple(t.shape[1:])
        if depth == 0 and self.chance(0.12):
            for layer, shape in self.shared:
                if shape == s:
                    return layer(t)
        if depth == 0 and self.chance(0.15):
            y = self.operation(t, self.pool)
            return y if y is not None and 0 < size(y) <= LIMIT and 1 < len(y.shape) <= 6 else None
        if depth == 0 and self.chance(0.17) and self.deep < 3:
            y = self.pick(self.nested, self.nested, self.nested, self.around, self.masked, self.masked, self.constant, self.heads)(t)
            return y if y is not None and self.small(y) else None
        if depth == 0 and len(s) == 2 and self.chance(0.1):
            return self.stateful(t)
        elif depth == 0 and len(s) == 2 and self.chance(0.12):
            return self.attend(t)
        else:
            layer = self.layer(s, *self.names)
        if layer is None:
            return None
        y = layer(t)
        if not self.small(y):
            return None
        self.shared.append((layer, s))
        return y

    @staticmethod
    def small(y):
        """Whether it is one tensor of a size to go on with."""
        return not isinstance(y, (list, tuple, dict)) and 0 < size(y) <= LIMIT and 1 < len(y.shape) <= 6

    def stateful(self, t):
        """A recurrent layer that starts from another's state."""
        cls, units = self.pick(L.SimpleRNN, L.LSTM, L.GRU), self.integer(1, 4)
        out = cls(units, return_state=True, return_sequences=self.chance())(t)
        if self.chance():
            return self.pick(*out)
        return cls(units, return_sequences=self.chance())(self.pick(t, out[0]) if len(out[0].shape) == 3 else t, initial_state=list(out[1:]))

    def attend(self, t):
        """Attention of a sequence to itself, or to what layers make of it."""
        name = self.pick("MultiHeadAttention", "MultiHeadAttention", "GroupQueryAttention", "Attention", "AdditiveAttention")
        other = self.pick(t, L.Dense(t.shape[-1])(t), L.ZeroPadding1D(1)(t))
        values = [t, other] + ([L.Dense(t.shape[-1])(other)] if self.chance(0.3) else [])
        causal = self.pick({}, {"use_causal_mask": True})
        if "Multi" in name or "Group" in name:
            k = self.common(self.some(use_bias=self.chance), "kernel", "bias")
            k.pop("trainable", None)  # Keras 3.15.1 trains the layers inside all the same
            if self.chance(0.2):
                k.update(self.pick({"use_gate": True}, {"flash_attention": False}, {"activity_regularizer": self.regularizer()}, {"sliding_window": 1},
                                   {"dropout": self.rate(), "seed": 3}))
            if self.chance(0.2):
                how = self.pick({"training": False}, {"return_attention_scores": True}, {"attention_mask": keras.ops.ones((1, t.shape[1], other.shape[1]), "bool")},
                                {"attention_mask": keras.ops.greater(t[:, :, :1] + keras.ops.transpose(other[:, :, :1], (0, 2, 1)), -1.0)},
                                {"query_mask": keras.ops.any(t > -1.0, axis=-1)}, {"value_mask": keras.ops.any(other > -1.0, axis=-1)})
                if not ("Group" in name and "attention_mask" in how):
                    causal.update(how)
            key = {"key": values[2]} if len(values) == 3 else {}
        if name == "MultiHeadAttention":
            k.update(self.pick({}, {"value_dim": 2}, {"output_shape": 3}))
            heads, features = self.integer(1, 3), self.integer(1, 4)
            return self.either(L.MultiHeadAttention(heads, self.head_size(features, heads, t.shape[1], other.shape[1]), **k)(t, other, **key, **causal))
        if name == "GroupQueryAttention":
            features = self.integer(1, 3)
            for heads in (4, 2):
                features = self.head_size(features, heads, t.shape[1], other.shape[1])
            return self.either(L.GroupQueryAttention(features, 4, 2, **k)(t, other, **key, **causal))
        k = self.some(score_mode=self.pick("dot", "concat"), use_scale=True) if name == "Attention" else self.some(use_scale=False)
        if self.chance(0.2):
            k.update(dropout=self.rate(), seed=1)
        if self.chance(0.2):
            causal.update(self.pick({"training": False}, {"return_attention_scores": True}, {"mask": [keras.ops.any(t > -1.0, axis=-1), keras.ops.any(other > -1.0, axis=-1)]}))
        return self.either(getattr(L, name)(**k)(values, **causal))

    def either(self, out):
        """One of the outputs."""
        return self.pick(*out) if isinstance(out, (list, tuple)) else out

    def merge(self, pool):
        """Two or three tensors in one."""
        a = self.pick(*pool)
        same = [t for t in pool if t.shape == a.shape and t is not a]
        if not same:
            b = self.grow(a)
            if b is None or b.shape != a.shape:
                return None
            same = [b]
        name = self.pick(*self.merges)
        if name not in ("Subtract", "Dot", "Concatenate") and self.chance(0.2):  # broadcasting
            same = [keras.ops.mean(same[0], axis=self.integer(1, len(a.shape) - 1), keepdims=True)]
        if name == "Subtract":
            return L.Subtract()([a, same[0]])
        if name == "Dot":
            axis = self.integer(1, len(a.shape) - 1)
            y = L.Dot(self.pick(axis, (axis, axis)), normalize=self.chance(0.3))([a, same[0]]) if len(a.shape) < 4 else None
        elif name == "Concatenate":
            y = L.Concatenate(**self.pick({}, {"axis": self.integer(1, len(a.shape) - 1)}))([a] + same[:2])
        else:
            y = getattr(L, name)()([a] + same[:2])
        return y if y is not None and size(y) <= LIMIT else None

    def model(self, sequential):
        """An uncompiled model whose outputs are open ends."""
        inputs, pool, ends = [], self.pool, []
        for _ in range(1 if sequential else self.pick(1, 1, 2, 3)):
            x, t = self.input()
            inputs.append(x)
            pool.append(t)
        for _ in range(self.integer(2, 8)):
            if not sequential and self.merges and self.chance(0.2):
                y = self.merge(pool)
            else:
                t = pool[-1] if sequential or self.chance(0.6) else self.pick(*pool)
                y = self.grow(t, 1 if sequential else 0)
            if y is not None:
                pool.append(y)
        used = lambda t, model: any(t is i for op in model.operations for node in op._inbound_nodes for i in node.input_tensors)
        whole = keras.Model(inputs, pool)
        open_ends = [t for t in pool if not used(t, whole)]
        if sequential:
            open_ends = pool[-1:]
        for t in open_ends[-3:]:
            ends.append(self.head(t))
        need = keras.Model(inputs, [e[0] for e in ends])
        if sequential and all(len(l._inbound_nodes) == 1 for l in need.layers) and not any(type(x) is tuple for l in need.layers for x in l._inbound_nodes[0].arguments.args):
            return keras.Sequential(need.layers), [e[1] for e in ends]
        kept = [x for x in inputs if any(used(x, need) or x is e[0] for e in ends)]
        if len(kept) < len(inputs):
            need = keras.Model(kept, [e[0] for e in ends])
        one = lambda v: v[0] if len(v) == 1 and self.chance(0.7) else v
        named = not self.steady and self.chance(0.15)
        outs = [e[0] for e in ends]
        to = dict(zip("pqr", outs)) if named else one(outs)  # compile wants losses by these names
        of = dict(zip("pqr", kept)) if self.chance(0.15) else one(kept)
        return keras.Model(of, to), [e[1] for e in ends]

    def head(self, t):
        """An output for a tensor and what it is to learn."""
        kind = self.pick("classes", "sparse", "binary", "number", "number")
        if kind == "number" and t.shape[-1] > 1 and self.chance(0.3):
            return t, kind
        if len(t.shape) > 2 and self.chance(0.6):
            t = self.pick(L.Flatten(), L.Flatten(), *([L.GlobalAveragePooling1D()] if len(t.shape) == 3 else []))(t)
        last = {"classes": "softmax", "sparse": "softmax", "binary": "sigmoid", "number": None}[kind]
        units = 1 if kind == "binary" and self.chance(0.6) else self.integer(2, 4)
        if last and self.chance(0.3):
            return L.Dense(units)(t), kind + "_logits"
        return L.Dense(units, activation=last)(t), kind
