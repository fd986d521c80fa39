"""Records what Keras's Model.summary prints, beside the plain data the table is made from.

Usage: KERAS_BACKEND=tensorflow python summary.py (writes ../summary.json.gz)

Rows are read from the model by this script, not from Keras's summary code; the text is what Keras and rich print.
"""

import gzip
import io
import json
import os
import pathlib

import keras
import numpy as np
import rich
import rich.console
from keras import layers

Console = rich.console.Console


def text_of(model, columns, color, **kw):
    """The printed table on a console of so many columns, with or without colour."""
    os.environ["COLUMNS"] = str(columns)
    out = io.StringIO()

    def console(**options):
        options.update(file=out, force_terminal=color, color_system="256" if color else None, legacy_windows=False)
        return Console(**options)

    rich.console.Console = console
    try:
        model.summary(**kw)
    finally:
        rich.console.Console = Console
    return out.getvalue()


def bits(v):
    name = keras.backend.standardize_dtype(v.dtype)
    return 1 if name == "bool" else int("".join(ch for ch in name if ch.isdigit()) or 0)


def count(variables):
    return {
        "params": int(sum(np.prod(v.shape) for v in variables)),
        "bytes": sum(int(np.prod(v.shape)) * bits(v) for v in variables) / 8,
    }


def shape(layer):
    if layer._inbound_nodes:
        outs = [tuple(t.shape) for t in layer._inbound_nodes[-1].output_tensors]
        if len(outs) == 1:
            return str(outs[0]).replace(",)", ")")
        return "[" + ", ".join(str(o).replace(",)", ")") for o in outs) + "]"
    return "?"


def row(model, layer, graph, depth):
    r = {
        "name": layer.name,
        "class": type(layer).__name__,
        "shape": shape(layer),
        "params": layer.count_params() if getattr(layer, "built", False) else 0,
        "unbuilt": hasattr(layer, "built") and not layer.built,
        "connected": [],
        "trainable": ("Y" if layer.trainable else "N") if getattr(layer, "weights", []) else "-",
        "depth": depth,
    }
    if graph:
        relevant = [n for ns in model._nodes_by_depth.values() for n in ns]
        for node in layer._inbound_nodes:
            if node in relevant:
                for t in node.input_tensors:
                    h = t._keras_history
                    r["connected"].append(f"{h.operation.name}[{h.node_index}][{h.tensor_index}]")
    return r


def rows(model, layer, graph, expand, depth=0):
    out = [row(model, layer, graph, depth)]
    if expand and getattr(layer, "layers", None):
        for child in layer.layers:
            out += rows(model, child, graph, expand, depth + 1)
    return out


def case(name, model, graph, expand=False, trainable=False, lengths=(None, 60, 80, 100, 120), columns=(200,), colors=(False,)):
    top = model.layers if isinstance(model, keras.Sequential) else model._operations
    optimizer = getattr(model, "optimizer", None)
    data = {
        "name": name,
        "model": model.name,
        "graph": graph,
        "rows": [r for layer in top for r in rows(model, layer, graph, expand)],
        "trainable": count(model.trainable_weights),
        "non_trainable": count(model.non_trainable_weights),
        "optimizer": count(optimizer.variables) if optimizer is not None and optimizer.built else None,
        "prints": [],
    }
    for length in lengths:
        for cols in columns if length is not None else (40, 47, 62, 80, 91, 92, 104, 112, 125, 200):
            for color in colors:
                options = {"line_length": length, "expand_nested": expand, "show_trainable": trainable}
                print_ = {"line_length": length or 0, "columns": cols, "color": color, "expand": expand, "trainable": trainable}
                try:
                    print_["out"] = text_of(model, cols, color, **options)
                except ValueError as e:
                    print_["error"] = str(e)
                data["prints"].append(print_)
    return data


def cnn(name="sequential"):
    return keras.Sequential([
        layers.Input((28, 28, 1)),
        layers.Conv2D(32, 5, name="conv2d"), layers.Activation("relu", name="activation"),
        layers.MaxPooling2D(name="max_pooling2d"), layers.Flatten(name="flatten"),
        layers.Dense(128, name="dense"), layers.BatchNormalization(name="batch_normalization"),
        layers.Dropout(0.5, name="dropout"), layers.Dense(10, name="dense_1"),
    ], name=name)


def branches():
    a = layers.Input((16,), name="left_input")
    b = layers.Input((8, 4), name="right_input")
    shared = layers.Dense(4, name="shared")
    x = layers.Add(name="add")([shared(a), layers.Dense(4, name="other", trainable=False)(a)])
    y = layers.Flatten(name="flatten")(b)
    z = layers.Concatenate(name="a_rather_long_name_for_a_concatenation_layer")([x, y, shared(a)])
    out = layers.Dense(2, activation="softmax", name="out")(z)
    return keras.Model([a, b], [out, x], name="two_heads")


