"""Record what Keras's callbacks do in scripted runs: text, files, learning rates, stops.

Run: python callbacks.py (with the package tensorboard)
Writes ../testdata/callbacks.json.gz.

A scripted run calls the hooks as fit does, with given logs. The model is a stand-in
whose weights are the number of the epoch.
"""

import contextlib
import io
import os
import pathlib
import tempfile
import warnings

import requests

from objective import keras, np, number, save

from keras.src.trainers.compile_utils import MetricsList  # noqa: E402

C = keras.callbacks
M = keras.metrics
cases = []
SCHEDULES = {
    "halve": lambda epoch, lr: lr * 0.5,
    "steps": lambda epoch, lr: 0.1 if epoch < 2 else 0.001,
    "third": lambda epoch, lr: lr / 3 if epoch else lr,
}


class Model:
    """What the callbacks touch."""

    def __init__(self, events, rate):
        self.events = events
        self.optimizer = keras.optimizers.SGD(rate)
        self.stop_training = False
        self.metrics = [MetricsList([M.BinaryAccuracy(name="accuracy"), M.MeanSquaredError(name="mse"), M.Mean(name="custom")])]
        self.weights = 0.0
        self.layers = [type("Layer", (), {"weights": WEIGHTS})]

    def get_weights(self):
        return [np.float32(self.weights)]

    def set_weights(self, w):
        self.weights = float(w[0])
        self.events.append(f"weights {self.weights:g}")

    def save(self, path, overwrite=True):
        self.events.append(f"save {path}")

    def save_weights(self, filepath, overwrite=True):
        self.events.append(f"save_weights {filepath}")
        if "latest" in filepath:
            pathlib.Path(filepath).write_text("weights")

    def load_weights(self, path):
        self.events.append(f"load_weights {path}")

    @property
    def built(self):
        return True

    trainable_variables = ()
    train_function = None


def epochs(*values, name="val_loss", batches=0, **more):
    """Logs of a run; None leaves the entry out. more: further entries, lists or constants."""
    out = []
    for i, v in enumerate(values):
        logs = {} if v is None else {name: v}
        for k, m in more.items():
            x = m[i] if isinstance(m, list) else m
            if x is not None:
                logs[k] = x
        logs.setdefault("loss", 0.5 + i / 4)
        out.append({"logs": logs, "batches": [{"loss": 0.5 + i / 4 + b / 16} for b in range(batches)]})
    return out


def widened(logs):
    return {k: float(np.float32(v)) for k, v in logs.items()}


POSTS = []


def post(url, data=None, json=None, headers=None):
    """requests.post, up to the network."""
    req = requests.Request("POST", url, data=data, json=json, headers=headers).prepare()
    body = req.body.decode() if isinstance(req.body, bytes) else req.body
    POSTS.append(f"{req.url} {req.headers['Content-Type']} {req.headers.get('X-Own', '')} {body}")


requests.post = post


def weight(path, value):
    v = keras.Variable(value, name="w")
    v._path = path
    return v


WEIGHTS = [
    weight("net/a/kernel", np.arange(6, dtype="float32").reshape(2, 3) / 5),
    weight("net/a/tall", np.arange(8, dtype="float32").reshape(4, 2) / 8 - 0.1),
    weight("net/a/bias", np.full(3, 0.25, "float32")),
    weight("net/b/thick", (np.arange(24, dtype="float32").reshape(2, 3, 4) * 7 % 24) / 20),
    weight("net/b/colours", (np.arange(54, dtype="float32").reshape(2, 3, 3, 3) * 5 % 54) / 54),
    weight("net/b/deep", (np.arange(36, dtype="float32").reshape(2, 3, 3, 2) * 5 % 36) / 36),
    weight("net/c/scalar", np.float32(0.5)),
]


def events_of(folder):
    """All values in the event files below a folder, as [folder, tag, step, plugin, class, content, type, shape, numbers or texts]."""
    import tensorflow as tf

    out = []
    for path in sorted(pathlib.Path(folder).rglob("events.out.*")):
        part = path.parent.relative_to(folder).as_posix()
        for raw in tf.compat.v1.python_io.tf_record_iterator(str(path)):
            event = tf.compat.v1.Event.FromString(raw)
            for v in event.summary.value:
                t, m = v.tensor, v.metadata
                a = tf.make_ndarray(t)
                if t.dtype == tf.string.as_datatype_enum:
                    items = [list(map(int, tf.io.decode_png(b).numpy().ravel())) if b[:4] == b"\x89PNG" else b.decode() for b in a.ravel()]
                else:
                    items = [number(x) for x in a.ravel()]
                if "per_second" in v.tag:
                    items = []
                out.append([part, v.tag, event.step, m.plugin_data.plugin_name, m.data_class, m.plugin_data.content.decode(), t.dtype, [d.size for d in t.tensor_shape.dim], items])
    return sorted(out, key=lambda e: (e[0], e[1], e[2]))


