"""Records what models of real Keras that keep something from call to call compute, one call after another: ../testdata/stateful.json.gz.

Run with KERAS_BACKEND=tensorflow on a CPU:  python stateful.py

A case is a model as JSON, its weights, and steps: what was done (predict, evaluate, fit, reset), the data, and the outputs,
the loss or nothing.
"""

import os

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

import keras
import numpy as np
from keras import layers as L

from record import array, write

B = 3


def models():
    def seq(*layers, shape=(B, 4, 2)):
        return keras.Sequential([keras.Input(batch_shape=shape), *layers])

    for cls in (L.LSTM, L.GRU, L.SimpleRNN):
        yield seq(cls(3, stateful=True))
        yield seq(cls(3, stateful=True, return_sequences=True, go_backwards=True), cls(2, stateful=True))
        yield seq(L.Masking(0.0), cls(3, stateful=True))
        yield seq(L.Bidirectional(cls(3, stateful=True, return_sequences=True)), cls(2))
    yield seq(L.RNN(L.StackedRNNCells([L.LSTMCell(3), L.GRUCell(2)]), stateful=True))
    yield seq(L.ConvLSTM1D(2, 2, stateful=True, padding="same"), L.Flatten(), shape=(B, 4, 3, 2))
    yield seq(L.BatchNormalization(renorm=True, momentum=0.7, renorm_momentum=0.6, renorm_clipping=dict(rmin=0.5, rmax=2.0, dmax=1.0)), L.Dense(2))
    x = keras.Input(batch_shape=(B, 4, 2))
    shared = L.GRU(2, stateful=True, return_sequences=True)
    yield keras.Model(x, shared(shared(x)))  # the second call goes on from the first


def record(i, m):
    rng = np.random.default_rng(i)
    m.set_weights([(np.abs(x) + 0.5 if "variance" in v.path or "stddev" in v.path else x).astype("float32") for v in m.weights for x in [0.6 * rng.normal(size=v.shape)]])
    m.compile(keras.optimizers.SGD(0.1), "mse")
    case = dict(model=m.to_json(), weights=[array(w) for w in m.get_weights()], steps=[])
    for what in ("predict", "predict", "fit", "evaluate", "reset", "predict", "fit", "predict"):
        x = rng.normal(size=(2 * B, *m.input_shape[1:])).astype("float32")
        x[1, 2:], x[4, 0] = 0, 0  # masked, where there is a Masking
        y = rng.normal(size=(2 * B, *m.output_shape[1:])).astype("float32")
        step = dict(what=what, x=array(x), y=array(y))
        if what == "predict":
            step["output"] = array(m.predict(x, batch_size=B, verbose=0))
        elif what == "fit":
            step["loss"] = m.fit(x, y, batch_size=B, shuffle=False, verbose=0).history["loss"][0]
        elif what == "evaluate":
            step["loss"] = m.evaluate(x, y, batch_size=B, verbose=0)
        else:
            for layer in m.layers:
                for part in [layer, getattr(layer, "forward_layer", None), getattr(layer, "backward_layer", None)]:
                    for v in keras.tree.flatten(getattr(part, "states", None)):  # reset_states fails for stacked cells
                        if v is not None:
                            v.assign(keras.ops.zeros_like(v.value))
        case["steps"].append(step)
    case["after"] = [array(w) for w in m.get_weights()]
    return case


if __name__ == "__main__":
    write("stateful.json.gz", "gen/stateful.py", [record(i, m) for i, m in enumerate(models())], keras.__version__)
