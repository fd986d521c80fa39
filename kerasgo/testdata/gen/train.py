"""Records how real Keras trains, evaluates and predicts: ../train.json.gz.

A case is a model, the arguments of compile, and a list of actions with what they yielded.
"""

import sys

from replay import arguments, data, floats, fresh, ints, jsonable, keras, np, onehot, serial, start, uniform, write

L = keras.layers
CASES = []


def case(name, make, compile, actions, seed=100, full=True):
    fresh()
    model = make()
    model.compile(**compile)
    out = {"name": name, "model": model.to_json() if full else None, "compile": serial(compile), "seed": seed, "actions": []}
    first = next(a for a in actions if next(iter(a)) in ("fit", "evaluate", "predict", "train_on_batch", "test_on_batch", "predict_on_batch"))
    if not model.built:
        x = data(next(iter(first.values()))["x"])
        model.build(x.shape)
    out["weights"] = [list(w.shape) for w in model.weights]
    start(model, seed)
    for action in actions:
        (kind, args), = action.items()
        rec = {"do": kind, "args": args}
        if kind == "fit":
            h = model.fit(**arguments(args), shuffle=False, verbose=0)
            rec["history"], rec["keys"], rec["epoch"], rec["params"] = jsonable(h.history), list(h.history), h.epoch, jsonable(h.params)
        elif kind == "evaluate":
            r = model.evaluate(**arguments(args), verbose=0)
            rec["result"] = jsonable(r if isinstance(r, list) else [r])
            d = model.evaluate(**arguments(args), verbose=0, return_dict=True)
            rec["dict"] = jsonable(d)
        elif kind in ("predict", "predict_on_batch"):
            a = arguments(args)
            r = model.predict(**a, verbose=0) if kind == "predict" else model.predict_on_batch(**a)
            r = r if isinstance(r, (list, tuple)) else list(r.values()) if isinstance(r, dict) else [r]
            rec["result"] = [floats(v) for v in r]
            rec["shapes"] = [list(np.asarray(v).shape) for v in r]
        elif kind in ("train_on_batch", "test_on_batch"):
            a = arguments(args)
            r = getattr(model, kind)(**a)
            rec["result"] = jsonable(r if isinstance(r, (list, tuple)) else [r])
        elif kind == "set_trainable":
            for layer, flag in args.items():
                model.get_layer(layer).trainable = flag
        elif kind == "compile":
            model.compile(**compile)
        elif kind == "rate":
            rec["result"] = float(model.optimizer.learning_rate)
        elif kind == "reset_metrics":
            model.reset_metrics()
        elif kind == "weights":
            rec["result"] = [floats(w) for w in model.get_weights()]
        else:
            raise ValueError(kind)
        out["actions"].append(rec)
    CASES.append(out)
    print(name, [a.get("history", a.get("result"))if a["do"] in ("fit", "evaluate") else "" for a in out["actions"]][:1])


W = {"weights": {}}


def mlp(units=(8,), inputs=6, out=3, act="softmax", hidden="relu", **kw):
    def make():
        m = keras.Sequential([L.Input((inputs,))])
        for u in units:
            m.add(L.Dense(u, activation=hidden, **kw))
        m.add(L.Dense(out, activation=act))
        return m
    return make


X, Y3, Y3S = uniform(1, 50, 6), onehot(2, 3, 50), ints(2, 3, 50, dtype="int64")
YB, YR = ints(3, 2, 50, 1), uniform(4, 50, 3)
CE = "categorical_crossentropy"


def notebook(filters=(32, 64), dense=128):
    def make():
        return keras.Sequential([
            L.Input((28, 28, 1)), L.Conv2D(filters[0], (5, 5), padding="valid"), L.Activation("relu"), L.MaxPooling2D((2, 2)),
            L.Conv2D(filters[1], (5, 5), padding="valid"), L.Activation("relu"), L.MaxPooling2D((2, 2)), L.Flatten(),
            L.Dense(dense), L.Activation("relu"), L.Dropout(0.0), L.Dense(10), L.Activation("softmax")])
    return make


