"""Writes a Keras model of convolutions as ONNX, channels first, as onnxruntime likes it best."""

import onnx
from onnx import TensorProto, helper, numpy_helper


def convert(model):
    """Returns the bytes of an ONNX model for a Keras model on images: input "x" (batch, height, width, channels)."""
    nodes, weights, value_of = [], [], {}

    def weight(name, array):
        weights.append(numpy_helper.from_array(array, name))
        return name

    def node(op, inputs, name, **attributes):
        nodes.append(helper.make_node(op, inputs, [name], **attributes))
        return name

    def windows(layer, size, inputs):
        # ONNX's SAME_UPPER pads as Keras does: the odd row or column comes last.
        padding = {"auto_pad": "SAME_UPPER"} if layer.padding == "same" else {}
        return {"kernel_shape": list(size), "strides": list(layer.strides), **padding}

    def apply(layer, inputs, shape):
        kind, name = type(layer).__name__, layer.name
        w = [weight(f"{name}/{v.name}", v_array(v, kind)) for v in layer.weights]
        if kind == "Conv2D":
            out = node("Conv", inputs + w, name, dilations=list(layer.dilation_rate), group=layer.groups, **windows(layer, layer.kernel_size, inputs))
            return activation(layer, out)
        if kind == "BatchNormalization":
            return node("BatchNormalization", inputs + w, name, epsilon=layer.epsilon)
        if kind == "Dense":
            return activation(layer, node("Gemm", inputs + w, name))
        if kind == "MaxPooling2D":
            return node("MaxPool", inputs, name, **windows(layer, layer.pool_size, inputs))
        if kind == "GlobalAveragePooling2D":
            return node("Flatten", [node("GlobalAveragePool", inputs, name + "/mean")], name)
        if kind == "Flatten":
            return node("Flatten", [node("Transpose", inputs, name + "/last", perm=[0, 2, 3, 1]) if len(shape) == 4 else inputs[0]], name)
        if kind == "Add":
            return node("Add", inputs, name)
        if kind == "Activation":
            return activation(layer, inputs[0])
        if kind == "Dropout":
            return inputs[0]
        raise NotImplementedError(f"{kind} is not written as ONNX")

    def v_array(v, kind):
        a = v.numpy() if hasattr(v, "numpy") else v
        return a.transpose(3, 2, 0, 1).copy() if kind == "Conv2D" and a.ndim == 4 else a

    def activation(layer, value):
        name = layer.activation.__name__
        if name == "linear":
            return value
        op = {"relu": "Relu", "softmax": "Softmax"}[name]
        return node(op, [value], f"{layer.name}/{name}", **({"axis": -1} if op == "Softmax" else {}))

    source = model.inputs[0]
    value_of[id(source)] = node("Transpose", ["x"], "first", perm=[0, 3, 1, 2])
    for operation in model._functional.operations if hasattr(model, "_functional") else model.operations:
        if type(operation).__name__ == "InputLayer":
            continue
        call = operation._inbound_nodes[-1]
        inputs = [value_of[id(t)] for t in call.input_tensors]
        value_of[id(call.outputs[0])] = apply(operation, inputs, call.input_tensors[0].shape)
    result = value_of[id(model.outputs[0])]
    graph = helper.make_graph(
        nodes, "model",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", *source.shape[1:]])],
        [helper.make_tensor_value_info(result, TensorProto.FLOAT, ["n", *model.outputs[0].shape[1:]])], weights,
    )
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(made)
    return made.SerializeToString()
