"""Trains the classic MNIST CNN in real Keras: the peer of `kerasgo fit examples/mnist_cnn.yaml` in kerasgo's benchmark.

Prints Keras's own lines (verbose=2), which the benchmark times, and at last one line of JSON: the accuracy on the test images and the versions.
"""

import argparse
import gzip
import json
import os
import sys

parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
parser.add_argument("--data", default="mnist/data", help="folder with the four idx.gz files")
parser.add_argument("--epochs", type=int, default=3)
parser.add_argument("--batch-size", type=int, default=128)
parser.add_argument("--backend", default="tensorflow")
args = parser.parse_args()

os.environ["KERAS_BACKEND"] = args.backend
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

import keras
import numpy as np


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


# The first 5,000 training images are the validation set, as in read_data_sets.
x, y = images("train-images-idx3-ubyte.gz"), labels("train-labels-idx1-ubyte.gz")
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
model.fit(x[5000:], y[5000:], batch_size=args.batch_size, epochs=args.epochs, verbose=2, validation_data=(x[:5000], y[:5000]))
accuracy = model.evaluate(test_x, test_y, batch_size=args.batch_size, verbose=0)[1]

backend = sys.modules.get({"jax": "jax", "torch": "torch"}.get(args.backend, "tensorflow"))
print(json.dumps({
    "accuracy": accuracy,
    "versions": f"keras {keras.__version__}, {args.backend} {getattr(backend, '__version__', '')}, Python {sys.version.split()[0]}",
}))