def record(cls, args, *runs, rate=0.1, files=(), tests=False):
    """runs: lists of epochs, one for each fit with the same callback."""
    events, text = [], []
    POSTS.clear()
    case = {"tests": tests, "callback": cls, "args": args, "rate": number(rate), "runs": []}
    old = os.getcwd()
    with tempfile.TemporaryDirectory() as d, warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        os.chdir(d)
        try:
            kwargs = dict(args)
            if "schedule" in kwargs:
                kwargs["schedule"] = SCHEDULES[kwargs["schedule"]]
            try:
                cb = getattr(C, cls)(**kwargs)
            except ValueError:
                case["refused"] = True
                cases.append(case)
                return
            model = Model(events, rate)
            cb.set_params({"epochs": len(runs[0]), "steps": None, "verbose": 0})
            cb.set_model(model)
            for run in runs:
                result = {"epochs": [], "error": False}
                model.stop_training = False
                out = io.StringIO()
                events.clear()
                n = len(warned)
                with contextlib.redirect_stdout(out):
                    try:
                        cb.on_train_begin()
                        logs = {}
                        for e, epoch in enumerate(run):
                            cb.on_epoch_begin(e)
                            model.weights = float(e + 1)
                            if tests:
                                cb.on_test_begin()
                                cb.on_test_batch_begin(0)
                                cb.on_test_batch_end(0, {})
                                cb.on_test_end(widened(epoch["logs"]))
                            for b, blogs in enumerate(epoch["batches"]):
                                cb.on_train_batch_begin(b)
                                cb.on_train_batch_end(b, widened(blogs))
                                if model.stop_training:
                                    break
                            logs = widened(epoch["logs"])
                            cb.on_epoch_end(e, logs)
                            result["epochs"].append({
                                "logs": {k: number(v) for k, v in logs.items()},
                                "rate": number(model.optimizer.learning_rate.numpy()),
                            })
                            if model.stop_training:
                                break
                        cb.on_train_end(logs)
                    except (ValueError, KeyError, RuntimeError):
                        result["error"] = True
                result["out"] = out.getvalue()
                result["events"] = list(events)
                result["posts"] = list(POSTS)
                POSTS.clear()
                if cls == "BackupAndRestore":
                    result["initial_epoch"] = getattr(model, "_initial_epoch", 0)
                if cls == "TensorBoard":
                    result["tensorboard"] = events_of(cb.log_dir)
                    for f in pathlib.Path(cb.log_dir).rglob("events.out.*"):
                        f.unlink()
                result["stopped"] = bool(model.stop_training)
                result["warnings"] = sum(w.category is UserWarning for w in warned[n:])
                result["files"] = {f: pathlib.Path(f).read_bytes().decode() for f in files if os.path.exists(f)}
                for k in ("wait", "stopped_epoch", "best_epoch"):
                    if cls == "EarlyStopping" and hasattr(cb, k):
                        result[k] = int(getattr(cb, k))
                result["input"] = [{"logs": {k: number(v) for k, v in e["logs"].items()}, "batches": [{k: number(v) for k, v in b.items()} for b in e["batches"]]} for e in run]
                case["runs"].append(result)
        finally:
            os.chdir(old)
    cases.append(case)


falling = epochs(1.0, 0.9, 0.8, 0.85, 0.81, 0.82, 0.9, 0.7, 0.71, 0.72, 0.73)
rising = epochs(0.1, 0.2, 0.3, 0.25, 0.3, 0.29, 0.31, 0.2, 0.1, 0.1, name="val_accuracy", accuracy=0.5)
flat = epochs(*[0.5] * 8)
small = epochs(1.0, 0.9995, 0.999, 0.99, 0.9899, 0.98985, 0.98, 0.98)
absent = epochs(None, None, 0.5, None, 0.6)

# EarlyStopping
for patience in (0, 1, 2, 3, 10):
    for restore in (False, True):
        record("EarlyStopping", {"patience": patience, "restore_best_weights": restore, "verbose": 1}, falling)
        record("EarlyStopping", {"patience": patience, "restore_best_weights": restore, "verbose": 1, "monitor": "val_accuracy"}, rising)
        record("EarlyStopping", {"patience": patience, "restore_best_weights": restore}, flat, falling)
for delta in (0.0, 0.001, 0.0005, -0.001, 0.01):
    record("EarlyStopping", {"patience": 1, "min_delta": delta, "verbose": 1}, small)
    record("EarlyStopping", {"patience": 2, "min_delta": delta, "verbose": 1, "mode": "max"}, small)
