package layers

import (
	"fmt"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// encode encodes class numbers (int32) as Keras's encode_categorical_inputs does:
//
//	int        the numbers themselves
//	one_hot    a row of depth for each: (…, n) → (…, n, depth), (…, 1) → (…, depth)
//	multi_hot  a row for each sample, with ones: (batch, n) → (batch, depth)
//	count      a row for each sample that counts: (batch, n) → (batch, depth)
//
// Numbers of depth and above are left out. With more than two axes, multi_hot and count
// go along axis 1, as in Keras.
func encode(ids graph.Value, mode string, depth int, dtype tensor.DType) graph.Value {
	return encodeWeighted(ids, graph.Value{}, mode, depth, dtype)
}

// encodeWeighted is encode whose counts add up the weights, if there are any.
func encodeWeighted(ids, weights graph.Value, mode string, depth int, dtype tensor.DType) graph.Value {
	s := ids.Shape()
	switch mode {
	case "int":
		return ids
	case "one_hot":
		if len(s) > 1 && s.Last() == 1 {
			ids = ops.Reshape(ids, s[:len(s)-1]...)
		}
		return ops.OneHot(ids, depth, dtype)
	}
	in := []graph.Value{ids}
	if weights.OK() {
		in = append(in, weights)
	}
	return ops.Call(bincount(mode == "count", depth, dtype), in...)
}

// bincount counts the numbers along an axis: the last one, or axis 1 of more than two.
func bincount(count bool, depth int, dtype tensor.DType) *ops.Func {
	return &ops.Func{Name: "encoding", Infer: func(in []graph.Spec) (graph.Spec, error) {
		s := in[0].Shape
		if len(in) > 1 && !in[1].Shape.Equal(s) {
			return graph.Spec{}, fmt.Errorf("count_weights have shape %v, the input %v", shown(in[1].Shape), shown(s))
		}
		if len(s) < 2 {
			return graph.Spec{DType: dtype, Shape: tensor.Shape{depth}}, nil
		}
		return graph.Spec{DType: dtype, Shape: append(append(tensor.Shape{s[0]}, s[2:]...), depth)}, nil
	}, Eval: func(out *tensor.Tensor, in []*tensor.Tensor) error {
		for i := range out.Size() {
			out.SetFloat64At(i, 0)
		}
		ids, s := in[0].Int32s(), in[0].Shape()
		n, inner := len(ids), 1 // ids: (outer, n, inner), out: (outer, inner, depth)
		if len(s) > 1 {
			n, inner = s[1], s[2:].Size()
		}
		for i, id := range ids {
			switch {
			case id < 0 && len(s) < 3:
				return fmt.Errorf("number %d is negative; classes are numbered from 0", id)
			case id < 0 || int(id) >= depth:
				continue
			}
			at := ((i/(n*inner))*inner+i%inner)*depth + int(id)
			switch {
			case !count:
				out.SetFloat64At(at, 1)
			case len(in) > 1:
				out.SetFloat64At(at, out.Float64At(at)+in[1].Float64At(i))
			default:
				out.SetFloat64At(at, out.Float64At(at)+1)
			}
		}
		return nil
	}}
}

// oneInput checks that a layer gets one input, of any number of axes.
func (b *Builder) oneInput(in []tensor.Shape) bool {
	if len(in) != 1 {
		b.misfit("wants 1 input, got %d", len(in))
		return false
	}
	return true
}
