package ops

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// CastOp converts to another number type; floats are truncated toward zero.
type CastOp struct{ DType tensor.DType }

// Infer keeps the shape. Any number type may be read, truth values among them;
// results are float32, float64, int32, int64 or uint8.
func (o CastOp) Infer(in []spec) ([]spec, error) {
	if err := wantInputs("Cast", in, 1); err != nil {
		return nil, err
	}
	if in[0].DType == tensor.String || o.DType == tensor.String || o.DType == tensor.Bool {
		return nil, misfit("Cast", "cannot turn %v into %v", in[0], o.DType)
	}
	return one(o.DType, in[0].Shape)
}

// Gradient converts back; integers have none.
func (o CastOp) Gradient(in, out, dout []value) []value {
	if !in[0].DType().Float() || !o.DType.Float() {
		return make([]value, 1)
	}
	return []value{Cast(dout[0], in[0].DType())}
}

// Eval converts each element.
func (o CastOp) Eval(out, in []array) { out[0].CopyFrom(in[0].Cast(o.DType)) }

// Cast converts x to another number type, or returns x when it has that type.
func Cast(x graph.Value, dtype tensor.DType) graph.Value {
	if x.DType() == dtype {
		return x
	}
	return graph.Apply1(CastOp{dtype}, x)
}

var _ graph.Op = CastOp{}
