"""Records what real Keras computes for layers over volumes: ../testdata/layers3d.json.gz.

Run with KERAS_BACKEND=tensorflow on a CPU:  python layers3d.py
Cases are as in layers.py.
"""

import sys

from layers import keras, record
from record import write


def cases():
    """(class, arguments, input shapes, options)"""
    vol = (2, 5, 6, 7, 4)  # batch, depth, height, width, channels
    for a in ({}, dict(padding="same", strides=2, activation="relu"), dict(kernel_size=(1, 2, 4), padding="same", dilation_rate=(2, 1, 1)), dict(groups=2),
              dict(kernel_size=2, dilation_rate=2, use_bias=False), dict(kernel_size=(3, 1, 2), strides=(3, 1, 2), groups=2, padding="same"),
              dict(data_format="channels_first", kernel_size=2), dict(kernel_size=(4, 2, 2), padding="same", strides=(2, 1, 1)),
              dict(kernel_regularizer="l2", bias_regularizer="l1", activity_regularizer="l2", kernel_constraint="non_neg", bias_initializer="ones")):
        # TensorFlow has no groups and no channels_first for volumes on a CPU; ops.conv of a volume with groups runs on XLA
        if "groups" not in a and "data_format" not in a:
            yield "Conv3D", {**dict(filters=4, kernel_size=3), **a}, [vol], {}
    for a in ({}, dict(padding="same", strides=2, activation="tanh"), dict(kernel_size=(1, 2, 4), strides=(1, 3, 2)), dict(kernel_size=2, strides=3),
              dict(padding="same", strides=2, output_padding=1), dict(strides=(2, 2, 1), output_padding=(1, 0, 0), use_bias=False),
              dict(kernel_size=(4, 3, 2), padding="same"),
              dict(kernel_regularizer="l2", bias_regularizer="l1", activity_regularizer="l2")):
        yield "Conv3DTranspose", {**dict(filters=3, kernel_size=3), **a}, [(2, 3, 4, 2, 3)], {}
    for kind in ("Max", "Average"):
        for a in (dict(pool_size=2), dict(pool_size=(3, 2, 1), strides=(2, 1, 2), padding="same"), dict(pool_size=3, strides=2), dict(pool_size=4, strides=1, padding="same")):
            yield kind + "Pooling3D", a, [vol], {}
        if kind == "Average":  # of equal elements TensorFlow's gradient of MaxPooling3D chooses otherwise than that of MaxPooling2D
            yield kind + "Pooling3D", dict(pool_size=2, strides=1), [vol], dict(ties=True)
        for a in ({}, dict(keepdims=True), dict(data_format="channels_first"), dict(data_format="channels_first", keepdims=True)):
            yield f"Global{kind}Pooling3D", a, [vol], {}
    for a in ({}, dict(padding=2), dict(padding=(2, 1, 0)), dict(padding=((1, 0), (2, 3), (0, 1))), dict(padding=0), dict(padding=((0, 1), (2, 0), (1, 1)), data_format="channels_first")):
        yield "ZeroPadding3D", a, [(2, 3, 4, 2, 3)], {}
    for a in ({}, dict(cropping=(1, 2, 0)), dict(cropping=((1, 0), (2, 1), (0, 3))), dict(cropping=0), dict(cropping=((0, 1), (2, 0), (1, 1)), data_format="channels_first")):
        yield "Cropping3D", a, [vol], {}
    for a in ({}, dict(size=(3, 1, 2)), dict(size=(1, 2, 3), data_format="channels_first")):
        yield "UpSampling3D", a, [(2, 2, 3, 2, 3)], {}
    for a in (dict(rate=0.5), dict(rate=0.25, seed=3, data_format="channels_first"), dict(rate=0)):
        yield "SpatialDropout3D", a, [vol], dict(random=a["rate"] > 0)


if __name__ == "__main__":
    out = []
    for i, c in enumerate(cases()):
        print(i, c[0], c[1], file=sys.stderr, flush=True)
        out.append(record(3000 + i, *c))
    write("layers3d.json.gz", "gen/layers3d.py", out, keras.__version__)
