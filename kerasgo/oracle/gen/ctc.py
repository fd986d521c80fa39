"""Record Keras's CTC loss: weighted totals and gradients, in the form of losses.py.

Run: python ctc.py
Writes ../testdata/ctc.json.gz.
"""

from objective import keras, np, save, serialized, tensor

import tensorflow as tf  # noqa: E402

rng = np.random.default_rng(23)
cases = []


def record(loss, y_true, y_pred, weight=None):
    x = tf.Variable(y_pred)
    with tf.GradientTape() as tape:
        total = loss(tf.constant(y_true), x, None if weight is None else tf.constant(weight))
    cases.append({"loss": serialized(loss), "y_true": tensor(y_true), "y_pred": tensor(y_pred), "weight": tensor(weight), "mask": tensor(None), "after": "",
                  "total": tensor(np.mean(total.numpy())), "grad": tensor(tape.gradient(total, x).numpy())})


for y, steps, classes in (
    (np.int32([[1, 2, 0], [2, 2, 0], [0, 0, 0]]), 4, 3),
    (np.int32([[1, 2, 3, 4, 4], [3, 0, 0, 0, 0]]), 9, 6),
    (rng.integers(1, 5, (4, 7)).astype("float32"), 15, 5),
):
    z = (2 * rng.normal(size=(len(y), steps, classes))).astype("float32")
    for reduction in ("sum_over_batch_size", "sum", "none", "mean", "mean_with_sample_weight"):
        record(keras.losses.CTC(reduction=reduction), y, z)
        record(keras.losses.CTC(reduction=reduction, name="c"), y, z, rng.random(len(y)).astype("float32"))

save("ctc", cases)
