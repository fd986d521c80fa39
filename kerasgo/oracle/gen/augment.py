"""Records what real Keras does to images with given random numbers: ../testdata/augment.json.gz.

Run with KERAS_BACKEND=tensorflow on a CPU:  python augment.py
With KERAS_BACKEND=torch it records RandomElasticTransform, ../testdata/elastic.json.gz: the other backends draw one field for both directions.

Cases are as in layers.py, without gradients: TensorFlow's gradient of affine_transform is not the derivative.
"""

import importlib
import os
import sys

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

import keras
import numpy as np
from keras import layers as L
from keras.src.layers.preprocessing.image_preprocessing import aug_mix

from draws import SEED, STEP, Draws
from record import array, plain, write

FILLS = ("reflect", "constant", "wrap", "nearest")
FIRST = dict(data_format="channels_first")


def cases():
    """(class, arguments); images are (3, 6, 8, 3) with values from 0 to 255, or to value_range's end"""
    for a in ({}, dict(mode="horizontal"), dict(mode="vertical", seed=5), dict(mode="horizontal", **FIRST)):
        yield "RandomFlip", a
    for i, fill in enumerate(FILLS):
        more = dict(fill_mode=fill, fill_value=9.5 if fill == "constant" else 0.0, interpolation=("bilinear", "nearest")[i % 2], seed=(None, 11)[i % 2])
        yield "RandomRotation", dict(factor=(0.3, (-0.1, 0.4), [0.05, 0.06], 1.0)[i], **more)
        yield "RandomZoom", dict(height_factor=(0.5, (-0.4, -0.2), [0.1, 0.3], 0.9)[i], **more)
        yield "RandomZoom", dict(height_factor=(0.5, (-0.4, -0.2), [0.1, 0.3], 0.9)[i], width_factor=(0.2, -0.4)[i % 2], **more)
        yield "RandomTranslation", dict(height_factor=(0.5, (-0.4, -0.2), [0.1, 0.3], 0.9)[i], width_factor=(0.2, (-0.3, 0.4))[i % 2], **more)
        yield "RandomShear", dict(x_factor=((0.0, 0.3), [0.2, 0.5], (0.1, 1.0), (0.0, 0.0))[i], y_factor=((0.1, 0.2), (0.0, 0.0))[i % 2], **more)
    for cls in ("RandomRotation", "RandomPerspective", "RandomContrast", "RandomBrightness", "RandomSharpness", "RandomColorDegeneration", "RandomHue", "RandomSaturation"):
        yield cls, dict(factor=0.4, **FIRST)
    yield "RandomTranslation", dict(height_factor=0.4, width_factor=0.3, **FIRST)
    yield "RandomZoom", dict(height_factor=0.4, width_factor=0.3, **FIRST)
    yield "RandomShear", dict(x_factor=[0.1, 0.4], **FIRST)
    for a in ({}, dict(factor=0.5, scale=0.3, fill_value=7.0), dict(factor=(0.9, 1.0), scale=0.8, interpolation="nearest", seed=4)):
        yield "RandomPerspective", a
    for a in (dict(height=3, width=5), dict(height=6, width=4), dict(height=9, width=4, seed=2), dict(height=4, width=4, **FIRST), dict(height=2, width=9)):
        yield "RandomCrop", a
    for a in (0.5, (0.2, 0.9), [0.0, 0.1]):
        yield "RandomContrast", dict(factor=a)
        yield "RandomHue", dict(factor=a, seed=3)
        yield "RandomSharpness", dict(factor=a)
    yield "RandomContrast", dict(factor=0.5, value_range=(0.0, 1.0))
    yield "RandomHue", dict(factor=1.0, value_range=(0, 1))
    yield "RandomSharpness", dict(factor=1.0, value_range=(1, 0))
    for a in (0.5, (-0.2, 0.9), [-0.5, -0.3]):
        yield "RandomBrightness", dict(factor=a)
        yield "RandomColorDegeneration", dict(factor=a)
        yield "RandomSaturation", dict(factor=a)
    yield "RandomBrightness", dict(factor=1.0, value_range=[1.0, 0.0], seed=8)
    yield "RandomColorDegeneration", dict(factor=0.9, value_range=[0, 1])
    yield "RandomSaturation", dict(factor=0.9, value_range=(0, 1))
    for a in ({}, dict(factor=0.9), dict(factor=1.0, **FIRST)):
        yield "RandomGrayscale", a
    for a in (dict(factor=4), dict(factor=(2, 5), seed=1), dict(factor=[3, 3]), dict(factor=8, value_range=[0.0, 1.0])):
        yield "RandomPosterization", a
    for a in ({}, dict(factor=0.5), dict(factor=(0.1, 0.7), value_range=(0, 1), seed=2)):
        yield "RandomInvert", a
    for a in ({}, dict(addition_factor=0.3, threshold_factor=0.8), dict(threshold_factor=(0.2, 0.9), value_range=(0, 1)), dict(addition_factor=[0.1, 0.4])):
        yield "Solarization", a
    for a in ({}, dict(factor=0.6, kernel_size=(3, 5), sigma=(0.5, 0.9)), dict(kernel_size=7, sigma=0.4, value_range=(0, 1), **FIRST)):
        yield "RandomGaussianBlur", a
    for a in ({}, dict(factor=0.6, scale=0.5, fill_value=3.0), dict(scale=(0.2, 0.6), fill_value=[1.0, 200.0, 300.0]), dict(fill_value=0.25, value_range=(0, 1), seed=5, **FIRST)):
        yield "RandomErasing", a
    for a in ({}, dict(brightness_factor=0.3, contrast_factor=0.2, saturation_factor=0.6, hue_factor=0.4), dict(brightness_factor=(0.1, 0.2), value_range=(0, 1), seed=9)):
        yield "RandomColorJitter", a
    for a in ({}, dict(value_range=[0, 1]), dict(value_range=(1.0, 0.0)), FIRST):
        yield "AutoContrast", a
        yield "Equalization", a
        yield "ContrastLimitedAdaptiveHistogramEqualization", dict(tile_grid_size=(2, 3), **({} if a.get("value_range") == (1.0, 0.0) else a))
    yield "Equalization", dict(bins=7)
    yield "ContrastLimitedAdaptiveHistogramEqualization", dict(tile_grid_size=(3, 4), clip_limit=0.0)
    yield "ContrastLimitedAdaptiveHistogramEqualization", dict(tile_grid_size=(1, 5), clip_limit=20.5)
    for a in ({}, dict(factor=0.3, seed=4), dict(factor=(0.8, 1.0), **FIRST)):
        yield "CutMix", a
    for a in ({}, dict(alpha=1.5), dict(alpha=0.9, seed=3, **FIRST)):
        yield "MixUp", a
    for i in range(8):
        yield "RandAugment", dict(seed=i + 20)
    for a in ({}, dict(num_ops=5, factor=0.2, interpolation="nearest"), dict(factor=(0.1, 0.9), value_range=(0, 1)), FIRST):
        yield "RandAugment", a
    for a in ({}, dict(num_chains=2, chain_depth=5, factor=0.6, alpha=0.4), dict(all_ops=False, factor=(0.1, 0.9), value_range=(0, 1)), FIRST, dict(seed=12)):
        yield "AugMix", a
    for a in (dict(max_number=3), dict(max_number=9, **FIRST), dict(max_number=1, name="boxes")):
        yield "MaxNumBoundingBoxes", a
    for a in ([L.RandomFlip("horizontal", seed=3)], [L.CenterCrop(4, 5), L.RandomBrightness(0.3, seed=1)], [L.Rescaling(1 / 255), L.AutoContrast((0, 1)), L.CenterCrop(2, 2)]):
        yield "Pipeline", dict(layers=a)


