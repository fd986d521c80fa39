"""Records what the preprocess_input of each network of keras.applications makes of images: ../testdata/preprocess_input.json.gz.

Run on a CPU:  python preprocess_input.py
"""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np

from applications import PLAIN
from record import array, write

# Prefixes of constructors by module; the first that fits.
MODULES = dict(ResNet152V2="resnet_v2", ResNet101V2="resnet_v2", ResNet50V2="resnet_v2", ResNet="resnet", VGG16="vgg16", VGG19="vgg19",
               MobileNetV3="mobilenet_v3", MobileNetV2="mobilenet_v2", MobileNet="mobilenet", DenseNet="densenet", InceptionV3="inception_v3",
               InceptionResNetV2="inception_resnet_v2", Xception="xception", EfficientNetV2="efficientnet_v2", EfficientNet="efficientnet",
               NASNet="nasnet", ConvNeXt="convnext")


def cases():
    rng = np.random.default_rng(7)
    batch = rng.integers(0, 256, (2, 3, 2, 3)).astype("int32")
    image = (255 * rng.random((2, 2, 3))).astype("float32")
    for c in PLAIN:
        module = getattr(keras.applications, next(m for p, m in MODULES.items() if c.startswith(p)))
        for x in (batch, image):
            yield {"class": c, "images": array(x), "output": array(module.preprocess_input(x.copy()).astype("float32"))}


if __name__ == "__main__":
    write("preprocess_input.json.gz", "gen/preprocess_input.py", list(cases()), keras.__version__)
