package ops

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// BincountOp counts how often each of the numbers 0 to Length-1 occurs in its int32
// input of any shape; other numbers are not counted.
type BincountOp struct{ Length int }

// Infer wants int32; the result is int32 (Length).
func (o BincountOp) Infer(in []spec) ([]spec, error) {
	if err := wantInputs("Bincount", in, 1); err != nil {
		return nil, err
	}
	if in[0].DType != tensor.Int32 || o.Length < 1 {
		return nil, misfit("Bincount", "wants int32 and a positive length, got %v and %d", in[0], o.Length)
	}
	return one(tensor.Int32, shape{o.Length})
}

// Gradient is none.
func (BincountOp) Gradient(in, out, dout []value) []value { return make([]value, 1) }

// Eval counts.
func (o BincountOp) Eval(out, in []array) {
	counts := out[0].Int32s()
	clear(counts)
	for _, v := range in[0].Int32s() {
		if v >= 0 && int(v) < o.Length {
			counts[v]++
		}
	}
}

// Bincount counts how often each of the numbers 0 to length-1 occurs in x, int32 of
// any shape. The result is int32 (length).
func Bincount(x graph.Value, length int) graph.Value {
	return graph.Apply1(BincountOp{length}, x)
}

var _ graph.Op = BincountOp{}
