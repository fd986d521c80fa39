package keras

import (
	"fmt"
	"reflect"
	"strings"
	"sync"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
	"github.com/kerasgo/kerasgo/kerasgo/optimizers"
)

var globalPolicy = struct {
	sync.RWMutex
	name string
}{name: "float32"}

// SetDTypePolicy sets the dtype policy of the layers that are made from now on and
// give no DType of their own: "float32" (the default), "float64", "mixed_bfloat16",
// "mixed_float16", "bfloat16" or "float16". Keras calls it
// keras.config.set_dtype_policy.
//
// Under "mixed_bfloat16" weights are float32 and every layer computes with its
// inputs and weights rounded to bfloat16, and rounds its outputs; normalizations
// compute with float32 weights. Losses and metrics are float32; give the last layer
// DType: "float32" for a softmax in float32, as in Keras. "mixed_float16" is the
// same in half precision, and Compile then scales the loss (LossScaleOptimizer).
// The engine keeps the short numbers as float32 and multiplies in float32 with
// float32 sums, so that a policy changes the numbers, not the memory.
func SetDTypePolicy(name string) error {
	if _, err := layers.ParsePolicy(name); err != nil {
		return fmt.Errorf("keras: SetDTypePolicy: %w", err)
	}
	globalPolicy.Lock()
	defer globalPolicy.Unlock()
	if globalPolicy.name = name; name == "" {
		globalPolicy.name = "float32"
	}
	return nil
}

// DTypePolicy returns the name of the policy that SetDTypePolicy has set.
func DTypePolicy() string {
	globalPolicy.RLock()
	defer globalPolicy.RUnlock()
	return globalPolicy.name
}

// setPolicy finds the layer's policy, its DType or the global one, which it then
// writes into the description, that of wrapped layers included.
func (l *Layer) setPolicy() (err error) {
	if _, ok := l.desc.(layers.Host); ok { // whose dtype is that of its output, and casts nothing
		l.policy, err = layers.ParsePolicy("float32")
		return err
	}
	name := dtypeOf(l.desc)
	if name == "" {
		if name = DTypePolicy(); name != "float32" {
			l.setField("DType", name)
		}
	}
	if l.policy, err = layers.ParsePolicy(name); err != nil {
		return err
	}
	return l.wrapPolicy()
}

// wrapPolicy gives the layers inside a wrapper its policy. They compute as one
// layer, so they cannot have another.
func (l *Layer) wrapPolicy() error {
	outer := reflect.Indirect(reflect.ValueOf(l.desc))
	if outer.Kind() != reflect.Struct {
		return nil
	}
	for i := range outer.NumField() {
		if !outer.Type().Field(i).IsExported() { // no argument: the layer's own business
			continue
		}
		if f := outer.Field(i); f.Kind() == reflect.Interface || f.Kind() == reflect.Slice && f.Type().Elem().Kind() == reflect.Interface {
			if err := l.wrapField(outer.Type().Field(i).Name, f); err != nil {
				return err
			}
		}
	}
	return nil
}

func (l *Layer) wrapField(name string, f reflect.Value) error {
	if f.Kind() == reflect.Interface {
		v, changed, err := l.wrapped(f)
		if changed {
			l.setField(name, v)
		}
		return err
	}
	list, any := reflect.MakeSlice(f.Type(), f.Len(), f.Len()), false
	for i := range f.Len() {
		v, changed, err := l.wrapped(f.Index(i))
		if err != nil {
			return err
		}
		list.Index(i).Set(f.Index(i))
		if changed {
			any = true
			list.Index(i).Set(reflect.ValueOf(v))
		}
	}
	if any {
		l.setField(name, list.Interface())
	}
	return nil
}

// wrapped returns a wrapped layer with the wrapper's policy; changed is false for
// what is no layer and for a layer that has it already.
func (l *Layer) wrapped(f reflect.Value) (v any, changed bool, err error) {
	inner, ok := f.Interface().(layers.Layer)
	if !ok {
		return nil, false, nil
	}
	part := &Layer{desc: inner, policy: l.policy}
	switch have := dtypeOf(inner); {
	case have == "" && l.policy.Name != "float32":
		part.setField("DType", l.policy.Name)
		changed = true
	case have == "":
	default:
		p, err := layers.ParsePolicy(have)
		if err != nil {
			return nil, false, err
		}
		if p != l.policy {
			return nil, false, fmt.Errorf("dtype: the layer inside has %q, the layer around it %q; give both the same", p.Name, l.policy.Name)
		}
	}
	before := part.desc
	if err := part.wrapPolicy(); err != nil {
		return nil, false, err
	}
	return part.desc, changed || !sameDescription(before, part.desc), nil
}

