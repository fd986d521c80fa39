"""Record Keras's metrics: state variables and results after each of several updates.

Run: python metrics.py
Writes ../testdata/metrics.json.gz.
"""

from objective import keras, np, save, serialized, tensor

rng = np.random.default_rng(11)
cases = []
M = keras.metrics


def normal(*shape):
    return rng.normal(size=shape).astype("float32")


def prob(*shape):
    return rng.random(shape).astype("float32")


def simplex(*shape):
    x = rng.random(shape) + 0.05
    return (x / x.sum(-1, keepdims=True)).astype("float32")


def onehot(*shape):
    return np.eye(shape[-1], dtype="float32")[rng.integers(0, shape[-1], shape[:-1])]


def bits(*shape):
    return rng.integers(0, 2, shape).astype("float32")


def ids(k):
    return lambda *s: rng.integers(0, k, s)


def record(metric, batches):
    """batches: (y_true, y_pred, weight, mask); weight and mask may be None."""
    updates = []
    for y_true, y_pred, weight, mask in batches:
        p = keras.ops.convert_to_tensor(y_pred)
        if mask is not None:
            keras.src.backend.set_keras_mask(p, keras.ops.convert_to_tensor(mask))
        if isinstance(metric, (M.Mean, M.Sum)) and not isinstance(metric, (M.MeanMetricWrapper, M.RootMeanSquaredError)):
            metric.update_state(p, weight)
        else:
            metric.update_state(keras.ops.convert_to_tensor(y_true), p, weight)
        updates.append({
            "y_true": tensor(y_true), "y_pred": tensor(y_pred), "weight": tensor(weight), "mask": tensor(None if mask is None else mask.astype("float32")),
            "state": [tensor(v.numpy()) for v in metric.variables], "result": tensor(metric.result()),
        })
    obj = serialized(metric)
    axis = getattr(metric, "_fn_kwargs", {}).get("axis")
    if isinstance(metric, M.CosineSimilarity) and axis != -1:
        obj["config"]["axis"] = axis  # Keras does not save it
    cases.append({"metric": obj, "names": [v.name for v in metric.variables], "updates": updates})


def runs(make, target, pred, shape, weights=True, mask=False, tshape=None):
    """Three updates of different batch sizes without weights, with weights for samples, and with some zero."""
    def batches(w, m=False):
        out = []
        for n in (4, 5, 1):
            y, p = target(n, *(tshape if tshape is not None else shape)), pred(n, *shape)
            k = None
            if m:
                k = rng.random((n, *shape[:-1])) > 0.3
                k[0] = True
            out.append((y, p, None if w is None else w(n), k))
        return out
    record(make(), batches(None))
    if weights:
        record(make(), batches(lambda n: prob(n)))
        record(make(), batches(lambda n: (prob(n) * 3).round()))
    if mask:
        record(make(), batches(None, True))
        record(make(), batches(lambda n: prob(n, *shape[:-1]), True))
        record(make(), batches(lambda n: prob(n, *shape[:-1])))


# Plain reductions.
for cls in (M.Mean, M.Sum):
    runs(cls, normal, normal, (3,))
    runs(cls, normal, normal, ())
    runs(cls, normal, normal, (3, 2))

# Regression and probabilistic means.
plain = [
    M.MeanSquaredError, M.MeanAbsoluteError, M.MeanAbsolutePercentageError, M.MeanSquaredLogarithmicError, M.RootMeanSquaredError, M.LogCoshError,
    M.CosineSimilarity, M.Poisson,
]
for cls in plain:
    draw = (lambda *s: prob(*s) * 3) if cls in (M.MeanSquaredLogarithmicError, M.Poisson) else normal
    runs(cls, draw, draw, (3,))
    runs(cls, draw, draw, (3, 2), mask=cls is not M.RootMeanSquaredError)
    if cls is not M.Poisson:
        runs(cls, draw, draw, (1,), tshape=())
    record(cls(name="mine"), [(draw(4, 2), draw(4, 2), None, None)])
