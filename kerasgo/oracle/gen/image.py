"""Records what real Keras computes for the layers that resize and crop: ../testdata/image.json.gz.

Run with KERAS_BACKEND=tensorflow on a CPU:  python image.py
Cases are as in layers.py.
"""

import sys

from layers import keras, record
from record import write


def cases():
    """(class, arguments, input shapes, options)"""
    img = (2, 7, 10, 3)
    for kind in ("bilinear", "nearest", "bicubic", "lanczos3", "lanczos5"):  # TensorFlow has no gradient of "area"
        for antialias in (False, True):
            for size in ((4, 5), (11, 16)):
                yield "Resizing", dict(height=size[0], width=size[1], interpolation=kind, antialias=antialias), [img], {}
    for a in (dict(height=3, width=9, crop_to_aspect_ratio=True), dict(height=8, width=2, crop_to_aspect_ratio=True, interpolation="nearest"),
              dict(height=3, width=9, pad_to_aspect_ratio=True), dict(height=8, width=2, pad_to_aspect_ratio=True, fill_value=0.5, interpolation="bicubic"),
              dict(height=7, width=10), dict(height=1, width=1, interpolation="lanczos3"), dict(height=20, width=1, antialias=True)):
        yield "Resizing", a, [img], {}
    yield "Resizing", dict(height=4, width=6, data_format="channels_first", interpolation="bicubic", antialias=True), [(2, 3, 5, 4)], {}
    yield "Resizing", dict(height=4, width=6, data_format="channels_first", pad_to_aspect_ratio=True, fill_value=2), [(2, 3, 5, 4)], {}
    for size in ((4, 5), (7, 10), (6, 3), (9, 5), (3, 14), (12, 12), (1, 1)):
        yield "CenterCrop", dict(height=size[0], width=size[1]), [img], {}
    yield "CenterCrop", dict(height=2, width=3, data_format="channels_first"), [(2, 3, 5, 4)], {}
    yield "CenterCrop", dict(height=9, width=3, data_format="channels_first"), [(2, 3, 5, 4)], {}
    for kind in ("bicubic", "lanczos3", "lanczos5"):
        yield "UpSampling2D", dict(size=(2, 3), interpolation=kind), [(2, 3, 4, 2)], {}


if __name__ == "__main__":
    out = []
    for i, c in enumerate(cases()):
        print(i, c[0], c[1], file=sys.stderr, flush=True)
        out.append(record(5000 + i, *c))
    write("image.json.gz", "gen/image.py", out, keras.__version__)
