package experiment

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/kerasgo/kerasgo/engine/tensor"
	keras "github.com/kerasgo/kerasgo/kerasgo"
	"github.com/kerasgo/kerasgo/kerasgo/data"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
	"github.com/kerasgo/kerasgo/spec"
)

// lossName returns the snake-case name of a loss given as a string or a struct.
func lossName(v any) string {
	if s, ok := v.(string); ok {
		if obj, err := spec.ResolveString("loss", s); err == nil {
			v = obj
		} else {
			return s
		}
	}
	if c, ok := spec.ClassOf(v); ok {
		return spec.SnakeCase(c.Name)
	}
	return ""
}

// checkLoss compares the last layer with the labels and the loss.
func (e *Experiment) checkLoss(m *keras.Model, o data.Outline) spec.Errors {
	if e.Compile == nil || e.Compile.Loss == nil {
		return nil
	}
	var errs spec.Errors
	loss := lossName(e.Compile.Loss)
	pos := e.section("compile", "loss").Pos
	if head, args := spec.Head(e.section("compile", "loss")); head != nil {
		pos = head.Pos
		if n := args.Get("from_logits"); e.fromLogits() && lastActivation(e.Model) != "" {
			errs = append(errs, fail(n.Pos, CodeConflict, fmt.Sprintf("the model ends with %s, so its outputs are no logits", lastActivation(e.Model)),
				"remove the last activation, or from_logits: true"))
		}
	}
	out := m.OutputShapes()
	if len(out) != 1 || o.Y == nil {
		return errs
	}
	oneHot := len(o.Y) == 2 && o.Y[1] > 1
	errs = append(errs, e.checkMetrics(o.Y, oneHot)...)
	last := e.lastLayer()
	if len(out[0]) > 2 && len(o.Y) <= 2 && slices.Contains([]string{"categorical_crossentropy", "sparse_categorical_crossentropy", "binary_crossentropy"}, loss) {
		return append(errs, fail(last, spec.CodeShape, fmt.Sprintf("the model yields %v, the labels have shape %v", out[0], o.Y),
			"put Flatten, or a GlobalAveragePooling layer, before the last Dense"))
	}
	if len(out[0]) != 2 || out[0][1] == tensor.Unknown {
		return errs
	}
	width := out[0][1]
	if e.rawOutputs() && !e.fromLogits() {
		ending := map[string]string{"binary_crossentropy": "sigmoid", "categorical_crossentropy": "softmax", "sparse_categorical_crossentropy": "softmax"}[loss]
		if ending != "" {
			w := fail(last, CodeConflict, fmt.Sprintf("%s wants probabilities, and the last Dense has no activation", loss),
				fmt.Sprintf("add activation: %s, or write the loss with from_logits: true", ending))
			w.Warning = true
			errs = append(errs, w)
		}
	}
	switch {
	case loss == "categorical_crossentropy" && len(o.Y) == 1:
		errs = append(errs, fail(pos, CodeConflict, fmt.Sprintf("categorical_crossentropy wants labels of shape (None, %d), the data has class numbers %v", width, o.Y),
			"use sparse_categorical_crossentropy"+oneHotHint(e)))
	case loss == "binary_crossentropy" && len(o.Y) == 1 && width > 1:
		errs = append(errs, fail(pos, CodeConflict, fmt.Sprintf("binary_crossentropy wants labels of shape (None, %d), the data has class numbers %v", width, o.Y),
			"use sparse_categorical_crossentropy, or one output for two classes"))
	case loss == "sparse_categorical_crossentropy" && oneHot:
		errs = append(errs, fail(pos, CodeConflict, fmt.Sprintf("sparse_categorical_crossentropy wants class numbers, the data has labels of shape %v", o.Y),
			"use categorical_crossentropy, or data without one_hot"))
	case loss == "sparse_categorical_crossentropy" && o.Classes > width:
		errs = append(errs, fail(last, spec.CodeShape, fmt.Sprintf("the last layer has %d outputs, the data has %d classes", width, o.Classes)))
	case oneHot && o.Y[1] != width:
		errs = append(errs, fail(last, spec.CodeShape, fmt.Sprintf("the last layer has %d outputs, the labels have shape %v", width, o.Y)))
	}
	return errs
}

