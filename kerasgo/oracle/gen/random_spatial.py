"""Draws of convolutions, pooling, padding and scaling."""

import keras

L = keras.layers
ANY_LAYOUT = keras.backend.backend() in ("torch", "jax")


class Spatial:
    """A part of random_layers.Layers."""

    # Convolutions

    def conv(self, s, rank, transpose=False, groups=True, causal=False):
        if len(s) != rank + 1:
            return None, None
        k = self.format({})
        space, channels = self.image(s, k)
        one_number = self.chance()
        each = lambda a, b: self.integer(a, b) if one_number else tuple(self.integer(a, b) for _ in range(rank))
        k["kernel_size"] = each(1, self.pick(2, 3, 4, 5))
        k["padding"] = self.pick(*["valid", "same", "causal"][:3 if causal else 2])
        if self.chance(0.3):
            k["strides"] = each(1, self.pick(2, 3, 5))
        elif self.chance(0.3):
            k["dilation_rate"] = each(1, 3)
        if groups and ANY_LAYOUT and channels > 1 and self.chance(0.4):
            k["groups"] = self.pick(*[d for d in range(2, channels + 1) if channels % d == 0])
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
            most = self.pick(2, 3, 5)
            each = lambda: self.integer(1, most) if one_number else tuple(self.integer(1, most) for _ in range(rank))
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
            return L.UpSampling2D(self.pick(2, (self.integer(1, 3), self.integer(1, 2))), **self.format({"interpolation": self.pick("nearest", "bilinear", *self.smooth)}))

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
            return L.SpatialDropout3D(self.rate(), **self.format(self.seeded()))

    # Adaptive pooling

    def _adaptive(self, cls, s, rank):
        if len(s) == rank + 1:
            return cls(self.integer(1, 3) if self.chance() or rank == 1 else tuple(self.integer(1, 4) for _ in range(rank)), **self.format({}))

    def AdaptiveAveragePooling1D(self, s):
        return self._adaptive(L.AdaptiveAveragePooling1D, s, 1)

    def AdaptiveAveragePooling2D(self, s):
        return self._adaptive(L.AdaptiveAveragePooling2D, s, 2)

    def AdaptiveAveragePooling3D(self, s):
        return self._adaptive(L.AdaptiveAveragePooling3D, s, 3)

    def AdaptiveMaxPooling1D(self, s):
        return self._adaptive(L.AdaptiveMaxPooling1D, s, 1)

    def AdaptiveMaxPooling2D(self, s):
        return self._adaptive(L.AdaptiveMaxPooling2D, s, 2)

    def AdaptiveMaxPooling3D(self, s):
        return self._adaptive(L.AdaptiveMaxPooling3D, s, 3)
