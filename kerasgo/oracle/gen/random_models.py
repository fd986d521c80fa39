"""Random models, made, run, trained and saved by real Keras.

    random_models.py make FOLDER SEED COUNT [LAYER ...]   writes COUNT models; with names of layers, of those only
    random_models.py check FOLDER                         reads what kerasgo made of them: FOLDER/report.txt

Every model is a function of (SEED, its number). It is saved as <name>.keras, .weights.h5 and .h5 after two training steps; <name>.json holds what Keras then answers:
predictions, the optimizer's variables, loss and metrics, the losses of three further steps and the weights after them. KERAS_BACKEND chooses the backend; TensorFlow's
CPU kernels lack channels_first and grouped convolutions, so that only torch and jax make models with those.
"""

import glob
import json
import os
import sys
import traceback
import warnings

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

import keras  # noqa: E402
import numpy as np  # noqa: E402

from random_objects import Objects  # noqa: E402

L = keras.layers
ANY_LAYOUT = keras.backend.backend() in ("torch", "jax")
LIMIT = 1200  # elements of a sample


def size(t):
    return int(np.prod([d for d in t.shape[1:]], dtype=int))


class Layers(Objects):
    """Draws layers that fit a shape: one method for each class; None where the shape does not suit it."""

    def __init__(self, rng, steady):
        super().__init__(rng)
        self.steady = steady  # the model is trained: random layers must do nothing

    def format(self, k):
        if self.chance(0.3) and ANY_LAYOUT:
            k["data_format"] = "channels_first"
        elif self.chance(0.2):
            k["data_format"] = "channels_last"
        return k

    def image(self, s, k):
        """Spatial lengths and channels, as the drawn format sees them."""
        return (s[1:], s[0]) if k.get("data_format") == "channels_first" else (s[:-1], s[-1])

    def common(self, k, *weights):
        """Arguments that many layers share."""
        for w in weights:
            if self.chance(0.3):
                k[w + "_initializer"] = self.initializer()
            if self.chance(0.15):
                k[w + "_regularizer"] = self.regularizer()
            if self.chance(0.15):
                k[w + "_constraint"] = self.constraint()
        if self.chance(0.05):
            k["trainable"] = False
        if self.chance(0.1):
            k["name"] = f"named_{self.integer(1000, 9999)}"
        return k

    def act(self, k):
        if self.chance(0.6):
            k["activation"] = self.activation()
        if self.chance(0.2):
            k["use_bias"] = self.chance()
        if self.chance(0.1):
            k["activity_regularizer"] = self.regularizer()
        return k

    # Core

    def Dense(self, s):
        return L.Dense(self.integer(1, 7), **self.common(self.act({}), "kernel", "bias"))

    def Activation(self, s):
        return L.Activation(self.activation())

    def ActivityRegularization(self, s):
        return L.ActivityRegularization(l1=self.number(0, 0.01), l2=self.number(0, 0.01))

    def Identity(self, s):
        return L.Identity()

    def Masking(self, s):
        if len(s) == 2:
            return L.Masking(mask_value=self.pick(0.0, 0.5))

    def Flatten(self, s):
        return L.Flatten(**self.format({}) if len(s) > 1 else {})

    def Reshape(self, s):
        n, shape = int(np.prod(s)), []
        for _ in range(self.integer(0, 2)):
            d = self.pick(*[d for d in range(1, 9) if n % d == 0])
            shape.append(d)
            n //= d
        shape.insert(self.integer(0, len(shape)), self.pick(-1, n))
        return L.Reshape(tuple(shape))

    def Permute(self, s):
        return L.Permute(tuple(int(i) + 1 for i in self.rng.permutation(len(s))))

    def RepeatVector(self, s):
        if len(s) == 1:
            return L.RepeatVector(self.integer(1, 4))

    def Rescaling(self, s):
        return L.Rescaling(self.number(0.2, 2), offset=self.number(-1, 1))

    # Activations

    def ReLU(self, s):
        return L.ReLU(max_value=self.pick(None, 1.5, 6.0), negative_slope=self.pick(0.0, 0.1), threshold=self.pick(0.0, 0.25))

    def LeakyReLU(self, s):
        return L.LeakyReLU(**self.pick({}, {"negative_slope": 0.05}))

    def ELU(self, s):
        return L.ELU(**self.pick({}, {"alpha": 0.4}))

    def PReLU(self, s):
        k = {"shared_axes": [i + 1 for i in range(len(s)) if self.chance()]} if self.chance() else {}
        return L.PReLU(**self.common(k, "alpha"))

    def Softmax(self, s):
        return L.Softmax(**self.pick({}, {"axis": -1}, {"axis": self.integer(1, len(s))}))

    # Convolutions

    def conv(self, s, rank, transpose=False, groups=True, causal=False):
        if len(s) != rank + 1:
            return None, None
        k = self.format({})
        space, channels = self.image(s, k)
        one_number = self.chance()
        each = lambda a, b: self.integer(a, b) if one_number else tuple(self.integer(a, b) for _ in range(rank))
        k["kernel_size"] = each(1, 3)
        k["padding"] = self.pick(*["valid", "same", "causal"][:3 if causal else 2])
        if self.chance(0.3):
            k["strides"] = each(1, 3)
        elif self.chance(0.3):
            k["dilation_rate"] = each(1, 2)
        if groups and ANY_LAYOUT and channels % 2 == 0 and self.chance(0.4):
            k["groups"] = 2
        if transpose and self.chance(0.3) and "dilation_rate" not in k and k.get("strides", 1) == 2:
            k["output_padding"] = self.integer(0, 1)
        return self.act(k), k.get("groups", 1)

    def _conv(self, cls, s, rank, **how):
        k, groups = self.conv(s, rank, **how)
        return k and cls(groups * self.integer(1, 4), **self.common(k, "kernel", "bias"))

    def Conv1D(self, s):
        return self._conv(L.Conv1D, s, 1, causal=True)

    def Conv2D(self, s):
        return self._conv(L.Conv2D, s, 2)

    def Conv1DTranspose(self, s):
        return self._conv(L.Conv1DTranspose, s, 1, groups=False, transpose=True)

    def Conv2DTranspose(self, s):
        return self._conv(L.Conv2DTranspose, s, 2, groups=False, transpose=True)

    def _equal_strides(self, k):
        """TensorFlow's depthwise kernels know only square strides."""
        if k and isinstance(k.get("strides"), tuple):
            k["strides"] = k["strides"][0]
        return k

    def _depthwise(self, cls, s, rank):
        k = self._equal_strides(self.conv(s, rank, groups=False)[0])
        return k and cls(**self.common({**k, "depth_multiplier": self.integer(1, 2)}, "depthwise", "bias"))

    def DepthwiseConv1D(self, s):
        return self._depthwise(L.DepthwiseConv1D, s, 1)

    def DepthwiseConv2D(self, s):
        return self._depthwise(L.DepthwiseConv2D, s, 2)

    def _separable(self, cls, s, rank):
        k = self._equal_strides(self.conv(s, rank, groups=False, causal=rank == 1)[0])
        return k and cls(self.integer(1, 4), **self.common({**k, "depth_multiplier": self.integer(1, 2)}, "depthwise", "pointwise", "bias"))

    def SeparableConv1D(self, s):
        return self._separable(L.SeparableConv1D, s, 1)

    def SeparableConv2D(self, s):
        return self._separable(L.SeparableConv2D, s, 2)

    # Pooling, padding, scaling

    def _pool(self, cls, s, rank):
        if len(s) == rank + 1:
            one_number = self.chance() or rank == 1
            each = lambda: self.integer(1, 3) if one_number else tuple(self.integer(1, 3) for _ in range(rank))
            k = self.format({"pool_size": each(), "padding": self.pick("valid", "same")})
            if "Average" in cls.__name__ and keras.backend.backend() == "torch":
                k["padding"] = "valid"  # its means of windows over the border are not those of the other backends
            if self.chance():
                k["strides"] = each()
            return cls(**k)

    def MaxPooling1D(self, s):
        return self._pool(L.MaxPooling1D, s, 1)

    def MaxPooling2D(self, s):
        return self._pool(L.MaxPooling2D, s, 2)

    def AveragePooling1D(self, s):
        return self._pool(L.AveragePooling1D, s, 1)

    def AveragePooling2D(self, s):
        return self._pool(L.AveragePooling2D, s, 2)

    def _global(self, cls, s, rank):
        if len(s) == rank + 1:
            return cls(**self.format({"keepdims": True} if self.chance(0.3) else {}))

    def GlobalMaxPooling1D(self, s):
        return self._global(L.GlobalMaxPooling1D, s, 1)

    def GlobalMaxPooling2D(self, s):
        return self._global(L.GlobalMaxPooling2D, s, 2)

    def GlobalAveragePooling1D(self, s):
        return self._global(L.GlobalAveragePooling1D, s, 1)

    def GlobalAveragePooling2D(self, s):
        return self._global(L.GlobalAveragePooling2D, s, 2)

    def _borders(self, rank, most):
        pair = lambda: (self.integer(0, most), self.integer(0, most))
        if rank == 1:
            return self.pick(1, pair())
        return self.pick(1, pair(), (pair(), pair()))

    def ZeroPadding1D(self, s):
        if len(s) == 2:
            return L.ZeroPadding1D(self._borders(1, 2), **self.format({}))

    def ZeroPadding2D(self, s):
        if len(s) == 3:
            return L.ZeroPadding2D(self._borders(2, 2), **self.format({}))

    def Cropping1D(self, s):
        if len(s) == 2 and s[0] > 2:
            return L.Cropping1D(self._borders(1, 1))

    def Cropping2D(self, s):
        if len(s) == 3 and min(s) > 2:
            return L.Cropping2D(self._borders(2, 1), **self.format({}))

    def UpSampling1D(self, s):
        if len(s) == 2:
            return L.UpSampling1D(self.integer(1, 3))

    def UpSampling2D(self, s):
        if len(s) == 3:
            return L.UpSampling2D(self.pick(2, (self.integer(1, 3), self.integer(1, 2))), **self.format({"interpolation": self.pick("nearest", "bilinear")}))

    # Volumes

    def Conv3D(self, s):
        return self._conv(L.Conv3D, s, 3)

    def Conv3DTranspose(self, s):
        return self._conv(L.Conv3DTranspose, s, 3, groups=False, transpose=True)

    def MaxPooling3D(self, s):
        return self._pool(L.MaxPooling3D, s, 3)

    def AveragePooling3D(self, s):
        return self._pool(L.AveragePooling3D, s, 3)

    def GlobalMaxPooling3D(self, s):
        return self._global(L.GlobalMaxPooling3D, s, 3)

    def GlobalAveragePooling3D(self, s):
        return self._global(L.GlobalAveragePooling3D, s, 3)

    def ZeroPadding3D(self, s):
        if len(s) == 4:
            return L.ZeroPadding3D(self.pick(1, (1, 0, 1), ((0, 1), (1, 0), (2, 1))), **self.format({}))

    def Cropping3D(self, s):
        if len(s) == 4 and min(s) > 2:
            return L.Cropping3D(self.pick(1, (1, 0, 1), ((0, 1), (1, 0), (1, 1))), **self.format({}))

    def UpSampling3D(self, s):
        if len(s) == 4:
            return L.UpSampling3D(self.pick(2, (1, 2, 1)), **self.format({}))

    def SpatialDropout3D(self, s):
        if len(s) == 4:
            return L.SpatialDropout3D(self.rate(), **self.format({}))

    # Adaptive pooling

    def _adaptive(self, cls, s, rank):
        if len(s) == rank + 1:
            return cls(self.integer(1, 3) if self.chance() or rank == 1 else tuple(self.integer(1, 4) for _ in range(rank)), **self.format({}))

    def AdaptiveAveragePooling1D(self, s):
        return self._adaptive(L.AdaptiveAveragePooling1D, s, 1)

    def AdaptiveAveragePooling2D(self, s):
        return self._adaptive(L.AdaptiveAveragePooling2D, s, 2)

    def AdaptiveMaxPooling1D(self, s):
        return self._adaptive(L.AdaptiveMaxPooling1D, s, 1)

    def AdaptiveMaxPooling2D(self, s):
        return self._adaptive(L.AdaptiveMaxPooling2D, s, 2)

    # Products

    @staticmethod
    def head(features, heads, *steps):
        """The features of a head, 2 instead of 1 where TensorFlow's backend would add the bias (heads, 1) along the steps: see attention_draws.py."""
        return 2 if features == 1 and heads in steps else features

    def EinsumDense(self, s):
        out, k = self.integer(1, 5), self.act({})
        k.pop("use_bias", None)
        if len(s) == 2 and self.chance():
            heads = self.integer(1, 3)
            return L.EinsumDense("abc,cde->abde", (None, heads, self.head(out, heads, s[0])), bias_axes=self.pick(None, "e", "de"), **self.common(k, "kernel", "bias"))
        if tuple(s[:-1]) != tuple(s[:-1])[::-1]:
            return None  # Keras 3.15.1 infers the axes of ... in reverse order, and a nested model is saved with that wrong shape
        return L.EinsumDense("...x,xy->...y", out, bias_axes=self.pick(None, "y"), **self.common(k, "kernel", "bias"))

    # Randomness

    def rate(self):
        return 0.0 if self.steady else self.number(0.1, 0.6)

    def Dropout(self, s):
        return L.Dropout(self.rate(), **self.pick({}, {"seed": 3}, {"noise_shape": (None, 1) + tuple(s[1:])}))

    def SpatialDropout1D(self, s):
        if len(s) == 2:
            return L.SpatialDropout1D(self.rate(), **self.pick({}, {"seed": 1}))

    def SpatialDropout2D(self, s):
        if len(s) == 3:
            return L.SpatialDropout2D(self.rate(), **self.format({}))

    def GaussianNoise(self, s):
        return L.GaussianNoise(self.rate())

    def GaussianDropout(self, s):
        return L.GaussianDropout(self.rate())

    def AlphaDropout(self, s):
        return L.AlphaDropout(self.rate())

    # Normalization

    def _scale_and_center(self, k):
        for part in ("scale", "center"):
            if self.chance(0.2):
                k[part] = self.chance()
        if self.chance(0.3):
            k["epsilon"] = self.pick(1e-3, 0.01, 0.1)
        return self.common(k, "gamma", "beta")

    def BatchNormalization(self, s):
        k = {"momentum": self.pick(0.99, 0.9, 0.5)} if self.chance() else {}
        if self.chance(0.3):
            k["axis"] = self.pick(-1, self.integer(1, len(s)))
        return L.BatchNormalization(**self._scale_and_center(k))

    def LayerNormalization(self, s):
        k = {}
        if self.chance(0.4):
            k["axis"] = self.pick(-1, self.integer(1, len(s)), [i + 1 for i in range(len(s))][-2:])
        return L.LayerNormalization(**self._scale_and_center(k))

    def GroupNormalization(self, s):
        k = {"axis": self.pick(-1, self.integer(1, len(s)))} if self.chance(0.3) else {}
        n = s[k.get("axis", 0) - 1]
        return L.GroupNormalization(groups=self.pick(-1, *[d for d in range(1, n + 1) if n % d == 0]), **self._scale_and_center(k))

    def RMSNormalization(self, s):
        return L.RMSNormalization(**self.pick({}, {"epsilon": 0.01}, {"axis": list(range(1, len(s) + 1))[-2:]}))

    def UnitNormalization(self, s):
        return L.UnitNormalization(**self.pick({}, {"axis": self.integer(1, len(s))}))

    # Recurrence

    def recurrent(self, bias=True):
        k = self.common({}, "kernel", "recurrent", "bias")
        if self.chance(0.3):
            k["activation"] = self.activation("tanh", "relu", "softsign")
        if self.chance(0.2):
            k["use_bias"] = self.chance()
        return k

    def gates(self, k):
        if self.chance(0.3):
            k["recurrent_activation"] = self.pick("sigmoid", "hard_sigmoid")
        return k

    def sequences(self, k):
        for name in ("return_sequences", "go_backwards", "unroll", "zero_output_for_mask"):
            if self.chance(0.5 if name == "return_sequences" else 0.15):
                k[name] = True
        if not self.steady and self.chance(0.2):
            k["dropout"], k["recurrent_dropout"] = self.rate(), self.rate()
        return k

    def _rnn(self, cls, s, **k):
        if len(s) == 2:
            return cls(self.integer(1, 5), **self.sequences(k))

    def SimpleRNN(self, s):
        return self._rnn(L.SimpleRNN, s, **self.recurrent())

    def LSTM(self, s):
        return self._rnn(L.LSTM, s, **self.gates(self.recurrent()), **self.pick({}, {"unit_forget_bias": False}))

    def GRU(self, s):
        return self._rnn(L.GRU, s, **self.gates(self.recurrent()), **self.pick({}, {"reset_after": False}))

    def SimpleRNNCell(self):
        return L.SimpleRNNCell(self.integer(1, 4), **self.recurrent())

    def LSTMCell(self):
        return L.LSTMCell(self.integer(1, 4), **self.gates(self.recurrent()))

    def GRUCell(self):
        return L.GRUCell(self.integer(1, 4), **self.gates(self.recurrent()), **self.pick({}, {"reset_after": False}))

    def cell(self):
        return self.pick(self.SimpleRNNCell, self.LSTMCell, self.GRUCell)()

    def RNN(self, s):
        if len(s) == 2:
            k = {n: True for n in ("return_sequences", "go_backwards", "unroll") if self.chance(0.3)}
            return L.RNN(L.StackedRNNCells([self.cell() for _ in range(self.integer(1, 3))]) if self.chance() else self.cell(), **k)

    StackedRNNCells = RNN

    def _conv_lstm(self, cls, s, rank):
        if len(s) != rank + 2:
            return None
        k = {}
        each = lambda a, b: self.integer(a, b) if self.chance() else tuple(self.integer(a, b) for _ in range(rank))
        if self.chance(0.3):
            k["strides"] = each(1, 2)
        elif self.chance(0.3):
            k["dilation_rate"] = each(1, 2)
        k["padding"] = self.pick("valid", "same")
        k = self.sequences({**self.gates(self.recurrent()), **k, **self.pick({}, {"unit_forget_bias": False})})
        k.pop("unroll", None)
        return cls(self.integer(1, 3), each(1, 3), **k)

    def ConvLSTM1D(self, s):
        return self._conv_lstm(L.ConvLSTM1D, s, 1)

    def ConvLSTM2D(self, s):
        return self._conv_lstm(L.ConvLSTM2D, s, 2)

    def Bidirectional(self, s):
        if len(s) == 2:
            layer = self.pick(self.SimpleRNN, self.LSTM, self.GRU)(s)
            layer.go_backwards = False
            return L.Bidirectional(layer, **self.pick({}, {"merge_mode": self.pick("sum", "mul", "ave", "concat")}))

    def TimeDistributed(self, s):
        if len(s) >= 2:
            inner = self.layer(s[1:], "Dense", "Conv1D", "Flatten", "Activation", "MaxPooling1D", "LayerNormalization", "BatchNormalization", "Reshape")
            return inner and L.TimeDistributed(inner)

    def layer(self, s, *names):
        """A layer for inputs of shape (batch, *s), of one of the classes."""
        layer = getattr(self, self.pick(*names))(tuple(s))
        if layer is not None and layer.activity_regularizer is None and not isinstance(layer, L.Bidirectional) and self.chance(0.03):
            layer.activity_regularizer = keras.regularizers.get(self.regularizer())
            if "activity_regularizer" not in layer.get_config():  # a few classes do not save it
                layer.activity_regularizer = None
        return layer


