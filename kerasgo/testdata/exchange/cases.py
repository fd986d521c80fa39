"""Small models that hold every layer, merge and optimizer of kerasgo, built with any Keras 3.

CASES maps a name to (build, loss, optimizer, oldest Keras version). build(seed) returns an uncompiled model; data(model) returns inputs and targets that
depend on shapes only; optimizer() makes the optimizer. Values are sixteenths, so that they print short and mean the same everywhere.
"""
import json
import cases_calls
import keras
import numpy as np

L = keras.layers
O = keras.optimizers
S = keras.optimizers.schedules
VERSION = tuple(int(v) for v in keras.__version__.split(".")[:2])
l2 = keras.regularizers.L2


def seq_cnn():
    return keras.Sequential([
        L.Input((12, 12, 2)),
        L.Rescaling(0.5, offset=0.25),
        L.Conv2D(4, (3, 3), padding="same", activation="relu", kernel_regularizer=l2(0.01), bias_initializer="ones"),
        L.BatchNormalization(momentum=0.9, name="norm"),
        L.ZeroPadding2D(((1, 0), (0, 1))),
        L.DepthwiseConv2D(3, depth_multiplier=2, depthwise_constraint=keras.constraints.MaxNorm(1.5)),
        L.LeakyReLU(negative_slope=0.2),
        L.MaxPooling2D(2, strides=1, padding="same"),
        L.SeparableConv2D(4, 3, strides=2, activation=keras.activations.tanh),
        L.UpSampling2D((2, 1), interpolation="nearest"),
        L.LayerNormalization(),
        L.PReLU(shared_axes=[1, 2]),
        L.Cropping2D(((1, 0), (1, 1))),
        L.SpatialDropout2D(0.0),
        L.AveragePooling2D((2, 1)),
        L.GroupNormalization(groups=2),
        L.Activation("gelu"),
        L.Permute((2, 1, 3)),
        L.Conv2D(3, 2, padding="valid", kernel_initializer=keras.initializers.HeNormal(seed=3), name="last_conv"),
        L.ELU(alpha=0.5),
        L.Flatten(),
        L.Dropout(0.0, seed=7),
        L.Dense(6, use_bias=False, kernel_regularizer=keras.regularizers.L1L2(0.001, 0.002), activity_regularizer=None),
        L.BatchNormalization(scale=False),
        L.ReLU(max_value=6.0),
        L.ActivityRegularization(l2=0.001 if VERSION > (3, 4) else 0.0),  # Keras 3.0 to 3.4 do not divide it by the batch size
        L.Dense(4),
        L.Softmax(),
    ], name="cnn")


def seq_text():
    return keras.Sequential([
        L.Input((14,), dtype="int32"),
        L.Embedding(9, 6, embeddings_regularizer=l2(0.01)),
        L.SpatialDropout1D(0.0),
        L.Conv1D(5, 3, padding="causal", dilation_rate=2, activation="silu"),
        L.ZeroPadding1D((1, 2)),
        L.MaxPooling1D(2),
        L.DepthwiseConv1D(3, padding="same"),
        L.Cropping1D((1, 0)),
        L.UpSampling1D(2),
        L.SeparableConv1D(4, 2, activation="hard_sigmoid"),
        L.AveragePooling1D(2, padding="same"),
        L.GaussianNoise(0.0), L.GaussianDropout(0.0),
        L.Identity(),
        L.GlobalMaxPooling1D(),
        L.UnitNormalization(),
        L.RepeatVector(3),
        L.Reshape((-1, 2)),
        L.GlobalAveragePooling1D(keepdims=True),
        L.Flatten(),
        L.Dense(1, activation="sigmoid", kernel_constraint="non_neg"),
    ])


