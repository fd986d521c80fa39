"""Records what real Keras computes for each layer class: ../testdata/layers.json.gz.

Run with KERAS_BACKEND=tensorflow on a CPU:  python layers.py

A case holds the configuration, inputs, weights, and for inference and (unless the layer draws random
numbers) training: output, the layer's losses, and the gradients of
sum(output * cotangent) + sum(losses) with respect to inputs and weights; for training also the
non-trainable weights afterwards.
"""

import os

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

import inspect

import keras
import numpy as np
import tensorflow as tf
from keras import layers as L

from record import array, plain, write

I, R, C = keras.initializers, keras.regularizers, keras.constraints


def cases():
    """(class, arguments, input shapes, options)"""
    img, seq = (2, 7, 6, 4), (2, 8, 4)

    yield "InputLayer", dict(shape=(3,)), [(2, 3)], {}
    yield "InputLayer", dict(batch_shape=(None, 4, 2), name="data"), [(2, 4, 2)], {}
    yield "InputLayer", dict(shape=(3,), batch_size=2, dtype="int32"), [(2, 3)], dict(ids=9)

    yield "Dense", dict(units=3), [(4, 5)], {}
    yield "Dense", dict(units=3, activation="softmax", use_bias=False), [(2, 3, 5)], {}
    yield "Dense", dict(units=4, activation="relu", kernel_regularizer="l2", bias_regularizer=R.L1(0.03),
                        activity_regularizer=R.L1L2(0.01, 0.02), kernel_constraint=C.MaxNorm(3, axis=0),
                        bias_constraint="non_neg", kernel_initializer="he_normal",
                        bias_initializer=I.Constant(0.1), trainable=False, name="head"), [(3, 5)], {}
    yield "Dense", dict(units=2, activation="gelu", kernel_initializer=I.RandomNormal(stddev=0.02, seed=3)), [(2, 2, 2, 3)], {}

    for a in (
        {},
        dict(strides=2, padding="same"),
        dict(padding="causal", dilation_rate=2, kernel_size=2, use_bias=False),
        dict(padding="causal", strides=2),
        dict(padding="same", kernel_size=4),
        dict(groups=2, activation="tanh"),
        dict(data_format="channels_first", padding="same", strides=3),
        dict(dilation_rate=3, kernel_size=2, activity_regularizer="l1", kernel_regularizer="l1l2"),
    ):
        yield "Conv1D", {**dict(filters=6, kernel_size=3), **a}, [seq], {}

    for a in (
        {},
        dict(strides=(2, 1)),
        dict(padding="same"),
        dict(padding="same", kernel_size=(2, 4)),
        dict(padding="same", strides=(3, 2), kernel_size=(4, 3), activation="elu"),
        dict(padding="same", dilation_rate=(2, 3)),
        dict(dilation_rate=2, kernel_size=(2, 2), use_bias=False),
        dict(groups=2, filters=4, padding="same", strides=2),
        dict(groups=4, filters=4),
        dict(data_format="channels_first", strides=2, padding="same", activation="relu"),
        dict(data_format="channels_first", groups=7, filters=14),
        dict(kernel_size=1, activation="sigmoid"),
        dict(strides=3, kernel_size=2),
        dict(kernel_regularizer=R.L2(0.02), bias_regularizer="l1", activity_regularizer=R.L2(0.05),
             kernel_constraint=C.UnitNorm(axis=[0, 1, 2]), bias_constraint=C.MinMaxNorm(0.1, 0.9)),
    ):
        yield "Conv2D", {**dict(filters=6, kernel_size=3), **a}, [img], {}

    for a in (
        {},
        dict(depth_multiplier=2, padding="same", strides=2),
        dict(kernel_size=(2, 4), padding="same", activation="relu"),
        dict(dilation_rate=2, use_bias=False),
        dict(dilation_rate=2, strides=2, padding="same"),
        dict(dilation_rate=2, strides=2, kernel_size=2),
        dict(data_format="channels_first", depth_multiplier=3),
        dict(depthwise_regularizer="l2", bias_regularizer="l2", activity_regularizer="l1", depthwise_initializer="he_uniform"),
    ):
        yield "DepthwiseConv2D", {**dict(kernel_size=3), **a}, [img], {}

    for a in (
        {},
        dict(depth_multiplier=2, padding="same", strides=2, activation="tanh"),
        dict(kernel_size=(4, 2), padding="same"),
        dict(dilation_rate=2, use_bias=False),
        dict(data_format="channels_first", depth_multiplier=2),
        dict(depthwise_regularizer="l2", pointwise_regularizer="l1", activity_regularizer="l1"),
    ):
        yield "SeparableConv2D", {**dict(filters=5, kernel_size=3), **a}, [img], {}

    for kind in ("Max", "Average"):
        for a in (
            dict(pool_size=2),
            dict(pool_size=3, strides=2, padding="same"),
            dict(pool_size=2, strides=3),
            dict(pool_size=4, strides=1, padding="same"),
            dict(pool_size=2, data_format="channels_first", padding="same"),
        ):
            yield kind + "Pooling1D", a, [(2, 9, 3)], {}
        yield kind + "Pooling1D", dict(pool_size=3, strides=1), [(2, 9, 3)], dict(ties=True)
        for a in (
            dict(pool_size=2),
            dict(pool_size=(3, 2), strides=(2, 1), padding="same"),
            dict(pool_size=(2, 3), strides=3),
            dict(pool_size=4, strides=1, padding="same"),
            dict(pool_size=2, strides=2, padding="same"),
            dict(pool_size=2, data_format="channels_first"),
        ):
            yield kind + "Pooling2D", a, [img], {}
        yield kind + "Pooling2D", dict(pool_size=3, strides=2, padding="same"), [img], dict(ties=True)
        yield f"Global{kind}Pooling1D", {}, [seq], dict(ties=True)
        yield f"Global{kind}Pooling2D", {}, [img], dict(ties=True)
        for d, s in ((1, seq), (2, img)):
            for a in ({}, dict(keepdims=True), dict(data_format="channels_first"), dict(data_format="channels_first", keepdims=True)):
                yield f"Global{kind}Pooling{d}D", a, [s], {}
    mask = np.array([[1, 1, 1, 0, 0, 1, 0, 1], [1, 0, 0, 0, 0, 0, 0, 0]], bool)
    yield "GlobalAveragePooling1D", {}, [seq], dict(masks=[mask])
    yield "GlobalAveragePooling1D", dict(keepdims=True), [seq], dict(masks=[mask])

    for a, s in (({}, img), ({}, (3, 2)), (dict(data_format="channels_first"), img), ({}, (3,))):
        yield "Flatten", a, [s], {}
    for a, s in ((dict(target_shape=(4, 3)), (2, 12)), (dict(target_shape=(-1, 2, 2)), (2, 3, 4)), (dict(target_shape=(-1,)), img), (dict(target_shape=()), (3, 1))):
        yield "Reshape", a, [s], {}
    for a, s in ((dict(dims=(2, 1)), seq), (dict(dims=(3, 1, 2)), img), (dict(dims=(1,)), (2, 3))):
        yield "Permute", a, [s], {}
    for a in ({}, dict(padding=2), dict(padding=(2, 1)), dict(padding=((1, 0), (2, 3))), dict(padding=0),
              dict(padding=((0, 1), (2, 0)), data_format="channels_first")):
        yield "ZeroPadding2D", a, [(2, 3, 4, 2)], {}
    for a in ({}, dict(size=(3, 2)), dict(size=(2, 1), data_format="channels_first"), dict(interpolation="bilinear"),
              dict(size=(3, 4), interpolation="bilinear"), dict(size=(2, 3), interpolation="bilinear", data_format="channels_first")):
        yield "UpSampling2D", a, [(2, 3, 4, 2)], {}

    for a, s in ((dict(rate=0.5), img), (dict(rate=0.25, noise_shape=(None, 1, 4), seed=7), seq), (dict(rate=0.0), seq), (dict(rate=1.0), seq)):
        yield "Dropout", a, [s], dict(random=a["rate"] not in (0, 1))
    for a in (dict(rate=0.5), dict(rate=0.25, seed=3), dict(rate=0)):
        yield "SpatialDropout1D", a, [seq], dict(random=a["rate"] > 0)
    for a in (dict(rate=0.5), dict(rate=0.25, seed=3, data_format="channels_first"), dict(rate=0)):
        yield "SpatialDropout2D", a, [img], dict(random=a["rate"] > 0)
    for a in (dict(stddev=0.5), dict(stddev=0.1, seed=11), dict(stddev=0.0)):
        yield "GaussianNoise", a, [seq], dict(random=a["stddev"] > 0)

    for a, s, o in (
        ({}, (5, 4), {}),
        ({}, img, {}),
        (dict(momentum=0.9, epsilon=1e-5), seq, {}),
        (dict(center=False), img, {}),
        (dict(scale=False, name="bn"), img, {}),
        (dict(center=False, scale=False, momentum=0.0), (6, 3), {}),
        (dict(axis=1), img, {}),
        (dict(axis=2), img, {}),
        (dict(trainable=False), img, {}),
        (dict(beta_regularizer="l1", gamma_regularizer="l2", beta_constraint="unit_norm", gamma_constraint="non_neg",
              beta_initializer="ones", gamma_initializer="uniform", moving_mean_initializer="ones",
              moving_variance_initializer="zeros"), (7, 3), {}),
        ({}, seq, dict(masks=[mask])),
    ):
        yield "BatchNormalization", a, [s], o
    for a, s in (({}, seq), (dict(axis=(1, 2), epsilon=1e-5), seq), (dict(axis=1), img), (dict(axis=[2, 3], center=False), img),
                 (dict(scale=False), (3, 5)),
                 (dict(beta_regularizer="l1", gamma_regularizer="l2", beta_initializer="ones", gamma_initializer="zeros"), seq)):
        yield "LayerNormalization", a, [s], {}

    for f in ("relu", "softmax", "swish", "leaky_relu", "hard_sigmoid"):
        yield "Activation", dict(activation=f), [seq], {}
    for a in ({}, dict(max_value=1), dict(negative_slope=0.1), dict(threshold=0.5), dict(max_value=1.5, negative_slope=0.2, threshold=0.3),
              dict(max_value=6), dict(negative_slope=0.3, max_value=1.0)):
        yield "ReLU", a, [seq], {}
    yield "ReLU", dict(max_value=2, negative_slope=0.1, threshold=1.0), [seq], dict(ties=True)
    yield "ReLU", {}, [seq], dict(ties=True)
    yield "LeakyReLU", {}, [seq], dict(ties=True)
    yield "ELU", {}, [seq], dict(ties=True)
    yield "PReLU", {}, [seq], dict(ties=True)
    for a in ({}, dict(negative_slope=0.01), dict(negative_slope=0)):
        yield "LeakyReLU", a, [seq], {}
    for a in ({}, dict(alpha=0.5), dict(alpha=2)):
        yield "ELU", a, [seq], {}
    for a in ({}, dict(shared_axes=[1, 2]), dict(shared_axes=[2], alpha_initializer="ones", alpha_regularizer="l2", alpha_constraint="non_neg")):
        yield "PReLU", a, [img], {}
    for a in ({}, dict(axis=1), dict(axis=[1, 2]), dict(axis=[-1])):
        yield "Softmax", a, [seq], {}
    yield "Softmax", {}, [(2, 8)], dict(masks=[mask])
    for a in (dict(scale=1 / 255), dict(scale=2, offset=-1), dict(scale=[1.0, 2.0, 3.0, 0.5], offset=[0.5, 0.0, -1.0, 2.0])):
        yield "Rescaling", a, [img], {}
    for a, s in ((dict(input_dim=7, output_dim=3), (2, 5)), (dict(input_dim=7, output_dim=4, mask_zero=True), (3, 6)),
                 (dict(input_dim=5, output_dim=2, embeddings_initializer="ones", embeddings_regularizer="l2", activity_regularizer="l1",
                       embeddings_constraint=C.MaxNorm(1)), (2, 2, 3))):
        yield "Embedding", a, [s], dict(ids=a["input_dim"])

    for a in ({}, dict(depth_multiplier=2, padding="same", strides=2, activation="relu"), dict(kernel_size=2, dilation_rate=3, use_bias=False),
              dict(data_format="channels_first", depthwise_regularizer="l2", bias_regularizer="l1", activity_regularizer="l2")):
        yield "DepthwiseConv1D", {**dict(kernel_size=3), **a}, [seq], {}
        yield "SeparableConv1D", {**dict(filters=5, kernel_size=3), **a}, [seq], {}
    for a in ({}, dict(padding=2), dict(padding=(0, 3)), dict(padding=(2, 1), data_format="channels_first")):
        yield "ZeroPadding1D", a, [seq], {}
    for a in ({}, dict(cropping=2), dict(cropping=(0, 3))):
        yield "Cropping1D", a, [seq], {}
    for a in ({}, dict(cropping=1), dict(cropping=(2, 1)), dict(cropping=((1, 0), (2, 1))), dict(cropping=((1, 2), (0, 1)), data_format="channels_first")):
        yield "Cropping2D", a, [img], {}
    for a in ({}, dict(size=3), dict(size=1)):
        yield "UpSampling1D", a, [seq], {}
    for n in (1, 2, 5):
        yield "RepeatVector", dict(n=n), [(2, 3)], {}
    for s in (img, seq, (3,)):
        yield "Identity", {}, [s], {}
    yield "Masking", {}, [seq], {}
    yield "Masking", dict(mask_value=1.0), [(3, 6, 1)], dict(ties=True)
    yield "Masking", {}, [(3, 6, 2)], dict(ties=True)
    for a in ({}, dict(l1=0.1), dict(l1=0.2, l2=0.3)):
        yield "ActivityRegularization", a, [seq], {}
    for k in ("GaussianDropout", "AlphaDropout"):
        for a in (dict(rate=0.5), dict(rate=0.25, seed=7), dict(rate=0.0)):
            yield k, a, [seq], dict(random=a["rate"] > 0)
    yield "AlphaDropout", dict(rate=0.1, noise_shape=(None, 1, 4)), [seq], dict(random=True)
    for a, s in ((dict(groups=2), img), (dict(groups=-1), seq), (dict(groups=1, center=False, epsilon=1e-5), seq), (dict(groups=3, axis=2), img),
                 (dict(groups=7, axis=1, scale=False), img),
                 (dict(groups=2, beta_regularizer="l1", gamma_regularizer="l2", beta_initializer="ones", gamma_initializer="zeros"), (3, 4))):
        yield "GroupNormalization", a, [s], {}
    for a, s in (({}, seq), (dict(axis=1), seq), (dict(axis=[1, 2]), img), ({}, (2, 3))):
        yield "UnitNormalization", a, [s], {}
    for a, s in (({}, seq), (dict(axis=2, epsilon=1e-3), seq), (dict(axis=[3, -2]), img), (dict(axis=[3, 1, 2]), img)):
        yield "RMSNormalization", a, [s], {}

    for a in ({}, dict(strides=2), dict(strides=2, padding="same"), dict(strides=3, padding="same", kernel_size=2, activation="relu"),
              dict(strides=3, output_padding=1), dict(strides=3, padding="same", output_padding=2, kernel_size=4), dict(strides=4, kernel_size=2),
              dict(strides=2, data_format="channels_first", use_bias=False), dict(padding="same", kernel_size=4),
              dict(kernel_regularizer="l2", bias_regularizer="l1", activity_regularizer="l2", kernel_constraint="unit_norm")):
        yield "Conv1DTranspose", {**dict(filters=5, kernel_size=3), **a}, [(2, 4, 3)], {}
        yield "Conv2DTranspose", {**dict(filters=3, kernel_size=3), **a}, [(2, 4, 3, 2)], {}
    yield "Conv2DTranspose", dict(filters=3, kernel_size=(2, 4), strides=(3, 2), padding="same"), [(2, 3, 4, 2)], {}
    yield "Conv2DTranspose", dict(filters=2, kernel_size=(3, 1), strides=(1, 2), output_padding=(0, 1)), [(2, 3, 4, 2)], {}
    yield "Conv2DTranspose", dict(filters=2, kernel_size=(3, 2), dilation_rate=(2, 1)), [(2, 5, 4, 2)], {}
    yield "Conv1DTranspose", dict(filters=2, kernel_size=3, dilation_rate=2, padding="same"), [(2, 5, 2)], {}
    for a, ss in ((dict(axes=1), [(3, 4), (3, 4)]), (dict(axes=(1, 2)), [(2, 3, 5), (2, 4, 3)]), (dict(axes=-1, normalize=True), [(2, 3, 5), (2, 4, 5)]),
                  (dict(axes=2), [(2, 3, 5), (2, 4, 5)]), (dict(axes=(-1, 1), normalize=True), [(2, 3, 5), (2, 5)]), (dict(axes=1, normalize=True), [(3, 4), (3, 4)])):
        yield "Dot", a, ss, {}

    m1 = np.array([[1, 1, 0, 0, 1, 1, 0, 1], [1, 0, 0, 1, 0, 1, 0, 0]], bool)
    m2 = np.array([[1, 0, 0, 1, 1, 0, 1, 1], [0, 0, 1, 1, 0, 1, 1, 0]], bool)
    for k in ("Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum"):
        three = [] if k == "Subtract" else [(2, 3, 4)]
        yield k, {}, [(2, 3, 4), (2, 3, 4)] + three, {}
        yield k, {}, [(2, 3, 4), (2, 1, 4)], {}
        yield k, {}, [(2, 3, 4), (2, 3, 4)] + three, dict(ties=True)
        yield k, {}, [(2, 3, 4), (2, 4)], {}
        yield k, {}, [seq, seq], dict(masks=[m1, m2])
        yield k, {}, [seq, seq], dict(masks=[m1, None])
    for a, s in (({}, [(2, 3), (2, 4)]), (dict(axis=1), [(2, 3, 4), (2, 1, 4), (2, 2, 4)]), (dict(axis=-2), [(2, 3, 2, 2), (2, 3, 4, 2)])):
        yield "Concatenate", a, s, {}
    yield "Concatenate", {}, [seq, seq], dict(masks=[m1, m2])
    yield "Concatenate", dict(axis=1), [seq, seq], dict(masks=[m1, None])


