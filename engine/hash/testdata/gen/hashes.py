"""Records what TensorFlow's string hash functions say of texts of every length up to 200.

A text of length n is the first n bytes of a fixed sequence, which the test makes too.
"""

import gzip
import json
import os

import tensorflow as tf

M = 2**63 - 1  # as many buckets as TensorFlow allows


def text(n):
    return bytes((i * i * 7 + i * 31 + n) % 256 for i in range(n))


texts = [text(n) for n in range(201)] + [text(1000), text(4096)]
keys = [[0, 0], [1, 2], [133, 137], [2**63 - 1, 12345678901234567]]
ints = [0, 1, -1, 7, 100, -(2**63), 2**63 - 1, 1234567890123]
words = ["", "a", "cat", "café", "x" * 70, "日本語", "42", "-1"]
out = {
    "tensorflow": tf.__version__,
    "fast": tf.strings.to_hash_bucket_fast(texts, M).numpy().tolist(),
    "keys": keys,
    "strong": [tf.strings.to_hash_bucket_strong(texts, M, key=k).numpy().tolist() for k in keys],
    "ints": ints,
    "words": words,
    "cross": tf.sparse.to_dense(tf.sparse.cross_hashed([tf.constant([[w] for w in words]), tf.constant([[i] for i in ints], dtype="int64"), tf.constant([[w] for w in reversed(words)])], num_buckets=M)).numpy()[:, 0].tolist(),
}
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tensorflow.json.gz"), "wb") as f:
    with gzip.GzipFile(filename="", mode="wb", fileobj=f, mtime=0, compresslevel=9) as z:
        z.write(json.dumps(out, separators=(",", ":")).encode())