def nested():
    inner = keras.Sequential([layers.Input((4,)), layers.Dense(3, name="inner_dense"), layers.Dropout(0.1, name="inner_drop")], name="inner")
    middle_in = layers.Input((4,), name="middle_in")
    middle = keras.Model(middle_in, layers.Dense(5, name="after")(inner(middle_in)), name="middle_model_with_a_name")
    return keras.Sequential([layers.Input((4,)), middle, layers.Dense(1, name="last")], name="outer")


def nested_graph():
    a = layers.Input((4,), name="a")
    inner = keras.Sequential([layers.Input((4,)), layers.Dense(3, name="inner_dense")], name="inner")
    return keras.Model(a, layers.Add(name="sum")([inner(a), layers.Dense(3, name="d")(a)]), name="graph_of_models")


def lstm_states():
    a = layers.Input((None, 4), name="tokens")
    seq, h, c = layers.LSTM(3, return_state=True, return_sequences=True, name="lstm")(a)
    return keras.Model(a, [seq, layers.Add(name="sum")([h, c])], name="states")


def masked():
    a = layers.Input((None,), name="ids")
    x = layers.Embedding(1000, 16, mask_zero=True, name="embedding")(a)
    return keras.Model(a, layers.Dense(1, name="score")(layers.LSTM(8, name="lstm")(x)), name="masked")


def fitted(optimizer):
    m = keras.Sequential([layers.Input((3,)), layers.Dense(4, name="dense"), layers.Dense(1, name="dense_1")], name="fitted")
    m.compile(optimizer, "mse")
    m.fit(np.ones((4, 3)), np.ones((4, 1)), verbose=0)
    return m


def long_names():
    return keras.Sequential([
        layers.Input((123456, 7)),
        layers.Dense(1234, name="a_layer_name_without_any_space_that_is_far_longer_than_every_column_of_the_table_can_be_x"),
        layers.Dense(5, name="words in a name are wrapped at spaces where that fits in the column"),
        layers.Reshape((1, 2, 3, 1, 1, 1, 1, 4, 5144, 5, 1), name="reshape"),
        layers.Flatten(name="flatten"),
    ], name="a_model_[with]_brackets")


def policy():
    m = keras.Sequential([
        layers.Input((300,)), layers.Dense(700, dtype="float16", name="half"),
        layers.Dense(3000, dtype="float64", name="double"), layers.Dense(2000, name="single"),
    ], name="types")
    return m


def all_cases():
    yield case("cnn", cnn(), False, colors=(False, True))
    yield case("cnn trainable", cnn(), False, trainable=True, colors=(False, True))
    unbuilt = keras.Sequential([layers.Dense(3, name="dense"), layers.Dropout(0.5, name="dropout")], name="before_build")
    yield case("unbuilt", unbuilt, False, colors=(False, True))
    yield case("unbuilt trainable", unbuilt, False, trainable=True)
    yield case("empty", keras.Sequential(name="empty"), False)
    frozen = cnn("frozen")
    frozen.layers[0].trainable = False
    yield case("frozen", frozen, False, trainable=True, colors=(False, True))
    yield case("graph", branches(), True, colors=(False, True))
    yield case("graph trainable", branches(), True, trainable=True, colors=(False, True))
    yield case("nested", nested(), False)
    yield case("nested expanded", nested(), False, expand=True, colors=(False, True))
    yield case("nested expanded trainable", nested(), False, expand=True, trainable=True)
    yield case("nested graph expanded", nested_graph(), True, expand=True, colors=(False, True))
    yield case("several outputs", lstm_states(), True, colors=(False, True))
    yield case("mask", masked(), True)
    yield case("adam", fitted("adam"), False, colors=(False, True))
    yield case("sgd", fitted("sgd"), False)
    yield case("rmsprop", fitted("rmsprop"), False)
    yield case("long names", long_names(), False, lengths=(None, 40, 60, 80, 100, 120, 160), colors=(False, True))
    yield case("dtypes", policy(), False)
    yield case("widths", branches(), True, lengths=tuple(range(20, 140)))
    yield case("widths linear", cnn(), False, lengths=tuple(range(10, 140)))
    yield case("widths trainable", cnn(), False, trainable=True, lengths=tuple(range(20, 140, 3)))
    yield case("widths graph trainable", branches(), True, trainable=True, lengths=tuple(range(30, 140, 3)))


data = {"keras": keras.__version__, "cases": list(all_cases())}
target = pathlib.Path(__file__).parent.parent / "summary.json.gz"
target.write_bytes(gzip.compress(json.dumps(data).encode(), 9, mtime=0))
