"""Feature spaces of real Keras, adapted, and what they encode; with a folder as argument, a check of spaces that were saved by kerasgo.

python record.py           writes *.keras and spaces.json beside this file
python record.py FOLDER    loads FOLDER/*.keras and compares with spaces.json
"""

import glob
import json
import os
import sys

import keras
import numpy as np
import tensorflow as tf
from keras.utils import FeatureSpace as F

HERE = os.path.dirname(os.path.abspath(__file__))
N = 70
TABLE = {
    "age": [float((i * 37) % 61) for i in range(N)],
    "price": [round(1.5 + (i * i % 97) / 7, 3) for i in range(N)],
    "city": [["Ulm", "Bonn", "Kiel", "Bad Ems", "Jena"][(i * i) % 5] for i in range(N)],
    "code": [(i * 13) % 9 - 2 for i in range(N)],
    "id": [i * 1001 for i in range(N)],
    "text": [["a small red box", "the box", "a red door", "small door"][i % 4] for i in range(N)],
}


def spaces():
    yield "all", F(
        features={
            "age": "float_normalized",
            "price": F.float_discretized(num_bins=5),
            "city": "string_categorical",
            "code": F.integer_categorical(max_tokens=6, num_oov_indices=2),
            "id": F.integer_hashed(num_bins=7),
        },
        crosses=[("city", "code"), F.cross(("price", "id"), crossing_dim=10)],
        crossing_dim=16,
    )
    yield "apart", F(
        features={"age": "float", "price": F.float_rescaled(scale=0.5, offset=1.0), "city": F.string_hashed(num_bins=4, output_mode="int"), "code": F.integer_categorical(output_mode="int")},
        crosses=[F.cross(("city", "code"), crossing_dim=9, output_mode="int")],
        output_mode="dict",
    )
    yield "text", F(
        features={
            "text": F.feature(preprocessor=keras.layers.TextVectorization(output_mode="tf_idf"), dtype="string", output_mode="float"),
            "city": F.string_categorical(max_tokens=4),
            "age": F.float_discretized(num_bins=3, output_mode="int"),
            "price": "float_normalized",
        },
        crosses=[("age", "city")],
        output_mode="dict",
    )


def encode(space, names):
    out = space({k: tf.constant(TABLE[k][:9]) for k in names})
    out = out if isinstance(out, dict) else {"": out}
    return {k: {"shape": list(v.shape), "data": np.asarray(v).reshape(-1).tolist()} for k, v in out.items()}


if __name__ == "__main__":
    if len(sys.argv) > 1:
        want = json.load(open(os.path.join(HERE, "spaces.json")))["spaces"]
        files = sorted(glob.glob(os.path.join(sys.argv[1], "*.keras")))
        assert len(files) == len(want)
        for file in files:
            space = keras.models.load_model(file)
            name = os.path.basename(file)[:-6]
            got = encode(space, space.features)
            assert got.keys() == want[name].keys(), name
            for k, v in got.items():
                np.testing.assert_allclose(v["data"], want[name][k]["data"], rtol=1e-4, atol=1e-5, err_msg=f"{name} {k}")
        print(len(files), "files agree")
        sys.exit()
    out = {}
    for name, space in spaces():
        space.adapt({k: TABLE[k] for k in space.features})
        out[name] = encode(space, space.features)
        space.save(os.path.join(HERE, name + ".keras"))
    json.dump({"keras": keras.__version__, "table": TABLE, "spaces": out}, open(os.path.join(HERE, "spaces.json"), "w"))