def basics():
    fit = {"fit": dict(x=X, y=Y3, epochs=4, batch_size=16)}
    for opt in ("adam", "sgd", "rmsprop", "adagrad", "nadam", "adamax", "adadelta", "ftrl", "lion", "adamw"):
        case("mlp " + opt, mlp(), dict(optimizer=opt, loss=CE, metrics=["accuracy"]),
             [fit, W, {"evaluate": dict(x=X, y=Y3, batch_size=16)}, {"predict": dict(x=X)}])
    img = dict(make="mnist", shape=[800, 28, 28, 1])
    lab = dict(make="mnist_labels", shape=[800], onehot=True)
    # With some other initial weights a unit lands so near zero that rounding decides, on either side.
    case("notebook 50 steps", notebook(), dict(optimizer="adam", loss=CE, metrics=["accuracy"]),
         [{"fit": dict(x=img, y=lab, batch_size=16, epochs=50, steps_per_epoch=1)}, {"predict": dict(x=dict(img, shape=[20, 28, 28, 1]))}, W], seed=500)
    case("notebook short last batch", notebook((4, 8), 16), dict(optimizer="adam", loss=CE, metrics=["accuracy"]),
         [{"fit": dict(x=dict(img, shape=[150, 28, 28, 1]), y=dict(lab, shape=[150]), batch_size=64, epochs=3, validation_split=0.2)}, W,
          {"evaluate": dict(x=dict(img, shape=[150, 28, 28, 1]), y=dict(lab, shape=[150]), batch_size=128)}])
    case("rank and type of images", notebook((4, 8), 16), dict(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["acc"]),
         [{"fit": dict(x=dict(make="mnist", shape=[40, 28, 28], dtype="uint8"), y=dict(make="mnist_labels", shape=[40], dtype="uint8"), batch_size=16, epochs=2)}, W])

    def bn():
        return keras.Sequential([L.Input((8, 8, 2)), L.Conv2D(4, 3, use_bias=False), L.BatchNormalization(momentum=0.9), L.ReLU(), L.GlobalAveragePooling2D(),
                                 L.Dense(8, use_bias=False), L.BatchNormalization(), L.Activation("tanh"), L.Dense(3, activation="softmax")])
    case("batch normalization", bn, dict(optimizer=keras.optimizers.SGD(0.1, momentum=0.9), loss=CE, metrics=["accuracy"]),
         [{"fit": dict(x=uniform(5, 50, 8, 8, 2), y=Y3, batch_size=16, epochs=3, validation_split=0.3)}, W, {"predict": dict(x=uniform(5, 50, 8, 8, 2))}])
    case("frozen layers", bn, dict(optimizer="adam", loss=CE),
         [{"set_trainable": {"batch_normalization": False, "conv2d": False}}, {"compile": {}},
          {"fit": dict(x=uniform(5, 50, 8, 8, 2), y=Y3, batch_size=16, epochs=2)}, W])
    case("trainable flag without compile", mlp(), dict(optimizer="sgd", loss=CE),
         [{"fit": dict(x=X, y=Y3, batch_size=16)}, {"set_trainable": {"dense": False}}, {"compile": {}}, {"fit": dict(x=X, y=Y3, batch_size=16)}, W])
    R = keras.regularizers
    C = keras.constraints
    case("regularizers and constraints", lambda: keras.Sequential([
        L.Input((6,)), L.Dense(8, activation="relu", kernel_regularizer=R.L1L2(0.01, 0.02), bias_regularizer="l2", kernel_constraint=C.MaxNorm(1.0)),
        L.Dense(8, activation="relu", kernel_constraint=C.UnitNorm(), activity_regularizer=R.L2(0.01)),
        L.Dense(3, activation="softmax", kernel_constraint=C.MinMaxNorm(0.2, 0.9), bias_constraint="non_neg")]),
        dict(optimizer=keras.optimizers.SGD(0.2), loss=CE, metrics=["accuracy"]),
        [{"fit": dict(x=X, y=Y3, batch_size=16, epochs=3, validation_split=0.2)}, W, {"evaluate": dict(x=X, y=Y3)}, {"train_on_batch": dict(x=X, y=Y3)}])


