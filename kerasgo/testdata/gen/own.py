"""Models with a call and steps of their own, in Keras: what kerasgo/own_test.go has in Go.

    own.py record DIR   trains each model, and writes DIR/NAME.json, NAME.keras and NAME.weights.h5
    own.py golden FILE  writes what training gave to FILE
    own.py check DIR    loads the NAME.keras and NAME.weights.h5 that kerasgo wrote, and compares with NAME.json

Weights and data follow from a formula that the test has too.
"""
import json
import os
import sys

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import keras
import numpy as np
import tensorflow as tf
from keras import layers, ops


def units(n, seed):
    """n numbers in [0, 1): splitmix64 of the index."""
    with np.errstate(over="ignore"):
        z = (np.arange(1, n + 1, dtype=np.uint64) + np.uint64(seed) * np.uint64(1000003)) * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z ^= z >> np.uint64(31)
    return (z >> np.uint64(40)).astype(np.float64) / (1 << 24)


def array(seed, *shape, lo=-1.0, hi=1.0):
    return (lo + (hi - lo) * units(int(np.prod(shape)), seed)).reshape(shape).astype(np.float32)


def register(name):
    return keras.saving.register_keras_serializable(package="own", name=name)


@register("Gate")
class Gate(keras.Model):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.gate = layers.Dense(3, activation="sigmoid")

    def call(self, inputs):
        return inputs[0] * self.gate(inputs[1])