def functional():
    a, b = L.Input((6,), name="left"), L.Input((4, 4, 2), name="right")
    shared = L.Dense(5, activation="tanh", name="shared")
    u, v = shared(a), shared(L.Dense(6)(a))
    nested = keras.Sequential([L.Conv2D(5, 2, activation="relu"), L.GlobalAveragePooling2D()], name="nested")
    w = nested(b)
    p = L.Input((5,))
    inner = keras.Model(p, L.BatchNormalization()(L.Dense(5)(p)), name="inner")
    x = L.Add()([u, v, w])
    x = L.Multiply()([x, L.Average()([u, w])])
    y = L.Subtract()([L.Maximum()([u, v]), L.Minimum()([v, w])])
    x, y = inner(x), inner(y)
    z = L.Concatenate(axis=-1)([x, y, L.GlobalMaxPooling2D()(b)])
    return keras.Model([a, b], [L.Dense(3, activation="softmax", name="kind")(z), L.Dense(1, name="size")(L.Dense(4, "relu")(z))], name="two_ends")


def masked():
    ids = L.Input((7,), dtype="int32")
    x = L.Embedding(8, 4, mask_zero=True, embeddings_regularizer=l2(0.001))(ids)
    x = L.GlobalAveragePooling1D()(x)
    return keras.Model(ids, L.Dense(2)(x))


def rnn_lstm():
    return keras.Sequential([
        L.Input((6, 3)),
        L.LSTM(5, return_sequences=True, recurrent_regularizer=l2(0.01), recurrent_activation="hard_sigmoid"),
        L.SimpleRNN(4, return_sequences=True, go_backwards=True),
        L.GRU(4, return_sequences=True, reset_after=False, use_bias=False),
        L.RNN(L.StackedRNNCells([L.LSTMCell(3), L.GRUCell(2), L.LSTMCell(4, unit_forget_bias=False)])),
        L.Dense(3, activation="softmax"),
    ])


def rnn_masked():
    ids = L.Input((7,), dtype="int32")
    # Without the penalty the gradient is sparse, whose squares TensorFlow's RMSprop takes before adding up repeated rows.
    x = L.Embedding(8, 4, mask_zero=True, embeddings_regularizer=l2(0.001))(ids)
    x = L.Bidirectional(L.GRU(4, return_sequences=True), merge_mode="sum")(x)
    x = L.TimeDistributed(L.Dense(5, activation="relu"))(x)
    x = L.Bidirectional(L.LSTM(3), backward_layer=L.GRU(3, go_backwards=True))(x)
    return keras.Model(ids, L.Dense(1, activation="sigmoid")(x))


def spectral():
    return keras.Sequential([
        L.Input((6, 3)),
        L.SpectralNormalization(L.Conv1D(4, 2, kernel_regularizer=l2(0.01)), power_iterations=2),
        L.SpectralNormalization(L.SpectralNormalization(L.Dense(3, activation="tanh"))),
        L.Flatten(),
        L.SpectralNormalization(L.Dense(5, trainable=False)),
        L.Dense(2),
    ])


def rnn_states():
    a, b = L.Input((5, 3)), L.Input((4, 2))
    x, h, c = L.LSTM(4, return_state=True, name="encoder")(a)
    y = L.LSTM(4, return_sequences=True, name="decoder")(b, initial_state=[h, c])
    z = L.GRU(4, name="last")(y, initial_state=L.Add()([x, h]))
    return keras.Model([a, b], L.Dense(2)(z))


def attention_encoder():
    """A block of an encoder and one of a decoder; arguments by place and by name."""
    a, b, seen = L.Input((5, 6)), L.Input((5, 6)), L.Input((5, 5), dtype="int32")
    x = L.MultiHeadAttention(2, 3, kernel_regularizer=l2(0.001))(a, a)
    x = L.LayerNormalization()(L.Add()([a, x]))
    x = L.EinsumDense("abc,cde->abde", (None, 2, 3), bias_axes="de", activation="relu")(x)
    x = L.Reshape((5, 6))(x)
    y = L.MultiHeadAttention(2, 3, value_dim=2, name="own")(query=b, value=b, use_causal_mask=True)
    y, scores = L.MultiHeadAttention(3, 2, name="cross")(y, x, key=a, attention_mask=seen, return_attention_scores=True)
    y = L.EinsumDense("...x,xy->...y", 3, bias_axes="y")(y)
    return keras.Model([a, b, seen], [L.Dense(3, activation="softmax", name="kind")(L.Flatten()(y)), L.GlobalAveragePooling2D(name="size")(scores)])