def weighting():
    sw = uniform(7, 50, lo=0.0, hi=2.0)
    mets = dict(loss=CE, metrics=["accuracy"], weighted_metrics=["accuracy", "mae"])
    case("class_weight", mlp(), dict(optimizer="sgd", **mets), [{"fit": dict(x=X, y=Y3, batch_size=16, epochs=2, class_weight={"0": 0.5, "2": 3.0})}, W])
    case("class_weight sparse", mlp(), dict(optimizer="sgd", loss="sparse_categorical_crossentropy", weighted_metrics=["accuracy"]),
         [{"fit": dict(x=X, y=Y3S, batch_size=16, epochs=2, class_weight={"0": 0.5, "2": 3.0}, validation_split=0.2)}, W])
    case("sample_weight", mlp(), dict(optimizer="sgd", **mets),
         [{"fit": dict(x=X, y=Y3, batch_size=16, epochs=3, sample_weight=sw, validation_data=[uniform(8, 21, 6), onehot(9, 3, 21), uniform(10, 21, lo=0.0, hi=1.0)])}, W,
          {"evaluate": dict(x=X, y=Y3, sample_weight=sw, batch_size=16)}, {"train_on_batch": dict(x=X, y=Y3, sample_weight=sw)},
          {"test_on_batch": dict(x=X, y=Y3, sample_weight=sw)}])
    case("sample_weight with split", mlp(), dict(optimizer="sgd", **mets), [{"fit": dict(x=X, y=Y3, batch_size=16, epochs=2, sample_weight=sw, validation_split=0.25)}, W])
    case("weights of steps", lambda: keras.Sequential([L.Input((5, 4)), L.Dense(6, activation="tanh"), L.Dense(2)]), dict(optimizer="sgd", loss="mse", metrics=["mae"], weighted_metrics=["mse"]),
         [{"fit": dict(x=uniform(1, 20, 5, 4), y=uniform(2, 20, 5, 2), sample_weight=uniform(3, 20, 5, lo=0.0, hi=1.0), batch_size=8, epochs=2)}, W])


