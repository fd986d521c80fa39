"""Random models, made, run, trained and saved by real Keras.

    random_models.py make FOLDER SEED COUNT [LAYER ...]   writes COUNT models; with names of layers, of those only
    random_models.py check FOLDER                         reads what kerasgo made of them: FOLDER/report.txt

Every model is a function of (SEED, its number). It is saved as <name>.keras, .weights.h5 and .h5 after two training steps; <name>.json holds what Keras then answers:
predictions for several numbers of samples and lengths, the optimizer's variables, loss and metrics, the losses of STEPS further steps and the weights after them.
KERAS_BACKEND chooses the backend; TensorFlow's CPU kernels lack channels_first and grouped convolutions, so that only torch and jax make models with those, and only
TensorFlow reads words. What Keras refuses is counted in FOLDER/refused_*.txt. A run of 500 models with a seed of its own, of both kinds:

    KERAS_BACKEND=torch      python random_models.py make /tmp/random $(date +%s) 250
    KERAS_BACKEND=tensorflow python random_models.py make /tmp/random $(date +%s) 250
    KERASGO_RANDOM_MODELS=/tmp/random go test ../.. -run TestRandomModelsExchange -v      reads them, and writes those of kerasgo to /tmp/random/ours
    KERAS_BACKEND=torch      python random_models.py check /tmp/random/ours

The parts: random_net.py draws graphs, random_layers.py with random_spatial.py, random_recurrent.py and random_images.py layers, random_operations.py nodes of keras.ops,
random_words.py inputs that are preprocessed, random_objects.py what layers and compile take.
"""

import glob
import json
import os
import sys
import traceback
import warnings

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

import h5py  # noqa: E402
import keras  # noqa: E402
import numpy as np  # noqa: E402

from random_net import Net  # noqa: E402

L = keras.layers
STEPS = int(os.environ.get("RANDOM_MODELS_STEPS", 4))  # of training after the file is written


def targets(kind, shape, rng):
    if kind.startswith("classes"):
        return np.eye(shape[-1], dtype="float32")[rng.integers(0, shape[-1], shape[:-1])]
    if kind.startswith("sparse"):
        y = rng.integers(0, shape[-1], shape[:-1])
        return (y[..., None] if len(shape) == 2 and rng.random() < 0.5 else y).astype(rng.choice(["int32", "float32"]))
    if kind.startswith("binary"):
        return rng.integers(0, 2, shape).astype("float32")
    return rng.uniform(0.05, 1.5, shape).astype("float32")


def inputs_of(model, rng, n, feeds, longer=0):
    """Values for the inputs; lengths that the model leaves open are 5 + longer."""
    out = []
    for i in model.inputs:
        shape = (n,) + tuple(5 + longer if d is None else d for d in i.shape[1:])
        if i.name in feeds:
            out.append(feeds[i.name](rng, shape))
            continue
        ids = len(shape) == 2 and i.name in ids_of(model)
        x = rng.integers(0, 7, shape) if ids or "int" in str(i.dtype) else rng.normal(size=shape)
        if not ids and len(shape) == 3 and rng.random() < 0.5:
            x[:, -1] = 0  # for Masking
        out.append(x.astype("int32" if "int" in str(i.dtype) else "float32"))
    return out


def ids_of(model):
    """Names of the inputs that embeddings read."""
    return {layer.input.name for layer in model.layers if isinstance(layer, L.Embedding)}


def opened(model, rng):
    """The model with inputs of any length, where Keras can make one; otherwise the model."""
    ids, changed = ids_of(model), False

    def walk(c, top):
        nonlocal changed
        if isinstance(c, dict):
            c.pop("build_config", None)
            if top and c.get("class_name") == "InputLayer":
                k = c["config"]
                shape = list(k["batch_shape"])
                last = len(shape) if k["name"] in ids else len(shape) - 1
                for i in range(1, last):
                    if rng.random() < 0.7:
                        shape[i], changed = None, True
                k["batch_shape"] = shape
            for key, v in c.items():
                walk(v, top and key == "layers")
        elif isinstance(c, list):
            for v in c:
                walk(v, top)

    config = model.get_config()
    walk({"layers": config["layers"]}, True)
    if not changed:
        return model
    try:
        other = type(model).from_config(config)
        for longer in (0, 3):
            predictions(other, inputs_of(other, np.random.default_rng(0), 2, {}, longer))
        other.set_weights(model.get_weights())
        return other
    except Exception:
        return model


