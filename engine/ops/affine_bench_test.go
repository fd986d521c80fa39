package ops_test

import (
	"testing"

	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

func BenchmarkAffineTransform(b *testing.B) {
	x, t, y := tensor.New(tensor.Float32, 128, 28, 28, 1), tensor.New(tensor.Float32, 128, 8), tensor.New(tensor.Float32, 128, 28, 28, 1)
	for i := range 128 {
		copy(t.Float32s()[8*i:], []float32{0.9, 0.1, 2, -0.1, 0.95, 1})
	}
	o := ops.AffineTransformOp{AffineOptions: ops.AffineOptions{FillMode: "reflect"}}
	for b.Loop() {
		o.Eval([]*tensor.Tensor{y}, []*tensor.Tensor{x, t})
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(x.Size()), "ns/pixel")
}
