"""Writes ../../operations/testdata/keras_operations.txt: Keras's Operation classes, "module Class" on each line.

    python operation_classes.py
"""

import importlib
import inspect
import os

import keras
from keras.src.ops.operation import Operation

OUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "operations", "testdata", "keras_operations.txt")

lines = []
for name in "core einops image linalg math nn numpy".split():
    module = importlib.import_module("keras.src.ops." + name)
    for k, v in vars(module).items():
        if inspect.isclass(v) and issubclass(v, Operation) and v.__module__ == module.__name__:
            lines.append(f"{name} {k}")
with open(OUT, "w") as f:
    f.write(f"# Keras {keras.__version__}\n" + "\n".join(sorted(lines)) + "\n")
