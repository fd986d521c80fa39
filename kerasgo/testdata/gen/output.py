"""Records what fit, evaluate and predict print, and summaries: ../output.json.gz, ../summary.json.gz.

The clock stands still but for 0.12 s before every batch of training and 0.03 s before others.
"""

import contextlib
import io
import os
import sys
import tempfile

os.environ["COLUMNS"] = "130"  # Keras crops wider tables

import keras.src.utils.progbar as progbar  # noqa: E402

from replay import arguments, fresh, keras, onehot, serial, start, uniform, write

L = keras.layers


class Clock:
    now = 1000.0

    def time(self):
        return self.now


progbar.time = Clock()


class Tick(keras.callbacks.Callback):
    def on_train_batch_begin(self, batch, logs=None):
        Clock.now += 0.12

    def on_test_batch_begin(self, batch, logs=None):
        Clock.now += 0.03

    on_predict_batch_begin = on_test_batch_begin


X, Y = uniform(1, 50, 6), onehot(2, 3, 50)


def small():
    return keras.Sequential([L.Input((6,)), L.Dense(8, activation="relu"), L.Dense(3, activation="softmax")])


def output():
    cases = []
    os.chdir(tempfile.mkdtemp())
    val = dict(validation_split=0.2)
    for name, loss, rate, actions in (
        ("one epoch", "categorical_crossentropy", 0.1, [{"fit": dict(x=X, y=Y, batch_size=8)}]),
        ("validation", "categorical_crossentropy", 0.1, [{"fit": dict(x=X, y=Y, batch_size=8, epochs=3, **val)}, {"evaluate": dict(x=X, y=Y, batch_size=8)}, {"predict": dict(x=X, batch_size=8)}]),
        ("callbacks", "categorical_crossentropy", 3.0, [{"fit": dict(x=X, y=Y, batch_size=8, epochs=8, **val, callbacks=[
            {"ModelCheckpoint": dict(filepath="m.weights.h5", save_best_only=True, save_weights_only=True, verbose=1)}, {"ReduceLROnPlateau": dict(patience=1, verbose=1)},
            {"EarlyStopping": dict(patience=3, verbose=1, restore_best_weights=True)}])}]),
        ("small and negative values", "cosine_similarity", 0.001, [{"fit": dict(x=X, y=Y, batch_size=8, epochs=2, initial_epoch=0, **val)}, {"evaluate": dict(x=X, y=Y)}]),
        ("steps", "categorical_crossentropy", 0.1, [{"fit": dict(x=X, y=Y, batch_size=4, epochs=2, steps_per_epoch=5)}, {"evaluate": dict(x=X, y=Y, batch_size=4, steps=3)}, {"predict": dict(x=X, batch_size=4, steps=3)}]),
        ("one batch", "categorical_crossentropy", 0.1, [{"fit": dict(x=X, y=Y, batch_size=64, epochs=2, **val)}, {"evaluate": dict(x=X, y=Y, batch_size=64)}, {"predict": dict(x=X, batch_size=64)}]),
        ("going on", "categorical_crossentropy", 0.1, [{"fit": dict(x=X, y=Y, batch_size=16, epochs=2)}, {"fit": dict(x=X, y=Y, batch_size=16, epochs=4, initial_epoch=2)}]),
    ):
        for verbose in (1, 2, 0):
            if verbose == 0 and name != "callbacks":
                continue
            fresh()
            m = small()
            compile = dict(optimizer=keras.optimizers.SGD(rate), loss=loss, metrics=["accuracy"])
            m.compile(**compile)
            start(m, 100)
            out = {"name": f"{name}, verbose {verbose}", "model": m.to_json(), "compile": serial(compile), "seed": 100, "weights": [list(w.shape) for w in m.weights], "actions": []}
            for action in actions:
                (kind, args), = action.items()
                a = arguments(args, keep_paths=True)
                a["callbacks"] = [Tick()] + a.get("callbacks", [])
                if kind == "fit":
                    a["shuffle"] = False
                text = io.StringIO()
                with contextlib.redirect_stdout(text):
                    getattr(m, kind)(**a, verbose=verbose)
                out["actions"].append({"do": kind, "args": dict(args, verbose=verbose), "out": text.getvalue()})
            cases.append(out)
    write("output.json.gz", cases)