def fill(model, rng):
    """Random values for every weight; those of positive kinds positive."""
    values = []
    for v in model.weights:
        if "int" in v.dtype or "normalization/" in v.path and v.path.endswith(("/mean", "/variance")):
            values.append(np.asarray(keras.ops.convert_to_numpy(v)))  # counters and what was adapted
            continue
        x = rng.normal(size=v.shape) * (0.8 / max(1.0, np.sqrt(np.prod(v.shape[:-1]))) if len(v.shape) > 1 else 0.3)
        if "variance" in v.path or "gamma" in v.path or v.path.endswith("scale"):
            x = 0.5 + rng.random(v.shape)
        values.append(x.astype("float32"))
    model.set_weights(values)


def one(list_):
    return list_[0] if len(list_) == 1 else list_


def predictions(model, xs):
    p = model.predict_on_batch(one(xs))
    return [np.asarray(a) for a in keras.tree.flatten(p)]


def variables(model):
    return [np.asarray(keras.ops.convert_to_numpy(v)) for v in model.optimizer.variables] if model.optimizer else []


def steps(model, data, n):
    """The losses of n steps."""
    out = []
    for _ in range(n):
        model.reset_metrics()
        out.append(float(model.train_on_batch(*data, return_dict=True)["loss"]))
    return out


def assign(variables, values):
    for v, a in zip(variables, values, strict=True):
        v.assign(a)


def trained(model, data, rng):
    """The losses of STEPS steps, the weights after them, and what rounding may change of both: ten times what changes of the weights by rounding do, beyond what sums in another order do."""
    start = model.get_weights(), variables(model)
    losses, weights = steps(model, data, STEPS), model.get_weights()
    eps = {"mixed_float16": 1e-4, "mixed_bfloat16": 1e-3}.get(keras.config.dtype_policy().name, 1.2e-7)
    slack = [2e-5, 2e-5]
    for _ in range(2):
        assign(model.optimizer.variables, start[1])
        model.set_weights([w if "int" in str(w.dtype) else (w * (1 + eps * rng.choice([-1, 1], w.shape))).astype(w.dtype) for w in start[0]])
        slack[0] = max(slack[0], 10 * difference([steps(model, data, STEPS)], [losses]))
        slack[1] = max(slack[1], 10 * difference(model.get_weights(), weights))
    return losses, weights, slack


def plain(a, exact=False):
    a = np.asarray(a)
    if a.dtype == object:
        return {"shape": list(a.shape), "strings": a.ravel().tolist()}
    if exact and a.dtype == np.int64:
        return {"shape": list(a.shape), "ints": a.ravel().tolist()}
    digits = "%.17g" if a.dtype == np.float64 else "%.9g"
    return {"shape": list(a.shape), "data": [float(digits % v) for v in a.ravel().astype("float64")]}


def array(o, dtype="float32"):
    for key, its_dtype in (("strings", object), ("ints", "int64")):
        if o.get(key):
            return np.array(o[key], its_dtype).reshape(o["shape"])
    return np.array(o["data"], dtype).reshape(o["shape"])


def read_inputs(model, arrays):
    return [array(a, "int32" if "int" in str(i.dtype) else "float32") for a, i in zip(arrays, model.inputs)]


def same(a, b, xs):
    """Raises where two models of Keras answer differently."""
    if difference(predictions(a, xs), predictions(b, xs)) > 1e-2:
        raise Unsuitable("not the same model")


def tolerance(model, xs, answers):
    """What rounding may change: five times what a change of the inputs by rounding does. Sums that cancel and activations that amplify differ as much between Keras's backends."""
    nudged = [x * (1 + 1.2e-7) if x.dtype == np.float32 else x for x in xs]
    nudged = [np.float32(x) if x.dtype == np.float64 else x for x in nudged]
    return max(5e-6, 5 * difference(predictions(model, nudged), answers))


def finite(arrays, limit=1e4):
    return all(np.all(np.isfinite(a)) and (a.size == 0 or np.max(np.abs(a)) < limit) for a in arrays)


class Unsuitable(Exception):
    pass


