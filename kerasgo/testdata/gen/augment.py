"""Records what Keras's image layers make of bounding boxes and segmentation masks, where nothing is random, and its conversions of boxes: ../augment.json.

Run with KERAS_BACKEND=jax:  python augment.py
"""

import json
import os

import keras
import numpy as np

L = keras.layers
rng = np.random.default_rng(12)
FORMATS = ["xyxy", "yxyx", "xywh", "center_xywh", "rel_xyxy", "rel_yxyx", "rel_xywh", "rel_center_xywh"]


def flat(a):
    a = np.asarray(a)
    return {"shape": list(a.shape), "values": [round(float(v), 6) for v in a.ravel()]}


def case(layer, height, width):
    images, masks = rng.random((2, height, width, 3)).astype("float32"), rng.integers(0, 4, (2, height, width, 1)).astype("float32")
    corners = np.sort(rng.random((2, 3, 2, 2)), axis=2).reshape(2, 3, 4) * [width, height, width, height]
    corners[0, 1] = [0, 0, 1, 1]  # what a crop leaves nothing of
    boxes = np.array(keras.utils.bounding_boxes.convert_format(corners.astype("float32"), "xyxy", layer.bounding_box_format, height=height, width=width))
    if isinstance(layer, L.Resizing):
        boxes[1, 2] = 0  # no box
    labels = rng.integers(0, 5, (2, 3))
    out = {"layer": keras.saving.serialize_keras_object(layer), "images": flat(images), "masks": flat(masks), "boxes": flat(boxes), "labels": flat(labels)}
    got = layer({"images": images, "segmentation_masks": masks, "bounding_boxes": {"boxes": boxes, "labels": labels}}, training=True)
    out["result"] = {"images": flat(got["images"]), "masks": flat(got["segmentation_masks"]), "boxes": flat(got["bounding_boxes"]["boxes"]), "labels": flat(got["bounding_boxes"]["labels"])}
    return out


cases = []
for i, args in enumerate(({}, {"crop_to_aspect_ratio": True}, {"pad_to_aspect_ratio": True})):
    for (h, w), (th, tw) in (((8, 6), (4, 9)), ((5, 10), (10, 5))):
        cases.append(case(L.Resizing(th, tw, interpolation="nearest", bounding_box_format=FORMATS[len(cases) % 4], **args), h, w))
cases += [case(L.CenterCrop(4, 3, bounding_box_format=f), 9, 6) for f in FORMATS]
cases.append(case(L.CenterCrop(8, 8, bounding_box_format="xyxy"), 6, 8))
cases += [case(L.MaxNumBoundingBoxes(n, bounding_box_format="xyxy"), 4, 4) for n in (2, 5)]
cases.append(case(L.RandomBrightness(0.0, bounding_box_format="xywh"), 4, 4))

boxes = rng.uniform(0, 9, (2, 3, 4)).astype("float32")
conversions = [{"source": a, "target": b, "boxes": flat(keras.utils.bounding_boxes.convert_format(boxes, a, b, height=7, width=12))}
               for a in FORMATS + ["center_yxhw"] for b in FORMATS + ["center_yxhw"]]
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "augment.json"), "w") as f:
    json.dump({"keras": keras.__version__, "cases": cases, "boxes": flat(boxes), "conversions": conversions}, f, separators=(",", ":"))
print(len(cases), len(conversions))
