"""Records the layers that keras.applications are made of and that are not public: ../testdata/application_layers.json.gz.

Run with KERAS_BACKEND=tensorflow on a CPU:  python application_layers.py
Cases are as in layers.py.
"""

from keras.src.applications.convnext import LayerScale, StochasticDepth
from keras.src.applications.inception_resnet_v2 import CustomScaleLayer

from layers import L, keras, record
from record import write

for layer in (CustomScaleLayer, LayerScale, StochasticDepth):
    setattr(L, layer.__name__, layer)
    layer.compute_output_shape = lambda self, shape: shape[0] if isinstance(shape[0], tuple) else shape  # they have none


def cases():
    """(class, arguments, input shapes, options)"""
    for scale in (0.17, 1.0, -2):
        yield "CustomScaleLayer", dict(scale=scale), [(2, 3, 2, 4)] * 2, {}
    yield "LayerScale", dict(init_values=1e-6, projection_dim=4), [(2, 3, 2, 4)], {}
    yield "LayerScale", dict(init_values=0.5, projection_dim=3), [(2, 3)], {}
    yield "LayerScale", dict(init_values=1, projection_dim=2, trainable=False), [(3, 5, 2)], {}
    for rate in (0.0, 0.3, 0.9):
        yield "StochasticDepth", dict(drop_path_rate=rate), [(3, 2, 2, 4)], dict(random=rate > 0)


if __name__ == "__main__":
    out = [record(4000 + i, *c) for i, c in enumerate(cases())]
    write("application_layers.json.gz", "gen/application_layers.py", out, keras.__version__)
