"""Record what Keras's strings for losses, metrics and optimizers stand for, and which way metrics improve.

Run: python names.py
Writes ../testdata/names.json.gz.
"""

from objective import keras, save

import inspect  # noqa: E402

from keras.src import losses, metrics, optimizers  # noqa: E402
from keras.src.trainers.compile_utils import get_loss, get_metric  # noqa: E402
from keras.src.utils.naming import to_snake_case  # noqa: E402

functions = {}
for obj in losses.ALL_OBJECTS:
    if isinstance(obj, type):
        functions[to_snake_case(obj.__name__)] = obj.__name__
names = {}
for name, obj in losses.ALL_OBJECTS_DICT.items():
    if name not in ("Loss", "LossFunctionWrapper"):
        names[name] = obj.__name__ if isinstance(obj, type) else functions[obj.__name__]
cases = [{"kind": "loss", "names": dict(sorted(names.items()))}]

names, up, down = {}, [], []
needs = {  # arguments of classes that have required ones
    "num_classes": 2, "target_class_ids": [0], "specificity": 0.5, "sensitivity": 0.5, "recall": 0.5, "precision": 0.5,
}
for name, cls in metrics.ALL_OBJECTS_DICT.items():
    if cls.__name__ in ("Metric", "MeanMetricWrapper"):
        continue
    required = [p.name for p in inspect.signature(cls).parameters.values() if p.default is p.empty and p.kind == p.POSITIONAL_OR_KEYWORD]
    if not required:
        names[name] = cls.__name__
    direction = getattr(cls(**{k: needs[k] for k in required}), "_direction", None)
    if name == cls.__name__ and direction:
        (up if direction == "up" else down).append(name)
cases.append({"kind": "metric", "names": dict(sorted(names.items())), "up": sorted(up), "down": sorted(down)})

names = {}
for name, cls in optimizers.ALL_OBJECTS_DICT.items():
    if name != "optimizer":  # the base class
        names[name] = cls.__name__
cases.append({"kind": "optimizer", "names": dict(sorted(names.items()))})


class Shape:
    def __init__(self, *s):
        self.shape = s


shapes = []
for t, p in [((8,), (8, 1)), ((8, 1), (8, 1)), ((8,), (8, 4)), ((8, 1), (8, 4)), ((8, 4), (8, 4)), ((8, 3), (8, 3, 4)), ((8, 3, 1), (8, 3, 4)), ((8, 3, 4), (8, 3, 4)), ((8, 3), (8, 3, 1))]:
    shapes.append({
        "y_true": t, "y_pred": p, "accuracy": type(get_metric("acc", Shape(*t), Shape(*p))).__name__,
        "crossentropy": functions[get_loss("ce", Shape(*t), Shape(*p)).fn.__name__],
    })
cases.append({"kind": "shapes", "shapes": shapes})
save("names", cases)
