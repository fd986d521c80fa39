package ops

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// WholeKind names a function of two whole numbers.
type WholeKind uint8

// The kinds of WholeOp.
const (
	WholeAnd   WholeKind = iota // the bits that both have
	WholeOr                     // the bits that one has
	WholeXor                    // the bits in which they differ
	WholeLeft                   // the first, shifted to the left by as many bits as the second says
	WholeRight                  // the same to the right; the sign is kept
	WholeGcd                    // the greatest common divisor, not negative; 0 if both are 0
)

// WholeOp applies a function to the elements of two arrays of int32 or int64 of one
// shape.
type WholeOp struct{ Kind WholeKind }

// Infer wants two integers of one type and shape.
func (o WholeOp) Infer(in []spec) ([]spec, error) {
	if err := wantInputs("Whole", in, 2); err != nil {
		return nil, err
	}
	if in[0].DType != tensor.Int32 && in[0].DType != tensor.Int64 || in[1].DType != in[0].DType || !in[0].Shape.Equal(in[1].Shape) {
		return nil, misfit("Whole", "wants two arrays of int32 or int64 of one shape, got %v and %v", in[0], in[1])
	}
	return in[:1], nil
}

// Gradient is none: whole numbers have no derivative.
func (WholeOp) Gradient(in, out, dout []value) []value { return make([]value, 2) }

// Eval goes element by element.
func (o WholeOp) Eval(out, in []array) {
	if out[0].DType() == tensor.Int32 {
		whole(o.Kind, out[0].Int32s(), in[0].Int32s(), in[1].Int32s())
	} else {
		whole(o.Kind, tensor.Data[int64](out[0]), tensor.Data[int64](in[0]), tensor.Data[int64](in[1]))
	}
}

func whole[T int32 | int64](kind WholeKind, z, x, y []T) {
	for i, a := range x {
		b := y[i]
		switch kind {
		case WholeAnd:
			z[i] = a & b
		case WholeOr:
			z[i] = a | b
		case WholeXor:
			z[i] = a ^ b
		case WholeLeft:
			z[i] = a << uint64(max(b, 0))
		case WholeRight:
			z[i] = a >> uint64(max(b, 0))
		case WholeGcd:
			a, b = max(a, -a), max(b, -b)
			for b != 0 {
				a, b = b, a%b
			}
			z[i] = a
		}
	}
}

// Whole applies a function of two whole numbers element by element, broadcast.
func Whole(kind WholeKind, a, b graph.Value) graph.Value {
	if broken(a) {
		return a
	}
	s, ok := tensor.Broadcast(a.Shape(), b.Shape())
	if !ok {
		return reject(a, "Whole", "shapes %v and %v do not fit", a.Shape(), b.Shape())
	}
	return graph.Apply1(WholeOp{kind}, BroadcastTo(a, s...), BroadcastTo(b, s...))
}

var _ graph.Op = WholeOp{}