@register("Net")
class Net(keras.Model):
    def __init__(self, units=4, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.hidden = layers.Dense(units, activation="relu")
        self.blocks = [layers.Dense(units), layers.Dense(units), layers.LayerNormalization()]
        self.heads = {"a": layers.Dense(1), "b": layers.Dense(2)}
        self.drop = layers.Dropout(0.0)
        self.net = keras.Sequential([layers.Dense(3), layers.BatchNormalization()])
        self.unused = layers.Dense(1)
        self.inner = Gate()

    def call(self, x, training=None):
        x = self.hidden(x)
        for b in self.blocks:
            x = b(x)
        if training:
            x = self.drop(x)
        x = self.inner([self.net(x), x])
        return [self.heads["a"](x), self.heads["b"](x)]

    def get_config(self):
        return {**super().get_config(), "units": self.units}


@register("Named")
class Named(keras.Model):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.left = layers.Dense(3, activation="tanh")
        self.right = layers.Dense(3)

    def call(self, inputs):
        a, b = self.left(inputs["a"]), self.right(inputs["b"])
        return {"sum": a + b, "product": a * b}


@register("VAE")
class VAE(keras.Model):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        x = keras.Input((6,))
        h = layers.Dense(5, activation="tanh")(x)
        self.encoder = keras.Model(x, [layers.Dense(2)(h), layers.Dense(2)(h)])
        self.decoder = keras.Sequential([keras.Input((2,)), layers.Dense(5, activation="tanh"), layers.Dense(6, activation="sigmoid")])
        self.total = keras.metrics.Mean(name="loss")
        self.kl = keras.metrics.Mean(name="kl_loss")

    def call(self, x):
        return self.decoder(self.encoder(x)[0])

    @property
    def metrics(self):
        return [self.total, self.kl]

    def losses_of(self, x, noise):
        mean, log_var = self.encoder(x)
        y = self.decoder(mean + ops.exp(0.5 * log_var) * noise)
        reconstruction = ops.mean(ops.sum(keras.losses.binary_crossentropy(x[..., None], y[..., None]), axis=-1))
        kl = -0.5 * ops.mean(ops.sum(1 + log_var - ops.square(mean) - ops.exp(log_var), axis=1))
        return reconstruction, kl

    def logs(self, reconstruction, kl):
        self.total.update_state(reconstruction + kl)
        self.kl.update_state(kl)
        return {"loss": self.total.result(), "kl_loss": self.kl.result(), "reconstruction": reconstruction}

    def train_step(self, data):
        x, noise = data
        with tf.GradientTape() as tape:
            reconstruction, kl = self.losses_of(x, noise)
            total = reconstruction + kl
        weights = self.trainable_weights
        self.optimizer.apply(tape.gradient(total, weights), weights)
        return self.logs(reconstruction, kl)

    def test_step(self, data):
        return self.logs(*self.losses_of(*data))


@register("GAN")
class GAN(keras.Model):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.generator = keras.Sequential([keras.Input((3,)), layers.Dense(6, activation="relu"), layers.BatchNormalization(), layers.Dense(4)])
        self.discriminator = keras.Sequential([keras.Input((4,)), layers.Dense(6, activation="tanh"), layers.Dense(1)])
        self.d_optimizer = keras.optimizers.Adam(0.01)
        self.g_optimizer = keras.optimizers.SGD(0.05, momentum=0.9)
        self.d_loss = keras.metrics.Mean(name="d_loss")
        self.g_loss = keras.metrics.Mean(name="g_loss")

    def call(self, noise):
        return self.generator(noise)

    @property
    def metrics(self):
        return [self.d_loss, self.g_loss]

    def train_step(self, data):
        noise, real = data
        bce = keras.losses.BinaryCrossentropy(from_logits=True)
        n = ops.shape(real)[0]
        fake = self.generator(noise, training=True)
        with tf.GradientTape() as tape:
            scores = self.discriminator(ops.concatenate([fake, real], axis=0), training=True)
            labels = ops.concatenate([ops.ones((n, 1)), ops.zeros((n, 1))], axis=0)
            d_loss = bce(labels, scores)
        weights = self.discriminator.trainable_weights
        self.d_optimizer.apply(tape.gradient(d_loss, weights), weights)
        with tf.GradientTape() as tape:
            scores = self.discriminator(self.generator(noise, training=True), training=True)
            g_loss = bce(ops.zeros((n, 1)), scores)
        weights = self.generator.trainable_weights
        self.g_optimizer.apply(tape.gradient(g_loss, weights), weights)
        self.d_loss.update_state(d_loss)
        self.g_loss.update_state(g_loss)
        return {"d_loss": self.d_loss.result(), "g_loss": self.g_loss.result(), "score": ops.mean(scores)}


@register("Added")
class Added(keras.Model):
    """A loss of its own, add_loss and a metric of Compile, in Keras's steps."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.hidden = layers.Dense(4, activation="tanh", kernel_regularizer="l2")
        self.out = layers.Dense(2)

    def call(self, x):
        h = self.hidden(x)
        self.add_loss(0.1 * ops.mean(ops.square(h)))
        return self.out(h)

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        loss = super().compute_loss(x, y, y_pred, sample_weight, training)
        return loss + 0.5 * ops.mean(ops.abs(y_pred))


@register("Student")
class Student(keras.Model):
    """Learns from a frozen teacher and from pairs: two views of a sample are alike."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.teacher = keras.Sequential([keras.Input((4,)), layers.Dense(5, activation="tanh"), layers.Dropout(0.5), layers.Dense(3)])
        self.student = keras.Sequential([keras.Input((4,)), layers.Dense(3)])

    def call(self, x):
        return self.student(x)

    def train_step(self, data):
        x, view = data
        teacher = self.teacher(x, training=False)
        with tf.GradientTape() as tape:
            a, b = self.student(x, training=True), self.student(view, training=True)
            distance = ops.mean(ops.square(a - teacher))
            logits = ops.matmul(a, ops.transpose(b))
            pairs = ops.mean(keras.losses.sparse_categorical_crossentropy(ops.arange(ops.shape(a)[0]), logits, from_logits=True))
            loss = distance + pairs
        weights = self.student.trainable_weights
        self.optimizer.apply(tape.gradient(loss, weights), weights)
        return {"loss": loss, "distance": distance}


def cases():
    """name: (model, data, compile arguments)"""
    x = lambda seed, *shape: array(seed, 12, *shape)
    yield "net", Net(), (x(1, 5), [x(2, 1), x(3, 2)]), dict(optimizer=keras.optimizers.SGD(0.1, momentum=0.9), loss=["mse", "mae"], metrics=[["mae"], ["mse"]])
    yield "named", Named(), ({"a": x(1, 2), "b": x(2, 4)}, {"sum": x(3, 3), "product": x(4, 3)}), dict(
        optimizer=keras.optimizers.SGD(0.1), loss={"sum": "mse", "product": "mae"}, metrics={"sum": ["mae"], "product": ["mse"]})
    yield "vae", VAE(), (array(1, 12, 6, lo=0), x(2, 2)), dict(optimizer=keras.optimizers.Adam(0.01))
    yield "gan", GAN(), (x(1, 3), x(2, 4)), {}
    yield "added", Added(), (x(1, 3), x(2, 2)), dict(optimizer=keras.optimizers.SGD(0.1), loss="mse", metrics=["mae"])
    yield "student", Student(), (x(1, 4), x(2, 4)), dict(optimizer=keras.optimizers.SGD(0.1))


def flat(v):
    if isinstance(v, dict):
        return [v[k] for k in sorted(v)] if "sum" not in v else [v["sum"], v["product"]]
    return list(v) if isinstance(v, (list, tuple)) else [v]


def recorded(a):
    a = np.asarray(a)
    return {"shape": list(a.shape), "data": [float(x) for x in a.astype(np.float32).ravel()]}


def run(model, data, arguments):
    """What training from the formula's weights gives."""
    x, y = data
    model.compile(**arguments)
    model.predict(x, verbose=0)
    model.set_weights([array(100 + i, *w.shape, lo=0.1 if "variance" in w.path or "gamma" in w.path else -0.5, hi=0.9) for i, w in enumerate(model.weights)])
    r = {"weights": [w.path for w in model.weights]}
    h = model.fit(x, y, batch_size=4, epochs=3, shuffle=False, verbose=0)
    r["history"] = {k: [float(v) for v in l] for k, l in h.history.items()}
    if not isinstance(model, (GAN, Student)):
        r["evaluate"] = {k: float(v) for k, v in model.evaluate(x, y, batch_size=4, verbose=0, return_dict=True).items()}
        e = model.evaluate(x, y, batch_size=4, verbose=0)
        r["values"] = [float(v) for v in e] if isinstance(e, list) else [float(e)]
    r["predict"] = [recorded(p) for p in flat(model.predict(x, verbose=0))]
    return r


def record(folder):
    for name, model, data, arguments in cases():
        r = run(model, data, arguments)
        model.save(f"{folder}/{name}.keras")
        model.save_weights(f"{folder}/{name}.weights.h5")
        model.optimizer and r.update(optimizer=[recorded(v) for v in model.optimizer.variables])
        with open(f"{folder}/{name}.json", "w") as f:
            json.dump(r, f)


def golden(file):
    with open(file, "w") as f:
        json.dump({"keras": keras.__version__, "cases": {name: run(m, d, a) for name, m, d, a in cases()}}, f, indent=1)


def check(folder):
    report = {}
    for name, model, data, arguments in cases():
        with open(f"{folder}/{name}.json") as f:
            want = json.load(f)
        worst = 0.0
        loaded = keras.models.load_model(f"{folder}/{name}.keras")
        model.compile(**arguments)
        model.predict(data[0], verbose=0)
        model.load_weights(f"{folder}/{name}.weights.h5")
        for m in (loaded, model):
            for p, w in zip(flat(m.predict(data[0], verbose=0)), want["predict"], strict=True):
                worst = max(worst, float(np.abs(np.asarray(p).ravel() - np.float32(w["data"])).max()))
        report[name] = {"predict": worst, "class": type(loaded).__name__, "units": getattr(loaded, "units", None)}
        if "optimizer" in want:
            mine = loaded.optimizer.variables
            report[name]["optimizer"] = max(float(np.abs(np.asarray(v).ravel() - np.float32(w["data"])).max()) for v, w in zip(mine, want["optimizer"], strict=True))
    with open(f"{folder}/report.txt", "w") as f:
        json.dump(report, f)


if __name__ == "__main__":
    {"record": record, "golden": golden, "check": check}[sys.argv[1]](sys.argv[2])
