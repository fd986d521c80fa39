"""Writes what Keras 2 saves: record_keras2.py <folder>, with tf_keras.

For every optimizer, in its present and its older ("legacy") form: trains 3 steps, saves <name>.h5, then records in <name>.json the predictions and the losses of
20 more steps. Keras 3 itself cannot restore any of these optimizers.
"""
import os, sys
import numpy as np
import tensorflow as tf
import tf_keras as keras
import cases

L, O, G = keras.layers, keras.optimizers, keras.optimizers.legacy
out = sys.argv[1]
os.makedirs(out, exist_ok=True)


def build():
    return keras.Sequential([
        L.Conv1D(4, 2, activation="hard_sigmoid", input_shape=(6, 2)), L.BatchNormalization(), L.LeakyReLU(0.2), L.Flatten(), L.Dense(5, activation="tanh"),
        L.Dense(3, activation="softmax")])


MAKE = {
    "adam": lambda: O.Adam(0.01), "adam_schedule": lambda: O.Adam(O.schedules.ExponentialDecay(0.02, 5, 0.9)), "adam_amsgrad": lambda: O.Adam(0.01, amsgrad=True),
    "sgd": lambda: O.SGD(0.1, momentum=0.9), "rmsprop": lambda: O.RMSprop(0.01, momentum=0.5, centered=True), "adamw": lambda: O.AdamW(0.01),
    "adagrad": lambda: O.Adagrad(0.1), "adadelta": lambda: O.Adadelta(0.5), "adamax": lambda: O.Adamax(0.02), "ftrl": lambda: O.Ftrl(0.1), "lion": lambda: O.Lion(0.003),
    "old_adam": lambda: G.Adam(0.01), "old_adam_amsgrad": lambda: G.Adam(0.01, amsgrad=True), "old_sgd_decay": lambda: G.SGD(0.1, momentum=0.9, decay=0.05),
    "old_rmsprop": lambda: G.RMSprop(0.01), "old_rmsprop_centered": lambda: G.RMSprop(0.01, momentum=0.5, centered=True), "old_adagrad": lambda: G.Adagrad(0.1),
    "old_adadelta": lambda: G.Adadelta(0.5), "old_adamax": lambda: G.Adamax(0.02), "old_ftrl": lambda: G.Ftrl(0.1),
}
for name, make in MAKE.items():
    keras.backend.clear_session()
    keras.utils.set_random_seed(5)
    m = build()
    m.compile(optimizer=make(), loss="categorical_crossentropy", metrics=["accuracy", keras.metrics.TopKCategoricalAccuracy(k=2)], weighted_metrics=["mae"])
    r = np.random.default_rng(3)
    x, y = (r.integers(-16, 17, (8, 6, 2)) / 16).astype("float32"), np.eye(3, dtype="float32")[r.integers(0, 3, 8)]
    fit = lambda steps: m.fit(x, y, batch_size=8, epochs=steps, shuffle=False, verbose=0).history["loss"]
    fit(3)
    m.save(f"{out}/{name}.h5")
    o = {"keras": keras.__version__, "json": m.to_json(), "x": [cases.plain(x)], "y": [cases.plain(y)], "predict": [cases.plain(m.predict(x, verbose=0))]}
    o["losses"] = fit(20)
    cases.dump(f"{out}/{name}.json", o)