record(M.CosineSimilarity(axis=1), [(normal(4, 3, 2), normal(4, 3, 2), None, None), (normal(2, 3, 2), normal(2, 3, 2), None, None)])
record(M.RootMeanSquaredError(), [(normal(4, 3), normal(4, 3), prob(4, 3), None)])
for cls in (M.Hinge, M.SquaredHinge):
    runs(cls, lambda *s: bits(*s) * 2 - 1, normal, (3,))
    runs(cls, bits, normal, (3,))
runs(M.CategoricalHinge, onehot, normal, (4,))
runs(M.KLDivergence, simplex, simplex, (4,))
runs(M.KLDivergence, simplex, simplex, (2, 4), mask=True)

# Crossentropies.
for smoothing in (0, 0.2):
    runs(lambda: M.BinaryCrossentropy(label_smoothing=smoothing), bits, prob, (3,))
    runs(lambda: M.BinaryCrossentropy(label_smoothing=smoothing, from_logits=True), bits, normal, (3,))
    runs(lambda: M.CategoricalCrossentropy(label_smoothing=smoothing), onehot, simplex, (4,))
    runs(lambda: M.CategoricalCrossentropy(label_smoothing=smoothing, from_logits=True), onehot, normal, (4,))
runs(M.CategoricalCrossentropy, onehot, simplex, (2, 4), mask=True)
runs(lambda: M.CategoricalCrossentropy(axis=1), lambda *s: np.moveaxis(onehot(s[0], s[2], s[1]), -1, 1), lambda *s: np.moveaxis(simplex(s[0], s[2], s[1]), -1, 1), (4, 2), weights=False)
runs(M.SparseCategoricalCrossentropy, ids(4), simplex, (4,), tshape=())
runs(M.SparseCategoricalCrossentropy, ids(4), simplex, (4,), tshape=(1,))
runs(M.SparseCategoricalCrossentropy, ids(4), simplex, (2, 4), tshape=(2,), mask=True)
runs(lambda: M.SparseCategoricalCrossentropy(from_logits=True), ids(4), normal, (4,), tshape=())
runs(lambda: M.SparseCategoricalCrossentropy(ignore_class=2), ids(4), simplex, (4,), tshape=())
runs(lambda: M.SparseCategoricalCrossentropy(ignore_class=1), ids(4), simplex, (2, 4), tshape=(2,), weights=False)
record(M.SparseCategoricalCrossentropy(ignore_class=1), [(ids(4)(5, 2), simplex(5, 2, 4), prob(5, 2), None)])

# Accuracies.
runs(M.Accuracy, ids(2), lambda *s: ids(2)(*s).astype("float32"), (3,))
runs(M.Accuracy, ids(2), lambda *s: ids(2)(*s).astype("float32"), (1,), tshape=())
for threshold in (0.5, 0.2, 0.9):
    runs(lambda: M.BinaryAccuracy(threshold=threshold), bits, prob, (3,))
    runs(lambda: M.BinaryAccuracy(threshold=threshold), bits, prob, (1,))
    runs(lambda: M.BinaryAccuracy(threshold=threshold), bits, prob, (1,), tshape=())
record(M.BinaryAccuracy(), [(bits(4, 1), np.float32([[0.5], [0.5], [0.49], [0.51]]), None, None)])
runs(M.BinaryAccuracy, bits, prob, (2, 1), mask=True)
runs(M.CategoricalAccuracy, onehot, simplex, (4,))
runs(M.CategoricalAccuracy, onehot, simplex, (2, 4), mask=True)
runs(M.SparseCategoricalAccuracy, ids(4), simplex, (4,), tshape=())
runs(M.SparseCategoricalAccuracy, ids(4), simplex, (4,), tshape=(1,))
runs(M.SparseCategoricalAccuracy, ids(4), simplex, (2, 4), tshape=(2,), mask=True)
record(M.SparseCategoricalAccuracy(), [(np.float32([0, 1, 2, 1]), np.float32([[1, 1, 0], [0, 1, 1], [0, 0, 0], [0, 1, 0]]), None, None)])
for k in (1, 2, 5, 9):
    runs(lambda: M.TopKCategoricalAccuracy(k=k), onehot, simplex, (6,))
    runs(lambda: M.SparseTopKCategoricalAccuracy(k=k), ids(6), simplex, (6,), tshape=())
