"""Trains the classic MNIST CNN in real Keras: the peer of kerasgo's benchmark (go run ./engine/bench).

Prints Keras's own lines (verbose=2), which the benchmark times, and at last one line of JSON:
  import_s    seconds to import Keras and its backend
  epoch_s     seconds of each epoch
  step_ms     median of one training step, the first epoch left out if there are more
  peak_rss_mb largest resident memory
  accuracy    on the test images
  versions    of what took part
"""

import argparse
import gzip
import json
import os
import resource
import statistics
import sys
import time

parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
parser.add_argument("--data", default="mnist/data", help="folder with the four idx.gz files")
parser.add_argument("--epochs", type=int, default=3)
parser.add_argument("--batch-size", type=int, default=128)
parser.add_argument("--backend", default="tensorflow")
args = parser.parse_args()

os.environ["KERAS_BACKEND"] = args.backend
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

started = time.perf_counter()
import keras
import numpy as np

import_s = time.perf_counter() - started


def read_idx(name):
    """The array in one gzipped idx file of bytes: two zeros, the type 8, the rank, then the sizes as big-endian 32-bit integers."""
    with gzip.open(os.path.join(args.data, name)) as f:
        raw = f.read()
    rank = raw[3]
    sizes = np.frombuffer(raw, ">i4", rank, 4)
    return np.frombuffer(raw, np.uint8, offset=4 + 4 * rank).reshape(sizes)


def images(name):
    return read_idx(name).reshape(-1, 28, 28, 1).astype("float32") / 255


def labels(name):
    return keras.utils.to_categorical(read_idx(name), 10)


class Steps(keras.callbacks.Callback):
    """Times every step and epoch."""

    def __init__(self):
        super().__init__()
        self.steps, self.epochs = [], []

    def on_epoch_begin(self, epoch, logs=None):
        self.epoch_start = time.perf_counter()
        self.steps.append([])

    def on_epoch_end(self, epoch, logs=None):
        self.epochs.append(time.perf_counter() - self.epoch_start)

    def on_train_batch_begin(self, batch, logs=None):
        self.step_start = time.perf_counter()

    def on_train_batch_end(self, batch, logs=None):
        self.steps[-1].append(time.perf_counter() - self.step_start)


# The first 5,000 training images are the validation set, as in read_data_sets.
train_x, train_y = images("train-images-idx3-ubyte.gz")[5000:], labels("train-labels-idx1-ubyte.gz")[5000:]
test_x, test_y = images("t10k-images-idx3-ubyte.gz"), labels("t10k-labels-idx1-ubyte.gz")

layers = keras.layers
model = keras.Sequential([
    keras.Input((28, 28, 1)),
    layers.Conv2D(32, (5, 5), padding="valid"), layers.Activation("relu"), layers.MaxPooling2D((2, 2)),
    layers.Conv2D(64, (5, 5)), layers.Activation("relu"), layers.MaxPooling2D((2, 2)),
    layers.Flatten(),
    layers.Dense(128), layers.Activation("relu"), layers.Dropout(0.5),
    layers.Dense(10), layers.Activation("softmax"),
])
model.compile(loss="categorical_crossentropy", optimizer="adam", metrics=["accuracy"])
steps = Steps()
model.fit(train_x, train_y, batch_size=args.batch_size, epochs=args.epochs, verbose=2, callbacks=[steps])
accuracy = model.evaluate(test_x, test_y, verbose=0)[1]

timed = steps.steps[1:] or steps.steps
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
backend = sys.modules.get({"jax": "jax", "torch": "torch"}.get(args.backend, "tensorflow"))
print(json.dumps({
    "import_s": import_s,
    "epoch_s": steps.epochs,
    "step_ms": 1e3 * statistics.median(t for epoch in timed for t in epoch),
    "peak_rss_mb": peak / (1 << 20 if sys.platform == "darwin" else 1 << 10),
    "accuracy": accuracy,
    "versions": f"Keras {keras.__version__}, {args.backend} {getattr(backend, '__version__', '')}, Python {sys.version.split()[0]}",
}))
