"""The classes of package shop in Python, and the checks of main_test.go:

    shop.py golden FILE   what training gives in Keras
    shop.py write DIR     writes model.keras, as Keras makes it, and what it predicts
    shop.py read DIR      reads go.keras, and tells what it predicts and trains on to
"""
import json
import os
import sys

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import keras
import numpy as np
from keras import layers, ops

register = keras.saving.register_keras_serializable


@register("shop")
class Scale(layers.Layer):
    def __init__(self, start=1.0, **kwargs):
        super().__init__(**kwargs)
        self.start = start

    def build(self, shape):
        self.scale = self.add_weight(name="scale", shape=(shape[-1],), initializer=keras.initializers.Constant(self.start))

    def call(self, x):
        return x * self.scale

    def get_config(self):
        return {**super().get_config(), "start": self.start}


@register("shop")
class LeakyCell(layers.Layer):
    def __init__(self, units, leak=0.5, **kwargs):
        super().__init__(**kwargs)
        self.units, self.leak = units, leak
        self.state_size = self.output_size = units

    def build(self, shape):
        self.kernel = self.add_weight(name="kernel", shape=(shape[-1], self.units))
        self.recurrent_kernel = self.add_weight(name="recurrent_kernel", shape=(self.units, self.units), initializer="orthogonal")

    def call(self, x, states, training=None):
        h = states[0]
        h = self.leak * h + (1 - self.leak) * ops.tanh(ops.matmul(x, self.kernel) + ops.matmul(h, self.recurrent_kernel))
        return h, [h]

    def get_config(self):
        return {**super().get_config(), "units": self.units, "leak": self.leak}


@register("shop", "bent")
def bent(x):
    return x * ops.sigmoid(2 * x)


@register("shop", "times")
def times(x, factor):
    return x * factor


@register("shop")
class Wave(keras.initializers.Initializer):
    def __init__(self, scale=0.5):
        self.scale = scale

    def __call__(self, shape, dtype=None):
        return ops.convert_to_tensor((self.scale * np.sin(np.arange(np.prod(shape)))).reshape(shape), dtype)

    def get_config(self):
        return {"scale": self.scale}


@register("shop")
class Quartic(keras.regularizers.Regularizer):
    def __init__(self, rate=0.01):
        self.rate = rate

    def __call__(self, w):
        return self.rate * ops.sum(ops.square(ops.square(w)))

    def get_config(self):
        return {"rate": self.rate}


@register("shop")
class Box(keras.constraints.Constraint):
    def __init__(self, limit=1.0):
        self.limit = limit

    def __call__(self, w):
        return ops.clip(w, -self.limit, self.limit)

    def get_config(self):
        return {"limit": self.limit}


@register("shop")
class Asymmetric(keras.losses.Loss):
    def __init__(self, under=4.0, name="asymmetric", reduction="sum_over_batch_size", **kwargs):
        super().__init__(name=name, reduction=reduction, **kwargs)
        self.under = under

    def call(self, y_true, y_pred):
        e = y_true - y_pred
        return ops.mean(ops.square(e) * ops.where(e > 0, self.under, 1.0), axis=-1)

    def get_config(self):
        return {**super().get_config(), "under": self.under}


@register("shop")
class Within(keras.metrics.Mean):
    def __init__(self, tolerance=0.5, name="within", dtype=None):
        super().__init__(name=name, dtype=dtype)
        self.tolerance = tolerance

    def update_state(self, y_true, y_pred, sample_weight=None):
        super().update_state(ops.cast(ops.abs(y_true - y_pred) <= self.tolerance, "float32"), sample_weight)

    def get_config(self):
        return {**super().get_config(), "tolerance": self.tolerance}


@register("shop")
class Smooth(keras.optimizers.Optimizer):
    def __init__(self, learning_rate=0.1, keep=0.8, name="smooth", **kwargs):
        super().__init__(learning_rate=learning_rate, name=name, **kwargs)
        self.keep = keep

    def build(self, variables):
        if self.built:
            return
        super().build(variables)
        self.averages = [self.add_variable_from_reference(v, name="average_gradient") for v in variables]

    def update_step(self, gradient, variable, learning_rate):
        a = self.averages[self._get_variable_index(variable)]
        self.assign(a, self.keep * a + (1 - self.keep) * gradient)
        self.assign_sub(variable, a * ops.cast(learning_rate, variable.dtype))

    def get_config(self):
        return {**super().get_config(), "keep": self.keep}


@register("shop")
class Falling(keras.optimizers.schedules.LearningRateSchedule):
    def __init__(self, rate, half=10.0):
        self.rate, self.half = rate, half

    def __call__(self, step):
        return self.rate / (1 + ops.cast(step, "float32") / self.half)

    def get_config(self):
        return {"rate": self.rate, "half": self.half}


class GoodEnough(keras.callbacks.Callback):
    def __init__(self, monitor="loss", below=0.0):
        super().__init__()
        self.monitor, self.below = monitor, below

    def on_epoch_end(self, epoch, logs=None):
        if logs[self.monitor] < self.below:
            self.model.stop_training = True


def network():
    model = keras.Sequential([
        keras.Input((5, 3)),
        layers.Bidirectional(layers.RNN(LeakyCell(4))),
        Scale(1.5),
        layers.Dense(2, activation=bent, kernel_initializer=Wave(), kernel_regularizer=Quartic(), kernel_constraint=Box(0.8)),
        layers.Lambda(times, arguments={"factor": 2.0}),
    ])
    model.compile(Smooth(Falling(0.2, 100.0)), Asymmetric(), metrics=[Within()])
    return model


def data(n):
    i = np.arange(n * 15, dtype=np.int64)
    x = np.sin((i * i % 1009) / 50).astype("float32").reshape(n, 5, 3)
    s = x.reshape(n, 15)
    return x, np.stack([(s[:, 0] + s[:, 12] + 1) / 2, (s[:, 14] + 1) / 2], 1)


def fixed(model):
    """Gives the weights values that main_test.go has too."""
    model.set_weights([0.3 * np.cos(np.arange(w.size) + k).reshape(w.shape) for k, w in enumerate(model.get_weights())])


def trained(model):
    x, y = data(64)
    h = model.fit(x, y, batch_size=16, epochs=30, shuffle=False, verbose=0, callbacks=[GoodEnough(below=0.25)])
    return {"history": {k: [float(a) for a in v] for k, v in h.history.items()},
            "predict": [float(a) for a in model.predict(x[:8], verbose=0).ravel()],
            "evaluate": [float(a) for a in model.evaluate(x, y, batch_size=16, verbose=0)]}


if __name__ == "__main__":
    what, path = sys.argv[1:]
    if what == "golden":
        model = network()
        wave = [float(a) for a in model.layers[2].kernel.numpy().ravel()]
        fixed(model)
        with open(path, "w") as f:
            json.dump({"keras": keras.__version__, "wave": wave, **trained(model)}, f, indent=1)
    elif what == "write":
        model = network()
        fixed(model)
        trained(model)
        model.save(f"{path}/model.keras")
        with open(f"{path}/model.json", "w") as f:
            json.dump(trained(model), f)
    else:
        model = keras.models.load_model(f"{path}/go.keras")
        with open(f"{path}/go.json", "w") as f:
            json.dump(trained(model), f)
