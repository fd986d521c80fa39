"""Records what Keras's own Progbar and fit/evaluate/predict print, with a fake clock.

Usage: KERAS_BACKEND=tensorflow python progbar.py (writes ../progbar.json.gz)

Every case holds the calls (time in ns since the bar was made, step, logs) and the exact text Keras wrote.
Times avoid exact ties of the 0.05 s interval and of rounding, where Python's float clock and Go's integer clock may differ.
"""

import contextlib
import gzip
import io
import json
import pathlib
import types

import keras
import numpy as np
import tensorflow as tf
from keras.src.utils import progbar as progbar_module

START = 1000.0


class Clock:
    def __init__(self):
        self.ns = 0

    def time(self):
        return START + self.ns / 1e9


clock = Clock()
progbar_module.time = types.SimpleNamespace(time=clock.time)
MS = 1_000_000
US = 1_000
S = 1_000_000_000


def bar(name, target, events, verbose=1, width=20, unit="step", dynamic=True):
    """events: (ns, current, logs, finalize) in order."""
    clock.ns = 0
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        b = keras.utils.Progbar(target, width=width, verbose=verbose, unit_name=unit, stateless_metrics=set())
        b._dynamic_display = dynamic
        for ns, current, logs, finalize in events:
            clock.ns = ns
            b.update(current, logs, finalize=finalize)
    return {
        "name": name,
        "target": target or 0,
        "width": width,
        "verbose": verbose,
        "unit": unit,
        "dynamic": dynamic,
        "events": [
            {"ns": ns, "current": c, "logs": [[k, repr(float(v))] for k, v in logs], "finalize": f}
            for ns, c, logs, f in events
        ],
        "out": out.getvalue(),
    }


def steps(n, dt, logs=lambda i: [], val=None, t0=0, first=None):
    """n batches dt ns apart (the first takes `first`), then the closing update."""
    t = t0
    ev = []
    for i in range(1, n + 1):
        t += first if (i == 1 and first is not None) else dt
        ev.append((t, i, logs(i), False))
    ev.append((t + 3 * MS, n, logs(n) + (val or []), True))
    return ev


def al(i):
    return [("accuracy", 1 - 1 / (i + 1)), ("loss", 2.302585 / i)]


def cases():
    val = [("val_accuracy", 0.978), ("val_loss", 0.078)]
    yield bar("slow steps", 5, steps(5, 1300 * MS, al, val))
    yield bar("slow steps line", 5, steps(5, 1300 * MS, al, val), verbose=2)
    yield bar("interval hides", 422, steps(422, 29 * MS + 137 * US, al, val))
    yield bar("line", 422, steps(422, 29 * MS + 137 * US, al, val), verbose=2)
    yield bar("first step slow", 12, steps(12, 71 * MS, al, first=4321 * MS))
    yield bar("microseconds", 1875, steps(1875, 57 * US + 321, al, val))
    yield bar("one step", 1, steps(1, 730 * MS, al, val))
    yield bar("one step line", 1, steps(1, 730 * MS, al, val), verbose=2)
    yield bar("one step microseconds", 1, steps(1, 311 * US, al))
    yield bar("zero time", 3, [(0, 1, al(1), False), (0, 2, al(2), False), (0, 3, al(3), True)])
    yield bar("step zero", 3, [(10 * MS, 0, [], False), (800 * MS, 1, al(1), False), (900 * MS, 3, al(3), True)])
    yield bar("eta minutes", 200, steps(4, 1211 * MS, al)[:-1])
    yield bar("eta exactly sixty", 61, [(S, 1, [], False)])
    yield bar("eta over sixty", 62, [(S, 1, [], False)])
    yield bar("eta hours", 10000, steps(4, 3217 * MS, al)[:-1])
    yield bar("eta exactly an hour", 3601, [(S, 1, [], False)])
    yield bar("eta days", 200000, steps(3, 3217 * MS, al)[:-1])
    yield bar("unknown target", None, steps(30, 67 * MS, al)[:-1])
    yield bar("unknown target finalized", None, steps(7, 167 * MS, al, val))
    yield bar("unknown target line", None, steps(7, 167 * MS, al, val), verbose=2)
    yield bar("no logs", 9, steps(9, 251 * MS))
    yield bar("sample unit", 9, steps(9, 251 * MS, al), unit="sample")
    yield bar("width 30", 9, steps(9, 251 * MS, al), width=30)
    yield bar("not dynamic", 9, steps(9, 251 * MS, al, val), dynamic=False)
    yield bar("beyond the target", 4, [(i * 333 * MS, i, al(i), i == 6) for i in range(1, 7)])
    yield bar("never step one", 10, [(i * 333 * MS, i, al(i), i == 10) for i in range(2, 11, 2)])
    yield bar("step one twice", 1, [(333 * MS, 1, al(1), False), (777 * MS, 1, al(1), False), (999 * MS, 1, al(1), True)])
    values = [0.5, 1e-3, 1.0001e-3, 9.99e-4, 1e-4, 0.0, -0.0, -0.5, -1e-3, -5e-4, -123456.789, 1e9, 1e22, 3, 0, -7,
              12345.67895, 2.00005, 0.00100005, float("nan"), float("inf"), float("-inf"), 1e-300]
    for verbose in (1, 2):
        yield bar(f"values verbose {verbose}", 4, [
            (500 * MS, 2, [(f"m{j}", v) for j, v in enumerate(values)], False),
            (900 * MS, 4, [(f"m{j}", v) for j, v in enumerate(values)], True),
        ], verbose=verbose)
    yield bar("shrinking lines", 6, [
        (100 * MS, 1, [("loss", 123456.75)], False),
        (200 * MS, 2, [("loss", 1.5)], False),
        (300 * MS, 3, [("loss", 99999999.5)], False),
        (400 * MS, 4, [("loss", 1e-5)], False),
        (500 * MS, 6, [("loss", 0.25)], True),
    ])
    yield bar("new names later", 3, [
        (100 * MS, 1, [("loss", 1)], False),
        (200 * MS, 2, [("accuracy", 0.5), ("loss", 1)], False),
        (300 * MS, 3, [("accuracy", 0.5), ("learning_rate", 1e-3)], True),
    ])
    rng = np.random.RandomState(7)
    for k in range(12):
        n = int(rng.choice([2, 9, 10, 99, 100, 101, 1000, 4321]))
        scale = int(rng.choice([20 * US, 900 * US, 11 * MS, 400 * MS, 7 * S, 900 * S]))
        t, ev = 0, []
        shown = sorted(rng.choice(np.arange(1, n + 1), size=min(n, 40), replace=False))
        for i in shown:
            t += int(scale * (0.2 + rng.rand())) + 1
            ev.append((t, int(i), [("accuracy", float(rng.rand())), ("loss", float(np.exp(rng.randn() * 4)))], False))
        t += int(scale * rng.rand()) + 1
        ev.append((t, n, [("accuracy", 0.5), ("loss", float(-rng.rand())), ("val_loss", float(rng.rand() / 500))], True))
        yield bar(f"random {k}", n, ev, verbose=2 if k % 4 == 3 else 1)


