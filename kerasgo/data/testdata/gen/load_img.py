"""Records what Keras's load_img, array_to_img and save_img make of small pictures.

Run in kerasgo/data/testdata: python gen/load_img.py
Writes imgs/*.png, imgs/*.jpg and load_img.npz, whose arrays have the names
FILE|COLOR_MODE|INTERPOLATION|HEIGHTxWIDTH|KEEP_ASPECT_RATIO.
"""

import io
import os
import zipfile

import keras
import numpy as np
import tensorflow as tf
from PIL import Image

rng = np.random.default_rng(7)
os.makedirs("imgs", exist_ok=True)


def picture(name, h, w, channels, high=256, dtype=np.uint8):
    a = rng.integers(0, high, (h, w, channels), dtype=dtype)
    if channels in (2, 4):  # whole and no opacity too
        a[..., -1] = np.where(a[..., -1] < 60, 0, np.where(a[..., -1] > 200, 255, a[..., -1]))
    Image.fromarray(a.squeeze(-1) if channels == 1 else a).save(f"imgs/{name}.png")


picture("rgb", 11, 7, 3)
picture("rgba", 6, 13, 4)
picture("la", 5, 8, 2)
picture("l", 9, 4, 1)
picture("deep", 6, 7, 1, 65536, np.uint16)
picture("line", 12, 1, 3)
palette = Image.fromarray(rng.integers(0, 256, (8, 8, 3), dtype=np.uint8)).quantize(16)
palette.save("imgs/palette.png")
palette.save("imgs/palette_transparent.png", transparency=bytes([0, 100, 255]))
Image.fromarray(rng.integers(0, 2, (5, 9), dtype=np.uint8) * 255).convert("1").save("imgs/bits.png")

METHODS = ["nearest", "bilinear", "bicubic", "lanczos", "box", "hamming"]
out = {}
for file in sorted(f for f in os.listdir("imgs") if f.endswith(".png")):
    for mode in ["grayscale", "rgb", "rgba"]:
        cases = [("nearest", None, False)]
        sizes = [((5, 5), False), ((17, 6), True), ((3, 20), False)]
        if file in ("rgb.png", "rgba.png", "deep.png"):
            cases += [(m, s, k) for m in METHODS for s, k in sizes + [((4, 9), True), ((11, 3), False), ((1, 30), True)]]
        else:
            cases += [(METHODS[rng.integers(6)], s, k) for s, k in sizes]
        for method, size, keep in cases:
            try:
                img = keras.utils.load_img(f"imgs/{file}", mode, size, method, keep)
            except ValueError as e:
                print(file, mode, method, size, keep, e)
                continue
            name = f"{file}|{mode}|{method}|{size[0]}x{size[1]}|{keep}" if size else f"{file}|{mode}|{method}||{keep}"
            out[name] = keras.utils.img_to_array(img).astype(np.int32)
            assert out[name].ndim == 3

for name, subsampling, size in [("420", 2, (19, 22)), ("422", 1, (18, 21)), ("444", 0, (9, 9)), ("420_narrow", 2, (4, 9))]:
    smooth = Image.fromarray(rng.integers(0, 256, (4, 4, 3), dtype=np.uint8)).resize(size, Image.Resampling.BICUBIC)
    smooth.save(f"imgs/{name}.jpg", quality=90, subsampling=subsampling)
    for mode in ["grayscale", "rgb"]:
        img = keras.utils.load_img(f"imgs/{name}.jpg", mode)
        out[f"{name}.jpg|{mode}|nearest||False"] = keras.utils.img_to_array(img).astype(np.int32)
    out[f"tensorflow|{name}.jpg"] = tf.io.decode_image(tf.io.read_file(f"imgs/{name}.jpg"), channels=3).numpy().astype(np.int32)

for name, shape in [("grey", (4, 5, 1)), ("rgb", (3, 4, 3)), ("rgba", (4, 3, 4)), ("equal", (2, 2, 3))]:
    x = rng.normal(50, 90, shape).astype("float32")
    if name == "equal":
        x[:] = 3
    out[f"array|{name}"] = x
    out[f"scaled|{name}"] = keras.utils.img_to_array(keras.utils.array_to_img(x)).astype(np.int32)
    x = np.clip(x, 0, 255.9 if len(shape) == 3 and shape[2] > 1 else 255)
    out[f"plain|{name}"] = keras.utils.img_to_array(keras.utils.array_to_img(x, scale=False)).astype(np.int32)

with zipfile.ZipFile("load_img.npz", "w", zipfile.ZIP_DEFLATED) as z:  # times of 1980: the same bytes each time
    for name, a in out.items():
        b = io.BytesIO()
        np.save(b, a)
        z.writestr(zipfile.ZipInfo(name + ".npy"), b.getvalue(), zipfile.ZIP_DEFLATED)
print(keras.__version__, len(out))
