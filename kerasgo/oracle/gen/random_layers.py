"""Draws of layers: one method for each class, by the shape that it is called on."""

import keras
import numpy as np

from random_images import Images
from random_objects import Objects
from random_recurrent import Recurrent
from random_spatial import ANY_LAYOUT, Spatial

L = keras.layers


class Layers(Objects, Images, Recurrent, Spatial):
    """Draws layers that fit a shape: one method for each class; None where the shape does not suit it."""

    def __init__(self, rng, steady):
        super().__init__(rng)
        self.steady = steady  # the model is trained: random layers must do nothing
        self.coarse = False  # something computes in a low precision
        self.inside = 0  # how many wrappers are around what is drawn
        self.smooth = [] if steady or ANY_LAYOUT else ["bicubic", "lanczos3", "lanczos5"]

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
        if self.chance(0.05) and not self.inside:  # wrappers and what they wrap have one policy
            k["dtype"] = self.policy()
        return k

    def policy(self):
        """A dtype policy for one layer; those of low precision for models that are not trained."""
        if self.steady or self.chance(0.4):
            return self.pick("float64", keras.DTypePolicy("float32"), "float32")
        self.coarse = True
        return self.pick("bfloat16", "float16", "mixed_bfloat16", "mixed_float16", keras.DTypePolicy("mixed_bfloat16"))

    def seeded(self, **k):
        """Some of the arguments of layers that are random in training, with a seed."""
        return self.some(seed=lambda: self.integer(0, 9), **k)

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
        return L.Activation(self.activation(), **self.common({}))

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

    # Products

    @staticmethod
    def head_size(features, heads, *steps):
        """The features of a head, 2 instead of 1 where TensorFlow's backend would add the bias (heads, 1) along the steps: see attention_draws.py."""
        return 2 if features == 1 and heads in steps else features

    def EinsumDense(self, s):
        out, k = self.integer(1, 5), self.act({})
        k.pop("use_bias", None)
        if len(s) == 2 and self.chance():
            heads = self.integer(1, 3)
            return L.EinsumDense("abc,cde->abde", (None, heads, self.head_size(out, heads, s[0])), bias_axes=self.pick(None, "e", "de"),
                                 **self.common(k, "kernel", "bias"))
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
            return L.SpatialDropout2D(self.rate(), **self.format(self.seeded()))

    def GaussianNoise(self, s):
        return L.GaussianNoise(self.rate(), **self.seeded())

    def GaussianDropout(self, s):
        return L.GaussianDropout(self.rate(), **self.seeded())

    def AlphaDropout(self, s):
        return L.AlphaDropout(self.rate(), **self.seeded(noise_shape=lambda: (None, 1) + tuple(s[1:])))

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
        if self.chance(0.2):
            k.update(moving_mean_initializer=self.initializer(), moving_variance_initializer=self.pick("ones", keras.initializers.Constant(0.5)))
        if self.chance(0.1) and keras.backend.backend() != "jax":  # which trains it otherwise
            k.update(renorm=True, **self.some(renorm_clipping=lambda: {"rmax": 1.5, "rmin": 0.6, "dmax": 0.5}, renorm_momentum=0.9))
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
        return L.RMSNormalization(**self.pick({}, {"epsilon": 0.01}, {"axis": list(range(1, len(s) + 1))[-2:]}), **self.common({}))

    def UnitNormalization(self, s):
        return L.UnitNormalization(**self.pick({}, {"axis": self.integer(1, len(s))}))

    def wrapped(self, s, *names):
        """A layer to be wrapped."""
        self.inside += 1
        layer = self.layer(s, *names)
        self.inside -= 1
        return layer

    def layer(self, s, *names):
        """A layer for inputs of shape (batch, *s), of one of the classes."""
        layer = getattr(self, self.pick(*names))(tuple(s))
        if layer is not None and layer.activity_regularizer is None and not isinstance(layer, L.Bidirectional) and self.chance(0.03):
            layer.activity_regularizer = keras.regularizers.get(self.regularizer())
            if "activity_regularizer" not in layer.get_config():  # a few classes do not save it
                layer.activity_regularizer = None
        return layer
