package keras

import (
	"fmt"
	"strings"

	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/io/kerasfile"
	"github.com/kerasgo/kerasgo/spec"
)

func loadLegacy(path string, o LoadOptions) (*Model, error) {
	l, err := kerasfile.OpenLegacy(path)
	if err != nil {
		return nil, err
	}
	n, errs := spec.Parse(path+":model_config", []byte(l.ModelConfig))
	if err := errs.Err(); err != nil {
		return nil, err
	}
	m, errs := decodeModel(modernise(n, l.KerasVersion))
	if err := errs.Err(); err != nil {
		return nil, err
	}
	have := 0
	for _, layer := range l.Layers {
		have += elements(layer.Weights)
	}
	if err := m.buildFilled(path, have); err != nil {
		return nil, err
	}
	if err := m.setLegacy(path, l, LoadWeightsOptions{}); err != nil {
		return nil, err
	}
	if o.NoCompile || l.TrainingConfig == "" {
		return m, nil
	}
	if err := m.compileLegacy(path, l); err != nil {
		o.warn("%s: %v", path, err)
	}
	return m, nil
}

// compileLegacy compiles the model as a training_config says and restores the
// optimizer.
func (m *Model) compileLegacy(path string, l *kerasfile.Legacy) error {
	n, errs := spec.Parse(path+":training_config", []byte(l.TrainingConfig))
	if err := errs.Err(); err != nil {
		return fmt.Errorf("the model is not compiled: %w", err)
	}
	if errs := m.decodeCompile(modernTraining(n)); len(errs) > 0 {
		return fmt.Errorf("the model is not compiled: %w", errs)
	}
	if len(l.Optimizer) == 0 {
		return nil
	}
	if err := m.setLegacyOptimizer(l.Optimizer, l.KerasVersion); err != nil {
		return fmt.Errorf("the optimizer starts afresh: %w", err)
	}
	return nil
}

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

// pairOf returns the pair with a key in a mapping that the caller owns.
func pairOf(n *spec.Node, key string) *spec.Pair {
	for i := range n.Pairs {
		if n.Pairs[i].Key.Value == key {
			return &n.Pairs[i]
		}
	}
	return nil
}

// modernWeights brings a layer's weights in an old file into the form of Keras 3.
func (l *Layer) modernWeights(w []kerasfile.Tensor, f *kerasfile.Legacy) ([]kerasfile.Tensor, error) {
	if strings.HasPrefix(f.KerasVersion, "3.") {
		return w, nil
	}
	vars := l.legacyOrder()
	var err error
	if len(w) != len(vars) {
		if w, err = mergeGates(l.class, w); err != nil {
			return nil, err
		}
	}
	if !strings.HasPrefix(l.class, "Conv") || len(w) == 0 || len(vars) == 0 {
		return w, nil
	}
	w = append([]kerasfile.Tensor{}, w...)
	w[0], err = modernKernel(w[0], vars[0].Shape(), f.Backend)
	return w, err
}

// mergeGates joins the arrays that Keras 1 kept for each gate of a recurrent layer.
func mergeGates(class string, w []kerasfile.Tensor) ([]kerasfile.Tensor, error) {
	if n := len(w) / 2; class == "Bidirectional" && len(w)%2 == 0 && (n == 12 || n == 9) { // the inner layer forwards and backwards
		inner := map[int]string{12: "LSTM", 9: "GRU"}[n]
		forward, err := mergeGates(inner, w[:n])
		if err != nil {
			return nil, err
		}
		backward, err := mergeGates(inner, w[n:])
		return append(forward, backward...), err
	}
	var order []int
	switch {
	case class == "LSTM" && len(w) == 12: // i c f o → i f c o
		order = []int{0, 2, 1, 3}
	case class == "GRU" && len(w) == 9: // z r h
		order = []int{0, 1, 2}
	default:
		return w, nil
	}
	var out []kerasfile.Tensor
	for part := range 3 { // W, U, b
		var gates []kerasfile.Tensor
		for _, g := range order {
			gates = append(gates, w[3*g+part])
		}
		t, err := joinLast(gates)
		if err != nil {
			return nil, err
		}
		out = append(out, t)
	}
	return out, nil
}

// joinLast concatenates arrays along their last axis.
func joinLast(list []kerasfile.Tensor) (kerasfile.Tensor, error) {
	shape := tensor.Shape(list[0].Shape).Clone()
	if len(shape) == 0 {
		return kerasfile.Tensor{}, fmt.Errorf("%s is a scalar", list[0].Name)
	}
	n := shape.Last()
	rows := 1
	for _, d := range shape[:len(shape)-1] {
		rows *= d
	}
	out := make([]float32, rows*n*len(list))
	for g, t := range list {
		if !tensor.Shape(t.Shape).Equal(shape) {
			return kerasfile.Tensor{}, fmt.Errorf("%s has shape %v, %s has %v", list[0].Name, shape, t.Name, tensor.Shape(t.Shape))
		}
		data, err := t.Float32s()
		if err != nil {
			return kerasfile.Tensor{}, err
		}
		for r := range rows {
			copy(out[(r*len(list)+g)*n:], data[r*n:(r+1)*n])
		}
	}
	shape[len(shape)-1] = n * len(list)
	return kerasfile.Float32s(list[0].Name, shape, out), nil
}

// modernKernel brings a convolution's kernel into the order (spatial…, in, out).
// Theano wrote (out, in, spatial…) and convolved with the kernel turned around.
func modernKernel(t kerasfile.Tensor, want tensor.Shape, backend string) (kerasfile.Tensor, error) {
	data, err := t.Float32s()
	if err != nil {
		return t, err
	}
	s := tensor.Shape(t.Shape)
	theano := backend == "theano"
	if len(want) == 3 && len(s) == 4 { // a 1-D kernel as an image of width 1
		switch {
		case s[0] == want[0] && s[1] == 1 && s[2] == want[1] && s[3] == want[2]:
			s = want.Clone()
		case s[0] == want[2] && s[1] == want[1] && s[2] == want[0] && s[3] == 1:
			s = tensor.Shape{s[0], s[1], s[2]}
		}
	}
	k := len(want) - 2
	first := tensor.Shape{}
	if k > 0 {
		first = append(tensor.Shape{want[k+1], want[k]}, want[:k]...)
	}
	if k > 0 && s.Equal(first) && (!s.Equal(want) || backend == "") {
		data, s = channelsLast(data, s), want.Clone()
		theano = theano || backend == ""
	}
	if theano && s.Equal(want) {
		data = turned(data, s[:k].Size(), s[k]*s[k+1])
	}
	return kerasfile.Float32s(t.Name, s, data), nil
}

// channelsLast moves (out, in, spatial…) to (spatial…, in, out).
func channelsLast(data []float32, s tensor.Shape) []float32 {
	nOut, nIn, area := s[0], s[1], s[2:].Size()
	out := make([]float32, len(data))
	for o := range nOut {
		for i := range nIn {
			for p := range area {
				out[(p*nIn+i)*nOut+o] = data[(o*nIn+i)*area+p]
			}
		}
	}
	return out
}

// turned reverses the order of n blocks.
func turned(data []float32, n, block int) []float32 {
	out := make([]float32, len(data))
	for i := range n {
		copy(out[(n-1-i)*block:], data[i*block:(i+1)*block])
	}
	return out
}