for baseline in (0.95, 0.75, 0.1):
    for restore in (False, True):
        record("EarlyStopping", {"patience": 2, "baseline": baseline, "verbose": 1, "restore_best_weights": restore}, falling)
for start in (1, 4, 20):
    record("EarlyStopping", {"patience": 1, "start_from_epoch": start, "verbose": 1, "restore_best_weights": True}, falling)
    record("EarlyStopping", {"patience": 0, "start_from_epoch": start, "verbose": 1}, flat)
record("EarlyStopping", {"monitor": "loss", "patience": 1, "verbose": 1}, falling)
record("EarlyStopping", {"monitor": "mse", "patience": 1, "verbose": 1}, epochs(3.0, 2.0, 2.5, 2.5, name="mse"))
record("EarlyStopping", {"monitor": "val_mse", "mode": "max", "patience": 1, "verbose": 1}, epochs(3.0, 2.0, 2.5, 3.5, name="val_mse"))
record("EarlyStopping", {"monitor": "unknown"}, falling)
record("EarlyStopping", {"monitor": "custom"}, epochs(3.0, 2.0, name="custom"))
record("EarlyStopping", {"monitor": "custom", "mode": "min", "verbose": 1}, epochs(3.0, 2.0, 2.0, 1.0, name="custom"))
record("EarlyStopping", {"patience": 1, "verbose": 1}, absent)
record("EarlyStopping", {"restore_best_weights": True, "verbose": 1}, epochs(float("nan"), float("nan"), float("nan")))

# ReduceLROnPlateau
for patience in (0, 1, 2, 4):
    for cooldown in (0, 1, 3):
        record("ReduceLROnPlateau", {"patience": patience, "cooldown": cooldown, "verbose": 1}, flat)
        record("ReduceLROnPlateau", {"patience": patience, "cooldown": cooldown, "verbose": 1, "factor": 0.5}, falling, rate=0.001)
        record("ReduceLROnPlateau", {"patience": patience, "cooldown": cooldown, "monitor": "val_accuracy", "factor": 0.3}, rising, rising)
for low in (0.01, 0.05, 0.1, 0.2):
    record("ReduceLROnPlateau", {"patience": 1, "min_lr": low, "verbose": 1, "factor": 0.4}, flat)
for delta in (0.0, 0.001, 0.01):
    record("ReduceLROnPlateau", {"patience": 1, "min_delta": delta, "verbose": 1}, small)
record("ReduceLROnPlateau", {}, flat)
record("ReduceLROnPlateau", {"factor": 1.0}, flat)
record("ReduceLROnPlateau", {"factor": 0.0, "patience": 2, "verbose": 1, "min_lr": 1e-4}, flat)
record("ReduceLROnPlateau", {"monitor": "unknown"}, flat)
record("ReduceLROnPlateau", {"patience": 1, "verbose": 1}, absent)
record("ReduceLROnPlateau", {"mode": "max", "patience": 1, "verbose": 1}, falling)

# ModelCheckpoint
for verbose in (0, 1):
    record("ModelCheckpoint", {"filepath": "m.keras", "verbose": verbose}, falling)
    record("ModelCheckpoint", {"filepath": "sub/m-{epoch:02d}-{val_loss:.2f}.keras", "verbose": verbose, "save_best_only": True}, falling, falling)
    record("ModelCheckpoint", {"filepath": "w.weights.h5", "verbose": verbose, "save_weights_only": True, "save_best_only": True, "monitor": "val_accuracy"}, rising)
    record("ModelCheckpoint", {"filepath": "m.h5", "verbose": verbose, "save_best_only": True, "initial_value_threshold": 0.82}, falling)
    record("ModelCheckpoint", {"filepath": "m.h5", "verbose": verbose, "save_best_only": True, "mode": "max", "initial_value_threshold": 0.82}, falling)
    batched = epochs(1.0, 0.9, 0.95, batches=5)
    for freq in (1, 2, 3, 5, 7, 100):
        record("ModelCheckpoint", {"filepath": "m-{epoch}-{batch:03d}-{loss:.3f}.keras", "verbose": verbose, "save_freq": freq}, batched)
    record("ModelCheckpoint", {"filepath": "m.keras", "verbose": verbose, "save_best_only": True}, absent)
for text in ("{epoch}", "{epoch:d}", "{epoch:>5}", "{epoch:05}", "{loss}", "{loss:.3e}", "{loss:g}", "{loss:8.3f}", "{loss:<8.1f}x", "{loss:+.1%}", "{{x}}{epoch:^7d}", "{loss:.3}", "{loss:*^9.2f}", "{epoch:.1f}", "{loss:E}", "{loss:G}", "{epoch:+}"):
    record("ModelCheckpoint", {"filepath": text + ".keras", "verbose": 1}, epochs(1.0, 0.9))
