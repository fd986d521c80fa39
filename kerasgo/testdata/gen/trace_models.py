"""The models of traces.py: name → (a function that makes one, its data, a function that makes the arguments of compile without the optimizer)."""

from replay import ints, keras, onehot, padded, uniform

L = keras.layers


def lstm():
    return keras.Sequential([L.Input((7, 3)), L.LSTM(6, return_sequences=True), L.LSTM(5), L.Dense(3, activation="softmax")])


def gru():
    # The penalty makes the gradient of the embedding dense, as TensorFlow's is not.
    return keras.Sequential([L.Input((9,)), L.Embedding(12, 5, mask_zero=True, embeddings_regularizer="l2"), L.Bidirectional(L.GRU(4, return_sequences=True)),
                             L.Bidirectional(L.GRU(3), merge_mode="ave"), L.Dense(1, activation="sigmoid")])


def resnet():
    def block(x, filters, stride):
        y = L.Activation("relu")(L.BatchNormalization(momentum=0.9)(L.Conv2D(filters, 3, strides=stride, padding="same", use_bias=False)(x)))
        y = L.BatchNormalization(momentum=0.9)(L.Conv2D(filters, 3, padding="same", use_bias=False)(y))
        if stride > 1:
            x = L.BatchNormalization(momentum=0.9)(L.Conv2D(filters, 1, strides=stride, use_bias=False)(x))
        return L.Activation("relu")(L.Add()([x, y]))
    i = L.Input((8, 8, 3))
    x = L.MaxPooling2D()(L.Activation("relu")(L.BatchNormalization(momentum=0.9)(L.Conv2D(4, 3, padding="same")(i))))
    return keras.Model(i, L.Dense(3, activation="softmax")(L.GlobalAveragePooling2D()(block(block(x, 4, 1), 6, 2))))


def encoder():
    i = L.Input((6, 8))
    x = L.Dense(8)(i)
    x = L.LayerNormalization()(L.Add()([x, L.MultiHeadAttention(2, 4)(x, x)]))
    y = L.Dense(8)(L.Dense(16, activation="gelu")(x))
    x = L.LayerNormalization(epsilon=1e-6)(L.Add()([x, y]))
    return keras.Model(i, L.Dense(3, activation="softmax")(L.GlobalAveragePooling1D()(x)))


def frames():
    return keras.Sequential([L.Input((3, 5, 5, 2)), L.ConvLSTM2D(3, 3, padding="same", return_sequences=True), L.BatchNormalization(), L.ConvLSTM2D(2, 3), L.Flatten(), L.Dense(2)])


def separable():
    return keras.Sequential([L.Input((9, 9, 2)), L.SeparableConv2D(4, 3, activation="swish", depth_multiplier=2), L.DepthwiseConv2D(3, strides=2), L.BatchNormalization(), L.ReLU(6.0), L.SeparableConv2D(3, 2),
                             L.Flatten(), L.Dense(3, activation="softmax")])


def ends():
    a, b = L.Input((6,), name="left"), L.Input((4, 3), name="right")
    h = L.Concatenate()([L.Dense(5, activation="elu")(a), L.SimpleRNN(4)(b)])
    return keras.Model([a, b], [L.Dense(3, activation="softmax", name="kind")(h), L.Dense(1, name="price")(L.Dense(4, activation="selu")(h))])


def classes():
    return dict(loss="categorical_crossentropy", metrics=["accuracy"])


N = 24
MODELS = {
    "stacked LSTM": (lstm, dict(x=uniform(1, N, 7, 3), y=onehot(2, 3, N)), classes),
    "masked bidirectional GRU": (gru, dict(x=padded(3, 12, N, 9, dtype="int32"), y=ints(4, 2, N, 1)), lambda: dict(loss="binary_crossentropy", metrics=["accuracy", keras.metrics.AUC()])),
    "ResNet blocks": (resnet, dict(x=uniform(5, N, 8, 8, 3), y=ints(6, 3, N)), lambda: dict(loss="sparse_categorical_crossentropy", metrics=["accuracy"])),
    "transformer encoder": (encoder, dict(x=uniform(7, N, 6, 8), y=onehot(8, 3, N)), classes),
    "ConvLSTM": (frames, dict(x=uniform(9, N, 3, 5, 5, 2), y=uniform(10, N, 2)), lambda: dict(loss="mse", metrics=["mae"])),
    "separable convolutions": (separable, dict(x=uniform(11, N, 9, 9, 2), y=onehot(12, 3, N)), classes),
    "two inputs, two outputs": (ends, dict(x=[uniform(13, N, 6), uniform(14, N, 4, 3)], y=[onehot(15, 3, N), uniform(16, N, 1)]),
                                lambda: dict(loss=["categorical_crossentropy", "huber"], loss_weights=[1.0, 0.5], metrics=[["accuracy"], ["mae"]])),
}
