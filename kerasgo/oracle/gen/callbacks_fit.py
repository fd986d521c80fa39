"""Record what Keras's callbacks do in fit, evaluate and predict of a small model.

Run: python callbacks_fit.py
Writes ../testdata/callbacks_fit.json.gz.

A case has the weights at the start, the arguments of fit, and what another callback, the
last of the list, sees of the weights; each run goes on with the model of the one before.
"""

from objective import keras, np, number, save, serialized, tensor

C = keras.callbacks
O = keras.optimizers
cases = []
rng = np.random.default_rng(11)
X = rng.normal(size=(10, 3)).astype("float32")
Y = rng.normal(size=(10, 2)).astype("float32")


class Spy(keras.callbacks.Callback):
    """Notes the weights whenever a hook is called."""

    def __init__(self):
        super().__init__()
        self.seen = []

    def note(self, hook):
        self.seen.append({"hook": hook, "weights": [tensor(w) for w in self.model.get_weights()]})

    def on_epoch_begin(self, epoch, logs=None):
        self.note("epoch_begin")

    def on_epoch_end(self, epoch, logs=None):
        self.note("epoch_end")

    def on_test_begin(self, logs=None):
        self.note("test_begin")

    def on_test_end(self, logs=None):
        self.note("test_end")

    def on_predict_begin(self, logs=None):
        self.note("predict_begin")

    def on_train_end(self, logs=None):
        self.note("train_end")


def record(cls, args, opt, *runs):
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
    model.compile(optimizer=opt, loss="mse", metrics=["mae"])
    case = {"callback": cls, "args": args, "optimizer": serialized(opt), "x": tensor(X), "y": tensor(Y), "start": [tensor(w) for w in model.get_weights()], "runs": []}
    cb = getattr(C, cls)(**args)
    for fit in runs:
        spy = Spy()
        kw = {"validation_data": (X[:4], Y[:4])} if fit["validate"] else {}
        history = model.fit(X, Y, batch_size=fit["batch_size"], epochs=fit["epochs"], verbose=0, shuffle=False, callbacks=[cb, spy], **kw)
        values = model.evaluate(X, Y, batch_size=5, verbose=0, callbacks=[cb, spy]) if fit["after"] else []
        if fit["after"]:
            model.predict(X, verbose=0, callbacks=[cb, spy])
        case["runs"].append({
            **fit, "seen": spy.seen, "history": {k: [number(v) for v in vs] for k, vs in history.history.items()}, "epoch": history.epoch,
            "values": [number(v) for v in values], "final": [tensor(w) for w in model.get_weights()],
        })
    cases.append(case)


def run(batch_size=4, epochs=3, validate=True, after=False):
    return {"batch_size": batch_size, "epochs": epochs, "validate": validate, "after": after}


for swap in (False, True):
    for opt in (lambda: O.SGD(0.1, use_ema=True, ema_momentum=0.5), lambda: O.Adam(0.1, use_ema=True, ema_momentum=0.7, ema_overwrite_frequency=2)):
        record("SwapEMAWeights", {"swap_on_epoch": swap}, opt(), run())
        record("SwapEMAWeights", {"swap_on_epoch": swap}, opt(), run(validate=False), run(epochs=2))
        record("SwapEMAWeights", {"swap_on_epoch": swap}, opt(), run(after=True))
record("History", {}, O.SGD(0.1), run(), run(epochs=2, validate=False))
record("ProgbarLogger", {}, O.SGD(0.1), run())
for case in cases:
    case["optimizer"]["config"]["name"] = case["optimizer"]["config"]["name"].rstrip("0123456789").rstrip("_")
save("callbacks_fit", cases)
