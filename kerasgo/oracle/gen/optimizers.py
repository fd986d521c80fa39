"""Record Keras's optimizers: variables and optimizer variables after each of several steps.

Run: python optimizers.py
Writes ../testdata/optimizers.json.gz.
"""

from objective import keras, np, save, serialized, tensor

rng = np.random.default_rng(3)
cases = []
O = keras.optimizers
S = keras.optimizers.schedules


def normal(*shape):
    return rng.normal(size=shape).astype("float32")


def record(opt, steps=6, missing=(), constraints=None, exclude=False, shapes=((3, 2), (2,), ())):
    """missing: variables that have no gradient. constraints: index → Keras constraint."""
    constraints = constraints or {}
    values = [normal(*s) for s in shapes]
    variables = []
    for i, v in enumerate(values):
        var = keras.Variable(v, name=f"v{i}")
        if i in constraints:
            var.constraint = constraints[i]
        variables.append(var)
    opt.build(variables)
    start = [tensor(v.numpy()) for v in opt.variables]
    out = []
    for _ in range(steps):
        grads = [normal(*s) * np.float32(rng.choice([0.05, 1, 20])) for s in shapes]
        given = [None if i in missing else keras.ops.convert_to_tensor(g) for i, g in enumerate(grads)]
        opt.apply(given, variables)
        out.append({
            "grads": [None if i in missing else tensor(g) for i, g in enumerate(grads)],
            "vars": [tensor(v.numpy()) for v in variables], "opt": [tensor(v.numpy()) for v in opt.variables],
        })
    cases.append({
        "optimizer": serialized(opt), "vars": [tensor(v) for v in values], "opt": start,
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
    # Names are numbered per process; the first object of a class has none.
for case in cases:
    name = case["optimizer"]["config"]["name"]
    if name != "mine":
        case["optimizer"]["config"]["name"] = name.rstrip("0123456789").rstrip("_")

save("optimizers", cases)