def attention_masked():
    ids = L.Input((7,), dtype="int32")
    x = L.Embedding(8, 4, mask_zero=True, embeddings_regularizer=l2(0.001))(ids)
    y = L.GroupQueryAttention(3, 4, 2)(x, x)
    z = L.Attention(use_scale=True, score_mode="concat")([x, y])
    z = L.AdditiveAttention()([z, x, y])
    y = L.MultiHeadAttention(2, 3)(x, x)
    return keras.Model(ids, L.Dense(1, activation="sigmoid")(L.Concatenate()([L.GlobalAveragePooling1D()(y), L.GlobalAveragePooling1D()(z)])))


def mlp():
    return keras.Sequential([L.Input((5,)), L.Dense(6, activation="relu"), L.Dense(3, activation="softmax")])


def ema(make):
    return lambda: make(use_ema=True, ema_momentum=0.9, ema_overwrite_frequency=5)


TWO = {"loss": {"kind": "categorical_crossentropy", "size": keras.losses.Huber()}, "loss_weights": {"kind": 1.0, "size": 0.5},
       "metrics": {"kind": ["accuracy"], "size": ["mae"]}}
CASES = {
    "seq_cnn": (seq_cnn, {"loss": "categorical_crossentropy", "metrics": ["accuracy"]}, lambda: O.Adam(0.004), (3, 0)),
    "seq_text": (seq_text, {"loss": "binary_crossentropy", "metrics": ["accuracy", keras.metrics.AUC(num_thresholds=20)]},
                 lambda: O.RMSprop(S.ExponentialDecay(0.01, 5, 0.9), momentum=0.5, centered=True), (3, 0)),
    "functional": (functional, TWO, lambda: O.AdamW(S.CosineDecay(0.01, 40), weight_decay=0.01), (3, 0)),
    "rnn_lstm": (rnn_lstm, {"loss": "categorical_crossentropy", "metrics": ["accuracy"]}, lambda: O.Adam(0.01), (3, 0)),
    "rnn_masked": (rnn_masked, {"loss": "binary_crossentropy"}, lambda: O.RMSprop(0.01), (3, 0)),
    "rnn_states": (rnn_states, {"loss": "mse"}, lambda: O.SGD(0.1, momentum=0.9), (3, 0)),
    "attention_encoder": (attention_encoder, TWO, lambda: O.Adam(0.01), (3, 15)),
    "attention_masked": (attention_masked, {"loss": "binary_crossentropy"}, lambda: O.SGD(0.1, momentum=0.9), (3, 15)),
    "spectral": (spectral, {"loss": "mse"}, lambda: O.Adam(0.01), (3, 15)),
    "masked": (masked, {"loss": "mse", "weighted_metrics": ["mae"]}, lambda: O.SGD(0.1, momentum=0.9, nesterov=True), (3, 0)),
}
for name, make in {
    "sgd": lambda: O.SGD(0.2), "sgd_momentum": lambda: O.SGD(0.1, momentum=0.9, clipvalue=0.05), "sgd_ema": ema(lambda **k: O.SGD(0.1, momentum=0.5, **k)),
    "adam_amsgrad": lambda: O.Adam(0.01, amsgrad=True, clipnorm=0.3), "adam_ema": ema(lambda **k: O.Adam(0.01, **k)),
    "adam_decay": lambda: O.Adam(S.InverseTimeDecay(0.02, 3, 0.5), global_clipnorm=0.5, weight_decay=0.02),
    "adam_steps": lambda: O.Adam(S.PiecewiseConstantDecay([4, 9], [0.02, 0.01, 0.005])),
    "adamw": lambda: O.AdamW(S.PolynomialDecay(0.02, 12, 0.001), weight_decay=0.05), "rmsprop": lambda: O.RMSprop(0.01, rho=0.8),
    "rmsprop_centered": lambda: O.RMSprop(0.01, momentum=0.4, centered=True), "adagrad": lambda: O.Adagrad(0.1), "adadelta": lambda: O.Adadelta(0.5),
    "adamax": lambda: O.Adamax(0.01), "nadam": lambda: O.Nadam(0.01), "ftrl": lambda: O.Ftrl(0.1, l1_regularization_strength=0.001),
    "lion": lambda: O.Lion(0.003), "warm": lambda: O.SGD(S.CosineDecay(0.01, 10, warmup_target=0.1, warmup_steps=5)),
    "restarts": lambda: O.SGD(S.CosineDecayRestarts(0.1, 6)),
}.items():
    CASES["mlp_" + name] = (mlp, {"loss": "sparse_categorical_crossentropy"}, make, (3, 0))
