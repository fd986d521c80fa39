package keras

import (
	"slices"
	"strings"

	"github.com/kerasgo/kerasgo/spec"
)

// modernTraining turns a training_config into the compile_config of Keras 3.
func modernTraining(n *spec.Node) *spec.Node {
	c := *n
	c.Pairs = nil
	for _, p := range n.Pairs {
		switch p.Key.Value {
		case "optimizer_config":
			c.Pairs = append(c.Pairs, spec.Pair{Key: keyLike(p.Key, "optimizer"), Val: modernOptimizer(p.Val)})
		case "sample_weight_mode": // Keras 2; no longer there
		case "metrics", "weighted_metrics":
			c.Pairs = append(c.Pairs, spec.Pair{Key: p.Key, Val: modernMetrics(p.Val)})
		default:
			c.Pairs = append(c.Pairs, p)
		}
	}
	return &c
}

func keyLike(k *spec.Node, name string) *spec.Node {
	c := *k
	c.Value = name
	return &c
}

// modernOptimizer renames lr and turns decay, by which Keras 1 and 2 divided the
// learning rate as it goes, into the schedule that does the same.
func modernOptimizer(n *spec.Node) *spec.Node {
	config := n.Get("config")
	if config == nil || config.Kind != spec.Mapping {
		return n
	}
	cfg := *config
	cfg.Pairs = nil
	var decay, rate *spec.Node
	at := -1
	for _, p := range config.Pairs {
		switch p.Key.Value {
		case "lr":
			p.Key = keyLike(p.Key, "learning_rate")
			rate, at = p.Val, len(cfg.Pairs)
		case "learning_rate":
			rate, at = p.Val, len(cfg.Pairs)
		case "decay":
			if x, ok := p.Val.Float(); ok && x > 0 && n.Get("class_name").Value != "Nadam" {
				decay = p.Val
				continue
			}
		case "amsgrad", "nesterov":
		case "schedule_decay": // Nadam; the same constant is built in
			if x, ok := p.Val.Float(); ok && x == 0.004 {
				continue
			}
		}
		cfg.Pairs = append(cfg.Pairs, p)
	}
	if decay != nil && at >= 0 {
		cfg.Pairs[at].Val = scheduleNode(rate, decay)
	}
	return withValue(n, "config", &cfg)
}

// scheduleNode is InverseTimeDecay with a step of 1: rate / (1 + decay·iteration).
func scheduleNode(rate, decay *spec.Node) *spec.Node {
	str := func(s string) *spec.Node {
		return &spec.Node{Kind: spec.String, Value: s, Quoted: true, Pos: decay.Pos}
	}
	obj := func(pairs ...spec.Pair) *spec.Node {
		return &spec.Node{Kind: spec.Mapping, Pairs: pairs, Pos: decay.Pos}
	}
	one := &spec.Node{Kind: spec.Int, Value: "1", Pos: decay.Pos}
	return obj(
		spec.Pair{Key: str("class_name"), Val: str("InverseTimeDecay")},
		spec.Pair{Key: str("config"), Val: obj(
			spec.Pair{Key: str("initial_learning_rate"), Val: rate},
			spec.Pair{Key: str("decay_steps"), Val: one},
			spec.Pair{Key: str("decay_rate"), Val: decay})})
}

// withValue returns a copy of a mapping in which a key has another value.
func withValue(n *spec.Node, key string, v *spec.Node) *spec.Node {
	c := *n
	c.Pairs = append([]spec.Pair{}, n.Pairs...)
	for i, p := range c.Pairs {
		if p.Key.Value == key {
			c.Pairs[i].Val = v
		}
	}
	return &c
}

// modernMetrics names the functions that Keras 2 wraps in a MeanMetricWrapper.
func modernMetrics(n *spec.Node) *spec.Node {
	switch {
	case n.Kind == spec.Sequence:
		c := *n
		c.Items = nil
		for _, i := range n.Items {
			c.Items = append(c.Items, modernMetrics(i))
		}
		return &c
	case n.Kind != spec.Mapping:
		return n
	case n.Get("class_name") == nil:
		c := *n
		c.Pairs = nil
		for _, p := range n.Pairs {
			c.Pairs = append(c.Pairs, spec.Pair{Key: p.Key, Val: modernMetrics(p.Val)})
		}
		return &c
	case n.Get("class_name").Value != "MeanMetricWrapper":
		return n
	}
	name, fn := n.Get("config").Get("name"), n.Get("config").Get("fn")
	if fn == nil || fn.Kind != spec.String {
		return n
	}
	if name != nil && name.Kind == spec.String { // as it was given: "accuracy", "mae"
		if _, err := spec.ResolveString("metric", name.Value); err == nil {
			return name
		}
	}
	return fn
}