def data_rules():
    comp = dict(optimizer="sgd", loss=CE, metrics=["accuracy"])
    case("defaults", mlp(), dict(loss="mse"), [{"fit": dict(x=X, y=Y3)}, W, {"evaluate": dict(x=X, y=Y3)}])
    case("validation_freq", mlp(), comp, [{"fit": dict(x=X, y=Y3, epochs=5, validation_split=0.2, validation_freq=2)}, W])
    case("validation_freq list", mlp(), comp, [{"fit": dict(x=X, y=Y3, epochs=5, validation_split=0.2, validation_freq=[1, 4])}, W])
    case("validation batch and steps", mlp(), comp,
         [{"fit": dict(x=X, y=Y3, epochs=2, batch_size=10, validation_data=[uniform(8, 21, 6), onehot(9, 3, 21)], validation_batch_size=4, validation_steps=3)}, W])
    case("steps_per_epoch", mlp(), comp, [{"fit": dict(x=X, y=Y3, batch_size=8, epochs=5, steps_per_epoch=3)}, W])
    case("steps_per_epoch without batch size", mlp(), comp, [{"fit": dict(x=X, y=Y3, epochs=2, steps_per_epoch=4)}, W])
    case("steps_per_epoch too many", mlp(), comp, [{"fit": dict(x=X, y=Y3, batch_size=16, epochs=3, steps_per_epoch=6)}, W])
    case("initial_epoch", mlp(), comp, [{"fit": dict(x=X, y=Y3, epochs=2)}, {"fit": dict(x=X, y=Y3, epochs=5, initial_epoch=2)}, W])
    case("initial_epoch at end", mlp(), comp, [{"fit": dict(x=X, y=Y3, epochs=2, initial_epoch=2)}, W])
    case("evaluate steps", mlp(), comp, [{"evaluate": dict(x=X, y=Y3, batch_size=8, steps=2)}, {"evaluate": dict(x=X, y=Y3, steps=3)},
                                         {"predict": dict(x=X, batch_size=8, steps=2)}, {"predict": dict(x=X, batch_size=7)}, {"predict_on_batch": dict(x=X)}])
    case("on batch", mlp(), comp, [{"train_on_batch": dict(x=X, y=Y3)}, {"train_on_batch": dict(x=X, y=Y3)}, {"test_on_batch": dict(x=X, y=Y3)},
                                   {"test_on_batch": dict(x=X, y=Y3)}, {"reset_metrics": {}}, {"test_on_batch": dict(x=X, y=Y3)}, {"train_on_batch": dict(x=X, y=Y3)}, W])
    case("on batch with class_weight", mlp(), dict(optimizer="sgd", loss=CE, metrics=["mae"], weighted_metrics=["accuracy"]),
         [{"train_on_batch": dict(x=X, y=Y3, class_weight={"0": 0.5, "2": 3.0})}, W])
    case("sparse (n,)", mlp(), dict(optimizer="sgd", loss="sparse_categorical_crossentropy", metrics=["accuracy"]), [{"fit": dict(x=X, y=Y3S, epochs=2)}, W])
    case("sparse (n,1)", mlp(), dict(optimizer="sgd", loss="sparse_categorical_crossentropy", metrics=["acc", "sparse_categorical_accuracy"]), [{"fit": dict(x=X, y=ints(2, 3, 50, 1), epochs=2)}, W])
    for shape, dtype in (((50,), "int32"), ((50, 1), "float32"), ((50, 1), "uint8"), ((50,), "float64"), ((50,), "bool")):
        case(f"binary {shape} {dtype}", mlp(out=1, act="sigmoid"), dict(optimizer="sgd", loss="binary_crossentropy", metrics=["accuracy"]),
             [{"fit": dict(x=X, y=ints(3, 2, *shape, dtype=dtype), epochs=2)}, W])
    case("regression (n,)", mlp(out=1, act=None), dict(optimizer="sgd", loss="mse", metrics=["mae", "RootMeanSquaredError"]),
         [{"fit": dict(x=dict(X, dtype="float64"), y=uniform(3, 50, dtype="float64"), epochs=2, batch_size=7)}, W])
    case("crossentropy by shapes", mlp(), dict(optimizer="sgd", loss="crossentropy", metrics=["accuracy"]), [{"fit": dict(x=X, y=Y3S, epochs=2)}, W])
    case("bool inputs", mlp(), comp, [{"fit": dict(x=ints(5, 2, 50, 6, dtype="bool"), y=Y3, epochs=2)}, W])
    case("trailing axis", mlp(), comp, [{"fit": dict(x=uniform(1, 50, 6, 1), y=Y3, epochs=2)}, {"predict": dict(x=uniform(1, 50, 6, 1))}, W])
    case("not built", lambda: keras.Sequential([L.Flatten(), L.Dense(5, activation="relu"), L.Dense(3, activation="softmax")]), comp,
         [{"fit": dict(x=uniform(1, 50, 3, 2), y=Y3, epochs=2)}, W])


