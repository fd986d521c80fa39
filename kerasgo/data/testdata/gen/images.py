"""Records what Keras's image_dataset_from_directory makes of a few pictures.

Run in kerasgo/data/testdata: python gen/images.py
Writes pictures/CLASS/*.png and images.npz.
"""

import os

import keras
import numpy as np
import tensorflow as tf

rng = np.random.default_rng(1)
for name, n, mode in [("b_two", 2, "RGB"), ("a_one", 1, "RGBA"), ("c_grey", 1, "L")]:
    os.makedirs(f"pictures/{name}", exist_ok=True)
    for i in range(n):
        channels = {"RGB": 3, "RGBA": 4, "L": 1}[mode]
        h, w = (7, 5) if i == 0 else (4, 9)
        pixels = rng.integers(0, 256, (h, w, channels), dtype=np.uint8)
        tf.io.write_file(f"pictures/{name}/{i}.png", tf.io.encode_png(pixels))

out = {"keras_version": np.array(keras.__version__)}
for size in [(6, 8), (3, 3), (7, 5)]:
    for color in ["rgb", "grayscale", "rgba"]:
        ds = keras.utils.image_dataset_from_directory(
            "pictures", image_size=size, color_mode=color, shuffle=False, batch_size=None)
        key = f"{color}_{size[0]}x{size[1]}"
        out[key] = np.stack([x.numpy() for x, _ in ds]).astype("float32")
out["labels"] = np.array([int(y) for _, y in ds], dtype="int32")
out["classes"] = np.array(ds.class_names) if hasattr(ds, "class_names") else np.array(sorted(os.listdir("pictures")))
x = [x.numpy() for x in keras.utils.image_dataset_from_directory(
    "pictures", label_mode=None, image_size=(6, 8), shuffle=False, batch_size=None)]
out["unlabeled_6x8"] = np.stack(x).astype("float32")
x = [x.numpy() for x in keras.utils.image_dataset_from_directory(
    "pictures", labels=None, label_mode=None, image_size=(6, 8), batch_size=None, seed=3,
    validation_split=0.3, subset="validation")]
out["unlabeled_validation"] = np.stack(x).astype("float32")
np.savez_compressed("images.npz", **out)