class Tick(keras.callbacks.Callback):
    """Moves the clock and records the logs the bar is given."""

    def __init__(self, dt):
        super().__init__()
        self.dt, self.events = dt, []

    def put(self, kind, index, logs):
        self.events.append({
            "kind": kind, "ns": clock.ns, "index": index,
            "logs": [[k, repr(float(v))] for k, v in (logs or {}).items()],
        })

    def on_train_begin(self, logs=None):
        self.put("train_begin", 0, None)

    def on_epoch_begin(self, epoch, logs=None):
        clock.ns += 5 * MS
        self.put("epoch_begin", epoch, None)

    def on_epoch_end(self, epoch, logs=None):
        clock.ns += 111 * MS
        self.put("epoch_end", epoch, logs)

    def on_train_batch_end(self, batch, logs=None):
        clock.ns += self.dt
        self.put("batch_end", batch, logs)

    def on_test_begin(self, logs=None):
        self.put("test_begin", 0, None)

    def on_test_batch_end(self, batch, logs=None):
        clock.ns += self.dt
        self.put("test_batch_end", batch, logs)

    def on_test_end(self, logs=None):
        self.put("test_end", 0, logs)

    def on_predict_begin(self, logs=None):
        self.put("predict_begin", 0, None)

    def on_predict_batch_end(self, batch, logs=None):
        clock.ns += self.dt
        self.put("predict_batch_end", batch, None)

    def on_predict_end(self, logs=None):
        self.put("predict_end", 0, None)


def run(name, call, verbose, epochs, steps, dt):
    clock.ns = 0
    keras.utils.set_random_seed(3)
    model = keras.Sequential([keras.layers.Input((4,)), keras.layers.Dense(3, activation="softmax")])
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    x = np.random.RandomState(0).rand(40, 4).astype("float32")
    y = np.arange(40) % 3
    tick = Tick(dt)
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        call(model, x, y, verbose, tick)
    return {"name": name, "verbose": verbose, "epochs": epochs, "steps": steps, "events": tick.events, "out": out.getvalue()}


def generator(x, y):
    for i in range(0, 40, 8):
        yield x[i : i + 8], y[i : i + 8]


def sessions():
    for v in (0, 1, 2):
        yield run("fit", lambda m, x, y, v, t: m.fit(x, y, batch_size=8, epochs=3, verbose=v, callbacks=[t]), v, 3, 5, 37 * MS)
        yield run("fit one epoch", lambda m, x, y, v, t: m.fit(x, y, batch_size=8, verbose=v, callbacks=[t]), v, 1, 5, 370 * MS)
        yield run("fit validation", lambda m, x, y, v, t: m.fit(
            x, y, batch_size=8, epochs=2, verbose=v, callbacks=[t], validation_data=(x, y)), v, 2, 5, 370 * MS)
        yield run("evaluate", lambda m, x, y, v, t: m.evaluate(x, y, batch_size=8, verbose=v, callbacks=[t]), v, 1, 5, 123 * MS)
        yield run("predict", lambda m, x, y, v, t: m.predict(x, batch_size=8, verbose=v, callbacks=[t]), v, 1, 5, 123 * MS)
        yield run("fit generator", lambda m, x, y, v, t: m.fit(
            generator(x, y), epochs=1, verbose=v, callbacks=[t]), v, 1, 0, 123 * MS)
        yield run("fit generator steps unknown, two epochs", lambda m, x, y, v, t: m.fit(
            tf.data.Dataset.from_generator(lambda: generator(x, y), output_signature=(
                tf.TensorSpec((None, 4), "float32"), tf.TensorSpec((None,), "int64"))),
            epochs=2, verbose=v, callbacks=[t]), v, 2, 0, 123 * MS)


data = {"keras": keras.__version__, "bars": list(cases()), "sessions": list(sessions())}
target = pathlib.Path(__file__).parent.parent / "progbar.json.gz"
target.write_bytes(gzip.compress(json.dumps(data).encode(), 9, mtime=0))
