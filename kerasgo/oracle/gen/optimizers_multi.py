"""Record Keras's MultiOptimizer: weights and optimizer variables of a model after each of several epochs.

Run: python optimizers_multi.py
Writes ../testdata/optimizers_multi.json.gz.
"""

from objective import keras, np, save, serialized, tensor

O = keras.optimizers
rng = np.random.default_rng(2)
X, Y = rng.normal(size=(12, 3)).astype("float32"), rng.normal(size=(12, 1)).astype("float32")
cases = []


def record(opt):
    keras.backend.clear_session()
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(4, name="enc"), keras.layers.Dense(1, name="dec")], name="net")
    model.compile(opt, "mse")
    case = {"optimizer": serialized(opt), "x": tensor(X), "y": tensor(Y), "start": [tensor(w) for w in model.get_weights()], "epochs": []}
    for _ in range(4):
        model.fit(X, Y, batch_size=4, shuffle=False, verbose=0)
        case["epochs"].append({"weights": [tensor(w) for w in model.get_weights()], "opt": [tensor(np.asarray(v.numpy(), "float32")) for v in opt.variables]})
    cases.append(case)


M = lambda default, rules: O.MultiOptimizer(O.OptimizerMap(default, rules))  # noqa: E731
record(M(O.SGD(0.1), {}))
record(M(O.SGD(0.1, momentum=0.9), {"net/enc/.*": O.Adam(0.01), "nothing": O.RMSprop(0.2)}))
record(M(O.Adam(0.02, clipnorm=0.1), {".*/bias": O.SGD(0.3), "net/dec/kernel": O.RMSprop(0.05, use_ema=True, ema_overwrite_frequency=2)}))
record(M(O.Nadam(O.schedules.ExponentialDecay(0.1, 2, 0.5)), {".*kernel": O.Adam(0.05, weight_decay=0.1, gradient_accumulation_steps=2)}))
record(M(O.SGD(0.1), {".*enc.*": O.SGD(0.01, global_clipnorm=0.2), ".*dec.*": O.Lion(0.01)}))
save("optimizers_multi", cases)
