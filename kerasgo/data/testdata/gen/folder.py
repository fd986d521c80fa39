"""Records how Keras's image_dataset_from_directory orders, splits and fits pictures.

Run in kerasgo/data/testdata: python gen/folder.py
Writes folder.json, the order of the files of a tree of pictures that the test makes again, and fitted.npz, the pictures/ of images.py resized.
"""

import json
import os
import tempfile

import keras
import numpy as np
import tensorflow as tf

FILES = ["b/z.png", "b/a/3.PNG", "b/a-b/4.png", "b/a/c/5.png", "b/B.png", "b/10.png", "b/9.png", "b/notes.txt", ".hidden/1.png", "c d/1.png", "c d/2.png"]
FILES += [f"a/{i}.png" for i in range(20)]

cases = []
with tempfile.TemporaryDirectory() as base:
    for i, name in enumerate(FILES):
        os.makedirs(os.path.dirname(f"{base}/{name}"), exist_ok=True)
        tf.io.write_file(f"{base}/{name}", tf.io.encode_png(np.full((1, 1, 3), i, np.uint8)))
    for seed, share, shuffle in ((0, 0.2, True), (7, 0.35, True), (123456789, 0.5, True), (3, 0.1, False)):
        parts = {}
        for subset in ("training", "validation"):
            ds = keras.utils.image_dataset_from_directory(base, seed=seed, validation_split=share, subset=subset, shuffle=shuffle, image_size=(1, 1), batch_size=None, verbose=False)
            parts[subset] = [os.path.relpath(p, base) for p in ds.file_paths]
        cases.append(dict(seed=seed, validation_split=share, shuffle=shuffle, **parts))
    classes = ds.class_names
with open("folder.json", "w") as f:
    json.dump({"keras": keras.__version__, "files": FILES, "classes": classes, "cases": cases}, f, indent=1)

out = {}
for kind in ("nearest", "bilinear", "bicubic", "lanczos3", "lanczos5", "area"):
    for fit in ("stretch", "crop", "pad"):
        for size in ((6, 8), (3, 3)):
            ds = keras.utils.image_dataset_from_directory("pictures", image_size=size, interpolation=kind, crop_to_aspect_ratio=fit == "crop", pad_to_aspect_ratio=fit == "pad",
                                                          shuffle=False, batch_size=None, verbose=False)
            out[f"{kind}_{fit}_{size[0]}x{size[1]}"] = np.stack([x.numpy() for x, _ in ds]).astype("float32")
np.savez_compressed("fitted.npz", **out)
