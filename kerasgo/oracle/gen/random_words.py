"""Draws of inputs that layers of preprocessing turn into numbers."""

import keras
import numpy as np

L = keras.layers
BACKEND = keras.backend.backend()
WORDS = ["the", "cat", "sat", "on", "mat", "dog", "The", "café", "naïve", "日本", "end", "a", "42", "-1", ""]
SENTENCES = ["The cat sat on the mat.", "A dog; a DOG! and a cat?", "", "  spaces \t and\nlines  ", "naïve café 日本 end", "don't (really) [stop] {it}", "the the the", "1 2 3 -1 42"]


class Words:
    """Inputs of ids, of numbers and, on TensorFlow, of words, with the layer that reads them. self.feeds tells how an input's values are drawn."""

    def preprocessed(self):
        """An input and the tensor to go on with, or None."""
        names = ["numbers", "bins", "categories", "hashed", "crossed", "integers"] + (["strings", "texts"] if BACKEND == "tensorflow" else [])
        return getattr(self, "_" + self.pick(*names))()

    def fed(self, shape, dtype, draw):
        x = L.Input(shape, dtype=dtype)
        self.feeds[x.name] = draw
        return x

    def draw_ids(self, low, high):
        return lambda rng, shape: rng.integers(low, high + 1, shape).astype("int64")

    def draw_words(self, words):
        return lambda rng, shape: np.array([words[i] for i in rng.integers(0, len(words), int(np.prod(shape)))], dtype=object).reshape(shape)

    def mode(self, *more):
        return self.pick("int", "one_hot", "multi_hot", "count", *more)

    def numeric(self, y, mode, tokens):
        """Numbers to go on with: indices are embedded."""
        k = {"embeddings_regularizer": "l2"} if self.steady else {}  # as in Net.input
        return L.Embedding(tokens, self.integer(2, 4), **k)(y) if mode == "int" else y

    def _numbers(self):
        shape = self.pick((self.integer(2, 5),), (self.integer(2, 4), self.integer(1, 4)), (4, 5, 3))
        x = L.Input(shape)
        k = {"axis": self.pick(-1, None, 1, tuple(range(1, len(shape) + 1)))}
        if self.chance(0.3):
            k["invert"] = True
        if self.chance(0.3):
            layer = L.Normalization(axis=None, mean=self.number(-1, 1), variance=self.number(0.1, 2), **{n: v for n, v in k.items() if n == "invert"})
        else:
            layer = L.Normalization(**k)
            layer.adapt(self.rng.normal(0.5, 2, (16,) + shape).astype("float32"))
        return x, layer(x)

    def _bins(self):
        x, mode = L.Input((self.integer(1, 4),)), self.mode()
        if self.chance():
            layer = L.Discretization(bin_boundaries=[-1.0, 0.0, 0.5, 2.0], output_mode=mode)
        else:
            layer = L.Discretization(num_bins=5, output_mode=mode)
            layer.adapt(self.rng.normal(size=(64, 1)).astype("float32"))
        return x, self.numeric(layer(x), mode, 6)

    def _categories(self):
        mode = self.pick("one_hot", "multi_hot", "count")
        x = self.fed((self.integer(1, 4),), "int32", self.draw_ids(0, 6))
        return x, L.CategoryEncoding(num_tokens=7, output_mode=mode)(x)

    def _hashed(self):
        mode = self.mode()
        words = BACKEND == "tensorflow" and self.chance()
        x = self.fed((self.integer(1, 4),), "string" if words else "int64", self.draw_words(WORDS) if words else self.draw_ids(-50, 50))
        k = self.pick({}, {"salt": 5}, {"salt": (133, 137)}, {"mask_value": "the" if words else 3})
        return x, self.numeric(L.Hashing(9, output_mode=mode, **k)(x), mode, 9)

    def _crossed(self):
        mode = self.pick("int", "one_hot")
        x = self.fed((1,), "int64", self.draw_ids(-9, 9))
        return x, self.numeric(L.HashedCrossing(10, output_mode=mode)((x, x)), mode, 10)

    def lookup(self, cls, words, dtype, draw, mask, adapted):
        mode = self.mode("tf_idf") if BACKEND != "torch" else self.pick("int", "multi_hot", "count", "tf_idf")  # whose one_hot is of whole numbers
        k = {"num_oov_indices": self.integer(1, 3), "output_mode": mode}
        if self.chance(0.3):
            k["mask_token"] = mask
        if self.chance() or mode == "tf_idf":
            layer = cls(**k, **({"max_tokens": self.integer(6, 12)} if self.chance(0.4) else {}))
            layer.adapt(adapted)
        else:
            layer = cls(vocabulary=words, **k)
        x = self.fed((self.integer(1, 4),), dtype, draw)
        return x, self.numeric(layer(x), mode, 30)

    def _integers(self):
        values = [12, 36, -7, 2**40 if BACKEND != "jax" else 2**30, 5, 99]  # JAX has no 64-bit numbers
        draw = lambda rng, shape: np.array(values + [0, -8], "int64")[rng.integers(0, len(values) + 2, shape)]
        return self.lookup(L.IntegerLookup, values[:4], "int64", draw, 0, np.array(values * 3 + values[:2]))

    def _strings(self):
        draw = self.draw_words(WORDS)
        return self.lookup(L.StringLookup, ["cat", "dog", "café", "end"], "string", draw, "the", draw(self.rng, (40,)).astype(str))

    def _texts(self):
        mode = self.mode("tf_idf")
        k = {"output_mode": mode, **self.some(standardize=self.pick(None, "lower", "strip_punctuation"), split=self.pick("character", "whitespace"), ngrams=self.pick(2, (1, 3)),
                                              max_tokens=self.integer(5, 30))}
        if mode == "int":
            k["output_sequence_length"] = self.integer(2, 7)
        elif "max_tokens" in k:
            k["pad_to_max_tokens"] = self.chance()
        if mode == "one_hot":
            k["output_mode"] = mode = "multi_hot"
        layer = L.TextVectorization(**k)
        layer.adapt(np.array(SENTENCES))
        x = self.fed((1,), "string", self.draw_words(SENTENCES))
        return x, self.numeric(layer(x), mode, 200)
