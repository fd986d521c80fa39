"""Records how real Keras trains, step by step: ../traces_<group>.json.gz.

    KERAS_BACKEND=torch python traces.py models | optimizers | mixed | trainable
    KERAS_BACKEND=jax   python traces.py schedule_free      whose momentum_old other backends have changed by the time Keras 3.15.1 reads it

A case is a model and a list of actions with what they yielded: loss and metrics of every step, weights, the optimizer's variables, what is trainable.
slack is what rounding may change: twenty times what a change of the first weights by rounding does, three times in low precision, beyond what sums in another order do.
"""

import random
import sys

from replay import data, fresh, ints, jsonable, keras, np, onehot, padded, serial, start, uniform, write
from trace_models import MODELS

import base64

L, O = keras.layers, keras.optimizers
S = O.schedules
CASES = []
EPS = {"mixed_float16": 3e-4, "mixed_bfloat16": 2e-3}


def few(a, most=80):
    """Some elements of an array, evenly spread, as replay.floats has them."""
    a = np.asarray(a).astype("<f4").ravel()
    step = max(1, a.size // most)
    return {"size": int(a.size), "step": int(step), "data": base64.b64encode(a[::step].tobytes()).decode()}


def pick(v, rows):
    if isinstance(v, list):
        return [pick(a, rows) for a in v]
    return v[rows]


def find(model, path):
    """The layer at a path such as encoder/dense; the model itself for an empty one."""
    for name in path.split("/") if path else []:
        model = model.get_layer(name)
    return model


def act(model, kind, args, plain):
    """Does an action; plain collects numbers that rounding changes."""
    if kind == "compile":
        model.compile(**args)
        model.run_eagerly = keras.backend.backend() != "jax"
        return None
    if kind == "trace":
        x, y, n, b = data(args["x"]), data(args["y"]), args["steps"], args["batch_size"]
        x, y = ([x] if not isinstance(x, list) else x), ([y] if not isinstance(y, list) else y)
        total, out = len(x[0]), []
        for i in range(n):
            rows = [(i * b + k) % total for k in range(b)]
            model.reset_metrics()
            r = model.train_on_batch(one(pick(x, rows)), one(pick(y, rows)), return_dict=True)
            out.append({k: float(v) for k, v in r.items()})
        plain.append(np.array([list(r.values()) for r in out]))
        return {k: [r[k] for r in out] for k in out[0]}
    if kind == "weights":
        plain.extend(model.get_weights())
        return [few(w) for w in model.get_weights()]
    if kind == "optimizer":
        values = [np.asarray(keras.ops.convert_to_numpy(v)).astype("float32") for v in model.optimizer.variables]
        plain.extend(values)
        return [few(v) for v in values]
    if kind == "trainable":
        for path, flag in args:
            find(model, path).trainable = flag
        again = keras.models.model_from_json(model.to_json())
        at = lambda m: [[w is v for v in m.weights].index(True) for w in m.trainable_weights]
        return {"trainable": at(model), "flags": [layer.trainable for layer in model.layers], "loaded": at(again)}
    if kind == "rate":
        return float(np.asarray(keras.ops.convert_to_numpy(model.optimizer.learning_rate)))
    raise ValueError(kind)


def one(v):
    return v[0] if len(v) == 1 else v


def away(got, want):
    """As the Go test measures."""
    got, want = np.asarray(got, "float64"), np.asarray(want, "float64")
    if not want.size:
        return 0.0
    scale = max(1e-2, float(np.max(np.abs(want)))) if want.ndim != 2 else np.maximum(np.abs(want), 1e-2)
    return float(np.nanmax(np.abs(got - want) / scale))


def case(name, make, actions, policy="float32", seed=100):
    """actions are pairs of kind and arguments; a function makes the arguments anew for each run."""
    results, runs, text, shapes = None, [], None, None
    eps = EPS.get(policy, 1.2e-7)
    for nudge in (0, 1):
        fresh()
        keras.config.set_dtype_policy(policy)
        model = make()
        start(model, seed)
        if nudge == 0:
            text, shapes = model.to_json(), [list(w.shape) for w in model.weights]
        else:
            r = np.random.default_rng(nudge)
            model.set_weights([(w * (1 + eps * r.choice([-1, 1], w.shape))).astype(w.dtype) for w in model.get_weights()])
        plain, out = [], []
        for kind, args in actions:
            args = args() if callable(args) else args
            given = {k: serial(v) for k, v in args.items()} if kind == "compile" else args
            out.append({"do": kind, "args": given, "result": jsonable(act(model, kind, args, plain))})
        runs.append(plain)
        results = results or out
    slack = 2e-5
    for plain in runs[1:]:
        slack = max([slack] + [(20 if policy == "float32" else 3) * away(g, w) for g, w in zip(plain, runs[0])])
    keras.config.set_dtype_policy("float32")
    CASES.append({"name": name, "model": text, "seed": seed, "weights": shapes, "slack": slack, "actions": results})
    losses = [a["result"]["loss"] for a in results if a["do"] == "trace"]
    print(f"{name}: {losses[0][0]:.5f} … {losses[-1][-1]:.5f}, slack {slack:.2g}" if losses else name, flush=True)


def trace(task, steps, batch=8):
    return "trace", dict(x=task["x"], y=task["y"], steps=steps, batch_size=batch)


END = [("weights", {}), ("optimizer", {})]


def models():
    for name, (make, task, how) in MODELS.items():
        for what, optimizer in (("sgd", lambda: O.SGD(0.05, momentum=0.9)), ("adam", lambda: O.Adam(S.CosineDecay(0.002, 30, warmup_target=0.01, warmup_steps=5), clipnorm=1.0))):
            case(f"{name} {what}", make, [("compile", lambda: dict(optimizer=optimizer(), **how())), trace(task, 12)] + END)


def small():
    return keras.Sequential([L.Input((5,)), L.Dense(4, activation="tanh", kernel_regularizer="l2", bias_constraint="non_neg"), L.Dense(3, activation="softmax", kernel_constraint="max_norm")], name="small")


SMALL = dict(x=uniform(1, 24, 5), y=onehot(2, 3, 24))
SHARED = [
    lambda: dict(learning_rate=0.05, weight_decay=0.02, clipnorm=0.3), lambda: dict(learning_rate=0.05, use_ema=True, ema_momentum=0.8, ema_overwrite_frequency=4, global_clipnorm=0.5),
    lambda: dict(learning_rate=S.ExponentialDecay(0.1, 4, 0.6, staircase=True), gradient_accumulation_steps=3), lambda: dict(learning_rate=S.PolynomialDecay(0.1, 8, 0.01, power=2.0, cycle=True), clipvalue=0.05),
    lambda: dict(learning_rate=0.03, gradient_accumulation_steps=2, use_ema=True, ema_momentum=0.5, weight_decay=0.05, loss_scale_factor=8.0),
]
MORE = [lambda: S.PiecewiseConstantDecay([3, 8], [0.1, 0.03, 0.01]), lambda: S.InverseTimeDecay(0.1, 3, 0.5), lambda: S.CosineDecayRestarts(0.1, 4, t_mul=2.0, m_mul=0.8, alpha=0.1), lambda: S.CosineDecay(0.02, 10, alpha=0.1, warmup_target=0.1, warmup_steps=4)]
OWN = {
    "SGD": [dict(momentum=0.9, nesterov=True), dict(momentum=0.5)], "Adam": [dict(amsgrad=True, beta_1=0.7), dict(beta_2=0.9, epsilon=1e-3)], "AdamW": [dict(amsgrad=True, weight_decay=0.1), dict(beta_1=0.5)],
    "RMSprop": [dict(centered=True, momentum=0.5), dict(rho=0.5)], "Adagrad": [dict(initial_accumulator_value=0.5), {}], "Adadelta": [dict(rho=0.8, epsilon=1e-4), {}], "Adamax": [dict(beta_1=0.5, beta_2=0.9), {}],
    "Nadam": [dict(beta_1=0.7, beta_2=0.9), dict(epsilon=1e-3)], "Lamb": [dict(beta_1=0.5), {}], "Lion": [dict(beta_1=0.5, beta_2=0.8), {}],
    "Ftrl": [dict(l1_regularization_strength=0.01, beta=0.1), dict(l2_regularization_strength=0.01, l2_shrinkage_regularization_strength=0.02, learning_rate_power=-0.4)],
    "Adafactor": [dict(relative_step=False, beta_2_decay=-0.6), dict(clip_threshold=0.5)], "Muon": [dict(nesterov=False, ns_steps=3), dict(adam_lr_ratio=0.5, rms_rate=None, exclude_layers=["dense_1"])],
    "ScheduleFreeAdamW": [dict(warmup_steps=4, beta_1=0.8), dict(beta_2=0.9)],
}


def compiled(optimizer):
    return "compile", lambda: dict(optimizer=optimizer(), loss="categorical_crossentropy", metrics=["accuracy"])


def optimizers(free=False):
    for k, (name, own) in enumerate(OWN.items()):
        if (name == "ScheduleFreeAdamW") != free:
            continue
        options = [lambda f=f: f() for f in SHARED] + [lambda: dict(learning_rate=MORE[k % 4](), **own[0]), lambda: dict(learning_rate=0.05, **own[0]), lambda: dict(learning_rate=0.05, **own[1])]
        for i, some in enumerate(options):
            case(f"{name} {i}", small, [compiled(lambda: getattr(O, name)(**some())), trace(SMALL, 12)] + END)


def groups():
    return keras.Sequential([L.Input((5,)), L.Dense(4, activation="tanh", name="enc"), L.BatchNormalization(name="norm"), L.Dense(3, activation="softmax", name="dec", dtype="float32")], name="net")


def multi():
    return O.MultiOptimizer(O.OptimizerMap(O.SGD(0.1, momentum=0.9), {".*enc.*": O.Adam(0.01, gradient_accumulation_steps=2), ".*norm.*": O.Nadam(0.02)}))


def mixed():
    for policy in ("mixed_float16", "mixed_bfloat16"):
        for name, (make, task, how) in MODELS.items():
            if name in ("stacked LSTM", "ResNet blocks", "transformer encoder", "two inputs, two outputs"):
                case(f"{name} {policy}", make, [("compile", lambda: dict(optimizer=O.Adam(0.005), **how())), trace(task, 12)] + END, policy)
    for scale, growth in ((2.0 ** 26, 3), (8.0, 2)):
        for inner in (lambda: O.SGD(0.1, momentum=0.9), lambda: O.Nadam(0.02), lambda: O.Adam(0.02, use_ema=True, ema_momentum=0.5, ema_overwrite_frequency=3), lambda: O.Adafactor(0.05), multi):
            case(f"overflow {scale:g} {type(inner()).__name__}", groups, [compiled(lambda: O.LossScaleOptimizer(inner(), initial_scale=scale, dynamic_growth_steps=growth)), trace(SMALL, 25)] + END, "mixed_float16")
    case("several optimizers, scaled", groups, [compiled(multi), trace(SMALL, 12)] + END, "mixed_float16")
    case("several optimizers, not scaled", groups, [("compile", lambda: dict(optimizer=multi(), loss="mse", auto_scale_loss=False)), trace(SMALL, 12)] + END, "mixed_bfloat16")


def nested():
    i = L.Input((6, 6, 2), name="pixels")
    x = L.BatchNormalization(name="norm")(L.Conv2D(3, 3, name="conv")(i))
    deep = keras.Sequential([L.Input((4, 4, 3)), L.DepthwiseConv2D(3, name="depth"), L.BatchNormalization(name="deepest")], name="deep")
    base = keras.Model(i, L.GlobalAveragePooling2D(name="pool")(L.ReLU(name="relu")(deep(x))), name="base")
    j = L.Input((6, 6, 2), name="image")
    return keras.Model(j, L.Dense(3, activation="softmax", name="head")(L.Dropout(0.0, name="drop")(base(j))), name="whole")


PIXELS = dict(x=uniform(5, 24, 6, 6, 2), y=onehot(2, 3, 24))


def trainable():
    adam, slow = lambda: O.Adam(0.05), lambda: O.SGD(0.005, momentum=0.9)
    case("fine-tuning", nested, [("trainable", [["base", False]]), compiled(adam), trace(PIXELS, 5)] + END + [("trainable", [["base", True]]), compiled(slow), trace(PIXELS, 5)] + END)
    case("normalization stays frozen", nested, [("trainable", [["base/norm", False], ["base/deep/deepest", False]]), compiled(adam), trace(PIXELS, 6)] + END
         + [("trainable", [["base", True]]), compiled(adam), trace(PIXELS, 3), ("rate", {})] + END)
    case("all but the head", nested, [("trainable", [["", False], ["head", True]]), ("trainable", [["", True]]), ("trainable", [["base", False], ["base/conv", True]]), compiled(slow), trace(PIXELS, 4)] + END)
    r = random.Random(7)
    paths = ["", "base", "base/conv", "base/norm", "base/deep", "base/deep/depth", "base/deep/deepest", "head", "drop", "base/relu"]
    for n in range(20):
        steps = []
        for _ in range(r.choice([1, 2, 3])):
            steps += [("trainable", [[r.choice(paths[1:]), r.random() < 0.4] for _ in range(r.choice([1, 2, 3]))])]
            steps += [compiled(r.choice([adam, slow])), trace(PIXELS, 2)] * (r.random() < 0.5) + [("weights", {})]
        case(f"trainable {n}", nested, steps)


def schedule_free():
    optimizers(True)


for name in sys.argv[1:]:
    {f.__name__: f for f in (models, optimizers, schedule_free, mixed, trainable)}[name]()
    write(f"traces_{name}.json.gz", CASES)
    CASES.clear()