def make(folder, name, seed, names):
    """Writes one model, or raises Unsuitable for one that Keras cannot run or whose numbers grow too large."""
    rng = np.random.default_rng(seed)
    keras.utils.clear_session(free_memory=False)
    keras.utils.set_random_seed(1)
    train = rng.random() < 0.7
    policy = str(rng.choice(["float64", "mixed_bfloat16", "mixed_float16"])) if rng.random() < 0.06 else "float32"
    keras.config.set_dtype_policy(policy)
    net = Net(rng, train, names)
    model, kinds = net.model(sequential=rng.random() < 0.3)
    if model.count_params() > 20000:
        raise Unsuitable("too large")
    fill(model, rng)
    n = 6
    if rng.random() < 0.3 and not net.feeds:
        model = opened(model, rng)
    xs = inputs_of(model, rng, n, net.feeds)
    answers = predictions(model, xs)
    if not finite(answers):
        raise Unsuitable("predictions not finite")
    if not all(a.size for a in answers):
        raise Unsuitable("no predictions")
    how = net.compiled(kinds, getattr(model, "output_names", [])) if train else None
    ys, ws = [targets(k, a.shape, rng) for k, a in zip(kinds, answers)], None
    record = {"keras": keras.__version__, "backend": keras.backend.backend(), "y": [], "policy": policy, "losses": [], "optimizer": [], "test": {}, "weights": [], "more": []}
    record["tolerance"] = 0.05 if policy.startswith("mixed") or net.coarse else tolerance(model, xs, answers)
    if train:
        model.compile(run_eagerly=net.chance(0.2), **how)
        model.run_eagerly = True
        data = (one(xs), one(ys))
        if len(ys) == 1 and len(answers[0].shape) < 4 and rng.random() < 0.3:
            ws = rng.uniform(0, 2, answers[0].shape[:1 if len(answers[0].shape) == 2 else 2]).astype("float32")
            data += (ws,)
        steps(model, data, 2)
        model.optimizer.finalize_variable_values(model.trainable_weights)
        if not finite(variables(model), 1e6) or not finite(model.get_weights()):
            raise Unsuitable("training diverges")
    classes = sorted({type(layer).__name__ for layer in model._flatten_layers()} | {"ops." + type(op).__name__ for op in getattr(model, "operations", []) if not isinstance(op, keras.Layer)})
    base = os.path.join(folder, name)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model.save(base + ".keras")
        model.save_weights(base + ".weights.h5")
        try:
            again = keras.models.load_model(base + ".keras", compile=False)
            few = [inputs_of(model, rng, 1, net.feeds), inputs_of(model, rng, 3, net.feeds, 3)]
            for x in [xs] + few:
                same(again, model, x)
        except Exception as e:
            raise Unsuitable("Keras does not load what it saved: " + str(e).strip().splitlines()[-1][:150])
        record["json"] = model.to_json()
        try:
            model.save(base + ".h5")
            same(keras.models.load_model(base + ".h5", compile=False), model, xs)
        except Exception:  # Keras itself cannot write or read some models in this format
            record["unwritten"] = True
        try:
            again = keras.models.model_from_json(record["json"])
            again.load_weights(base + ".weights.h5")
            same(again, model, xs)
        except Exception:  # a vocabulary that was adapted is no part of the description
            record["undescribed"] = True
    record["x"], record["predict"] = [plain(x, True) for x in xs], [plain(p) for p in predictions(model, xs)]
    for x in few:
        record["more"].append({"x": [plain(a, True) for a in x], "predict": [plain(p) for p in predictions(model, x)]})
    if train:
        model.reset_metrics()
        test = model.test_on_batch(*data, return_dict=True)
        record["test"] = {k: [float(x) for x in np.ravel(v)] for k, v in test.items()}
        record["y"], record["optimizer"] = [plain(y) for y in ys], [plain(v) for v in variables(model)]
        if ws is not None:
            record["w"] = plain(ws)
        record["losses"], weights, record["slack"] = trained(model, data, np.random.default_rng(seed))
        record["weights"] = [plain(w) for w in weights]
        if not finite([np.array(record["losses"])]) or not finite([np.array(v) for v in record["test"].values()], 1e6):
            raise Unsuitable("training diverges")
    record["classes"] = classes
    with open(base + ".json", "w") as f:
        json.dump(record, f)


