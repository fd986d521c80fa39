"""Records what real Keras computes for adaptive pooling: ../testdata/adaptive.json.gz.

Run with KERAS_BACKEND=torch on a CPU:  python adaptive.py  (TensorFlow fails for some lengths, and JAX rounds
the ends of windows: of 7 steps in 7 windows it takes some twice.) Cases are as in layers.py.
"""

import os

os.environ.setdefault("KERAS_BACKEND", "torch")

import keras
import numpy as np
import torch
from keras import layers as L

from record import array, plain, write


def cases():
    """(class, arguments, input shape)"""
    for kind in ("Average", "Max"):
        for n, size in ((9, 3), (9, 4), (7, 7), (5, 1), (3, 5), (1, 2), (11, 6)):
            yield f"Adaptive{kind}Pooling1D", dict(output_size=size), (2, n, 3)
        yield f"Adaptive{kind}Pooling1D", dict(output_size=[4], data_format="channels_first"), (2, 3, 7)
        for n, size in (((7, 10), (3, 4)), ((6, 4), 2), ((4, 5), (5, 3)), ((8, 3), (1, 1)), ((3, 2), (7, 2))):
            yield f"Adaptive{kind}Pooling2D", dict(output_size=size), (2, *n, 3)
        yield f"Adaptive{kind}Pooling2D", dict(output_size=(2, 3), data_format="channels_first"), (2, 3, 5, 7)
        for n, size in (((4, 5, 6), (2, 3, 4)), ((4, 4, 2), 2), ((2, 3, 5), (3, 2, 1))):
            yield f"Adaptive{kind}Pooling3D", dict(output_size=size), (2, *n, 2)
        yield f"Adaptive{kind}Pooling3D", dict(output_size=(2, 3, 1), data_format="channels_first"), (2, 2, 5, 4, 3)


def record(i, cls, args, shape, ties=False):
    rng = np.random.default_rng(6000 + i)
    keras.backend.clear_session()
    layer = getattr(L, cls)(**args)
    x = rng.normal(size=shape).astype("float32")
    if ties:
        x = np.round(x)
    t = torch.tensor(x, requires_grad=True)
    y = layer(t)
    cot = rng.normal(size=tuple(y.shape)).astype("float32")
    y.backward(torch.tensor(cot))
    y = y.detach().numpy()
    mode = dict(output=array(y), mask=None, losses=0.0, grad_inputs=[array(t.grad.numpy())], grad_weights=[], after=None)
    return dict(cls=cls, object=plain(keras.saving.serialize_keras_object(layer)), inputs=[array(x)], masks=[None],
                output_shape=[None, *y.shape[1:]], weights=[], cotangent=array(cot), infer=mode, train=mode)


if __name__ == "__main__":
    out = []
    for ties in (False, True):
        for c in cases():
            if not ties or c[0] == "AdaptiveMaxPooling1D":  # of equal elements in a rectangle the backends choose different ones
                out.append(record(len(out), *c, ties=ties))
    for c in out:
        c["object"].pop("build_config", None)
    write("adaptive.json.gz", "gen/adaptive.py", out, keras.__version__)
