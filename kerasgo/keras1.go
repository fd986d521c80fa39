package keras

import (
	"strings"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/spec"
)

// hardSigmoid2 is the name under which the hard sigmoid of Keras 1 and 2 is kept:
// Keras 3 gave the old name to another function.
const hardSigmoid2 = "hard_sigmoid_keras2"

// HardSigmoidKeras2 computes 0.2·x + 0.5, clipped to [0, 1]: what Keras 1 and 2
// call hard_sigmoid. Models loaded from their files use it; Keras 3 has no name
// for it.
func HardSigmoidKeras2(x graph.Value) graph.Value {
	return ops.Clip(ops.AddScalar(ops.MulScalar(x, 0.2), 0.5), 0, 1)
}

func init() {
	spec.RegisterFunc("kerasgo", hardSigmoid2, HardSigmoidKeras2, spec.OfKind("activation"))
}

// keras1Names are arguments of Keras 1 by what they are called now; an empty name
// drops what only described the input or the way of computing.
var keras1Names = map[string]string{
	"output_dim": "units", "nb_filter": "filters", "filter_length": "kernel_size", "border_mode": "padding", "subsample": "strides",
	"subsample_length": "strides", "atrous_rate": "dilation_rate", "pool_length": "pool_size", "stride": "strides", "bias": "use_bias",
	"init": "kernel_initializer", "W_regularizer": "kernel_regularizer", "b_regularizer": "bias_regularizer", "W_constraint": "kernel_constraint",
	"b_constraint": "bias_constraint", "inner_init": "recurrent_initializer", "inner_activation": "recurrent_activation",
	"U_regularizer": "recurrent_regularizer", "dropout_W": "dropout", "dropout_U": "recurrent_dropout", "p": "rate", "sigma": "stddev",
	"dim_ordering": "data_format", "forget_bias_init": "unit_forget_bias",
	"input_dim": "", "input_length": "", "input_dtype": "", "consume_less": "",
}

// keras1Embedding are those of Embedding, where some mean something else.
var keras1Embedding = map[string]string{
	"input_dim": "input_dim", "output_dim": "output_dim", "init": "embeddings_initializer", "W_regularizer": "embeddings_regularizer",
	"W_constraint": "embeddings_constraint", "dropout": "",
}

var keras1Classes = map[string]string{
	"Convolution1D": "Conv1D", "Convolution2D": "Conv2D", "SeparableConvolution2D": "SeparableConv2D", "AtrousConvolution2D": "Conv2D",
	"AtrousConvolution1D": "Conv1D", "TimeDistributedDense": "Dense",
}

// keras1Values are values of Keras 1 by what they are called now, for the named
// argument.
var keras1Values = map[string]map[string]string{
	"data_format":           {"tf": "channels_last", "th": "channels_first"},
	"kernel_initializer":    keras1Initializers,
	"recurrent_initializer": keras1Initializers, "embeddings_initializer": keras1Initializers,
}

var keras1Initializers = map[string]string{"uniform": "random_uniform", "normal": "random_normal", "zero": "zeros", "one": "ones"}

// fromKeras1 translates a model's config. What has no counterpart, such as Merge,
// stays as it is and is refused by name.
func fromKeras1(n *spec.Node) *spec.Node {
	if n == nil {
		return nil
	}
	c := *n
	c.Items, c.Pairs = nil, nil
	for _, i := range n.Items {
		c.Items = append(c.Items, fromKeras1(i))
	}
	for _, p := range n.Pairs {
		c.Pairs = append(c.Pairs, spec.Pair{Key: p.Key, Val: fromKeras1(p.Val)})
	}
	class, config := c.Get("class_name"), c.Get("config")
	if class == nil || class.Kind != spec.String || config == nil || config.Kind != spec.Mapping || config.Get("layers") != nil && class.Value != "Merge" {
		return &c
	}
	if mode := config.Get("mode"); class.Value == "Merge" && mode != nil && mergeModes[mode.Value] != "" {
		return withValue(withValue(&c, "class_name", keyLike(class, mergeModes[mode.Value])), "config", mergeConfig(config))
	}
	if now := keras1Classes[class.Value]; now != "" {
		class = keyLike(class, now)
		c = *withValue(&c, "class_name", class)
	}
	return withValue(&c, "config", keras1Config(class.Value, config))
}