// modernise turns the model_config of a file of Keras 1 or 2 into what Keras 3
// would have written, where names and meanings changed.
func modernise(n *spec.Node, version string) *spec.Node {
	if strings.HasPrefix(version, "3.") {
		return n
	}
	if version == "" || strings.HasPrefix(version, "1.") || strings.HasPrefix(version, "0.") {
		n = fromKeras1(n)
	}
	return moderniseKeras2(n)
}

// moderniseKeras2 changes keys and values wherever they stand.
func moderniseKeras2(n *spec.Node) *spec.Node {
	if n == nil {
		return nil
	}
	c := *n
	c.Items, c.Pairs = nil, nil
	for _, i := range n.Items {
		c.Items = append(c.Items, moderniseKeras2(i))
	}
	for _, p := range n.Pairs {
		v := moderniseKeras2(p.Val)
		switch k := p.Key.Value; {
		case strings.HasSuffix(k, "activation") && v.Kind == spec.String && v.Value == "hard_sigmoid":
			v.Value = hardSigmoid2
		case k == "implementation" && v.Kind == spec.Int: // how it is computed, not what
			continue
		case k == "dtype" && v.Kind == spec.String && v.Value == "float":
			v.Value = "float32"
		case k == "batch_input_shape" && len(v.Items) > 0 && v.Items[0].Kind == spec.Int: // a fixed batch length only restricts
			v.Items[0] = &spec.Node{Kind: spec.Null, Pos: v.Items[0].Pos}
		}
		c.Pairs = append(c.Pairs, spec.Pair{Key: p.Key, Val: v})
	}
	return renamedClass(&c)
}

// renamedClass replaces a layer that Keras 3 no longer has by its equal, and an
// Embedding's type, which was that of its input.
func renamedClass(n *spec.Node) *spec.Node {
	class, config := n.Get("class_name"), n.Get("config")
	if class == nil || config == nil || config.Kind != spec.Mapping {
		return n
	}
	n = withValue(n, "config", withoutIdle(class.Value, config))
	config = n.Get("config")
	switch class.Value {
	case "ThresholdedReLU":
		if p := pairOf(config, "theta"); p != nil {
			p.Key = keyLike(p.Key, "threshold")
			return withValue(n, "class_name", keyLike(class, "ReLU"))
		}
	case "Embedding":
		if p := pairOf(config, "dtype"); p != nil && strings.HasPrefix(p.Val.Value, "int") {
			p.Val = keyLike(p.Val, "float32")
		}
	}
	return n
}

// idleKeras2 are arguments that Keras 2 writes though the class makes nothing of them.
var idleKeras2 = map[string][]string{
	"SeparableConv1D":    {"kernel_initializer", "kernel_regularizer", "kernel_constraint"},
	"SeparableConv2D":    {"kernel_initializer", "kernel_regularizer", "kernel_constraint"},
	"SpatialDropout1D":   {"noise_shape"},
	"SpatialDropout2D":   {"noise_shape"},
	"SpatialDropout3D":   {"noise_shape"},
	"MultiHeadAttention": {"query_shape", "key_shape", "value_shape"},
}

// withoutIdle returns a layer's config without arguments that decide nothing.
func withoutIdle(class string, config *spec.Node) *spec.Node {
	c := *config
	c.Pairs = slices.DeleteFunc(slices.Clone(config.Pairs), func(p spec.Pair) bool {
		switch k := p.Key.Value; k {
		case "rng_type": // of layers that are random
			return strings.HasPrefix(class, "Random")
		case "softmax_robust_masking":
			return class == "MultiHeadAttention" && p.Val.Kind == spec.Bool && !p.Val.Bool()
		default:
			return slices.Contains(idleKeras2[class], k)
		}
	})
	return &c
}

// pairOf returns the pair with a key in a mapping that the caller owns.
func pairOf(n *spec.Node, key string) *spec.Pair {
	for i := range n.Pairs {
		if n.Pairs[i].Key.Value == key {
			return &n.Pairs[i]
		}
	}
	return nil
}