NO_LAYER = {"layer", "format", "image", "common", "act", "conv", "recurrent", "gates", "sequences", "rate", "cell"}
SINGLE = [n for n in vars(Layers) if n[0].isupper() and n not in NO_LAYER and not n.endswith("Cell")]
MERGES = ["Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum", "Concatenate", "Dot"]


class Net(Layers):
    """Grows a graph of layer calls."""

    def __init__(self, rng, steady, names=None):
        super().__init__(rng, steady)
        self.names = [n for n in SINGLE if not names or n in names] or SINGLE
        self.merges = [n for n in MERGES if not names or n in names]
        self.shared = []  # (layer, shape that it was called on)

    def input(self):
        """An input and the tensor to go on with."""
        kind = self.pick("vector", "sequence", "sequence", "image", "image", "ids", "volume")
        if kind == "ids":
            n = self.integer(3, 8)
            x = L.Input((n,), dtype=self.pick("int32", "float32"))
            k = self.common({"mask_zero": self.chance()}, "embeddings")
            if self.steady:  # a dense gradient: TensorFlow squares that of repeated ids one by one
                k.setdefault("embeddings_regularizer", "l2")
            return x, L.Embedding(7, self.integer(2, 5), **k)(x)
        shape = {"vector": lambda: (self.integer(2, 9),), "sequence": lambda: (self.integer(3, 9), self.integer(1, 5)),
                 "image": lambda: (self.integer(4, 9), self.integer(4, 9), self.integer(1, 4)),
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
        if depth == 0 and self.chance(0.08):
            layer = self.nested(s)
        elif depth == 0 and len(s) == 2 and self.chance(0.1):
            return self.stateful(t)
        elif depth == 0 and len(s) == 2 and self.chance(0.12):
            return self.attend(t)
        else:
            layer = self.layer(s, *self.names)
        if layer is None:
            return None
        y = layer(t)
        if isinstance(y, (list, tuple)) or size(y) > LIMIT or size(y) == 0 or len(y.shape) > 5:
            return None
        self.shared.append((layer, s))
        return y

    def stateful(self, t):
        """A recurrent layer that starts from another's state."""
        cls, units = self.pick(L.SimpleRNN, L.LSTM, L.GRU), self.integer(1, 4)
        out = cls(units, return_state=True, return_sequences=self.chance())(t)
        if self.chance():
            return self.pick(*out)
        return cls(units, return_sequences=self.chance())(self.pick(t, out[0]) if len(out[0].shape) == 3 else t, initial_state=list(out[1:]))

    def attend(self, t):
        """Attention of a sequence to itself, or to what a layer makes of it."""
        name = self.pick("MultiHeadAttention", "GroupQueryAttention", "Attention", "AdditiveAttention")
        other = self.pick(t, L.Dense(t.shape[-1])(t))
        if name == "MultiHeadAttention":
            k = self.pick({}, {"value_dim": 2}, {"use_bias": False}, {"output_shape": 3})
            heads, features = self.integer(1, 3), self.integer(1, 4)
            return L.MultiHeadAttention(heads, self.head(features, heads, t.shape[1]), **k)(t, other, **self.pick({}, {"use_causal_mask": True}))
        if name == "GroupQueryAttention":
            features = self.integer(1, 3)
            return L.GroupQueryAttention(self.head(self.head(features, 4, t.shape[1]), 2, t.shape[1]), 4, 2)(t, other)
        k = self.pick({}, {"use_scale": True} if name == "Attention" else {"use_scale": False})
        return getattr(L, name)(**k)([t, other], **self.pick({}, {"use_causal_mask": True}))

    def nested(self, s):
        """A model as a layer."""
        x = L.Input(s)
        y, chain = x, []
        for _ in range(self.integer(1, 3)):
            layer = self.layer(y.shape[1:], *self.names)
            if layer is not None:
                z = layer(y)
                if size(z) <= LIMIT and size(z) > 0 and len(z.shape) <= 5:
                    y = z
                    chain.append(layer)
        if not chain:
            return None
        return keras.Sequential([x] + chain) if self.chance() else keras.Model(x, y)

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
        inputs, pool, ends = [], [], []
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
        if sequential:
            return keras.Sequential(need.layers), [e[1] for e in ends]
        kept = [x for x in inputs if any(used(x, need) or x is e[0] for e in ends)]
        if len(kept) < len(inputs):
            need = keras.Model(kept, [e[0] for e in ends])
        one = lambda v: v[0] if len(v) == 1 and self.chance(0.7) else v
        return keras.Model(one(kept), one([e[0] for e in ends])), [e[1] for e in ends]

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


def targets(kind, shape, rng):
    if kind.startswith("classes"):
        return np.eye(shape[-1], dtype="float32")[rng.integers(0, shape[-1], shape[:-1])]
    if kind.startswith("sparse"):
        y = rng.integers(0, shape[-1], shape[:-1])
        return (y[..., None] if len(shape) == 2 and rng.random() < 0.5 else y).astype(rng.choice(["int32", "float32"]))
    if kind.startswith("binary"):
        return rng.integers(0, 2, shape).astype("float32")
    return rng.uniform(0.05, 1.5, shape).astype("float32")


def inputs_of(model, rng, n):
    out = []
    for i in model.inputs:
        shape = (n,) + tuple(i.shape[1:])
        ids = len(shape) == 2 and any(isinstance(layer, L.Embedding) and layer.input is i for layer in model.layers)
        x = rng.integers(0, 7, shape) if ids or "int" in str(i.dtype) else rng.normal(size=shape)
        if not ids and len(shape) == 3 and rng.random() < 0.5:
            x[:, -1] = 0  # for Masking
        out.append(x.astype("int32" if "int" in str(i.dtype) else "float32"))
    return out


def fill(model, rng):
    """Random values for every weight; those of positive kinds positive."""
    values = []
    for v in model.weights:
        x = rng.normal(size=v.shape) * (0.8 / max(1.0, np.sqrt(np.prod(v.shape[:-1]))) if len(v.shape) > 1 else 0.3)
        if "variance" in v.path or "gamma" in v.path or v.path.endswith("scale"):
            x = 0.5 + rng.random(v.shape)
        values.append(x.astype("float32"))
    model.set_weights(values)


def one(list_):
    return list_[0] if len(list_) == 1 else list_


def predictions(model, xs):
    p = model.predict_on_batch(one(xs))
    return [np.asarray(a) for a in keras.tree.flatten(p)]


def variables(model):
    return [np.asarray(keras.ops.convert_to_numpy(v)) for v in model.optimizer.variables] if model.optimizer else []


def steps(model, data, n):
    """The losses of n steps."""
    out = []
    for _ in range(n):
        model.reset_metrics()
        out.append(float(model.train_on_batch(*data, return_dict=True)["loss"]))
    return out


def plain(a):
    a = np.asarray(a)
    return {"shape": list(a.shape), "data": [float("%.9g" % v) for v in a.ravel().astype("float64")]}


def array(o, dtype="float32"):
    return np.array(o["data"], dtype).reshape(o["shape"])


def finite(arrays, limit=1e4):
    return all(np.all(np.isfinite(a)) and (a.size == 0 or np.max(np.abs(a)) < limit) for a in arrays)


class Unsuitable(Exception):
    pass


def make(folder, name, seed, names):
    """Writes one model, or raises Unsuitable for one that Keras cannot run or whose numbers grow too large."""
    rng = np.random.default_rng(seed)
    keras.utils.clear_session(free_memory=False)
    keras.utils.set_random_seed(1)
    train = rng.random() < 0.6
    net = Net(rng, train, names)
    model, kinds = net.model(sequential=rng.random() < 0.35)
    if model.count_params() > 20000:
        raise Unsuitable("too large")
    fill(model, rng)
    n = 6
    xs = inputs_of(model, rng, n)
    if not finite(predictions(model, xs)):
        raise Unsuitable("predictions not finite")
    how = net.compiled(kinds, getattr(model, "output_names", [])) if train else None
    ys, ws = [targets(k, (n,) + tuple(o.shape[1:]), rng) for k, o in zip(kinds, model.outputs)], None
    record = {"keras": keras.__version__, "backend": keras.backend.backend(), "y": [], "losses": [], "optimizer": [], "test": {}, "weights": []}
    if train:
        model.compile(run_eagerly=net.chance(0.2), **how)
        model.run_eagerly = True
        data = (one(xs), one(ys))
        if len(ys) == 1 and rng.random() < 0.3:
            ws = rng.uniform(0, 2, n).astype("float32")
            data += (ws,)
        steps(model, data, 2)
        model.optimizer.finalize_variable_values(model.trainable_weights)
        if not finite(variables(model), 1e6) or not finite(model.get_weights()):
            raise Unsuitable("training diverges")
    base = os.path.join(folder, name)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model.save(base + ".keras")
        model.save_weights(base + ".weights.h5")
        record["json"] = model.to_json()
        try:
            model.save(base + ".h5")
            keras.models.load_model(base + ".h5", compile=False)
        except Exception:  # Keras itself cannot write or read some models in this format
            record["unwritten"] = True
    record["x"], record["predict"] = [plain(x) for x in xs], [plain(p) for p in predictions(model, xs)]
    if train:
        model.reset_metrics()
        test = model.test_on_batch(*data, return_dict=True)
        record["test"] = {k: [float(x) for x in np.ravel(v)] for k, v in test.items()}
        record["y"], record["optimizer"] = [plain(y) for y in ys], [plain(v) for v in variables(model)]
        if ws is not None:
            record["w"] = plain(ws)
        record["losses"] = steps(model, data, 3)
        record["weights"] = [plain(w) for w in model.get_weights()]
        if not finite([np.array(record["losses"])]) or not finite([np.array(v) for v in record["test"].values()], 1e6):
            raise Unsuitable("training diverges")
    record["classes"] = sorted({type(layer).__name__ for layer in model._flatten_layers()})
    with open(base + ".json", "w") as f:
        json.dump(record, f)


def make_all(folder, seed, count, names):
    os.makedirs(folder, exist_ok=True)
    made, number, refused = 0, 0, {}
    while made < count:
        number += 1
        name = f"{keras.backend.backend()}_{seed}_{number}"
        try:
            make(folder, name, [seed, number], names)
            made += 1
        except Exception as e:  # a combination that Keras refuses
            for path in glob.glob(os.path.join(folder, name + ".*")):
                os.remove(path)
            why = str(e) if isinstance(e, Unsuitable) else traceback.format_exc(limit=-1).strip().splitlines()[-1][:150]
            refused[why] = refused.get(why, 0) + 1
            if os.environ.get("RANDOM_MODELS_TRACE") and not isinstance(e, Unsuitable):
                traceback.print_exc()
            if number > 20 * count + 50:
                raise
    with open(os.path.join(folder, f"refused_{keras.backend.backend()}_{seed}.txt"), "w") as f:
        for why, n in sorted(refused.items(), key=lambda p: -p[1]):
            f.write(f"{n:5} {why}\n")


def difference(got, want):
    worst = 0.0
    for g, w in zip(got, want, strict=True):
        g, w = np.asarray(g, "float64"), np.asarray(w, "float64")
        assert g.shape == w.shape, (g.shape, w.shape)
        if g.size:
            worst = max(worst, float(np.max(np.abs(g - w) / np.maximum(1, np.abs(w)))))
    return worst


def check(folder):
    """Loads <name>.keras, .weights.h5 and .h5 of kerasgo and holds them against <name>.json beside them."""
    report = {}
    for path in sorted(glob.glob(os.path.join(folder, "*.json"))):
        base, name = path[:-len(".json")], os.path.basename(path)[:-len(".json")]
        with open(path) as f:
            r = json.load(f)
        want = [array(a) for a in r["predict"]]
        for kind in ("keras", "weights.h5", "h5"):
            if not os.path.exists(f"{base}.{kind}"):
                continue
            keras.utils.clear_session(free_memory=False)
            out = report[f"{name}.{kind}"] = {"predict": 0, "optimizer": 0, "losses": 0, "warnings": []}
            try:
                with warnings.catch_warnings(record=True) as caught:
                    warnings.simplefilter("always")
                    if kind == "weights.h5":
                        m = keras.models.model_from_json(r["json"])
                        m.load_weights(f"{base}.{kind}")
                    else:
                        m = keras.models.load_model(f"{base}.{kind}", compile=kind == "keras")
                    out["warnings"] = [str(w.message) for w in caught if "optimizer" in str(w.message) or "variable" in str(w.message)]
                xs = [array(a, "int32" if "int" in str(i.dtype) else "float32") for a, i in zip(r["x"], m.inputs)]
                out["predict"] = difference(predictions(m, xs), want)
                if kind == "keras" and r["losses"]:
                    out["optimizer"] = difference(variables(m), [array(a) for a in r["optimizer"]])
                    m.run_eagerly = True
                    data = (one(xs), one([array(a) for a in r["y"]])) + ((array(r["w"]),) if r.get("w") else ())
                    out["losses"] = difference([steps(m, data, len(r["losses"]))], [r["losses"]])
            except Exception:
                out["error"] = traceback.format_exc()
    with open(os.path.join(folder, "report.txt"), "w") as f:
        json.dump(report, f)


if __name__ == "__main__":
    if sys.argv[1] == "make":
        make_all(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), sys.argv[5:])
    else:
        check(sys.argv[2])