runs(lambda: M.TopKCategoricalAccuracy(k=2), onehot, simplex, (2, 6))
runs(lambda: M.SparseTopKCategoricalAccuracy(k=2), ids(6), simplex, (2, 6), tshape=(2,))
runs(lambda: M.SparseTopKCategoricalAccuracy(k=3, from_sorted_ids=True), ids(6), lambda *s: np.argsort(rng.random(s), -1).astype("float32"), (6,), tshape=())
record(M.SparseTopKCategoricalAccuracy(k=2), [(np.int32([0, 1, 2, 3]), np.float32([[1, 1, 1, 0], [1, 1, 1, 0], [3, 2, 2, 2], [0, 0, 0, 0]]), None, None)])

# Counts, precision, recall.
counts = [M.TruePositives, M.TrueNegatives, M.FalsePositives, M.FalseNegatives]
for cls in counts + [M.Precision, M.Recall]:
    for thresholds in (None, 0.3, [0.2, 0.5, 0.8], [0.0, 0.5, 1.0], [0.0, 0.25, 0.5, 0.75, 1.0]):
        runs(lambda: cls(thresholds=thresholds), bits, prob, (1,))
        runs(lambda: cls(thresholds=thresholds), bits, prob, (3,))
    runs(cls, bits, prob, ())
    runs(cls, bits, prob, (1,), tshape=())
    runs(cls, bits, prob, (2, 3), weights=False)
    record(cls(thresholds=[0.0, 0.5, 1.0]), [(bits(1, 4), np.float32([[0, 0.5, 1, 0.25]]), None, None)])
    record(cls(), [(bits(3, 2), prob(3, 2), prob(3, 2), None)])
for cls in (M.Precision, M.Recall):
    for k in (1, 2, 3):
        runs(lambda: cls(top_k=k), bits, prob, (5,))
        runs(lambda: cls(top_k=k, class_id=2), bits, prob, (5,))
    runs(lambda: cls(class_id=0), bits, prob, (5,))
    runs(lambda: cls(class_id=1, thresholds=[0.2, 0.7]), bits, prob, (5,))
    runs(lambda: cls(top_k=2, thresholds=0.4), bits, prob, (5,))
    record(cls(), [(np.zeros((3, 1), "float32"), np.zeros((3, 1), "float32"), None, None)])

# Areas under curves.
for curve in ("ROC", "PR", "PRGAIN"):
    for method in ("interpolation", "majoring", "minoring"):
        runs(lambda: M.AUC(curve=curve, summation_method=method), bits, prob, (1,))
        runs(lambda: M.AUC(curve=curve, summation_method=method, num_thresholds=7), bits, prob, (3,))
        runs(lambda: M.AUC(curve=curve, summation_method=method, num_thresholds=5, multi_label=True), bits, prob, (3,))
    runs(lambda: M.AUC(curve=curve, thresholds=[0.7, 0.1, 0.4]), bits, prob, (3,))
    runs(lambda: M.AUC(curve=curve, thresholds=[0.25, 0.5, 0.75]), bits, prob, (3,))
    runs(lambda: M.AUC(curve=curve, thresholds=[0.7, 0.1, 0.4], multi_label=True), bits, prob, (3,), weights=False)
runs(lambda: M.AUC(from_logits=True, num_thresholds=20), bits, normal, (2,))
runs(lambda: M.AUC(num_thresholds=5, multi_label=True, num_labels=3, label_weights=[0.2, 0.5, 2.0]), bits, prob, (3,))
runs(lambda: M.AUC(num_thresholds=5, label_weights=[0.2, 0.5, 2.0]), bits, prob, (3,))
runs(lambda: M.AUC(num_thresholds=2), bits, prob, ())
record(M.AUC(num_thresholds=3), [(np.float32([0, 0, 1, 1]), np.float32([0, 0.5, 0.3, 0.9]), None, None)])
record(M.AUC(), [(np.float32([0, 0, 1, 1, 1, 0]), np.float32([0, 1, 0, 1, 0.5, 100 / 199]), None, None)])

# F scores.
for average in (None, "micro", "macro", "weighted"):
    for threshold in (None, 0.4):
        runs(lambda: M.F1Score(average=average, threshold=threshold), bits, prob, (3,))
        runs(lambda: M.FBetaScore(average=average, threshold=threshold, beta=2.0), bits, prob, (3,))