if hasattr(O, "Lamb"):
    CASES["mlp_lamb"] = (mlp, {"loss": "sparse_categorical_crossentropy"}, lambda: O.Lamb(0.01), (3, 5))
CASES.update(cases_calls.CASES)
CASES = {k: v for k, v in CASES.items() if VERSION >= v[3]}

N = 8  # samples


def data(model, loss):
    """Inputs and targets for a model and its loss."""
    r = np.random.default_rng(11)
    xs, ys = [], []
    for i in model.inputs:
        s = (N,) + tuple(i.shape[1:])
        xs.append(r.integers(0, 7, s).astype("float32") if "int" in str(i.dtype) else (r.integers(-16, 17, s) / 16).astype("float32"))
    for k, o in enumerate(model.outputs):
        s = (N,) + tuple(o.shape[1:])
        this = loss if isinstance(loss, str) else list(loss.values())[k]
        if this == "categorical_crossentropy":
            ys.append(np.eye(s[-1], dtype="float32")[r.integers(0, s[-1], N)])
        elif this == "sparse_categorical_crossentropy":
            ys.append(r.integers(0, s[-1], (N, 1)).astype("float32"))
        elif this == "binary_crossentropy":
            ys.append(r.integers(0, 2, s).astype("float32"))
        else:
            ys.append((r.integers(-16, 17, s) / 16).astype("float32"))
    return xs, ys


def one(list_):
    return list_[0] if len(list_) == 1 else list_


def train(model, xs, ys, steps):
    """The losses of single steps, each of one full batch. A few steps, or those of few layers, cost less than making a graph of them."""
    losses = []
    model.run_eagerly = steps <= 5 or len(model.layers) < 5
    each = keras.callbacks.LambdaCallback(on_train_batch_begin=lambda batch, logs: model.reset_metrics(),
                                          on_train_batch_end=lambda batch, logs: losses.append(float(logs["loss"])))
    again = lambda arrays: one([np.concatenate([a] * steps) for a in arrays])
    model.fit(again(xs), again(ys), batch_size=N, shuffle=False, verbose=0, callbacks=[each])
    return losses


def forget():
    """Start automatic names afresh, without the time that a collection of garbage takes."""
    if VERSION >= (3, 4):
        keras.utils.clear_session(free_memory=False)
    else:
        keras.utils.clear_session()


def predict(model, xs):
    model.run_eagerly = True
    p = model.predict(one(xs), verbose=0)
    return p if isinstance(p, list) else [p]


def optimizer_values(model):
    return [np.asarray(v) for v in model.optimizer.variables]


def plain(a):
    """An array as JSON, to float32's precision."""
    a = np.asarray(a)
    return {"shape": list(a.shape), "data": [float("%.9g" % v) for v in a.ravel().astype("float64")]}


def array(o):
    return np.array(o["data"], "float32").reshape(o["shape"])


def dump(path, o):
    with open(path, "w") as f:
        json.dump(o, f)
