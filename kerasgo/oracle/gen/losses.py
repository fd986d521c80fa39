"""Record Keras's losses: values, weighted and masked totals, and gradients.

Run: python losses.py
Writes ../testdata/losses.json.gz.
"""

from objective import keras, np, save, serialized, tensor

import tensorflow as tf  # noqa: E402

rng = np.random.default_rng(7)
cases = []


def simplex(*shape):
    x = rng.random(shape) + 0.05
    return (x / x.sum(-1, keepdims=True)).astype("float32")


def normal(*shape):
    return rng.normal(size=shape).astype("float32")


def onehot(*shape):
    return np.eye(shape[-1], dtype="float32")[rng.integers(0, shape[-1], shape[:-1])]


def record(loss, y_true, y_pred, weight=None, mask=None, after=""):
    """after: the activation that makes the predictions from y_pred inside the graph."""
    x = tf.Variable(y_pred)

    @tf.function
    def run():
        with tf.GradientTape() as tape:
            p = {"softmax": tf.nn.softmax, "sigmoid": tf.nn.sigmoid, "": tf.identity}[after](x)
            if mask is not None:
                keras.src.backend.set_keras_mask(p, tf.constant(mask))
            total = loss(tf.constant(y_true), p, None if weight is None else tf.constant(weight))
        return total, tape.gradient(total, x)

    total, grad = run()
    obj = serialized(loss)
    for hidden in ("delta", "axis"):  # arguments that Keras does not save
        if hidden in getattr(loss, "_fn_kwargs", {}):
            obj["config"].setdefault(hidden, loss._fn_kwargs[hidden])
    # Without a reduction Keras reports the mean of the values and follows the gradient of their sum.
    cases.append({
        "loss": obj, "y_true": tensor(y_true), "y_pred": tensor(y_pred), "weight": tensor(weight), "mask": tensor(None if mask is None else mask.astype("float32")),
        "after": after, "total": tensor(np.mean(total.numpy())), "grad": tensor(grad.numpy()),
    })


def variants(make, y_true, y_pred, after=""):
    """One loss under all reductions, weights and masks; values (n, t) or (n,)."""
    n = y_pred.shape[0]
    values = y_pred.shape[:-1]
    record(make(), y_true, y_pred, after=after)
    for reduction in ("sum", "none", "mean", "mean_with_sample_weight"):
        record(make(reduction=reduction), y_true, y_pred, after=after)
    w = rng.random(values).astype("float32")
    for reduction in ("sum_over_batch_size", "sum", "none", "mean_with_sample_weight"):
        record(make(reduction=reduction), y_true, y_pred, weight=w, after=after)
    record(make(), y_true, y_pred, weight=rng.random((n,) + (1,) * (len(values) - 1)).astype("float32"), after=after)
    record(make(), y_true, y_pred, weight=np.float32(2.5), after=after)
    if len(values) > 1:
        m = rng.random(values) > 0.4
        m[0] = True
        for reduction in ("sum_over_batch_size", "sum", "mean_with_sample_weight"):
            record(make(reduction=reduction), y_true, y_pred, mask=m, after=after)
            record(make(reduction=reduction), y_true, y_pred, weight=w, mask=m, after=after)
        record(make(), y_true, y_pred, mask=np.zeros(values, bool), after=after)


L = keras.losses

# Regression: every class over ranks and weights.
regression = [
    L.MeanSquaredError, L.MeanAbsoluteError, L.MeanAbsolutePercentageError, L.MeanSquaredLogarithmicError, L.LogCosh, L.Huber, L.CosineSimilarity, L.Poisson,
]
for cls in regression:
    positive = cls in (L.MeanSquaredLogarithmicError, L.Poisson)
    make = (lambda *s: rng.random(s).astype("float32") * 3) if positive else normal
    variants(cls, make(5, 3), make(5, 3))
    variants(cls, make(4, 3, 2), make(4, 3, 2))
    record(cls(), make(6), make(6, 1))
    record(cls(), make(6, 1), make(6))
    record(cls(), make(2, 3), make(2, 3, 1))
    record(cls(), rng.integers(1, 5, (4, 2)), make(4, 2))
    record(cls(name="mine"), make(4, 2), make(4, 2), weight=np.float32([1, 0, 2, 0]))
for delta in (0.25, 0.5, 2.0):
    variants(lambda **k: L.Huber(delta=delta, **k), normal(5, 3), normal(5, 3))
