"""Records how real Keras builds keras.applications: ../testdata/applications.json.gz.

Run with KERAS_BACKEND=tensorflow on a CPU:  python applications.py [folder [pattern]]
Into the folder it puts, for each case, a file with one line for each layer, to be compared with
what the test prints when it fails; with a pattern for the constructors nothing else is written.

A case has the arguments of a constructor, and of the model a hash of its normalised
description, the numbers of layers and of weights, and the shape of its output.
"""

import hashlib
import json
import os
import re
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras

from record import write

PLAIN = """VGG16 VGG19 ResNet50 ResNet101 ResNet152 ResNet50V2 ResNet101V2 ResNet152V2 MobileNet MobileNetV2
MobileNetV3Small MobileNetV3Large DenseNet121 DenseNet169 DenseNet201 InceptionV3 InceptionResNetV2 Xception
EfficientNetB0 EfficientNetB1 EfficientNetB2 EfficientNetB3 EfficientNetB4 EfficientNetB5 EfficientNetB6
EfficientNetB7 EfficientNetV2B0 EfficientNetV2B1 EfficientNetV2B2 EfficientNetV2B3 EfficientNetV2S
EfficientNetV2M EfficientNetV2L NASNetMobile NASNetLarge ConvNeXtTiny ConvNeXtSmall ConvNeXtBase
ConvNeXtLarge ConvNeXtXLarge""".split()
SMALL = """VGG16 ResNet50 ResNet50V2 MobileNet MobileNetV2 MobileNetV3Small MobileNetV3Large DenseNet121
InceptionV3 InceptionResNetV2 Xception EfficientNetB0 EfficientNetV2B0 EfficientNetV2S NASNetMobile
NASNetLarge ConvNeXtTiny""".split()


def cases():
    """(constructor, arguments)"""
    for c in PLAIN:
        if c != "NASNetMobile" or keras.backend.backend() != "torch":
            yield c, {}
    for c in SMALL:
        yield c, dict(include_top=False)
        name = {} if c.startswith("EfficientNetV2") else dict(name="features")  # which Keras builds by their names
        yield c, dict(include_top=False, pooling="avg", input_shape=[97, 101, 3], **name)
        yield c, dict(include_top=False, pooling="max", input_shape=[96, 96, 1])
        yield c, dict(input_shape=[128, 128, 3], classes=7, classifier_activation=None)
        yield c, dict(input_shape=[160, 161, 4], classes=2, classifier_activation="sigmoid")
    for c in PLAIN:
        if c not in SMALL:
            yield c, dict(include_top=False, pooling="avg", input_shape=[77, 90, 3])
    for alpha in (0.25, 0.5, 0.75, 1.5):
        yield "MobileNet", dict(alpha=alpha, input_shape=[160, 160, 3], dropout=0.3)
    yield "MobileNet", dict(alpha=0.3, depth_multiplier=2, include_top=False)
    for alpha in (0.35, 0.5, 0.75, 1.3, 1.4):
        yield "MobileNetV2", dict(alpha=alpha, input_shape=[97, 97, 3])
    for c in ("MobileNetV3Small", "MobileNetV3Large"):
        yield c, dict(minimalistic=True)
        yield c, dict(alpha=0.75, include_preprocessing=False, dropout_rate=0, input_shape=[65, 64, 3])
        yield c, dict(alpha=1.25, minimalistic=True, dropout_rate=0.5, input_shape=[224, 224, 3])
    for c in ("EfficientNetV2B1", "EfficientNetV2M", "ConvNeXtSmall"):
        yield c, dict(include_preprocessing=False, input_shape=[64, 64, 3])


# Not in files of all versions of Keras 3.
NEW = "sparse ragged optional input_axes output_axes synchronized rms_scaling quantization_config renorm renorm_clipping mask training".split()


def normal(x):
    """A description with dtype policies by name, without what follows from the rest and without new keys at their default."""
    if isinstance(x, list):
        return [normal(v) for v in x]
    if not isinstance(x, dict):
        return x
    if x.get("class_name") == "DTypePolicy":
        return x["config"]["name"]
    out = {k: normal(v) for k, v in x.items() if k not in ("build_config", "build_input_shape", "compile_config", "renorm_momentum") and not (k in NEW and not v)}
    if isinstance(out.get("axis"), list) and len(out["axis"]) == 1:  # as which building a layer writes a number
        out["axis"] = out["axis"][0]
    return out


def text(x):
    """JSON with sorted keys and numbers as C's %.9g writes them."""
    if isinstance(x, dict):
        return "{" + ",".join(json.dumps(k) + ":" + text(x[k]) for k in sorted(x)) + "}"
    if isinstance(x, (list, tuple)):
        return "[" + ",".join(map(text, x)) + "]"
    if isinstance(x, bool) or x is None or isinstance(x, str):
        return json.dumps(x)
    return "%.9g" % x


def lines(model):
    c = normal(json.loads(model.to_json()))["config"]
    for layer in c["layers"]:
        if layer["class_name"] == "Sequential":
            layer["config"]["layers"][0]["config"]["name"] = ""
    return [text(l) for l in c["layers"]] + [text({k: c[k] for k in ("name", "trainable", "input_layers", "output_layers")})]


def record(i, constructor, kwargs):
    keras.backend.clear_session()
    m = getattr(keras.applications, constructor)(weights=None, **{k: tuple(v) if k == "input_shape" else v for k, v in kwargs.items()})
    out = lines(m)
    if len(sys.argv) > 1:
        with open(os.path.join(sys.argv[1], f"{i:03d}"), "w") as f:
            f.write("\n".join([constructor + " " + json.dumps(kwargs)] + out) + "\n")
    count = lambda weights: sum(int(keras.ops.size(w)) for w in weights)
    return {"class": constructor, "args": kwargs, "sha256": hashlib.sha256("\n".join(out).encode()).hexdigest(), "layers": len(m.layers),
            "trainable": count(m.trainable_weights), "fixed": count(m.non_trainable_weights), "output": list(m.output_shape)}


if __name__ == "__main__":
    out = []
    for i, (c, a) in enumerate(cases()):
        if len(sys.argv) > 2 and not re.match(sys.argv[2] + "$", c):
            continue
        print(i, c, a, file=sys.stderr, flush=True)
        try:
            out.append(record(i, c, a))
        except ValueError as e:  # too small an image
            out.append({"class": c, "args": a, "error": str(e).split("\n")[0]})
    if len(sys.argv) < 3:
        write("applications.json.gz", "gen/applications.py", out, keras.__version__)
