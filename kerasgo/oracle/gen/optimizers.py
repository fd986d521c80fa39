"""Record Keras's optimizers: variables and optimizer variables after each of several steps.

Run: python optimizers.py; KERAS_BACKEND=jax python optimizers.py
Writes ../testdata/optimizers.json.gz and ../testdata/optimizers_jax.json.gz.

ScheduleFreeAdamW is recorded with JAX: on TensorFlow what Keras 3.15.1 calls momentum_old is a reference to a variable that has changed by the
time it is read, so that x is not recovered.
"""

from objective import keras, np, save, serialized, tensor

rng = np.random.default_rng(3)
cases = []
O = keras.optimizers
S = keras.optimizers.schedules


def normal(*shape):
    return rng.normal(size=shape).astype("float32")


def saved(opt):
    """The optimizer's variables; of a LossScaleOptimizer first the inner step count and learning rate, then its own two, then the rest."""
    vs = list(opt.variables)
    if isinstance(opt, O.LossScaleOptimizer):
        vs = vs[4:6] + vs[2:4] + vs[6:]
    return [tensor(np.asarray(v.numpy(), "float32") if v.name == "step_counter" else v.numpy()) for v in vs]


def record(opt, steps=6, missing=(), constraints=None, exclude=False, shapes=((3, 2), (2,), ()), names=None, infinite=()):
    """missing: variables that have no gradient. constraints: index → Keras constraint. infinite: steps with a gradient that is not finite."""
    constraints = constraints or {}
    values = [normal(*s) for s in shapes]
    variables = []
    for i, v in enumerate(values):
        var = keras.Variable(v, name=names[i] if names else f"v{i}")
        if i in constraints:
            var.constraint = constraints[i]
        variables.append(var)
    opt.build(variables)
    start = saved(opt)
    out = []
    for k in range(steps):
        grads = [normal(*s) * np.float32(rng.choice([0.05, 1, 20])) for s in shapes]
        if k in infinite:
            grads[0].flat[0] = (np.inf, np.nan)[k % 2]
        given = [None if i in missing else keras.ops.convert_to_tensor(g) for i, g in enumerate(grads)]
        opt.apply(given, variables)
        out.append({
            "grads": [None if i in missing else tensor(g) for i, g in enumerate(grads)],
            "vars": [tensor(v.numpy()) for v in variables], "opt": saved(opt),
        })
    cases.append({
        **({"names": names} if names else {}), "optimizer": serialized(opt), "vars": [tensor(v) for v in values], "opt": start,
        "constraints": {str(i): serialized(c) for i, c in constraints.items()}, "steps": out,
    })


own = {
    O.SGD: [{}, {"momentum": 0.9}, {"momentum": 0.5, "nesterov": True}],
    O.Adam: [{}, {"beta_1": 0.5, "beta_2": 0.9, "epsilon": 1e-3}, {"amsgrad": True}],
    O.AdamW: [{}, {"weight_decay": 0.1}, {"amsgrad": True, "epsilon": 1e-5}],
    O.RMSprop: [{}, {"rho": 0.5, "epsilon": 1e-3}, {"momentum": 0.9}, {"centered": True}, {"momentum": 0.3, "centered": True}],
    O.Adagrad: [{}, {"initial_accumulator_value": 0.5}, {"initial_accumulator_value": 0.0, "epsilon": 1e-3}],
    O.Adadelta: [{}, {"learning_rate": 1.0}, {"learning_rate": 1.0, "rho": 0.8, "epsilon": 1e-4}],
    O.Adamax: [{}, {"beta_1": 0.5, "beta_2": 0.9, "epsilon": 1e-3}],
    O.Nadam: [{}, {"beta_1": 0.5, "beta_2": 0.9, "epsilon": 1e-3}],
    O.Lamb: [{}, {"beta_1": 0.5, "beta_2": 0.9, "epsilon": 1e-3}],
    O.Lion: [{}, {"beta_1": 0.5, "beta_2": 0.9}],
    O.Ftrl: [{}, {"l1_regularization_strength": 0.1}, {"l2_regularization_strength": 0.1, "l2_shrinkage_regularization_strength": 0.05, "beta": 0.1}, {"learning_rate_power": -0.3, "initial_accumulator_value": 0.5}],
}
shared = [
    {"learning_rate": 0.1},
    {"weight_decay": 0.05, "learning_rate": 0.2},
    {"clipnorm": 1.0},
    {"clipvalue": 0.3},
    {"global_clipnorm": 1.5},
    {"use_ema": True},
    {"use_ema": True, "ema_momentum": 0.5, "ema_overwrite_frequency": 3},
    {"loss_scale_factor": 8.0},
    {"gradient_accumulation_steps": 2},
    {"gradient_accumulation_steps": 3, "use_ema": True, "ema_momentum": 0.8, "ema_overwrite_frequency": 2, "weight_decay": 0.01, "clipnorm": 2.0},
    {"learning_rate": S.ExponentialDecay(0.1, 2, 0.5)},
    {"learning_rate": S.CosineDecay(0.05, 4, warmup_target=0.2, warmup_steps=2), "weight_decay": 0.1},
    {"name": "mine"},
]
JAX = keras.backend.backend() == "jax"
if JAX:
    own = {}