def elastic():
    for a in ({}, dict(factor=0.6, scale=0.5), dict(scale=(0.5, 0.9), interpolation="nearest", seed=3), dict(fill_mode="constant", fill_value=40.0),
              dict(fill_mode="wrap", **FIRST), dict(fill_mode="nearest", value_range=(0, 1)), dict(factor=0.0), dict(scale=0.0)):
        yield "RandomElasticTransform", a


# How many draws a change of AugMix takes.
TAKES = dict(random_shear=3, random_translation=2, random_rotation=1, random_posterization=1, solarization=2, auto_contrast=0, equalization=0,
             random_brightness=1, random_color_degeneration=1, random_contrast=1, random_sharpness=1)


class Choice:
    """random.choice of AugMix. kerasgo draws for all changes, whichever is chosen."""

    def __init__(self, draws, layer):
        self.draws, self.place = draws, 0
        factor = max(1, int(8 * layer.factor[1]))
        self.takes = {**TAKES, "random_posterization": int(factor > 1)}

    def choice(self, names):
        if self.place == 0:
            self.start = self.draws.n
        per = 1 + sum(self.takes[n] for n in names[:-1])
        self.draws.n = self.start + self.place * per
        self.place += 1
        chosen = names[int(np.floor(self.draws.uniform((1,), 0, len(names))[0]))]
        for n in names:
            if n == chosen:
                break
            self.draws.n += self.takes[n]
        return chosen