record("ModelCheckpoint", {"filepath": "{nothing}.keras"}, falling)
record("ModelCheckpoint", {"filepath": "{loss:d}.keras"}, falling)
record("ModelCheckpoint", {"filepath": "m.weights.h5", "monitor": "unknown", "save_best_only": True}, falling)
for path, only in (("m.h6", False), ("m.keras", True), ("m.h5", True), ("m", False)):
    record("ModelCheckpoint", {"filepath": path, "save_weights_only": only}, falling)
record("ModelCheckpoint", {"filepath": "m.keras", "save_freq": "batch"}, falling)

# CSVLogger
plain = epochs(None, None, None, loss=[0.5, 0.25, 1e-5], accuracy=[0.1, 1.0, 0.3])
late = epochs(None, 0.25, None, 1e20, accuracy=[0.5, 0.6, 0.7, 0.8])
for args in ({}, {"separator": ";"}, {"append": True}):
    record("CSVLogger", {"filename": "log.csv", **args}, plain, plain, files=["log.csv"])
    record("CSVLogger", {"filename": "log.csv", **args}, falling, late, files=["log.csv"])
    record("CSVLogger", {"filename": "log.csv", **args}, late, files=["log.csv"])
record("CSVLogger", {"filename": "log.csv"}, epochs(float("nan"), float("inf"), float("-inf"), 12345678.0, 1e16, 123456.789), files=["log.csv"])
record("CSVLogger", {"filename": "log.csv", "separator": "\t"}, epochs(1.0, 2.0, **{"odd, name": 3.0, 'a"b': 4.0}), files=["log.csv"])
record("CSVLogger", {"filename": "log.csv"}, epochs(1.0, 2.0, **{"odd, name": 3.0, 'a"b': 4.0}), files=["log.csv"])

# LearningRateScheduler
for name in SCHEDULES:
    for verbose in (0, 1):
        record("LearningRateScheduler", {"schedule": name, "verbose": verbose}, flat, flat)
        record("LearningRateScheduler", {"schedule": name, "verbose": verbose}, plain, rate=1e-5)

# TerminateOnNaN
for bad in (float("nan"), float("inf"), float("-inf"), 3.0):
    for raise_error in (False, True):
        run = epochs(1.0, 0.9, batches=4)
        run[1]["batches"][2]["loss"] = bad
        record("TerminateOnNaN", {"raise_error": raise_error}, run)

# BackupAndRestore
runs = epochs(*[0.5] * 4, batches=5)
for args in ({}, {"save_freq": 1}, {"save_freq": 3}, {"save_freq": 7}, {"double_checkpoint": True}, {"double_checkpoint": True, "save_freq": 4}):
    names = [f"b/{f}{suffix}" for f in ("latest.weights.h5", "training_metadata.json") for suffix in ("", ".bkp")]
    record("BackupAndRestore", {"backup_dir": "b", **args}, runs, runs, files=names)
    record("BackupAndRestore", {"backup_dir": "b", "delete_checkpoint": False, **args}, runs, runs, files=names)
record("BackupAndRestore", {"backup_dir": ""}, runs)
record("BackupAndRestore", {"backup_dir": "b", "save_freq": "batch"}, runs)
record("BackupAndRestore", {"backup_dir": "b", "save_freq": 2.5}, runs)

# RemoteMonitor
odd = epochs(1.0, 0.1, **{"accuracy": 1.0, "odd é \" name": 3.0})
for args in ({}, {"root": "http://example.com:80/x", "path": "", "field": "a b"}, {"headers": {"X-Own": "1"}}, {"send_as_json": True, "headers": {"X-Own": "2"}}):
    record("RemoteMonitor", args, odd, plain)
record("RemoteMonitor", {}, epochs(float("nan"), float("inf"), float("-inf")))

# TensorBoard
board = epochs(1.0, 0.5, 0.25, None, batches=3, accuracy=[0.5, 0.6, 0.7, 0.8])
for args in ({}, {"log_dir": "l/m"}, {"update_freq": "batch"}, {"update_freq": 2}, {"update_freq": 3}, {"update_freq": 100}, {"write_steps_per_second": True},
             {"write_steps_per_second": True, "update_freq": 2}, {"histogram_freq": 1}, {"histogram_freq": 2, "write_images": True}, {"write_images": True},
             {"histogram_freq": 1, "update_freq": 4}):
    for tests in (False, True):
        record("TensorBoard", {**args, "write_graph": False}, board, tests=tests)
for args in ({"profile_batch": -1}, {"profile_batch": [3, 2]}):
    record("TensorBoard", args, board)

save("callbacks", cases)