// mergeModes are the modes of Merge, applied to a list of tensors, that have a
// layer of their own.
var mergeModes = map[string]string{"concat": "Concatenate", "sum": "Add", "mul": "Multiply", "ave": "Average", "max": "Maximum"}

func mergeConfig(config *spec.Node) *spec.Node {
	c := *config
	c.Pairs = nil
	for _, p := range config.Pairs {
		switch p.Key.Value {
		case "name", "trainable":
			c.Pairs = append(c.Pairs, p)
		case "concat_axis":
			if config.Get("mode").Value == "concat" {
				c.Pairs = append(c.Pairs, spec.Pair{Key: keyLike(p.Key, "axis"), Val: p.Val})
			}
		case "layers": // of a Sequential that begins with Merge: refused by name
			if len(p.Val.Items) > 0 {
				c.Pairs = append(c.Pairs, p)
			}
		}
	}
	if c.Get("trainable") == nil { // what tells layers from ops, see maskNode
		c.Pairs = append(c.Pairs, spec.Pair{
			Key: &spec.Node{Kind: spec.String, Value: "trainable", Pos: config.Pos}, Val: &spec.Node{Kind: spec.Bool, Value: "true", Pos: config.Pos},
		})
	}
	return &c
}

func keras1Config(class string, config *spec.Node) *spec.Node {
	c := *config
	c.Pairs = nil
	var size []*spec.Node // nb_row and nb_col
	for _, p := range config.Pairs {
		key := p.Key.Value
		if key == "nb_row" || key == "nb_col" {
			if size = append(size, p.Val); len(size) == 1 {
				continue
			}
			if key == "nb_row" {
				size[0], size[1] = size[1], size[0]
			}
			pair := &spec.Node{Kind: spec.Sequence, Items: size, Pos: p.Key.Pos}
			c.Pairs = append(c.Pairs, spec.Pair{Key: keyLike(p.Key, "kernel_size"), Val: pair})
			continue
		}
		if now, ok := keras1Name(class, p); ok {
			if now == "" {
				continue
			}
			p.Key = keyLike(p.Key, now)
		}
		p.Val = keras1Value(p.Key.Value, p.Val)
		c.Pairs = append(c.Pairs, p)
	}
	return &c
}

func keras1Name(class string, p spec.Pair) (now string, ok bool) {
	key := p.Key.Value
	if class == "Embedding" {
		if now, ok = keras1Embedding[key]; ok {
			if x, isNum := p.Val.Float(); key == "dropout" && isNum && x != 0 {
				return key, true // unsupported, and said so
			}
			return now, true
		}
	}
	if class == "BatchNormalization" && key == "mode" && p.Val.Value == "0" {
		return "", true
	}
	if class == "GRU" && key == "forget_bias_init" {
		return "", true
	}
	now, ok = keras1Names[key]
	return now, ok
}

func keras1Value(key string, v *spec.Node) *spec.Node {
	if now := keras1Values[key][v.Value]; v.Kind == spec.String && now != "" {
		return keyLike(v, now)
	}
	if key == "unit_forget_bias" && v.Kind == spec.String {
		return &spec.Node{Kind: spec.Bool, Value: map[bool]string{true: "true", false: "false"}[v.Value == "one"], Pos: v.Pos}
	}
	// {"name": "WeightRegularizer", "l1": 0, "l2": 0.01} and {"name": "MaxNorm", "m": 2}
	if name := v.Get("name"); v.Kind == spec.Mapping && name != nil && v.Get("class_name") == nil && (strings.HasSuffix(key, "_regularizer") || strings.HasSuffix(key, "_constraint")) {
		class := name.Value
		if strings.HasSuffix(key, "_regularizer") {
			class = "L1L2"
		}
		args := &spec.Node{Kind: spec.Mapping, Pos: v.Pos}
		for _, p := range v.Pairs {
			switch p.Key.Value {
			case "name":
			case "m", "high":
				args.Pairs = append(args.Pairs, spec.Pair{Key: keyLike(p.Key, "max_value"), Val: p.Val})
			case "low":
				args.Pairs = append(args.Pairs, spec.Pair{Key: keyLike(p.Key, "min_value"), Val: p.Val})
			default:
				args.Pairs = append(args.Pairs, p)
			}
		}
		return &spec.Node{Kind: spec.Mapping, Pos: v.Pos, Pairs: []spec.Pair{
			{Key: keyLike(name, "class_name"), Val: keyLike(name, class)}, {Key: keyLike(name, "config"), Val: args}}}
	}
	return v
}