def summaries():
    cases = []

    def case(name, make, compile=None, fit=None, options=({},), widths=(60, 80, 100, 120)):
        fresh()
        m = make()
        out = {"name": name, "model": m.to_json(), "built": m.built, "tables": [], "layers": [layer.name for layer in m.layers]}
        if fit:
            m.compile(**compile)
            m.fit(**arguments(fit), verbose=0)
            out["compile"], out["fit"] = serial(compile), fit
        out["weights"] = [w.path for w in m.weights]
        for o in options:
            for w in widths:
                text = []
                try:
                    m.summary(line_length=w, print_fn=lambda s, **kw: text.append(s), **o)
                except ValueError as e:
                    out["tables"].append({"width": w, "options": o, "error": str(e)})
                    continue
                out["tables"].append({"width": w, "options": o, "text": "\n".join(text)})
        cases.append(out)

    full = [{}, {"show_trainable": True}, {"expand_nested": True}, {"show_trainable": True, "expand_nested": True}]

    def notebook():
        return keras.Sequential([
            L.Input((28, 28, 1)), L.Conv2D(32, (5, 5)), L.Activation("relu"), L.MaxPooling2D((2, 2)), L.Conv2D(64, (5, 5)), L.Activation("relu"), L.MaxPooling2D((2, 2)),
            L.Flatten(), L.Dense(128), L.Activation("relu"), L.Dropout(0.5), L.Dense(10), L.Activation("softmax")])

    case("notebook", notebook, options=full[:2])
    case("not built", lambda: keras.Sequential([L.Dense(8, activation="relu"), L.BatchNormalization(), L.Dense(3)]), options=full[:2])
    case("trained adam", small, dict(optimizer="adam", loss="mse"), dict(x=X, y=Y), options=full[:2])
    case("trained sgd", small, dict(optimizer="sgd", loss="mse"), dict(x=X, y=Y))
    case("trained momentum", small, dict(optimizer=keras.optimizers.SGD(0.1, momentum=0.9), loss="mse"), dict(x=X, y=Y))
    case("trained rmsprop, ema", small, dict(optimizer=keras.optimizers.RMSprop(0.1, use_ema=True), loss="mse"), dict(x=X, y=Y))
    case("trained nadam", small, dict(optimizer="nadam", loss="mse"), dict(x=X, y=Y))

    def frozen():
        m = keras.Sequential([L.Input((8, 8, 3)), L.Conv2D(4, 3, trainable=False), L.BatchNormalization(), L.BatchNormalization(trainable=False), L.ReLU(), L.GlobalAveragePooling2D(), L.Dense(2)])
        return m
    case("frozen", frozen, options=full[:2])

    def residual():
        i = keras.Input((32, 32, 3), name="image")
        x = L.Conv2D(16, 3, padding="same", activation="relu")(i)
        for _ in range(2):
            y = L.Conv2D(16, 3, padding="same", activation="relu")(x)
            y = L.BatchNormalization()(y)
            y = L.Conv2D(16, 3, padding="same")(y)
            x = L.ReLU()(L.Add()([x, y]))
        return keras.Model(i, L.Dense(10, activation="softmax")(L.GlobalAveragePooling2D()(x)), name="residual")
    case("residual", residual, options=full[:2])

    def two():
        a, b = keras.Input((6,), name="a"), keras.Input((4,), name="b")
        h = L.Concatenate()([L.Dense(5, activation="relu")(a), L.Dense(5, activation="tanh")(b)])
        return keras.Model([a, b], [L.Dense(3, activation="softmax", name="kind")(h), L.Dense(1, name="price")(h)])
    case("two inputs, two outputs", two, options=full[:2])
    case("two inputs, trained", two, dict(optimizer="adam", loss=["mse", "mse"]), dict(x=[uniform(1, 20, 6), uniform(2, 20, 4)], y=[uniform(3, 20, 3), uniform(4, 20, 1)]))

    def shared():
        a, b = keras.Input((6,)), keras.Input((6,))
        d = L.Dense(5, activation="relu")
        return keras.Model([a, b], L.Dense(1)(L.Subtract()([d(a), d(b)])))
    case("shared layer", shared, options=full[:2])

    def chained():
        i = keras.Input((6,))
        d = L.Dense(6)
        return keras.Model(i, L.Dense(1)(d(d(i))))
    case("shared layer in a row", chained)

    def nested():
        inner_in = keras.Input((6,))
        inner = keras.Model(inner_in, L.Dense(4)(L.BatchNormalization()(L.Dense(5, activation="relu")(inner_in))), name="encoder")
        a, b = keras.Input((6,)), keras.Input((6,))
        head = keras.Sequential([L.Dense(4, activation="relu"), L.Dense(3, activation="softmax")], name="head")
        return keras.Model([a, b], head(L.Add()([inner(a), inner(b)])))
    case("nested", nested, options=full)

    def deep():
        inner = keras.Sequential([L.Input((4,)), L.Dense(5)], name="inner")
        middle = keras.Sequential([L.Input((4,)), inner, L.Dense(3, trainable=False)], name="middle")
        return keras.Sequential([L.Input((4,)), middle, L.Dense(2)])
    case("nested twice", deep, options=full)

    def siamese_depths():
        a, b, c = keras.Input((6,), name="first"), keras.Input((6,), name="second"), keras.Input((6,), name="third")
        x = L.Dense(4, name="p")(a)
        y = L.Dense(4, name="q")(L.Dense(5, name="r")(L.Dense(5, name="s")(b)))
        z = L.Add(name="sum")([x, L.Dense(4, name="t")(c), y])
        u = L.Multiply(name="product")([z, x])
        return keras.Model([c, a, b], [u, L.Dense(2, name="out")(z), x])
    case("branches of different depth", siamese_depths)

    def straight():
        i = keras.Input((28, 28, 1))
        return keras.Model(i, L.Dense(10)(L.Flatten()(L.Conv2D(4, 3)(i))))
    case("functional chain", straight, options=full[:2])

    def text():
        return keras.Sequential([L.Input((None,)), L.Embedding(1000, 16, mask_zero=True), L.GlobalAveragePooling1D(), L.Dense(1, activation="sigmoid")])
    case("text", text)

    def big():
        return keras.Sequential([L.Input((4096,)), L.Dense(256, name="a_name_that_is_much_too_long_for_its_column"), L.Dense(300), L.Dense(1000)])
    case("big", big)
    write("summary.json.gz", cases)




if sys.argv[1:] != ["summaries"]:
    output()
summaries()
