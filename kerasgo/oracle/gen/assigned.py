"""Records what real Keras computes for BatchNormalization with renorm, and for ReversibleEmbedding:
../testdata/assigned.json.gz.

Run with KERAS_BACKEND=tensorflow on a CPU:  python assigned.py

Cases are those of rnn.py; how the weights go on from step to step is in stateful.py.
"""

import os

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

import keras
from keras import layers as L

from record import write
from rnn import HOLES, record

CLIP = dict(rmin=0.8, rmax=1.2, dmax=0.3)


def cases():
    for a, shape, o in (
        (dict(renorm=True), (6, 4), {}),
        (dict(renorm=True, renorm_clipping=CLIP, renorm_momentum=0.5, momentum=0.8), (3, 5, 4), {}),
        (dict(renorm=True, axis=1, scale=False, renorm_clipping=dict(dmax=0.0)), (3, 4, 5, 2), {}),
        (dict(renorm=True, center=False, epsilon=0.1, renorm_clipping=dict(rmax=0.5)), (3, 5, 4), dict(masks=[HOLES])),
        (dict(renorm=True, scale=False, center=False, moving_variance_initializer="zeros"), (6, 4), {}),
    ):
        yield "BatchNormalization", a, [shape], o
    for a in ({}, dict(tie_weights=False), dict(mask_zero=True, embeddings_regularizer="l1", activity_regularizer="l2", embeddings_constraint="non_neg"),
              dict(logit_soft_cap=2.0, reverse_dtype="float32", tie_weights=False)):
        yield "ReversibleEmbedding", dict(input_dim=7, output_dim=3, **a), [(3, 5)], dict(ids=7)
    for a in ({}, dict(tie_weights=False, logit_soft_cap=1.5), dict(logit_soft_cap=0.5, mask_zero=True)):
        yield "ReversibleEmbedding", dict(input_dim=7, output_dim=3, **a), [(3, 5, 3)], dict(options=["reverse"])


if __name__ == "__main__":
    write("assigned.json.gz", "gen/assigned.py", [record(i, *c) for i, c in enumerate(cases())], keras.__version__)
