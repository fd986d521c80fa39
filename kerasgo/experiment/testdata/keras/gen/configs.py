"""Records configurations as Keras writes them.

Run in kerasgo/experiment/testdata/keras: python gen/configs.py
The Keras version is the one that the file versions.txt names.
"""

import keras
from keras import layers


def save(name, model):
    with open(f"{name}.json", "w") as f:
        f.write(model.to_json())


m = keras.Sequential([
    keras.Input((28, 28, 1)),
    layers.Conv2D(32, 5, padding="same", activation="relu", kernel_regularizer=keras.regularizers.L2(1e-4)),
    layers.BatchNormalization(momentum=0.9),
    layers.MaxPooling2D(),
    layers.Flatten(),
    layers.Dropout(0.5, seed=3),
    layers.Dense(10, activation="softmax", kernel_initializer=keras.initializers.HeNormal(seed=1), name="out"),
])
m.compile(loss=keras.losses.CategoricalCrossentropy(label_smoothing=0.1),
          optimizer=keras.optimizers.Adam(keras.optimizers.schedules.ExponentialDecay(1e-3, 100, 0.9), clipnorm=1.0),
          metrics=["accuracy", keras.metrics.TopKCategoricalAccuracy(k=3)])
save("sequential", m)

a, b = keras.Input((8,), name="a"), keras.Input((4,), name="b")
shared = layers.Dense(6, activation="tanh", name="shared")
x = layers.Concatenate()([shared(layers.Dense(8)(a)), shared(layers.Dense(8)(b))])
m = keras.Model([a, b], [layers.Dense(1, name="price")(x), layers.Dense(3, activation="softmax", name="kind")(x)])
m.compile(loss={"price": "mse", "kind": "sparse_categorical_crossentropy"}, optimizer="sgd", loss_weights={"price": 0.5, "kind": 1.0},
          metrics={"kind": ["accuracy"]})
save("functional", m)

with open("versions.txt", "w") as f:
    f.write(f"keras {keras.__version__}\n")