def metrics_and_callbacks():
    M = keras.metrics
    case("duplicate metrics", mlp(), dict(optimizer="sgd", loss=CE, metrics=["accuracy", "accuracy", M.CategoricalAccuracy(name="accuracy"), "mse"], weighted_metrics=["mse", "accuracy"]),
         [{"fit": dict(x=X, y=Y3, epochs=2)}, {"evaluate": dict(x=X, y=Y3)}])
    case("binary metrics", mlp(out=1, act="sigmoid"), dict(optimizer="sgd", loss="binary_crossentropy", metrics=[M.Precision(), M.Recall(), M.AUC(), M.BinaryAccuracy(threshold=0.4), "bce", M.TruePositives(), M.F1Score(average="micro")]),
         [{"fit": dict(x=X, y=YB, epochs=3, batch_size=16)}, {"evaluate": dict(x=X, y=YB)}])
    case("categorical metrics", mlp(out=7), dict(optimizer="sgd", loss=CE, metrics=["top_k_categorical_accuracy", M.TopKCategoricalAccuracy(k=2, name="top2"), "categorical_crossentropy", M.Precision(class_id=1), "kl_divergence", "cosine_similarity"]),
         [{"fit": dict(x=X, y=onehot(3, 7, 50), epochs=3, batch_size=16)}, {"evaluate": dict(x=X, y=onehot(3, 7, 50))}])
    case("f1 by class", mlp(), dict(optimizer="sgd", loss=CE, metrics=[M.F1Score(), M.Precision(thresholds=[0.3, 0.5])]), [{"evaluate": dict(x=X, y=Y3)}])
    case("early stopping", mlp(), dict(optimizer=keras.optimizers.SGD(3.0), loss=CE, metrics=["accuracy"]),
         [{"fit": dict(x=X, y=Y3, epochs=12, validation_split=0.2, callbacks=[{"EarlyStopping": dict(patience=2, restore_best_weights=True)}])}, W])
    case("early stopping on accuracy", mlp(), dict(optimizer=keras.optimizers.SGD(0.5), loss=CE, metrics=["accuracy"]),
         [{"fit": dict(x=X, y=Y3, epochs=12, validation_split=0.2, callbacks=[{"EarlyStopping": dict(monitor="val_accuracy", patience=1)}])}, W])
    case("reduce on plateau", mlp(), dict(optimizer=keras.optimizers.SGD(1.0), loss=CE, metrics=["accuracy"]),
         [{"fit": dict(x=X, y=Y3, epochs=10, validation_split=0.2, callbacks=[{"ReduceLROnPlateau": dict(patience=1, factor=0.3, monitor="val_loss")}, {"EarlyStopping": dict(monitor="loss", patience=5)}])}, {"rate": {}}, W])
    case("checkpoint", mlp(), dict(optimizer="sgd", loss=CE), [{"fit": dict(x=X, y=Y3, epochs=2, callbacks=[{"ModelCheckpoint": dict(filepath="m-{epoch}.keras", monitor="loss", save_best_only=True)}])}, W])
    case("terminate on nan", mlp(act=None), dict(optimizer=keras.optimizers.SGD(1e30), loss="mse"), [{"fit": dict(x=X, y=YR, epochs=5, batch_size=10, callbacks=[{"TerminateOnNaN": {}}])}])


def optimizers():
    O = keras.optimizers
    S = O.schedules
    fit = [{"fit": dict(x=X, y=Y3, batch_size=16, epochs=3)}, {"rate": {}}, W]
    comp = lambda o: dict(optimizer=o, loss=CE, metrics=["accuracy"])  # noqa: E731
    for name, o in (
        ("exponential", O.SGD(S.ExponentialDecay(0.5, 3, 0.7))), ("staircase", O.Adam(S.ExponentialDecay(0.05, 3, 0.7, staircase=True))),
        ("piecewise", O.SGD(S.PiecewiseConstantDecay([3, 6], [0.5, 0.1, 0.01]))), ("cosine", O.SGD(S.CosineDecay(0.1, 9, warmup_target=0.4, warmup_steps=3), momentum=0.9)),
        ("clipnorm", O.SGD(0.5, clipnorm=0.05)), ("clipvalue", O.SGD(0.5, clipvalue=0.01)), ("global_clipnorm", O.Adam(0.05, global_clipnorm=0.1)),
        ("ema", O.SGD(0.5, use_ema=True, ema_momentum=0.8, ema_overwrite_frequency=3)), ("ema without frequency", O.SGD(0.5, use_ema=True, ema_momentum=0.8)),
        ("weight decay", O.Adam(0.05, weight_decay=0.1)), ("adamw", O.AdamW(0.05)), ("nesterov", O.SGD(0.2, momentum=0.9, nesterov=True)), ("amsgrad", O.Adam(0.05, amsgrad=True)),
        ("centered rmsprop", O.RMSprop(0.01, centered=True, momentum=0.5)), ("accumulation", O.Adam(0.05, gradient_accumulation_steps=2)),
    ):
        case("optimizer " + name, mlp(), comp(o), fit)


