"""Records the rules of compile and fit: how losses, weights, metrics, targets and sample weights may be given, what the
logs are called, and what is refused: ../fitting.json.gz.

    python fitting.py [seed [cases [file]]]

The cases are random; others than the recorded ones come from another seed. The models run eagerly: else
TensorFlow does not know the length of a batch, and a short last one counts as much as the others in the losses of the
outputs, as with no other backend.
"""

import random
import sys

from replay import arguments, floats, fresh, ints, jsonable, keras, np, onehot, serial, start, uniform, write

L, M, O = keras.layers, keras.metrics, keras.losses
N, STEPS = 22, 3
NAMES = ["kind", "rest", "after"]  # not in alphabetical order


def branch(kind, h, name):
    """An output of a kind; h is (batch, features), or (batch, steps, features)."""
    if kind == "class":
        return L.Dense(3, activation="softmax", name=name)(h)
    if kind == "binary":
        return L.Dense(1, activation="sigmoid", name=name)(h)
    return L.Dense(2, name=name)(h)


def target(kind, seed, n, temporal):
    shape = (n, STEPS) if temporal else (n,)
    if kind == "class":
        return onehot(seed, 3, *shape)
    if kind == "sparse":
        return ints(seed, 3, *shape)
    if kind == "binary":
        return ints(seed, 2, *shape, 1)
    return uniform(seed, *shape, 2)


LOSSES = {
    "class": ["categorical_crossentropy", "mse", "kl_divergence", "ce", "crossentropy", lambda: O.CategoricalCrossentropy(label_smoothing=0.1), lambda: O.CategoricalFocalCrossentropy(name="focal"), lambda: O.MeanSquaredError(reduction="sum")],
    "sparse": ["sparse_categorical_crossentropy", "ce", lambda: O.SparseCategoricalCrossentropy(), lambda: O.SparseCategoricalCrossentropy(reduction="sum")],
    "binary": ["binary_crossentropy", "mse", "ce", "hinge", lambda: O.BinaryCrossentropy(label_smoothing=0.2), lambda: O.BinaryFocalCrossentropy(apply_class_balancing=True)],
    "plain": ["mse", "mae", "MeanSquaredError", "log_cosh", "huber", lambda: O.MeanAbsoluteError(reduction="sum"), lambda: O.MeanSquaredError(reduction="mean_with_sample_weight")],
}
METRICS = {
    "class": ["accuracy", "acc", "Accuracy", "mse", "categorical_accuracy", "AUC", "auc", "CategoricalCrossentropy", lambda: M.TopKCategoricalAccuracy(k=2), lambda: M.Precision(class_id=1), lambda: M.Recall(top_k=1, name="mine"), lambda: M.CategoricalAccuracy(name="accuracy")],
    "sparse": ["accuracy", "acc", "sparse_categorical_accuracy", "sparse_categorical_crossentropy", lambda: M.SparseTopKCategoricalAccuracy(k=2), lambda: M.SparseCategoricalAccuracy(name="mine")],
    "binary": ["accuracy", "acc", "binary_accuracy", "bce", "Precision", "auc", "mse", lambda: M.BinaryAccuracy(threshold=0.4), lambda: M.AUC(num_thresholds=20), lambda: M.TruePositives(thresholds=0.3), lambda: M.BinaryAccuracy(name="accuracy")],
    "plain": ["mse", "MSE", "mae", "mean_absolute_error", "RootMeanSquaredError", "cosine_similarity", lambda: M.MeanAbsoluteError(name="mine"), lambda: M.MeanSquaredError(), lambda: M.R2Score(), "mape"],
}


def made(v):
    """A choice: objects are made anew for every case."""
    return v() if callable(v) else v