def numpy(t):
    if t is None:
        return None
    return tf.convert_to_tensor(t).numpy()  # also of IndexedSlices


def run(layer, xs, masks, training):
    """One call with gradients. Returns the record and the cotangent."""
    xs = [tf.constant(x) for x in xs]
    variables = [v.value for v in layer.weights]
    with tf.GradientTape() as tape:
        for x in xs:
            if x.dtype.is_floating:
                tape.watch(x)
        tape.watch([v for v in variables if v.dtype.is_floating])
        for x, m in zip(xs, masks):
            if m is not None:
                x._keras_mask = tf.constant(m)
        kw = {}
        if "training" in inspect.signature(layer.call).parameters:
            kw["training"] = training
        merging = len(xs) > 1 or isinstance(layer, (L.Add, L.Concatenate)) or type(layer).__mro__[1].__name__ == "Merge"
        y = xs[0] if isinstance(layer, L.InputLayer) else layer(xs if merging else xs[0], **kw)
        cot = np.random.default_rng(17).normal(size=y.shape).astype("float32")
        losses = sum(layer.losses) if layer.losses else tf.constant(0.0)
        total = losses + tf.reduce_sum(tf.cast(y, "float32") * cot)
    floats = [x for x in xs if x.dtype.is_floating]
    grads = tape.gradient(total, floats + variables)
    return dict(
        output=array(numpy(y)),
        mask=array(numpy(getattr(y, "_keras_mask", None))),
        losses=float(losses),
        grad_inputs=[array(numpy(g)) for g in grads[: len(floats)]],
        grad_weights=[array(numpy(g)) for g in grads[len(floats):]],
        after=[array(v.numpy()) for v in layer._non_trainable_variables] if training else None,
    ), cot