record(L.CosineSimilarity(axis=1), normal(4, 3, 2), normal(4, 3, 2))
record(L.CosineSimilarity(axis=1, reduction="sum"), normal(4, 3, 2), normal(4, 3, 2), weight=rng.random((4, 2)).astype("float32"))
record(L.MeanAbsolutePercentageError(), np.float32([[0, 2], [1e-9, -3]]), normal(2, 2) * 1e-6)

# Hinges: -1/1 labels, 0/1 labels, and a batch that mixes them.
for cls in (L.Hinge, L.SquaredHinge):
    for labels in ([-1, 1], [0, 1], [-1, 0, 1]):
        variants(cls, rng.choice(labels, (5, 4)).astype("float32"), normal(5, 4))
    record(cls(), np.ones((3, 2), "int32"), normal(3, 2))
    record(cls(), rng.choice([0, 1], 6), normal(6, 1))
variants(L.CategoricalHinge, onehot(5, 4), normal(5, 4))
variants(L.CategoricalHinge, onehot(3, 2, 4), normal(3, 2, 4))

variants(L.KLDivergence, simplex(5, 4), simplex(5, 4))
variants(L.KLDivergence, simplex(3, 2, 4), simplex(3, 2, 4))
record(L.KLDivergence(), onehot(5, 4), simplex(5, 4))

# Crossentropies: probabilities, logits, behind a softmax or sigmoid, smoothing, extremes.
extreme = np.float32([[1, 0, 0], [0, 1, 0], [0.5, 0.5, 0], [0.2, 0.3, 0.4]])
for cls in (L.CategoricalCrossentropy, L.CategoricalFocalCrossentropy):
    variants(cls, onehot(5, 4), simplex(5, 4))
    variants(cls, simplex(3, 2, 4), simplex(3, 2, 4))
    variants(lambda **k: cls(from_logits=True, **k), onehot(5, 4), normal(5, 4) * 3)
    for s in (0.1, 0.4):
        record(cls(label_smoothing=s), onehot(5, 4), simplex(5, 4))
        record(cls(label_smoothing=s, from_logits=True), onehot(5, 4), normal(5, 4))
    record(cls(), onehot(5, 4), normal(5, 4) * 4, after="softmax")
    record(cls(label_smoothing=0.1), onehot(2, 3, 4), normal(2, 3, 4), after="softmax")
    record(cls(), rng.integers(0, 2, (4, 3)), simplex(4, 3))
    record(cls(), onehot(4, 3), extreme)
    record(cls(axis=1), np.moveaxis(onehot(3, 2, 4), -1, 1), np.moveaxis(simplex(3, 2, 4), -1, 1))
    record(cls(axis=1, from_logits=True), np.moveaxis(onehot(3, 2, 4), -1, 1), normal(3, 4, 2))
record(L.CategoricalCrossentropy(), onehot(3, 4), np.float32([[100, -100, 0, 3], [-80, 80, 1, 2], [0, 0, 0, 0]]), after="softmax")
record(L.CategoricalCrossentropy(from_logits=True), onehot(3, 4), np.float32([[100, -100, 0, 3], [-80, 80, 1, 2], [0, 0, 0, 0]]))
variants(lambda **k: L.CategoricalFocalCrossentropy(alpha=0.6, gamma=1.5, **k), onehot(5, 4), simplex(5, 4))
record(L.CategoricalFocalCrossentropy(alpha=1.0, gamma=0.0), onehot(5, 4), simplex(5, 4))

sparse = L.SparseCategoricalCrossentropy
ids = lambda *s: rng.integers(0, 4, s)  # noqa: E731
variants(sparse, ids(5), simplex(5, 4))
variants(sparse, ids(5, 1), simplex(5, 4))
variants(sparse, ids(3, 2), simplex(3, 2, 4))
variants(sparse, ids(3, 2, 1), simplex(3, 2, 4))
variants(sparse, ids(5).astype("float32"), simplex(5, 4))
variants(lambda **k: sparse(from_logits=True, **k), ids(5), normal(5, 4) * 3)
variants(sparse, ids(5), normal(5, 4) * 3, after="softmax")
# Probabilities of 0 and above 1 are left out: there TensorFlow clips before it normalizes, the other backends after, and derivatives differ.
record(sparse(), np.int32([0, 0, 1, 2]), np.float32([[0.9, 0.05, 0.05], [0.2, 0.3, 0.4], [0.5, 0.4, 0.1], [0.6, 0.7, 0.9]]))
for ignore in (0, 3, -1, 255):
    y = ids(6)
    y[1] = y[4] = ignore
    variants(lambda **k: sparse(ignore_class=ignore, **k), y, simplex(6, 4))
    record(sparse(ignore_class=ignore, from_logits=True), y, normal(6, 4))
    y = ids(3, 2)
    y[0, 1] = ignore
    variants(lambda **k: sparse(ignore_class=ignore, **k), y, simplex(3, 2, 4))