// checkMetrics finds metrics for labels of the other form.
func (e *Experiment) checkMetrics(y tensor.Shape, oneHot bool) spec.Errors {
	node := e.section("compile", "metrics")
	items := node.Items
	if node.Kind != spec.Sequence {
		items = []*spec.Node{node}
	}
	var errs spec.Errors
	for _, n := range items {
		head, _ := spec.Head(n)
		if head == nil {
			continue
		}
		name := lossName(head.Value)
		if c, ok := spec.Lookup("metric", head.Value); ok {
			name = spec.SnakeCase(c.Name)
		}
		switch base, sparse := strings.CutPrefix(name, "sparse_"); {
		case sparse && oneHot:
			errs = append(errs, fail(head.Pos, CodeConflict, fmt.Sprintf("%s wants class numbers, the data has labels of shape %v", head.Value, y), "use "+base))
		case (name == "categorical_accuracy" || name == "top_k_categorical_accuracy" || name == "categorical_crossentropy") && len(y) == 1:
			errs = append(errs, fail(head.Pos, CodeConflict, fmt.Sprintf("%s wants one-hot labels, the data has class numbers %v", head.Value, y), "use sparse_"+name))
		}
	}
	return errs
}

func oneHotHint(e *Experiment) string {
	if head, _ := spec.Head(e.section("data")); head != nil && hasArgument("data", head.Value, "one_hot") {
		return ", or one_hot: true in data"
	}
	return ""
}

// lastLayer is the place of the last layer that has weights, or of the model.
func (e *Experiment) lastLayer() spec.Pos {
	for _, l := range slices.Backward(e.Model.Layers) {
		if c, ok := spec.ClassOf(l.Value); ok {
			if f, ok := c.Field("units"); ok {
				head, args := spec.Head(l.Node)
				switch n := args.Get(f.Name); {
				case n != nil:
					return n.Pos
				case args != nil && args.Kind == spec.Int:
					return args.Pos
				}
				return head.Pos
			}
		}
	}
	return e.at("model")
}

// rawOutputs reports whether a Sequential ends with a Dense without an activation.
func (e *Experiment) rawOutputs() bool {
	if e.Model == nil || len(e.Model.Layers) == 0 {
		return false
	}
	l := e.Model.Layers[len(e.Model.Layers)-1]
	d, ok := l.Value.(layers.Dense)
	if !ok || l.Model != nil {
		return false
	}
	a, ok := spec.ClassOf(d.Activation)
	return d.Activation == nil || ok && a.Name == "linear"
}

// fromLogits reports whether the loss takes outputs that are no probabilities.
func (e *Experiment) fromLogits() bool {
	_, args := spec.Head(e.section("compile", "loss"))
	n := args.Get("from_logits")
	return n != nil && n.Bool()
}

// lastActivation returns softmax or sigmoid if a Sequential ends with one.
func lastActivation(m *Model) string {
	if m == nil || len(m.Layers) == 0 {
		return ""
	}
	l := m.Layers[len(m.Layers)-1]
	if l.Model != nil {
		return lastActivation(l.Model)
	}
	c, ok := spec.ClassOf(l.Value)
	if !ok {
		return ""
	}
	if c.Name == "Softmax" {
		return "softmax"
	}
	f, ok := c.Field("activation")
	if !ok {
		return ""
	}
	if a, ok := spec.ClassOf(reflect.Indirect(reflect.ValueOf(l.Value)).Field(f.Index).Interface()); ok {
		if n := spec.SnakeCase(a.Name); n == "softmax" || n == "sigmoid" {
			return n
		}
	}
	return ""
}
