"""Loads what kerasgo wrote: check.py <folder>.

For every <case>.json there with <case>.keras, .weights.h5 and .h5 beside it: compares predictions, the optimizer's variables and the losses of further steps
with those that kerasgo recorded, and writes the largest differences, or why a file could not be loaded, to report.txt (JSON).
"""
import glob, json, os, sys, traceback, warnings
import keras
import numpy as np
import cases


def difference(got, want):
    """The largest difference, relative to values above 1."""
    worst = 0.0
    for g, w in zip(got, want, strict=True):
        g, w = np.asarray(g, "float64"), np.asarray(w, "float64")
        assert g.shape == w.shape, (g.shape, w.shape)
        if g.size:
            worst = max(worst, float(np.max(np.abs(g - w) / np.maximum(1, np.abs(w)))))
    return worst


def filled(r, path):
    m = keras.models.model_from_json(r["json"])
    m.load_weights(path)
    return m


def legacy(path):
    try:
        return keras.models.load_model(path)
    except (ValueError, TypeError) as e:  # Keras cannot compile from a .h5 file with the string "mse", nor with Lamb, its own files neither
        if "KerasSaveable" not in str(e) and "lamb" not in str(e) and "function 'mse'" not in str(e):
            raise
        return keras.models.load_model(path, compile=False)


folder = sys.argv[1]
report = {}
for path in sorted(glob.glob(os.path.join(folder, "*.json"))):
    base = path[:-len(".json")]
    name = os.path.basename(base)
    with open(path) as f:
        r = json.load(f)
    if cases.VERSION < (3, 5) and "nadam" in name:
        continue  # later versions keep its product in another place, so that these cannot load their files
    if cases.VERSION < (3, 4) and name in ("functional", "masked"):
        continue  # nor those of graphs with a single input or output
    xs, ys, want = [cases.array(a) for a in r["x"]], [cases.array(a) for a in r["y"]], [cases.array(a) for a in r["predict"]]
    for kind, load in {"keras": lambda: keras.models.load_model(base + ".keras"), "weights.h5": lambda: filled(r, base + ".weights.h5"),
                       "h5": lambda: legacy(base + ".h5")}.items():
        if kind == "h5" and name == "calls_masks":
            continue  # Keras finds no operations of keras.ops when it reads .h5 files, its own neither
        cases.forget()
        out = report[name + "." + kind] = {}
        try:
            with warnings.catch_warnings(record=True) as caught:
                warnings.simplefilter("always")
                m = load()
                out["warnings"] = [str(w.message) for w in caught if "optimizer" in str(w.message) or "variable" in str(w.message)]
            out["predict"] = difference(cases.predict(m, xs), want)
            if kind == "h5":  # Keras drops the optimizer's state
                continue
            if m.optimizer is None and not r["losses"]:
                continue
            out["optimizer"] = difference(cases.optimizer_values(m), [cases.array(a) for a in r["optimizer"]])
            if kind == "weights.h5" and name.startswith("mlp"):
                continue  # the same state as in the .keras file
            steps = r["losses"] if kind == "keras" else r["losses"][:5]  # from the same state again
            out["losses"] = difference([cases.train(m, xs, ys, len(steps))], [steps])
            out["json"] = keras.models.model_from_json(m.to_json()).count_params() == m.count_params()
        except Exception:
            out["error"] = traceback.format_exc()
with open(os.path.join(folder, "report.txt"), "w") as f:
    json.dump(report, f)
