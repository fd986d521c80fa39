"""Runs one workload of kerasgo's benchmark in Python and prints one line of JSON: the peer of `bench worker`.

The workload is a folder written by `bench worker -export`: model.json (the model, as Keras's to_json), settings.json, x.npy, y.npy.
Contenders are keras-tensorflow, keras-jax, keras-torch (the same model through model_from_json), torch (a loop written by hand, for cnn and mlp)
and onnxruntime (prediction only, see peer_onnx.py). Nothing but the steps is timed, after warming up.
"""

import argparse
import json
import os
import resource
import statistics
import sys
import time

WARM_UP = 5

parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
parser.add_argument("--dir", required=True, help="folder of the workload")
parser.add_argument("--workload", required=True, help="its name, for the output")
parser.add_argument("--contender", required=True)
parser.add_argument("--mode", choices=["train", "predict", "once"], default="train", help="once: load model.keras, predict one sample, end")
parser.add_argument("--batch", type=int, required=True)
parser.add_argument("--seconds", type=float, default=5)
parser.add_argument("--threads", type=int, default=2)
args = parser.parse_args()

threads = str(args.threads)
os.environ["OMP_NUM_THREADS"] = os.environ["MKL_NUM_THREADS"] = threads
os.environ["TF_NUM_INTRAOP_THREADS"] = os.environ["TF_NUM_INTEROP_THREADS"] = threads
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
os.environ.setdefault("JAX_PLATFORMS", "cpu")
if hasattr(os, "sched_setaffinity"):  # JAX takes as many threads as it has cores
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: args.threads])
library, _, backend = args.contender.partition("-")
os.environ["KERAS_BACKEND"] = backend or "torch"

import numpy as np


def load(name):
    return np.load(os.path.join(args.dir, name))


def text(name):
    with open(os.path.join(args.dir, name)) as f:
        return f.read()


def repeat(step):
    """Calls step(i) until the time is over and returns the milliseconds of each call."""
    for i in range(WARM_UP):
        step(i)
    times, i, end = [], WARM_UP, time.perf_counter() + args.seconds
    while not times or time.perf_counter() < end:
        start = time.perf_counter()
        step(i)
        times.append(1e3 * (time.perf_counter() - start))
        i += 1
    return times


def keras_model():
    import keras

    keras.utils.set_random_seed(1)
    model = keras.models.model_from_json(text("model.json"))
    settings = json.loads(text("settings.json"))
    model.compile(loss=settings["loss"], optimizer=settings["optimizer"], metrics=settings["metrics"])
    return keras, model


def keras_train():
    keras, model = keras_model()

    class Steps(keras.callbacks.Callback):
        """The milliseconds from one batch's end to the next, within an epoch: all that a step needs, data included. Keras waits for a step's
        numbers before it tells callbacks, as it does for its own progress bar."""

        def __init__(self):
            super().__init__()
            self.times, self.seen, self.last, self.end = [], 0, None, float("inf")

        def on_epoch_begin(self, epoch, logs=None):
            self.last = None

        def on_train_batch_end(self, batch, logs=None):
            now = time.perf_counter()
            self.seen += 1
            if self.seen == WARM_UP:
                self.end = now + args.seconds
            elif self.seen > WARM_UP and self.last is not None:
                self.times.append(1e3 * (now - self.last))
            if now > self.end and self.times:
                self.model.stop_training = True
            self.last = time.perf_counter()

    x, y = load("x.npy"), load("y.npy")
    full = len(x) // args.batch * args.batch
    steps = Steps()
    model.fit(x[:full], y[:full], batch_size=args.batch, epochs=1 << 30, verbose=0, callbacks=[steps])
    return steps.times


def batches():
    x = load("x.npy")
    n = len(x) // args.batch
    return [x[i * args.batch : (i + 1) * args.batch] for i in range(n)]


def keras_predict():
    _, model = keras_model()
    x = batches()
    return repeat(lambda i: model.predict_on_batch(x[i % len(x)]))


def onnx_predict():
    import onnxruntime
    import peer_onnx

    _, model = keras_model()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = args.threads
    options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(peer_onnx.convert(model), options, providers=["CPUExecutionProvider"])
    x = batches()
    want, got = model.predict_on_batch(x[0]), session.run(None, {"x": x[0]})[0]
    assert np.abs(want - got).max() < 1e-4, "the ONNX model computes something else"
    return repeat(lambda i: session.run(None, {"x": x[i % len(x)]}))


def torch_train():
    """The loop of torch's tutorials, with channels last, which is faster here."""
    import torch
    from torch import nn

    torch.manual_seed(1)
    torch.set_num_threads(args.threads)
    if args.workload == "cnn":
        net = nn.Sequential(
            nn.Conv2d(1, 32, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(32, 64, 5), nn.ReLU(), nn.MaxPool2d(2),
            nn.Flatten(), nn.Linear(1024, 128), nn.ReLU(), nn.Dropout(0.5), nn.Linear(128, 10),
        ).to(memory_format=torch.channels_last)
        x = torch.from_numpy(load("x.npy")).permute(0, 3, 1, 2)
    elif args.workload == "mlp":
        net = nn.Sequential(nn.Linear(784, 512), nn.ReLU(), nn.Linear(512, 512), nn.ReLU(), nn.Linear(512, 10))
        x = torch.from_numpy(load("x.npy"))
    else:
        sys.exit(f"no loop is written for {args.workload}")
    y = torch.from_numpy(load("y.npy").argmax(1))
    optimizer, loss_of = torch.optim.Adam(net.parameters(), eps=1e-7), nn.CrossEntropyLoss()
    state = {"order": torch.randperm(len(x)), "at": 0, "correct": 0}

    def step(_):
        if state["at"] + args.batch > len(x):
            state.update(order=torch.randperm(len(x)), at=0)
        rows = state["order"][state["at"] : state["at"] + args.batch]
        state["at"] += args.batch
        out = net(x[rows])
        loss = loss_of(out, y[rows])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        state["correct"] += (out.argmax(1) == y[rows]).sum().item()
        return loss.item()

    return repeat(step)


def keras_once():
    import keras

    print(keras.models.load_model(os.path.join(args.dir, "model.keras")).predict(load("one.npy"), verbose=0).argmax())
    sys.exit()


def version(module):
    return getattr(sys.modules.get(module), "__version__", "")


run = {
    ("keras", "train"): keras_train,
    ("keras", "predict"): keras_predict,
    ("keras", "once"): keras_once,
    ("torch", "train"): torch_train,
    ("onnxruntime", "predict"): onnx_predict,
}.get((library, args.mode))
if run is None:
    sys.exit(f"{args.contender} has no mode {args.mode}")
if library != "keras" or backend == "torch":
    import torch

    torch.set_num_threads(args.threads)
times = sorted(run())
n = len(times)
names = {"keras": ["keras", backend], "torch": ["torch"], "onnxruntime": ["onnxruntime"]}[library]
print(json.dumps({
    "contender": args.contender, "workload": args.workload, "mode": args.mode, "batch": args.batch, "threads": args.threads, "steps": n,
    "median_ms": statistics.median(times), "min_ms": times[0], "q1_ms": times[(n - 1) // 4], "q3_ms": times[(3 * n - 1) // 4],
    "mean_ms": statistics.fmean(times),
    "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10),
    "versions": ", ".join(f"{name} {version(name)}" for name in names) + f", Python {sys.version.split()[0]}",
}))
