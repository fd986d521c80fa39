package keras

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/kerasgo/kerasgo/kerasgo/losses"
	"github.com/kerasgo/kerasgo/kerasgo/optimizers"
	"github.com/kerasgo/kerasgo/spec"
)

// Compile holds the arguments of Model.Compile. In every field a string stands for
// the object of that name with its defaults.
type Compile struct {
	// Optimizer is an optimizers value or a name; nil means "rmsprop", Keras's
	// default.
	Optimizer any `keras:"optimizer,kind=optimizer,default=rmsprop"`
	// Loss is a losses value, a name or, for models with several outputs, a []any
	// in their order or a map[string]any by output name; nil entries have no loss.
	Loss any `keras:"loss,kind=loss,many"`
	// LossWeights are factors of the outputs' losses: []float64 in their order or
	// map[string]float64 by output name; nil means 1 for all.
	LossWeights any `keras:"loss_weights"`
	// Metrics are metrics values or names; for several outputs a [][]any in their
	// order or a map[string][]any by output name. They ignore sample weights.
	Metrics any `keras:"metrics,kind=metric,many"`
	// WeightedMetrics are like Metrics, weighted by sample or class weights.
	WeightedMetrics any `keras:"weighted_metrics,kind=metric,many"`
	// RunEagerly may be true; models are always compiled, with the same results.
	RunEagerly bool `keras:"run_eagerly"`
	// StepsPerExecution may be any number; batches are always run one by one with
	// the same results.
	StepsPerExecution int `keras:"steps_per_execution,default=1,min=1"`
	// JitCompile may have any of Keras's values: models are always compiled.
	JitCompile any `keras:"jit_compile"`
	// AutoScaleLoss says whether a model under "mixed_float16" gets a
	// LossScaleOptimizer around its optimizer.
	AutoScaleLoss *bool `keras:"auto_scale_loss,default=true"`
}

// compiled is what Compile leaves in a model.
type compiled struct {
	Optimizer
	args      Compile
	given     optimizers.Optimizer // as Compile was given it, without the loss scaling that mixed_float16 adds
	losses    []any                // by output: losses.Loss, "crossentropy", or nil
	weights   []float64
	wanted    []wantedMetric
	metrics   []*boundMetric // once shapes are known
	resolved  bool
	means     []mean    // of the losses since the last reset; all runners of the model share them, as in Keras
	lossMeans []*Metric // in steps of one's own
}