def weights_for(layer, rng):
    ws = []
    for v in layer.weights:
        w = rng.normal(size=v.shape).astype("float32")
        if v.name == "moving_variance":
            w = np.abs(w) + np.float32(0.5)
        ws.append(w)
    return ws


def record(i, cls, args, shapes, opt):
    rng = np.random.default_rng(1000 + i)
    keras.backend.clear_session()
    layer = getattr(L, cls)(**args)
    xs = [rng.integers(0, opt["ids"], s).astype("int32") if "ids" in opt else rng.normal(size=s).astype("float32") for s in shapes]
    if opt.get("ties"):  # which of equal elements gets the gradient
        xs = [np.round(x) for x in xs]
    masks = opt.get("masks", [None] * len(xs))
    none = [(None,) + tuple(s[1:]) for s in shapes]
    if not layer.built:
        layer.build(none if len(none) > 1 else none[0])
    ws = weights_for(layer, rng)
    layer.set_weights(ws)
    case = dict(
        cls=cls,
        object=plain(keras.saving.serialize_keras_object(layer)),
        inputs=[array(x) for x in xs],
        masks=[array(m) for m in masks],
        output_shape=none[0] if cls == "InputLayer" else plain(layer.compute_output_shape(none if len(none) > 1 else none[0])),
        weights=[dict(name=v.path.split("/", 1)[1], value=array(w), trainable=any(v is t for t in layer._trainable_variables))
                 for v, w in zip(layer.weights, ws)],
    )
    case["object"].pop("build_config", None)
    modes = [False] if opt.get("random") else [False, True]
    for training in modes:
        layer.set_weights(ws)
        rec, cot = run(layer, xs, masks, training)
        case["train" if training else "infer"] = rec
    case["cotangent"] = array(cot)
    return case


if __name__ == "__main__":
    out = [record(i, *c) for i, c in enumerate(cases())]
    write("layers.json.gz", "gen/layers.py", out, keras.__version__)