def functional():
    def two_in_two_out():
        a, b = keras.Input((6,), name="a"), keras.Input((4,), name="b")
        h = L.Concatenate()([L.Dense(5, activation="relu")(a), L.Dense(5, activation="tanh")(b)])
        return keras.Model([a, b], [L.Dense(3, activation="softmax", name="kind")(h), L.Dense(1, name="price")(h)])
    x, y = [uniform(1, 48, 6), uniform(2, 48, 4)], [onehot(3, 3, 48), uniform(4, 48, 1)]
    xd, yd = dict(zip("ab", x)), dict(zip(["kind", "price"], y))
    ev, pr = {"evaluate": dict(x=x, y=y, batch_size=16)}, {"predict": dict(x=x)}
    case("two outputs, lists", two_in_two_out, dict(optimizer="sgd", loss=[CE, "mse"], loss_weights=[1.0, 0.2], metrics=[["accuracy"], ["mae", "mse"]]),
         [{"fit": dict(x=x, y=y, batch_size=16, epochs=3)}, W, ev, pr])
    case("two outputs, dicts", two_in_two_out, dict(optimizer="sgd", loss={"price": "mse", "kind": CE}, loss_weights={"kind": 1.0, "price": 0.5}, metrics={"kind": ["accuracy", keras.metrics.AUC()]}, weighted_metrics={"price": ["mae"]}),
         [{"fit": dict(x=xd, y=yd, batch_size=16, epochs=3, validation_data=[xd, yd])}, W, {"evaluate": dict(x=xd, y=yd, batch_size=16)}, {"predict": dict(x=xd)}, {"train_on_batch": dict(x=xd, y=yd)}])
    case("two outputs, one loss each the same", two_in_two_out, dict(optimizer="sgd", loss=["mse", "mse"], metrics=[["mae"], ["mae"]]), [{"fit": dict(x=x, y=y, batch_size=16, epochs=2)}, W, ev])
    case("two outputs, no loss for one", two_in_two_out, dict(optimizer="sgd", loss=[CE, None], metrics=[["accuracy"], None]), [{"fit": dict(x=x, y=[y[0]], batch_size=16, epochs=2)}, W])
    case("two outputs, sample weights", two_in_two_out, dict(optimizer="sgd", loss=[CE, "mse"], weighted_metrics=[["accuracy"], ["mae"]]),
         [{"fit": dict(x=x, y=y, sample_weight=[uniform(5, 48, lo=0.0), uniform(6, 48, lo=0.0)], batch_size=16, epochs=2, validation_split=1 / 3)}, W])
    case("two outputs, losses and metrics the same name", two_in_two_out, dict(optimizer="sgd", loss=[CE, "mse"], metrics=[["mse", "mse"], ["mse"]]), [{"fit": dict(x=x, y=y, batch_size=16)}, ev])

    def shared():
        a, b = keras.Input((6,)), keras.Input((6,))
        d = L.Dense(5, activation="relu", kernel_regularizer="l2")
        h = L.Subtract()([d(a), d(b)])
        return keras.Model([a, b], L.Dense(1, activation="sigmoid")(h))
    case("shared layer", shared, dict(optimizer=keras.optimizers.Adam(0.05), loss="binary_crossentropy", metrics=["accuracy"]),
         [{"fit": dict(x=[uniform(1, 40, 6), uniform(2, 40, 6)], y=ints(3, 2, 40, 1), epochs=3, batch_size=16)}, W, {"predict": dict(x=[uniform(1, 40, 6), uniform(2, 40, 6)])}])

    def nested():
        inner_in = keras.Input((6,))
        inner = keras.Model(inner_in, L.Dense(4)(L.BatchNormalization()(L.Dense(5, activation="relu", kernel_regularizer="l1")(inner_in))), name="encoder")
        a, b = keras.Input((6,)), keras.Input((6,))
        head = keras.Sequential([L.Dense(4, activation="relu"), L.Dense(3, activation="softmax")], name="head")
        return keras.Model([a, b], head(L.Add()([inner(a), inner(b)])))
    case("nested model used twice", nested, dict(optimizer=keras.optimizers.SGD(0.1), loss=CE, metrics=["accuracy"]),
         [{"fit": dict(x=[uniform(1, 40, 6), uniform(2, 40, 6)], y=onehot(3, 3, 40), epochs=3, batch_size=16)}, W, {"predict": dict(x=[uniform(1, 40, 6), uniform(2, 40, 6)])}])
    case("nested model frozen", nested, dict(optimizer=keras.optimizers.SGD(0.1), loss=CE),
         [{"set_trainable": {"encoder": False}}, {"compile": {}}, {"fit": dict(x=[uniform(1, 40, 6), uniform(2, 40, 6)], y=onehot(3, 3, 40), epochs=2, batch_size=16)}, W])

    def residual():
        i = keras.Input((8, 8, 3))
        x = L.Conv2D(4, 3, padding="same", activation="relu")(i)
        y = L.BatchNormalization()(L.Conv2D(4, 3, padding="same")(x))
        x = L.ReLU()(L.Add()([x, y]))
        return keras.Model(i, L.Dense(3, activation="softmax")(L.GlobalAveragePooling2D()(x)))
    case("residual", residual, dict(optimizer=keras.optimizers.SGD(0.1), loss="sparse_categorical_crossentropy", metrics=["accuracy"]),
         [{"fit": dict(x=uniform(1, 40, 8, 8, 3), y=ints(2, 3, 40), epochs=3, batch_size=16)}, W, {"predict": dict(x=uniform(1, 40, 8, 8, 3))}])


