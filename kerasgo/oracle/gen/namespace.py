"""Lists what real Keras offers, by namespace: ../testdata/namespace.json.

Run with KERAS_BACKEND=tensorflow on a CPU:  python namespace.py

{"keras": version, "script": name, "namespaces": {namespace: [entry, ...]}}, where an entry has the name, what it is
(class or function), the name it is an alias of, if it is one, and, for a class, the arguments of its constructor
beside those of its base class, which Layer's keyword arguments are.
"""

import os

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

import inspect
import json

import keras

from record import OUT

NAMESPACES = ("layers", "losses", "metrics", "optimizers", "optimizers.schedules", "activations", "initializers", "regularizers", "constraints",
              "callbacks", "dtype_policies", "ops", "models", "applications", "utils", "saving", "preprocessing.image", "preprocessing.sequence", "config", "random",
              "tree")

# What keras.Layer's constructor takes; subclasses pass it on as **kwargs.
LAYER = ["activity_regularizer", "trainable", "dtype", "name"]


def arguments(cls):
    """The names of the constructor's arguments, without self."""
    out = []
    for p in inspect.signature(cls.__init__).parameters.values():
        if p.kind is p.VAR_KEYWORD and issubclass(cls, keras.Layer):
            out += [a for a in LAYER if a not in out]
        elif p.name != "self" and p.kind not in (p.VAR_KEYWORD, p.VAR_POSITIONAL):
            out.append(p.name)
    return out


def entries(space):
    module = keras
    for part in space.split("."):
        module = getattr(module, part)
    own = {}  # id of an object → the name that is no alias
    names = [n for n in sorted(dir(module)) if not n.startswith("_") and callable(getattr(module, n))]
    for n in names:
        x = getattr(module, n)
        if x.__name__ == n or id(x) not in own:
            own[id(x)] = n
    for n in names:
        x = getattr(module, n)
        e = dict(name=n, what="class" if inspect.isclass(x) else "function")
        if own[id(x)] != n:
            e["alias_of"] = own[id(x)]
        elif inspect.isclass(x):
            e["arguments"] = arguments(x)
        yield e


if __name__ == "__main__":
    data = dict(keras=keras.__version__, script="gen/namespace.py", namespaces={s: list(entries(s)) for s in NAMESPACES})
    with open(os.path.join(OUT, "namespace.json"), "w") as f:
        f.write("{\n")
        f.write(f' "keras": {json.dumps(data["keras"])},\n "script": {json.dumps(data["script"])},\n "namespaces": {{\n')
        f.write(",\n".join(f"  {json.dumps(s)}: [\n   " + ",\n   ".join(json.dumps(e) for e in es) + "\n  ]" for s, es in data["namespaces"].items()))
        f.write("\n }\n}\n")
    print({s: len(es) for s, es in data["namespaces"].items()})
