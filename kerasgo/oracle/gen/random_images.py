"""Draws of layers for images, spectrograms and of those that are random in training only."""

import inspect

import keras

L = keras.layers
BACKEND = keras.backend.backend()


class Images:
    """One method for each class, as in random_layers.Layers. What kerasgo has no gradient for, or what is random in training, is drawn for models that are not trained."""

    def _image(self, s, cls, *args, trained=False, layout=True, **k):
        if len(s) != 3 or (self.steady and not trained):
            return None
        if layout and self.chance(0.2) and BACKEND != "tensorflow":
            k["data_format"] = "channels_first"
        if self.chance(0.1) and not trained:
            k["seed"] = self.integer(0, 9)
        takes = inspect.signature(cls.__init__).parameters
        drawn = {"value_range": lambda: self.pick((0.0, 1.0), (0, 100)), "interpolation": lambda: self.pick("bilinear", "nearest"), "fill_value": lambda: self.number(0, 1),
                 "sigma": lambda: self.number(0.5, 2)}
        for name, draw in drawn.items():
            if name in takes and name not in k and self.chance(0.3):
                k[name] = draw()
        return cls(*args, **k)

    def _rgb(self, s, cls, *args, **k):
        """For classes that want three channels."""
        return self._image(s, cls, *args, layout=False, **k) if s[-1:] == (3,) else None

    def Resizing(self, s):
        k = {"interpolation": self.pick("bilinear", "nearest", "bicubic", "lanczos3", "lanczos5", "area") if BACKEND == "tensorflow" and not self.steady else
             self.pick("bilinear", "nearest"), "antialias": False}
        if self.chance(0.2):
            k["crop_to_aspect_ratio"] = True
        elif self.chance(0.2):
            k.update(pad_to_aspect_ratio=True, fill_mode="constant", fill_value=self.number(0, 1))
        return self._image(s, L.Resizing, self.integer(1, 9), self.integer(1, 9), trained=True, **k)

    def CenterCrop(self, s):
        return self._image(s, L.CenterCrop, self.integer(1, 6), self.integer(1, 6), trained=True)

    def RandomCrop(self, s):
        return self._image(s, L.RandomCrop, self.integer(1, 6), self.integer(1, 6))

    def RandomFlip(self, s):
        return self._image(s, L.RandomFlip, self.pick("horizontal", "vertical", "horizontal_and_vertical"))

    def _fills(self):
        return {"fill_mode": self.pick("reflect", "constant", "wrap", "nearest"), "fill_value": self.number(0, 1), "interpolation": self.pick("bilinear", "nearest")}

    def factor(self):
        return self.pick(self.number(0.1, 0.9), (self.number(0, 0.2), self.number(0.3, 0.9)))

    def RandomRotation(self, s):
        return self._image(s, L.RandomRotation, self.factor(), **self._fills())

    def RandomZoom(self, s):
        return self._image(s, L.RandomZoom, self.factor(), self.pick(None, self.factor()), **self._fills())

    def RandomTranslation(self, s):
        return self._image(s, L.RandomTranslation, self.factor(), self.factor(), **self._fills())

    def RandomShear(self, s):
        return self._image(s, L.RandomShear, self.factor(), self.factor(), **self._fills())

    def RandomPerspective(self, s):
        return self._image(s, L.RandomPerspective, **self.some(factor=self.factor, scale=lambda: self.number(0.1, 0.9)))

    def RandomElasticTransform(self, s):
        return self._image(s, L.RandomElasticTransform, **self.some(factor=self.factor, scale=lambda: self.number(0.1, 0.9)))

    def RandomContrast(self, s):
        return self._image(s, L.RandomContrast, self.factor())

    def RandomBrightness(self, s):
        return self._image(s, L.RandomBrightness, self.factor(), value_range=self.pick((0, 255), (0.0, 1.0)))

    def RandomSharpness(self, s):
        return self._image(s, L.RandomSharpness, self.factor())

    def RandomColorDegeneration(self, s):
        return self._rgb(s, L.RandomColorDegeneration, self.factor())

    def RandomHue(self, s):
        return self._rgb(s, L.RandomHue, self.factor())

    def RandomSaturation(self, s):
        return self._rgb(s, L.RandomSaturation, self.factor())

    def RandomGrayscale(self, s):
        return self._rgb(s, L.RandomGrayscale, self.number(0, 1))

    def RandomColorJitter(self, s):
        return self._rgb(s, L.RandomColorJitter, **self.some(brightness_factor=self.factor, hue_factor=self.factor, contrast_factor=self.factor, saturation_factor=self.factor))

    def RandomPosterization(self, s):
        return self._image(s, L.RandomPosterization, self.integer(1, 8))

    def RandomInvert(self, s):
        return self._image(s, L.RandomInvert, **self.some(factor=self.factor))

    def Solarization(self, s):
        return self._image(s, L.Solarization, **self.some(addition_factor=self.factor, threshold_factor=self.factor))

    def RandomGaussianBlur(self, s):
        return self._image(s, L.RandomGaussianBlur, **self.some(factor=self.factor, kernel_size=self.pick(3, 5, (3, 5))))

    def RandomErasing(self, s):
        return self._image(s, L.RandomErasing, **self.some(factor=self.factor, scale=(0.1, 0.2)))

    def AutoContrast(self, s):
        return self._image(s, L.AutoContrast, **self.pick({}, {"value_range": (0, 1)}))

    def Equalization(self, s):
        return self._image(s, L.Equalization, **self.pick({}, {"bins": 7}))

    def ContrastLimitedAdaptiveHistogramEqualization(self, s):
        return self._rgb(s, L.ContrastLimitedAdaptiveHistogramEqualization, tile_grid_size=(2, 3), **self.some(clip_limit=2.0))

    def CutMix(self, s):
        return self._image(s, L.CutMix, **self.some(factor=self.factor))

    def MixUp(self, s):
        return self._image(s, L.MixUp, **self.some(alpha=lambda: self.number(0.1, 2)))

    def RandAugment(self, s):
        return self._rgb(s, L.RandAugment, **self.some(num_ops=lambda: self.integer(1, 4), factor=lambda: self.number(0, 1)))

    def AugMix(self, s):
        return self._rgb(s, L.AugMix, **self.some(num_chains=lambda: self.integer(1, 3), chain_depth=lambda: self.integer(1, 3), factor=lambda: self.number(0, 1), alpha=0.5, all_ops=False))

    def Pipeline(self, s):
        if len(s) == 3 and not self.steady:
            return L.Pipeline([L.CenterCrop(self.integer(1, 4), self.integer(1, 4)), L.RandomFlip(seed=self.integer(0, 5)), L.Rescaling(self.number(0.5, 2))][self.integer(0, 1):])

    def STFTSpectrogram(self, s):
        if s and (len(s) == 1 or len(s) == 2) and not self.steady and (len(s) == 2 or s[0] >= 6):
            frame = self.integer(2, 4)
            if len(s) == 2 and self.chance(0.2):
                return L.STFTSpectrogram("magnitude", frame, padding="same", expand_dims=self.chance(), data_format=self.pick("channels_first", "channels_last")) if min(s) > 5 else None
            k = self.some(mode=self.pick("log", "magnitude", "psd", "real", "imag", "angle", "stft"), frame_step=self.integer(1, 3), window=self.pick("hann", "hamming"),
                          scaling=self.pick("density", "spectrum"), periodic=self.chance, expand_dims=False)
            if k.get("mode") == "angle":
                k["mode"] = "psd"  # the angle of a number near 0 is noise
            return L.STFTSpectrogram(frame_length=frame, fft_length=self.pick(frame, 8), padding=self.pick("valid", "same"), **k) if s[0] >= 6 else None

    def MelSpectrogram(self, s):
        if len(s) == 1 and s[0] >= 8 and not self.steady:
            return L.MelSpectrogram(fft_length=8, sequence_stride=self.integer(2, 4), sequence_length=self.pick(None, 6), sampling_rate=100, num_mel_bins=self.integer(2, 4),
                                    min_freq=1.0, max_freq=50.0, power_to_db=self.chance(), **self.some(window="hamming", top_db=20.0, mag_exp=1.0, min_power=1e-4, ref_power=2.0))