def masks():
    ids = ints(1, 9, 30, 7, dtype="int32")
    case("mask into average", lambda: keras.Sequential([L.Input((7,)), L.Embedding(9, 5, mask_zero=True), L.GlobalAveragePooling1D(), L.Dense(1, activation="sigmoid")]),
         dict(optimizer="sgd", loss="binary_crossentropy", metrics=["accuracy"]), [{"fit": dict(x=ids, y=ints(2, 2, 30, 1), epochs=2, batch_size=8)}, W, {"predict": dict(x=ids)}])
    case("mask into the loss", lambda: keras.Sequential([L.Input((7,)), L.Embedding(9, 5, mask_zero=True), L.Dense(4, activation="softmax")]),
         dict(optimizer=keras.optimizers.SGD(0.5), loss="sparse_categorical_crossentropy", metrics=["accuracy"], weighted_metrics=["sparse_categorical_crossentropy"]),
         [{"fit": dict(x=ids, y=ints(2, 4, 30, 7), epochs=2, batch_size=8)}, W, {"evaluate": dict(x=ids, y=ints(2, 4, 30, 7))}])
    case("mask, regression", lambda: keras.Sequential([L.Input((7,)), L.Embedding(9, 5, mask_zero=True), L.Dense(2)]),
         dict(optimizer=keras.optimizers.SGD(0.5), loss="mse", metrics=["mae"], weighted_metrics=["mse"]),
         [{"fit": dict(x=ids, y=uniform(2, 30, 7, 2), epochs=2, batch_size=8)}, W])
    case("embedding without mask", lambda: keras.Sequential([L.Input((7,)), L.Embedding(9, 5, embeddings_regularizer="l2"), L.Flatten(), L.Dense(1)]),
         dict(optimizer="adam", loss="mse"), [{"fit": dict(x=ids, y=uniform(2, 30), epochs=2, batch_size=8)}, W])


for group in (basics, weighting, data_rules, metrics_and_callbacks, optimizers, functional, masks):
    if len(sys.argv) > 1 and group.__name__ not in sys.argv[1:]:  # to try one group
        continue
    group()
write("train.json.gz", CASES)