// sameDescription reports whether nothing was set in a description.
func sameDescription(a, b any) bool { return reflect.DeepEqual(a, b) }

// dtypeOf returns a description's DType.
func dtypeOf(v any) string {
	f := reflect.Indirect(reflect.ValueOf(v))
	if f.Kind() != reflect.Struct {
		return ""
	}
	if d := f.FieldByName("DType"); d.IsValid() && d.Kind() == reflect.String {
		return d.String()
	}
	return ""
}

// DTypePolicy returns the name of the layer's dtype policy; that of a model is the one under which
// it was made.
func (l *Layer) DTypePolicy() string {
	if l.model != nil {
		return l.model.policy
	}
	if l.policy.Name == "" {
		return "float32"
	}
	return l.policy.Name
}

// engineType is the type of the layer's arithmetic.
func (l *Layer) engineType() tensor.DType { return engineType(l.policy.Compute) }

// variableType is the type of the tensors that hold the layer's weights.
func (l *Layer) variableType() tensor.DType { return engineType(l.policy.Variable) }

func engineType(name string) tensor.DType {
	if name == "float64" {
		return tensor.Float64
	}
	return tensor.Float32
}

// dtypeName is what Keras calls the type of the symbol's elements: bfloat16 and
// float16 too, which the engine keeps as float32.
func (s *Symbol) dtypeName() string {
	if s.named != "" {
		return s.named
	}
	if s.call == nil || s.dtype != tensor.Float32 {
		return s.dtype.String()
	}
	l := s.call.layer
	if l.model != nil && l.model.impl == nil && s.index < len(l.model.outputs) {
		return l.model.outputs[s.index].dtypeName()
	}
	if l.inputLayer() || l.policy.Compute == "" {
		return s.dtype.String()
	}
	return l.policy.Compute
}

// isMixedFloat16 reports whether Compile scales the loss: for a model made under
// "mixed_float16", as in Keras, or one from a file that has such layers.
func (m *Model) isMixedFloat16() bool {
	if m.policy == "mixed_float16" {
		return true
	}
	return !m.sequential && m.usesPolicy(func(p layers.Policy) bool { return p.Name == "mixed_float16" })
}

// usesPolicy reports whether a layer has such a policy.
func (m *Model) usesPolicy(is func(layers.Policy) bool) bool {
	for _, l := range m.layers {
		if l.model != nil && l.model.usesPolicy(is) || l.model == nil && l.policy.Name != "" && is(l.policy) {
			return true
		}
	}
	return false
}

// scaleLoss multiplies the loss by the optimizer's scale, so that gradients survive
// in half precision. In float32 a fixed scale changes nothing and is left out.
func (m *Model) scaleLoss(in *optimizers.StepInput, loss graph.Value) graph.Value {
	for i, d := range m.compiled.slotDefs {
		if _, ok := m.compiled.optimizer.(optimizers.LossScaleOptimizer); ok && d.Name == optimizers.ScaleSlot {
			return ops.Mul(loss, in.Slot(i))
		}
	}
	scale := m.compiled.optimizer.Options().LossScale
	if scale == nil || !m.usesPolicy(func(p layers.Policy) bool { return p.Compute == "float16" }) {
		return loss
	}
	in.LossScaled = true
	return ops.MulScalar(loss, *scale)
}

// dtypes describes the layers' policies for Summary: empty where all are float32,
// else the most common one and, by name, the layers that have another.
func (m *Model) dtypes() string {
	var list []*Layer
	count, common := map[string]int{}, "float32"
	var walk func(m *Model)
	walk = func(m *Model) {
		for _, l := range m.layers {
			switch {
			case l.model != nil:
				walk(l.model)
			case !l.inputLayer() && !isOperation(l.desc):
				list = append(list, l)
				count[l.DTypePolicy()]++
			}
		}
	}
	walk(m)
	for _, l := range list {
		if p := l.DTypePolicy(); count[p] > count[common] {
			common = p
		}
	}
	if count["float32"] == len(list) {
		return ""
	}
	var others []string
	for _, l := range list {
		if p := l.DTypePolicy(); p != common {
			others = append(others, l.name+": "+p)
		}
	}
	if others == nil {
		return common
	}
	return common + " (" + strings.Join(others, ", ") + ")"
}