record(sparse(ignore_class=1), np.int32([1, 1]), simplex(2, 4))

bits = lambda *s: rng.integers(0, 2, s).astype("float32")  # noqa: E731
for cls in (L.BinaryCrossentropy, L.BinaryFocalCrossentropy):
    prob = lambda *s: rng.random(s).astype("float32")  # noqa: E731
    variants(cls, bits(5, 3), prob(5, 3))
    variants(cls, bits(3, 2, 4), prob(3, 2, 4))
    variants(lambda **k: cls(from_logits=True, **k), bits(5, 3), normal(5, 3) * 3)
    for s in (0.1, 0.5):
        record(cls(label_smoothing=s), bits(5, 3), prob(5, 3))
        record(cls(label_smoothing=s, from_logits=True), bits(5, 3), normal(5, 3))
    record(cls(), bits(5, 1), normal(5, 1) * 4, after="sigmoid")
    record(cls(), bits(5), prob(5, 1))
    record(cls(), rng.integers(0, 2, (5, 1)), prob(5, 1))
    record(cls(axis=1), bits(3, 2, 4), prob(3, 2, 4))
    record(cls(), np.float32([[1, 0, 1, 0]]), np.float32([[0.999999, 1e-6, 0.9, 0.5]]))
record(L.BinaryCrossentropy(), np.float32([[1, 0, 1, 0]]), np.float32([[1, 0, 0, 1]]))
record(L.BinaryCrossentropy(), bits(2, 3), np.float32([[0, 60, -60], [0, 0, 30]]), after="sigmoid")
record(L.BinaryCrossentropy(from_logits=True), bits(2, 3), np.float32([[0, 60, -60], [0, 0, 30]]))
variants(lambda **k: L.BinaryFocalCrossentropy(apply_class_balancing=True, **k), bits(5, 3), rng.random((5, 3)).astype("float32"))
record(L.BinaryFocalCrossentropy(apply_class_balancing=True, alpha=0.7, gamma=1.0), bits(5, 3), rng.random((5, 3)).astype("float32"))
record(L.BinaryFocalCrossentropy(gamma=3.5, from_logits=True, label_smoothing=0.2), bits(5, 3), normal(5, 3))

# Overlaps, of the whole batch or along axes.
for cls in (L.Dice, L.Tversky):
    for reduction in ("sum_over_batch_size", "sum", "none"):
        record(cls(reduction=reduction), bits(4, 3), rng.random((4, 3)).astype("float32"))
        record(cls(axis=(1, 2), reduction=reduction), bits(4, 3, 2), rng.random((4, 3, 2)).astype("float32"))
        record(cls(axis=(1, 2), reduction=reduction), bits(4, 3, 2), rng.random((4, 3, 2)).astype("float32"), weight=rng.random(4).astype("float32"))
    record(cls(axis=1), rng.integers(0, 2, (4, 3)), rng.random((4, 3)).astype("float32"))
    record(cls(reduction="mean_with_sample_weight"), bits(3, 2), rng.random((3, 2)).astype("float32"), weight=np.float32(0.4))
record(L.Tversky(alpha=0.2, beta=0.9), bits(4, 3), rng.random((4, 3)).astype("float32"))
for q in (0.2, 0.5, 0.9):
    variants(lambda **k: L.CategoricalGeneralizedCrossEntropy(q=q, **k), ids(5), simplex(5, 4))


def unit(*shape):
    x = rng.normal(size=shape)
    return (x / np.linalg.norm(x, axis=-1, keepdims=True)).astype("float32")


for labels in ([0, 1, 0, 1, 2, 2], [0, 0, 0, 1, 2, 3], [0, 0, 0, 0, 0, 0], [0, 1, 2, 3, 4, 5]):
    y = np.int32(labels)
    for reduction in ("sum_over_batch_size", "sum"):
        record(L.Circle(reduction=reduction), y, unit(6, 4))
    record(L.Circle(gamma=10.0, margin=0.2), y, unit(6, 4), weight=rng.random(6).astype("float32"))
    record(L.Circle(remove_diagonal=False, gamma=5.0), y[:, None], unit(6, 4))

save("losses", cases)