def make_all(folder, seed, count, names):
    os.makedirs(folder, exist_ok=True)
    made, number, refused = 0, 0, {}
    while made < count:
        number += 1
        name = f"{keras.backend.backend()}_{seed}_{number}"
        try:
            make(folder, name, [seed, number], names)
            made += 1
        except Exception as e:  # a combination that Keras refuses
            for path in glob.glob(os.path.join(folder, name + ".*")):
                os.remove(path)
            why = str(e) if isinstance(e, Unsuitable) else traceback.format_exc(limit=-1).strip().splitlines()[-1][:150]
            refused[why] = refused.get(why, 0) + 1
            if os.environ.get("RANDOM_MODELS_TRACE") and not isinstance(e, Unsuitable):
                traceback.print_exc()
            if number > 20 * count + 50:
                raise
    with open(os.path.join(folder, f"refused_{keras.backend.backend()}_{seed}.txt"), "w") as f:
        for why, n in sorted(refused.items(), key=lambda p: -p[1]):
            f.write(f"{n:5} {why}\n")


def difference(got, want):
    worst = 0.0
    for g, w in zip(got, want, strict=True):
        g, w = np.asarray(g, "float64"), np.asarray(w, "float64")
        assert g.shape == w.shape, (g.shape, w.shape)
        if g.size:
            worst = max(worst, float(np.max(np.abs(g - w) / np.maximum(1, np.abs(w)))))
    return worst


def state_of_h5(model, base):
    """Compiles a model from the .keras file beside it and gives it the optimizer's variables of its .h5 file, which Keras 3.15.1 does not by itself: it builds the optimizer for no variables."""
    model.compile_from_config(keras.models.load_model(base + ".keras").get_compile_config())
    if not model.optimizer.built:
        model.optimizer.build(model.trainable_variables)
    with h5py.File(base + ".h5") as f:
        group = f["optimizer_weights"]
        assign(model.optimizer.variables, [group[name][()] for name in group.attrs["weight_names"]])


def check(folder):
    """Loads <name>.keras, .weights.h5 and .h5 of kerasgo and holds them against <name>.json beside them."""
    report = {}
    for path in sorted(glob.glob(os.path.join(folder, "*.json"))):
        base, name = path[:-len(".json")], os.path.basename(path)[:-len(".json")]
        with open(path) as f:
            r = json.load(f)
        for kind in ("keras", "weights.h5", "h5"):
            if not os.path.exists(f"{base}.{kind}") or kind == "weights.h5" and r["undescribed"]:
                continue
            keras.config.set_dtype_policy(r["policy"])  # by which compile scales the loss
            keras.utils.clear_session(free_memory=False)
            out = report[f"{name}.{kind}"] = {"predict": 0, "optimizer": 0, "losses": 0, "warnings": []}
            try:
                with warnings.catch_warnings(record=True) as caught:
                    warnings.simplefilter("always")
                    if kind == "weights.h5":
                        m = keras.models.model_from_json(r["json"])
                        m.load_weights(f"{base}.{kind}")
                    else:
                        m = keras.models.load_model(f"{base}.{kind}", compile=kind == "keras")
                    out["warnings"] = [str(w.message) for w in caught if "for optimizer" in str(w.message)]
                xs = read_inputs(m, r["x"])
                limit = r["tolerance"]
                for more in [r] + (r.get("more") or []):
                    worst = difference(predictions(m, read_inputs(m, more["x"])), [array(a) for a in more["predict"]])
                    if worst > limit:
                        raise AssertionError(f"predictions differ by {worst}")
                    out["predict"] = max(out["predict"], worst if limit < 1e-3 else 0)
                if kind == "weights.h5" or not r["losses"]:
                    continue
                if kind == "h5":
                    state_of_h5(m, base)
                out["optimizer"] = difference([v.astype("float32") for v in variables(m)], [array(a) for a in r["optimizer"]])
                m.run_eagerly = True
                data = (one(xs), one([array(a) for a in r["y"]])) + ((array(r["w"]),) if r.get("w") else ())
                worst = difference([steps(m, data, len(r["losses"]))], [r["losses"]]), difference(m.get_weights(), [array(a) for a in r["weights"]])
                if worst[0] > r["slack"][0] or worst[1] > r["slack"][1]:
                    raise AssertionError(f"losses differ by {worst[0]}, weights by {worst[1]}; allowed are {r['slack']}")
            except Exception:
                out["error"] = traceback.format_exc()
    with open(os.path.join(folder, "report.txt"), "w") as f:
        json.dump(report, f)


if __name__ == "__main__":
    if sys.argv[1] == "make":
        make_all(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), sys.argv[5:])
    else:
        check(sys.argv[2])