def record(i, cls, args):
    rng = np.random.default_rng(7000 + i)
    keras.backend.clear_session()
    layer = getattr(L, cls)(**args)
    shape = (3, 3, 6, 8) if args.get("data_format") == "channels_first" else (3, 6, 8, 3)
    if cls == "RandomElasticTransform":
        shape = (2, 2, 22, 24) if args.get("data_format") == "channels_first" else (2, 22, 24, 2)
    x = (rng.uniform(size=shape) * max(args.get("value_range", (0, 255)))).astype("float32")
    x[1] = np.round(x[1])
    if cls in ("AutoContrast", "Equalization"):
        x[2, ..., 1] = 4
    case = dict(cls=cls, object=plain(keras.saving.serialize_keras_object(layer)), inputs=[array(x)], masks=[None], weights=[])
    case["object"].pop("build_config", None)
    shape = layer.compute_output_shape((None,) + shape[1:]) if cls != "Pipeline" else None
    for mode in ("infer", "train"):
        draws = Draws(cls, getattr(layer, "seed", None))
        draws.install(importlib.import_module(f"keras.src.backend.{keras.backend.backend()}.random"), lambda v: keras.ops.convert_to_tensor(v))
        if cls == "RandomElasticTransform":
            import torch
            torch.normal = lambda mean, std, size, **kw: torch.tensor(draws.normal(size))
        if cls == "AugMix":
            aug_mix.py_random = Choice(draws, layer)
        if cls == "Pipeline":  # each layer inside has a path of its own
            for sub in layer.layers:
                draws = Draws(f"Pipeline/layers/{sub.name.rstrip('_0123456789')}", getattr(sub, "seed", None))
                if hasattr(sub, "seed"):
                    draws.install(importlib.import_module(f"keras.src.backend.{keras.backend.backend()}.random"), lambda v: keras.ops.convert_to_tensor(v))
        y = keras.ops.convert_to_numpy(layer(keras.ops.convert_to_tensor(x), training=mode == "train"))
        case[mode] = dict(output=array(y), mask=None, losses=0.0, grad_inputs=[], grad_weights=[], after=None)
    case["output_shape"] = list(shape) if shape and cls != "RandomCrop" else [None, *y.shape[1:]] if cls != "RandomCrop" else None
    case["random"] = [SEED, STEP]
    return case


if __name__ == "__main__":
    out = []
    torch = keras.backend.backend() == "torch"
    for i, c in enumerate(elastic() if torch else cases()):
        print(i, c[0], c[1], file=sys.stderr, flush=True)
        out.append(record(i, *c))
    write("elastic.json.gz" if torch else "augment.json.gz", "gen/augment.py", out, keras.__version__)
