"""Lists what random_layers.py never draws: classes of keras.layers and constructor arguments that keep their default in every draw.

    random_coverage.py [DRAWS]

KERAS_BACKEND matters: channels_first and words are drawn for some backends only.
"""

import inspect
import os
import sys

os.environ.setdefault("KERAS_BACKEND", "torch")

import keras  # noqa: E402
import numpy as np  # noqa: E402

from random_net import Net  # noqa: E402

EVERYWHERE = {"name", "dtype", "trainable"}  # of Layer itself: common() draws them, whatever the class
FIXED = {"rank", "pool_dimensions", "pool_mode", "factor"}  # what a class passes to the one it extends, unless it takes it itself


def classes():
    return {n: c for n, c in vars(keras.layers).items() if inspect.isclass(c) and issubclass(c, keras.Layer)}


def arguments(cls):
    """The constructor's arguments and their defaults, with those that a class passes on to the one it extends."""
    out = {}
    for c in cls.__mro__:
        if "__init__" not in vars(c) or c is keras.Layer:
            continue
        p = inspect.signature(c.__init__).parameters
        for n, a in p.items():
            if n != "self" and a.kind not in (a.VAR_KEYWORD, a.VAR_POSITIONAL) and not (n in FIXED and c is not cls):
                out.setdefault(n, a.default)
        if not any(a.kind == a.VAR_KEYWORD for a in p.values()):
            break
    for n in EVERYWHERE:
        out.pop(n, None)
    return out


def main(draws):
    seen = {n: set() for n in classes()}
    alias = {c: n for n, c in classes().items()}
    known = {c: arguments(c) for c in alias}  # before the constructors are watched
    depth = 0

    def watched(cls, init):
        def wrapper(self, *args, **kwargs):
            nonlocal depth
            if depth == 0 and type(self) is cls:  # what a layer makes inside is not drawn
                given = dict(zip(known[cls], args)) | kwargs
                for n, v in given.items():
                    if n in known[cls] and repr(v) != repr(known[cls][n]):
                        seen[alias[cls]].add(n)
                seen[alias[cls]].add("")
            depth += 1
            try:
                init(self, *args, **kwargs)
            finally:
                depth -= 1
        return wrapper

    for c in list(alias):
        if "__init__" in vars(c):
            c.__init__ = watched(c, c.__init__)
    for i in range(draws):
        keras.utils.clear_session(free_memory=False)
        try:
            Net(np.random.default_rng([5, i]), i % 2 == 0).model(sequential=False)
        except Exception:
            pass
    for n, c in sorted(classes().items()):
        if alias[c] != n:
            continue
        if not seen[n]:
            print(f"{n}: never drawn")
            continue
        missing = [a for a in known[c] if a not in seen[n]]
        if missing:
            print(f"{n}: {', '.join(missing)}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3000)