class Case:
    def __init__(self, r):
        self.r = r
        self.temporal = r.random() < 0.25
        self.inputs = r.choice([1, 1, 2, 3])
        self.outputs = r.choice([1, 1, 2, 2, 3])
        self.kinds = [r.choice(["class", "sparse", "binary", "plain"]) for _ in range(self.outputs)]
        self.names = NAMES[:self.outputs]
        self.dict_outputs = self.outputs > 1 and r.random() < 0.15
        self.regular = r.random() < 0.2
        self.masked = self.temporal and r.random() < 0.5

    def model(self):
        shape = (STEPS, 4) if self.temporal else (4,)
        ins = [keras.Input(shape, name=f"in_{c}") for c in "bac"[:self.inputs]]
        hs = []
        for i, x in enumerate(ins):
            if self.masked and i == 0:
                x = L.Masking(name="masking")(x)
            hs.append(L.Dense(5, activation="tanh", name=f"hidden_{i}", kernel_regularizer="l2" if self.regular else None,
                              activity_regularizer=keras.regularizers.L1(0.01) if self.regular and i == 0 else None)(x))
        h = hs[0] if len(hs) == 1 else L.Add(name="add")(hs)
        outs = [branch("class" if k == "sparse" else k, h, n) for k, n in zip(self.kinds, self.names)]
        if self.dict_outputs:
            outs = dict(zip(["q", "p", "s"], outs))
        elif len(outs) == 1:
            outs = outs[0]
        return keras.Model(ins if len(ins) > 1 else ins[0], outs)

    def keys(self):
        """What a dict calls the outputs."""
        return ["q", "p", "s"][:self.outputs] if self.dict_outputs else self.names

    def asked(self, per_output, forms, whole=False):
        """Something for each output, in one of several forms."""
        form = self.r.choice(forms)
        if form == "dict":
            d = dict(zip(self.keys(), per_output))
            if self.r.random() < 0.2 and self.outputs > 1 and not whole:
                d.pop(self.r.choice(self.keys()))
            if self.r.random() < 0.07 and not whole:
                d["unknown"] = per_output[0]
            return d
        if form == "one":
            return per_output[0]
        if form == "short":
            return per_output[:-1]
        return list(per_output)

    def loss(self):
        r = self.r
        per = [made(r.choice(LOSSES[k])) for k in self.kinds]
        if self.outputs > 1 and r.random() < 0.25:
            per[r.randrange(self.outputs)] = None
        if self.outputs > 1 and r.random() < 0.15:
            return r.choice(["mse", "mae"])
        if self.dict_outputs:
            return self.asked(per, ["dict"], whole=True)
        asked = self.asked(per, ["one", "list", "dict"] if self.outputs == 1 else ["list"] * 4 + ["dict"] * 4 + ["short"], whole=True)  # what is left out has no loss here, as in Keras 2
        if isinstance(asked, dict) and r.random() < 0.07:
            asked["unknown"] = per[0]
        return asked

    def loss_weights(self, loss):
        r = self.r
        if r.random() < 0.5:
            return None
        per = [round(r.uniform(0.2, 2), 2) for _ in range(self.outputs)]
        return self.asked(per, ["one", "list", "dict"] if self.outputs == 1 else ["list"] * 4 + ["dict"] * 4 * isinstance(loss, dict) + ["one", "short"], whole=True)  # of a dict for a list Keras ignores the names; what is left out counts 1 here, as in Keras 2

    def metrics(self):
        r = self.r
        if r.random() < 0.35:
            return None
        per = []
        for k in self.kinds:
            some = [made(r.choice(METRICS[k])) for _ in range(r.choice([1, 1, 2, 3]))]
            if r.random() < 0.3:
                some.append(some[0] if isinstance(some[0], str) else made(r.choice(METRICS[k])))
            if r.random() < 0.3:
                some = some[0]
            per.append(some)
        if self.outputs > 1 and r.random() < 0.2:
            per[r.randrange(self.outputs)] = None
        if self.outputs == 1:
            some = per[0] if isinstance(per[0], list) else [per[0]]
            return r.choice([some, some, [some], {self.keys()[0]: some}, {"other": some}, [some, ["mse"]]])
        return self.asked(per, ["list"] * 4 + ["dict"] * 4 + ["short"])

    def arrays(self, n, seed):
        """x, y and sample weights for n samples."""
        r = self.r
        shape = (n, STEPS, 4) if self.temporal else (n, 4)
        x = [ints(seed + i, 2, *shape, dtype="float32") if self.masked and i == 0 else uniform(seed + i, *shape) for i in range(self.inputs)]
        y = [target(k, seed + 10 + i, n, self.temporal) for i, k in enumerate(self.kinds)]
        return x, y

    def given(self, seed, n, plan):
        """The arguments of a call: x, y, and perhaps sample weights."""
        x, y = self.arrays(n, seed)
        w = None
        if plan["weights"]:
            shape = (n, STEPS) if self.temporal and plan["steps"] else (n,)
            w = [uniform(seed + 20 + i, *shape, lo=0.0, hi=2.0) for i in range(self.outputs)]
            if plan["no weight"] is not None:
                w[plan["no weight"]] = None
            w = w[0] if plan["weights"] == "one" else w if plan["weights"] == "list" else dict(zip(self.keys(), w))
        if plan["no target"] is not None:
            y[plan["no target"]] = None
        if plan["left out"] is not None:
            y.pop(plan["left out"])
        if plan["x"] == "dict":
            x = {f"in_{c}": v for c, v in zip("bac", x)}
            if self.r.random() < 0.3:
                x["more"] = uniform(seed, n, 3)
        elif len(x) == 1:
            x = x[0]
        if plan["y"] == "dict" and plan["left out"] is None:
            y = dict(zip(self.keys(), y))
        elif len(y) == 1:
            y = y[0]
        out = dict(x=x, y=y)
        if w is not None:
            out["sample_weight"] = w
        return out

    def actions(self, compile):
        r = self.r
        losses = compile["loss"]
        without = [i for i in range(self.outputs) if isinstance(losses, list) and self.outputs == len(losses) and losses[i] is None
                   or isinstance(losses, dict) and losses.get(self.keys()[i], None) is None]
        several = self.outputs > 1
        plan = {"x": r.choice(["list", "list", "dict"]), "y": "dict" if self.dict_outputs or several and r.random() < 0.35 else "list", "weights": None, "steps": r.random() < 0.5,
                "no target": None, "left out": None, "no weight": None}
        if without and r.random() < 0.7:
            # With targets left out Keras pairs metrics with targets by number, whatever output they are of.
            measured = compile["metrics"] or compile["weighted_metrics"]
            plan["no target" if measured else r.choice(["no target", "left out"])] = without[0]
        elif several and r.random() < 0.03:
            plan["no target"] = 0
        if r.random() < 0.35:
            if plan["y"] == "dict" and not self.dict_outputs:
                plan["y"] = "list"  # Keras fails with a KeyError
            plan["weights"] = r.choice(["one"] + (["one", "dict"] if plan["y"] == "dict" else ["list"] * 3) * several)
            if several and r.random() < 0.2:
                plan["no weight"] = r.randrange(self.outputs)
        fit = self.given(1, N, plan)
        fit.update(epochs=2, batch_size=r.choice([8, 5, 22, 64]))
        if not plan["weights"] and r.random() < (0.1 if several else 0.3):
            fit["class_weight"] = {"0": 0.5, "2": 3.0, "1": 1.5}
        how = r.random()
        if how < 0.3:
            val = self.given(2, 9, dict(plan, weights=plan["weights"] if r.random() < 0.6 else None))
            fit["validation_data"] = [val[k] for k in ("x", "y", "sample_weight") if k in val]
            if r.random() < 0.4:
                fit["validation_batch_size"] = r.choice([2, 4])
                fit["validation_steps"] = r.choice([1, 2])
        elif how < 0.55:
            fit["validation_split"] = r.choice([0.2, 0.3, 1 / 3, 0.95])
        if how < 0.55 and r.random() < 0.3:
            fit["validation_freq"], fit["epochs"] = r.choice([2, [1, 3]]), 3
        if r.random() < 0.15:
            fit["initial_epoch"], fit["epochs"] = 2, 4
        if r.random() < 0.15:
            fit["steps_per_epoch"] = r.choice([1, 2])
        keep = {k: fit[k] for k in ("x", "y", "sample_weight") if k in fit}
        list_ = [{"fit": fit}, {"weights": {}}]
        if r.random() < 0.6:
            list_.append({"evaluate": dict(keep, batch_size=r.choice([4, 7, 32]), **({"steps": 2} if r.random() < 0.3 else {}))})
        if r.random() < 0.3:
            list_.append({r.choice(["train_on_batch", "test_on_batch"]): dict(keep)})
        if r.random() < 0.2:
            list_.append({"predict": dict(x=fit["x"], batch_size=9)})
        return list_