// Compile prepares the model for training: it resolves names, checks arguments
// and returns the first mistake made by Add. What SetTrainable changed takes
// effect. Compiling again starts a fresh optimizer.
func (m *Model) Compile(c Compile) error {
	if m.err != nil {
		return m.err
	}
	where := "keras: Compile: "
	for _, f := range []*any{&c.Loss, &c.LossWeights, &c.Metrics, &c.WeightedMetrics} {
		*f = generic(*f)
	}
	full, err := spec.Complete(c)
	if err != nil {
		return fmt.Errorf("%s%w", where, err)
	}
	for _, f := range []*any{&c.Loss, &c.LossWeights, &c.Metrics, &c.WeightedMetrics} {
		*f = goValue(*f)
	}
	switch c.JitCompile {
	case nil, true, false, "auto":
	default:
		return fmt.Errorf("%sjit_compile must be true, false or \"auto\", got %v", where, c.JitCompile)
	}
	cp := &compiled{args: c}
	if cp.args.Optimizer == nil {
		cp.args.Optimizer = "rmsprop"
	}
	if cp.optimizer, err = optimizers.Get(full.Optimizer); err != nil {
		return fmt.Errorf("%s%w", where, err)
	}
	cp.given = cp.optimizer
	if _, scaled := cp.optimizer.(optimizers.LossScaleOptimizer); !scaled && *full.AutoScaleLoss && m.isMixedFloat16() {
		if cp.optimizer, err = optimizers.Get(optimizers.LossScaleOptimizer{InnerOptimizer: cp.optimizer}); err != nil {
			return fmt.Errorf("%s%w", where, err)
		}
	}
	if m.outputsKnown() || !perOutputs(c) { // else setInputs does it
		if err := m.resolveArguments(cp); err != nil {
			return fmt.Errorf("%s%w", where, err)
		}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.compiled = cp
	m.programs.clear()
	return nil
}

// resolveArguments resolves the losses and metrics of all outputs.
func (m *Model) resolveArguments(cp *compiled) error {
	cp.losses, cp.weights, cp.wanted = nil, nil, nil
	if err := m.resolveLosses(cp); err != nil {
		return err
	}
	for _, list := range []struct {
		arg      any
		name     string
		weighted bool
	}{{cp.args.Metrics, "metrics", false}, {cp.args.WeightedMetrics, "weighted_metrics", true}} {
		if err := m.resolveMetrics(cp, list.arg, list.name, list.weighted); err != nil {
			return err
		}
	}
	return nil
}

// outputsKnown reports whether the number of outputs is known: not before the user's code
// was called.
func (m *Model) outputsKnown() bool { return m.impl == nil || len(m.outputs) > 0 || !m.callable() }

// perOutputs reports whether an argument may have a part for each output.
func perOutputs(c Compile) bool {
	for _, v := range []any{c.Loss, c.LossWeights, c.Metrics, c.WeightedMetrics} {
		switch v := v.(type) {
		case []any:
			if !slices.ContainsFunc(v, func(x any) bool { _, nested := x.([]any); return nested }) && len(v) < 2 {
				continue
			}
			return true
		case map[string]any:
			return true
		}
	}
	return false
}

// generic turns lists and maps of any element type, and those of descriptions,
// into []any and map[string]any.
func generic(v any) any {
	switch v := v.(type) {
	case nil:
		return nil
	case *spec.Object:
		return generic(goValue(v))
	}
	switch r := reflect.ValueOf(v); {
	case r.Kind() == reflect.Slice:
		out := make([]any, r.Len())
		for i := range out {
			out[i] = generic(r.Index(i).Interface())
		}
		return out
	case r.Kind() == reflect.Map && r.Type().Key().Kind() == reflect.String:
		out := map[string]any{}
		for _, k := range r.MapKeys() {
			out[k.String()] = generic(r.MapIndex(k).Interface())
		}
		return out
	}
	return v
}

// outputNames returns the names that outputs have in logs: those of the layers
// that make them.
func (m *Model) outputNames() []string {
	var names []string
	if n, ok := m.Value().(OutputNamer); ok {
		return n.OutputNames()
	}
	if m.outputKeys != nil {
		return m.outputKeys
	}
	seen := map[string]int{}
	for _, s := range m.outputs {
		n := s.call.layer.name
		if k := seen[n]; k > 0 {
			n = fmt.Sprintf("%s_%d", n, k)
		}
		seen[s.call.layer.name]++
		names = append(names, n)
	}
	if names == nil { // a Sequential that is not built has one output
		names = []string{"output"}
	}
	return names
}

// perOutput spreads an argument over the outputs: a list in their order, a map by
// their names, or one value for a model with one output (for all, when shared).
func (m *Model) perOutput(arg any, what string, shared bool) ([]any, error) {
	names := m.outputNames()
	out := make([]any, len(names))
	switch v := arg.(type) {
	case nil:
	case map[string]any:
		for _, k := range slices.Sorted(maps.Keys(v)) {
			i := slices.Index(names, k)
			if i < 0 {
				return nil, fmt.Errorf("%s: there is no output %q; the outputs are %s", what, k, strings.Join(names, ", "))
			}
			out[i] = v[k]
		}
	case []any:
		if len(v) != len(names) {
			return nil, fmt.Errorf("%s: %d entries for %d outputs", what, len(v), len(names))
		}
		copy(out, v)
	default:
		if len(names) > 1 && !shared {
			return nil, fmt.Errorf("%s: one value for %d outputs; give a list or a map", what, len(names))
		}
		for i := range out {
			out[i] = arg
		}
	}
	return out, nil
}

func (m *Model) resolveLosses(cp *compiled) error {
	loss := cp.args.Loss
	if v, ok := loss.([]any); ok && len(v) > 0 && len(v) < len(m.outputNames()) { // as in Keras, the last outputs have none
		loss = append(slices.Clone(v), make([]any, len(m.outputNames())-len(v))...)
	}
	list, err := m.perOutput(loss, "loss", true)
	if err != nil {
		return err
	}
	for _, v := range list {
		switch s, _ := v.(string); {
		case v == nil:
		case s == "crossentropy" || s == "ce":
		default:
			if v, err = losses.Get(v); err != nil {
				return err
			}
		}
		cp.losses = append(cp.losses, v)
	}
	weights := cp.args.LossWeights
	if v, ok := weights.([]any); ok { // as many as there are losses, whose places they have
		given := 1
		switch l := cp.args.Loss.(type) {
		case []any:
			given = len(l)
		case map[string]any:
			given = len(l)
		}
		switch {
		case len(v) != given:
			return fmt.Errorf("loss_weights: %d weights for %d losses; give one for each loss", len(v), given)
		case given == 1 && len(list) > 1 && cp.args.Loss != nil:
			if _, ok := cp.args.Loss.([]any); !ok { // one loss for all outputs
				v = slices.Repeat(v, len(list))
			}
		}
		weights = append(slices.Clone(v), make([]any, len(list)-len(v))...)
	}
	ws, err := m.perOutput(weights, "loss_weights", false)
	if err != nil {
		return err
	}
	for _, v := range ws {
		switch x := v.(type) {
		case nil:
			cp.weights = append(cp.weights, 1)
		case float64:
			cp.weights = append(cp.weights, x)
		case int:
			cp.weights = append(cp.weights, float64(x))
		default:
			return fmt.Errorf("loss_weights: %v is no number", v)
		}
	}
	return nil
}
