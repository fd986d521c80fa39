package metrics

import (
	"errors"
	"fmt"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// State is one variable that a metric keeps between batches. It is float32.
type State struct {
	Name  string
	Shape tensor.Shape
	Init  float64 // value at the start of every epoch and evaluation
}

// Metric measures predictions over many batches. Its methods see a completed
// struct.
type Metric interface {
	// State lists the variables, given the shapes of targets and predictions.
	State(yTrue, yPred tensor.Shape) []State
	// Update changes the state by one batch. weight has one value per sample or per
	// step, or is the zero Value.
	Update(c *Context, yTrue, yPred, weight graph.Value)
	// Result computes the metric from its state: a scalar, or a vector for metrics
	// of several thresholds or classes.
	Result(c *Context) graph.Value
}

// Directed is a metric that is known to improve as it rises or as it falls.
type Directed interface{ Maximize() bool }

// Maximized is embedded by metrics whose larger values are better.
type Maximized struct{}

// Maximize returns true.
func (Maximized) Maximize() bool { return true }

// Minimized is embedded by metrics whose smaller values are better.
type Minimized struct{}

// Maximize returns false.
func (Minimized) Maximize() bool { return false }

// Direction reports whether larger values of the metric are better, if that is
// known. Callbacks in mode "auto" ask it.
func Direction(m any) (maximize, known bool) {
	d, known := m.(Directed)
	return known && d.Maximize(), known
}

// Get returns the metric that v stands for: a Metric, completed when it is a
// registered class, a function (see MeanMetricWrapper), or the metric with the name v. The names "accuracy", "acc",
// "crossentropy" and "ce" need shapes; ResolveAccuracy and ResolveCrossentropy
// serve them.
func Get(v any) (Metric, error) {
	if s, ok := v.(string); ok {
		obj, err := spec.ResolveString("metric", s)
		if err != nil {
			return nil, err
		}
		if obj == v {
			return nil, fmt.Errorf("metrics: %q is chosen by the shapes of the model's output", s)
		}
		v = obj
	} else if _, ok := spec.ClassOf(v); ok {
		obj, err := spec.CompleteAny(v)
		if err != nil {
			return nil, err
		}
		v = obj
	}
	switch m := v.(type) {
	case MeanMetricWrapper:
		switch {
		case m.Fn == nil:
			return nil, errors.New("metrics: MeanMetricWrapper: Fn is missing")
		case m.Name == "":
			m.Name = nameOf(m.Fn)
		}
		return m, nil
	case Metric:
		return m, nil
	case func(yTrue, yPred graph.Value) graph.Value:
		return Get(MeanMetricWrapper{Fn: m})
	}
	return nil, fmt.Errorf("metrics: %T is no metric; wanted is a name, a value such as metrics.AUC{} or a func(yTrue, yPred graph.Value) graph.Value", v)
}

func init() { spec.RegisterNames("metric", "accuracy", "acc", "crossentropy", "ce") }

// ResolveAccuracy returns what the names "accuracy" and "acc" stand for:
// BinaryAccuracy for one output, SparseCategoricalAccuracy when the targets are
// class numbers, CategoricalAccuracy otherwise. Shapes include the batch axis.
func ResolveAccuracy(yTrue, yPred tensor.Shape) Metric {
	return mustGet(chosen(yTrue, yPred, "binary_accuracy", "sparse_categorical_accuracy", "categorical_accuracy"))
}

// ResolveCrossentropy is ResolveAccuracy for the names "crossentropy" and "ce".
func ResolveCrossentropy(yTrue, yPred tensor.Shape) Metric {
	return mustGet(chosen(yTrue, yPred, "binary_crossentropy", "sparse_categorical_crossentropy", "categorical_crossentropy"))
}

func chosen(yTrue, yPred tensor.Shape, binary, sparse, categorical string) string {
	switch {
	case yPred.Last() == 1:
		return binary
	case yTrue.Rank() < yPred.Rank() || yTrue.Last() == 1:
		return sparse
	}
	return categorical
}

func mustGet(name string) Metric {
	m, err := Get(name)
	if err != nil {
		panic(err) // only called with names registered in this package
	}
	return m
}
