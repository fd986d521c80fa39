package losses

import (
	"fmt"
	"reflect"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// Loss measures how far predictions are from targets.
type Loss interface {
	// Call returns the loss of each sample, not reduced: the last axis of the
	// predictions is reduced, as Keras's losses do. It sees a completed struct.
	Call(yTrue, yPred graph.Value) graph.Value
}

// Masker is a loss that leaves some of its values out of the mean, as ignored
// classes are.
type Masker interface {
	// Mask returns 1 for the values of Call that count and 0 for the others, or
	// the zero Value when all count.
	Mask(yTrue, yPred graph.Value) graph.Value
}

// The reductions that the losses' argument of that name takes.
const (
	SumOverBatchSize     = "sum_over_batch_size"     // sum divided by the number of values; the default
	MeanReduction        = "mean"                    // the same under another name
	MeanWithSampleWeight = "mean_with_sample_weight" // sum divided by the sum of the weights
	SumReduction         = "sum"
	None                 = "none" // no reduction; see Compute
)

// Reduction returns the reduction that the loss asks for: the value of its
// argument "reduction", or SumOverBatchSize when it has none.
func Reduction(l any) string {
	v := reflect.ValueOf(l)
	if v.Kind() == reflect.Pointer {
		v = v.Elem()
	}
	if v.Kind() == reflect.Struct {
		for _, f := range spec.Fields(v.Type()) {
			if f.Name == "reduction" && f.Type.Kind() == reflect.String {
				if s := v.Field(f.Index).String(); s != "" {
					return s
				}
			}
		}
	}
	return SumOverBatchSize
}

// Get returns the loss that v stands for: a Loss, completed when it is a
// registered class, a function as in Func, or the loss with the name v. The names "crossentropy" and
// "ce" need shapes; ResolveCrossentropy serves them.
func Get(v any) (Loss, error) {
	if s, ok := v.(string); ok {
		obj, err := spec.ResolveString("loss", s)
		if err != nil {
			return nil, err
		}
		if obj == v {
			return nil, fmt.Errorf("losses: %q is chosen by the shapes of the model's output", s)
		}
		v = obj
	} else if _, ok := spec.ClassOf(v); ok {
		obj, err := spec.CompleteAny(v)
		if err != nil {
			return nil, err
		}
		v = obj
	}
	switch l := v.(type) {
	case Loss:
		return l, nil
	case func(yTrue, yPred graph.Value) graph.Value:
		if l != nil {
			return Func(l), nil
		}
	}
	return nil, fmt.Errorf("losses: %T is no loss; wanted is a name, a value such as losses.Huber{} or a func(yTrue, yPred graph.Value) graph.Value", v)
}

func init() { spec.RegisterNames("loss", "crossentropy", "ce") }

// ResolveCrossentropy returns what the names "crossentropy" and "ce" stand for:
// binary for one output, sparse when the targets are class numbers, categorical
// otherwise. Shapes include the batch axis.
func ResolveCrossentropy(yTrue, yPred tensor.Shape) Loss {
	name := "categorical_crossentropy"
	switch {
	case yPred.Last() == 1:
		name = "binary_crossentropy"
	case yTrue.Rank() < yPred.Rank() || yTrue.Last() == 1:
		name = "sparse_categorical_crossentropy"
	}
	l, err := Get(name)
	if err != nil {
		panic(err) // the three are registered in this package
	}
	return l
}

// Compute returns the scalar that training minimises. weight and mask may be the
// zero Value. A weight has the shape of the per-sample values or a leading part
// of it: (n,) weighs samples, (n, t) steps. The mask has 1 for what counts; under
// the mean reductions the remaining values are scaled up by total/valid, so that
// masked ones drop out of the mean.
//
// With reduction "none" the result has the mean as its value and the sum as its
// derivative: what Keras reports and does on TensorFlow.
func Compute(l Loss, yTrue, yPred, weight, mask graph.Value) graph.Value {
	if yPred.Graph().Err() != nil {
		return yPred // shapes mean nothing any more
	}
	reduction := Reduction(l)
	values := l.Call(yTrue, yPred)
	if m, ok := l.(Masker); ok {
		if own := m.Mask(yTrue, yPred); own.OK() {
			if mask.OK() {
				own, mask = SameRank(own, ops.Cast(mask, own.DType()))
				own = ops.Mul(own, mask)
			}
			mask = own
		}
	}
	if mask.OK() {
		weight = applyMask(weight, ops.Cast(mask, values.DType()), reduction)
	}
	if weight.OK() {
		weight = ops.Cast(weight, values.DType())
		values, weight = SameRank(values, weight)
		weight = ExpandTo(weight, values.Shape())
		values = ops.Mul(values, weight)
	}
	return reduce(values, weight, reduction)
}

func reduce(values, weight graph.Value, reduction string) graph.Value {
	total := ops.Sum(values, nil, false)
	n := float64(max(values.Shape().Size(), 1))
	switch {
	case reduction == SumReduction, values.Shape().Rank() == 0: // one number, as of Dice: Keras does not divide it by its weight
		return total
	case reduction == None:
		mean := ops.DivScalar(total, n)
		return ops.Add(total, ops.StopGradient(ops.Sub(mean, total)))
	case reduction == MeanWithSampleWeight && weight.OK():
		return DivNoNaN(total, ops.Sum(weight, nil, false))
	}
	return ops.DivScalar(total, n)
}

// applyMask merges a mask into the weights.
func applyMask(weight, mask graph.Value, reduction string) graph.Value {
	if reduction == SumOverBatchSize || reduction == MeanReduction {
		total := ops.Scalar(mask, float64(mask.Shape().Size()))
		mask = ops.Mul(mask, DivNoNaN(total, ops.Sum(mask, nil, false)))
	}
	if !weight.OK() {
		return mask
	}
	mask, weight = SameRank(mask, ops.Cast(weight, mask.DType()))
	return ops.Mul(ExpandTo(weight, mask.Shape()), mask)
}

// DivNoNaN returns a/b, and 0 where b is 0, whatever a is.
func DivNoNaN(a, b graph.Value) graph.Value {
	zero := ops.Equal(b, ops.Scalar(b, 0)) // 1 where b is 0: divide by 1 there
	quotient := ops.Div(a, ops.Add(b, zero))
	return ops.Where(zero, ops.Scalar(quotient, 0), quotient)
}