for cls, list_ in own.items():
    for kwargs in list_:
        record(cls(**kwargs), steps=8)
        record(cls(**{"learning_rate": 0.3, **kwargs}))
    for kwargs in shared:
        record(cls(**kwargs))
        record(cls(**{**list_[-1], **kwargs}))
    record(cls(), missing=(1,))
    record(cls(use_ema=True, weight_decay=0.1), missing=(0,))
    c = keras.constraints
    record(cls(learning_rate=0.5), constraints={0: c.MaxNorm(0.7), 1: c.NonNeg()})
    record(cls(learning_rate=0.5, use_ema=True, ema_overwrite_frequency=2), constraints={0: c.UnitNorm()})
    record(cls(learning_rate=0.5, gradient_accumulation_steps=2), constraints={0: c.MinMaxNorm(0.2, 0.8, rate=0.5)})
more = {
    O.Adafactor: [{}, {"beta_2_decay": -0.6, "epsilon_1": 1e-8, "epsilon_2": 0.01}, {"clip_threshold": 0.5, "relative_step": False, "learning_rate": 0.6}],
    O.Muon: [{}, {"muon_a": 2.0, "muon_b": -1.5, "muon_c": 0.5, "momentum": 0.5, "nesterov": False}, {"ns_steps": 2, "rms_rate": None, "adam_lr_ratio": 0.1},
             {"adam_beta_1": 0.5, "adam_beta_2": 0.9, "epsilon": 1e-3, "adam_weight_decay": None, "weight_decay": 0.1}],
}
if JAX:
    more = {O.ScheduleFreeAdamW: [{}, {"beta_1": 0.5, "beta_2": 0.9, "epsilon": 1e-3}, {"warmup_steps": 4}]}
for cls, list_ in more.items():
    for kwargs in list_:
        record(cls(**kwargs), steps=8, shapes=((3, 2), (2,), (), (2, 5), (2, 3, 4)))
        record(cls(**{"learning_rate": 0.3, **kwargs}))
    for kwargs in shared:
        record(cls(**kwargs))
    record(cls(), missing=(1,))
if not JAX:
    record(O.Muon(learning_rate=0.1), names=["my_Embedding", "v1", "head"], shapes=((3, 2), (2, 2), (4, 2)))
    record(O.Muon(learning_rate=0.1, exclude_embeddings=False, exclude_layers=["^he.d", "nothing"]), names=["my_Embedding", "v1", "head"], shapes=((3, 2), (2, 2), (4, 2)))
    for inner in (O.SGD(0.1, momentum=0.9), O.Adam(0.1, use_ema=True, ema_overwrite_frequency=2), O.Muon(0.1), O.Adam(0.1, gradient_accumulation_steps=2)):
        record(O.LossScaleOptimizer(inner, dynamic_growth_steps=3), steps=10, infinite=(1, 2, 7))
    record(O.LossScaleOptimizer(O.RMSprop(0.1, weight_decay=0.1, clipnorm=0.5), initial_scale=4.0), infinite=(0,))
# Names are numbered per process; the first object of a class has none.
for case in cases:
    name = case["optimizer"]["config"]["name"]
    if name != "mine":
        case["optimizer"]["config"]["name"] = name.rstrip("0123456789").rstrip("_")

save("optimizers_jax" if JAX else "optimizers", cases)
