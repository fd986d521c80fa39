"""Models of real Keras with vocabularies, and what they predict; with a folder as argument, a check of models that were saved by kerasgo.

python record.py           writes *.keras and predictions.json beside this file
python record.py FOLDER    loads FOLDER/*.keras and compares with FOLDER/*.json: words, vocabularies and predictions
"""

import glob
import json
import os
import sys

import keras
import numpy as np
import tensorflow as tf
from keras import layers

WORDS = [["the cat sat"], ["a dog, a DOG!"], ["the end of the dog"], ["caf\u00e9 \u65e5\u672c cat"], ["mat"]]
NUMBERS = [[12, 7], [-3, 12], [99, 1099511627776], [7, 7], [0, -3]]


def models():
    words = tf.constant(WORDS)
    text = keras.Input((), dtype="string", name="text")
    ids = layers.TextVectorization(max_tokens=12, output_sequence_length=5, name="ids")
    ids.adapt(words)
    bag = layers.TextVectorization(output_mode="tf_idf", ngrams=2, name="bag")
    bag.adapt(words)
    x = layers.GlobalAveragePooling1D()(layers.Embedding(12, 3, mask_zero=True)(ids(text)))
    y = layers.Dense(2)(layers.Concatenate()([x, bag(text)]))
    yield "texts", keras.Model(text, y), {"text": WORDS}
    inner = keras.Sequential([keras.Input((1,), dtype="string"), layers.TextVectorization(output_mode="multi_hot", max_tokens=20, pad_to_max_tokens=True)], name="inner")
    inner.layers[0].adapt(words)
    yield "nested", keras.Sequential([keras.Input((1,), dtype="string", name="text"), inner, layers.Dense(2)]), {"text": WORDS}
    code = keras.Input((2,), dtype="int64", name="code")
    a = layers.IntegerLookup(num_oov_indices=2, mask_token=0)
    a.adapt(np.array(NUMBERS[:3], dtype="int64"))
    b = layers.IntegerLookup(output_mode="count", vocabulary=[7, 12, -3])
    size = keras.Input((3,), name="size")
    n, d = layers.Normalization(), layers.Discretization(num_bins=4, output_mode="one_hot")
    data = np.arange(15.0, dtype="float32").reshape(5, 3) ** 2
    n.adapt(data)
    d.adapt(data)
    kind = keras.Input((1,), dtype="string", name="kind")
    s = layers.StringLookup(output_mode="one_hot")
    s.adapt(words)
    parts = [layers.CategoryEncoding(6, output_mode="multi_hot")(a(code)), b(code), n(size), layers.Flatten()(d(size)), s(kind), layers.Hashing(4, output_mode="one_hot", salt=3)(kind)]
    yield "table", keras.Model([code, size, kind], layers.Dense(2)(layers.Concatenate()(parts))), {"code": NUMBERS, "size": data.tolist(), "kind": [["the cat sat"], ["cat"], ["?"], [""], ["the cat sat"]]}


def predict(model, x):
    return model([tf.reshape(tf.constant(x[i.name], dtype=i.dtype), [-1, *i.shape[1:]]) for i in model.inputs]).numpy().tolist()


def vocabularies(model):
    out = {}
    for layer in model.layers:
        if hasattr(layer, "layers"):
            out.update(vocabularies(layer))
        elif hasattr(layer, "get_vocabulary"):
            out[layer.name] = [v if isinstance(v, str) else int(v) for v in layer.get_vocabulary()]
    return out


if __name__ == "__main__":
    if len(sys.argv) > 1:
        files = sorted(glob.glob(os.path.join(sys.argv[1], "*.keras")))
        assert files
        for file in files:
            model = keras.models.load_model(file)
            want = json.load(open(file[:-5] + "json"))
            np.testing.assert_allclose(predict(model, want["inputs"]), want["output"], rtol=1e-4, atol=1e-5, err_msg=file)
            assert vocabularies(model) == want["vocabularies"], file
        print(len(files), "files agree")
        sys.exit()
    here = os.path.dirname(os.path.abspath(__file__))
    out = {}
    for name, model, x in models():
        model.save(os.path.join(here, name + ".keras"))
        out[name] = {"inputs": x, "output": predict(model, x), "vocabularies": vocabularies(model)}
    json.dump({"keras": keras.__version__, "models": out}, open(os.path.join(here, "predictions.json"), "w"), indent=1)