runs(lambda: M.FBetaScore(beta=0.5, threshold=0.5), bits, prob, (1,))
record(M.F1Score(), [(onehot(3, 3), np.float32([[0, 0, 0], [1, 1, 0], [0.2, 0.5, 0.3]]), None, None)])

# R² and metrics at a point of the other.
for agg in (None, "uniform_average", "variance_weighted_average"):
    runs(lambda: M.R2Score(class_aggregation=agg), lambda n, *s: normal(max(n, 2), *s), lambda n, *s: normal(max(n, 2), *s), (3,), weights=False)
    for w in (1, 2):
        record(M.R2Score(class_aggregation=agg), [(normal(5, 3), normal(5, 3), prob(5), None), (normal(4, 3), normal(4, 3), prob(4), None)])
for p in (1, 3):
    record(M.R2Score(num_regressors=p), [(normal(9, 1), normal(9, 1), None, None), (normal(8, 1), normal(8, 1), None, None)])
for cls in (M.SensitivityAtSpecificity, M.SpecificityAtSensitivity, M.PrecisionAtRecall, M.RecallAtPrecision):
    for value in (0.3, 0.5, 0.8):
        runs(lambda: cls(value), bits, prob, (1,))
        runs(lambda: cls(value, num_thresholds=11), bits, prob, (3,))
    runs(lambda: cls(0.5, num_thresholds=1), bits, prob, (1,))
    runs(lambda: cls(0.5, num_thresholds=11, class_id=1), bits, prob, (3,))

# Correlations.
for cls in (M.PearsonCorrelation, M.ConcordanceCorrelation):
    runs(cls, normal, normal, (5,))
    runs(cls, normal, normal, (2, 5), mask=True)
    runs(lambda: cls(axis=1), normal, normal, (5, 2), weights=False)

# Intersection over union.
for ignore in (None, 0, 2):
    for args in ({}, {"sparse_y_true": False}, {"sparse_y_pred": False}, {"sparse_y_true": False, "sparse_y_pred": False}):
        y = ids(3) if args.get("sparse_y_true", True) else onehot
        p = ids(3) if args.get("sparse_y_pred", True) else simplex
        for make in (lambda: M.MeanIoU(3, ignore_class=ignore, **args), lambda: M.IoU(3, [0, 2], ignore_class=ignore, **args)):
            out = []
            for n in (6, 4):
                yt = y(n, 3) if y is onehot else y(n)
                yp = p(n, 3) if p is simplex else p(n)
                out.append((yt, yp, None, None))
            record(make(), out)
            record(make(), [(a, b, (prob(len(a)) * 3).astype("float32"), None) for a, b, _, _ in out])
    for make in (lambda: M.OneHotIoU(3, [1], ignore_class=ignore), lambda: M.OneHotMeanIoU(3, ignore_class=ignore)):
        runs(make, onehot, simplex, (3,))
        runs(make, onehot, simplex, (2, 3), weights=False)
    runs(lambda: M.OneHotMeanIoU(3, ignore_class=ignore, sparse_y_pred=True), onehot, lambda n, *s: ids(3)(n), (3,))
record(M.MeanIoU(3), [(ids(5)(8), ids(5)(8), None, None)])
record(M.MeanIoU(4, dtype="float32"), [(ids(4)(8), ids(4)(8), prob(8), None)])
for threshold in (0.5, 0.3):
    for targets in ((0, 1), (0,), (1,)):
        runs(lambda: M.BinaryIoU(target_class_ids=targets, threshold=threshold), bits, prob, ())
        runs(lambda: M.BinaryIoU(target_class_ids=targets, threshold=threshold), bits, prob, (2, 2), weights=False)

record(M.SparseCategoricalCrossentropy(ignore_class=2), [(ids(3)(4, 3), simplex(4, 3, 3), None, np.array([[1, 1, 0], [1, 1, 1], [0, 1, 1], [1, 0, 1]], bool))])

# Where all weights are 0 the mean is 0, even of what is no number.
record(M.CategoricalCrossentropy(), [(onehot(2, 3), np.zeros((2, 3), "float32"), np.float32([0, 0]), None)])

save("metrics", cases)