def record(seed):
    c = Case(random.Random(seed))
    fresh()
    model = c.model()
    loss = c.loss()
    compile = dict(optimizer=c.r.choice(["sgd", "adam"]), loss=loss, loss_weights=c.loss_weights(loss), metrics=c.metrics(), weighted_metrics=c.metrics())
    actions = c.actions(compile)
    out = {"name": f"seed {seed}", "model": model.to_json(), "compile": {k: serial(v) for k, v in compile.items() if v is not None},
           "seed": 100, "weights": [list(w.shape) for w in model.weights], "actions": []}
    start(model, 100)
    try:
        model.compile(**compile, run_eagerly=True)
    except ValueError as e:
        out["refused"] = str(e)[:200]
        return out
    for action in actions:
        (kind, args), = action.items()
        rec = {"do": kind, "args": args}
        try:
            if kind == "fit":
                h = model.fit(**arguments(args), shuffle=False, verbose=0)
                rec["history"], rec["keys"], rec["epoch"], rec["params"] = jsonable(h.history), list(h.history), h.epoch, jsonable(h.params)
            elif kind == "evaluate":
                if not c.dict_outputs:  # their list has the order of the dict, ours that of the names
                    r = model.evaluate(**arguments(args), verbose=0)
                    rec["result"] = jsonable(r if isinstance(r, list) else [r])
                rec["dict"] = jsonable(model.evaluate(**arguments(args), verbose=0, return_dict=True))
            elif kind == "predict":
                r = model.predict(**arguments(args), verbose=0)
                r = r if isinstance(r, (list, tuple)) else [r[k] for k in sorted(r)] if isinstance(r, dict) else [r]
                rec["result"], rec["shapes"] = [floats(v) for v in r], [list(np.asarray(v).shape) for v in r]
            elif kind == "weights":
                rec["result"] = [floats(w) for w in model.get_weights()]
            elif not c.dict_outputs:
                r = getattr(model, kind)(**arguments(args))
                rec["result"] = jsonable(r if isinstance(r, (list, tuple)) else [r])
        except ValueError as e:  # a rule
            rec["refused"] = str(e)[:200]
            out["actions"].append(rec)
            break
        except Exception:  # an accident, such as a backend's
            break
        if kind.endswith("_on_batch") and c.dict_outputs:
            continue
        out["actions"].append(rec)
    return out


seed, n = (int(v) for v in (sys.argv[1:3] + ["1", "90"][len(sys.argv[1:3]):]))
cases = [record(seed * 10000 + i) for i in range(n)]
cases = [c for c in cases if "refused" in c or c["actions"]]
print(sum("refused" in c or any("refused" in a for a in c["actions"]) for c in cases), "refused")
write(sys.argv[3] if len(sys.argv) > 3 else "fitting.json.gz", cases)
