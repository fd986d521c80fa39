"""Models whose layers are called with more than an input, for cases.py: calls_masks with masks of one's own, some of which stand against those that Keras derives,
calls_steps with models that are applied to every step, calls_dict with a model whose inputs have names of their own."""
import keras

L = keras.layers


def masks():
    ops = keras.ops
    x, ids = L.Input((5, 3)), L.Input((5,), dtype="int32")
    chosen = ops.not_equal(ops.relu(x[:, :, 1]), 0.0)
    y = L.LSTM(3, return_sequences=True)(x, mask=chosen)  # hands the mask on
    words = L.Embedding(7, 3, mask_zero=True)(ids)
    after = L.Conv1D(3, 2, padding="same")(words)  # ends the mask
    seen = ops.not_equal(ids, 0)
    one = L.Bidirectional(L.GRU(2, return_sequences=True))(after, mask=seen)
    other = L.GlobalAveragePooling1D()(words, mask=ops.not_equal(ids, 1))  # in place of the derived mask
    met = L.Attention()([y, after], mask=[None, ops.greater(x[:, :, 0], -0.5)])
    inner = keras.Sequential([L.Input((5, 3)), L.Activation("tanh"), L.SimpleRNN(2)])
    state = L.GRU(2)(words, initial_state=inner(x, mask=chosen), mask=seen)
    return keras.Model([x, ids], L.Dense(2)(L.concatenate([L.GRU(2)(y), L.Flatten()(one), other, L.Flatten()(met), state, L.TimeDistributed(L.Dense(1))(x, mask=chosen)[:, 0]])))


def steps():
    frames = L.Input((3, 6, 6, 2))
    inner = keras.Sequential([L.Input((2, 2, 4)), L.BatchNormalization(momentum=0.5), L.Dense(3, kernel_regularizer="l2")], name="inner")
    image = L.Input((6, 6, 2))
    y = L.Conv2D(4, 3, strides=2, activation="relu")(image)
    y = L.add([y, L.Conv2D(4, 1, name="own")(y)])
    y = inner(y) * 0.5
    inner.layers[0].trainable = False
    seen = L.TimeDistributed(keras.Model(image, L.Dropout(0.0)(L.Flatten()(y)), name="eye"))(frames)
    low = L.TimeDistributed(keras.Sequential([L.Input((6, 6, 2)), L.Flatten(), L.Dense(2, activation="tanh"), L.Dense(2)]))(frames)
    return keras.Model(frames, L.Dense(2)(L.GRU(3)(L.concatenate([seen, low]))))


def names():
    b, a = L.Input((4,)), L.Input((3,))
    inner = keras.Model({"later": b, "earlier": a}, L.concatenate([L.Dense(2, activation="tanh")(b), L.Dense(3)(a)]), name="inner")
    x, y = L.Input((4,)), L.Input((3,))
    return keras.Model([x, y], L.Dense(2)(inner({"later": x, "earlier": y})))


CASES = {
    "calls_dict": (names, dict(loss="mse"), lambda: keras.optimizers.SGD(0.05), (3, 12)),
    "calls_steps": (steps, dict(loss="mse"), lambda: keras.optimizers.SGD(0.05), (3, 12)),
    "calls_masks": (masks, dict(loss="mse"), lambda: keras.optimizers.SGD(0.05), (3, 12)),
}
