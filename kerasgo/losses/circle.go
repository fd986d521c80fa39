package losses

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// Circle computes the circle loss of embeddings (Sun et al., 2020), which pulls those
// of one class together and pushes others apart. Targets are class numbers (n,) or
// (n, 1), predictions embeddings (n, d) of length 1. Embeddings without loss are left
// out of the mean.
type Circle struct {
	// name of the loss
	Name string `keras:"name,default=circle"`
	// how samples are combined
	Reduction string `keras:"reduction,default=sum_over_batch_size,none=none,enum=sum_over_batch_size|sum|mean|mean_with_sample_weight|none"`
	// scale of the similarities
	Gamma *float64 `keras:"gamma,default=80"`
	// how far apart classes should be
	Margin *float64 `keras:"margin,default=0.4"`
	// do not pair an embedding with itself
	RemoveDiagonal *bool `keras:"remove_diagonal,default=true"`
	// type computed in
	DType string `keras:"dtype,noconfig,enum=float32"`
}

func init() { spec.Register[Circle]("keras.losses") }

// Call computes the loss of each sample.
func (l Circle) Call(yTrue, yPred graph.Value) graph.Value {
	n := yPred.Shape()[0]
	if yPred.Shape().Rank() != 2 || yTrue.Shape().Size() != n {
		yPred.Graph().Errorf("%w: Circle wants targets (n,) and predictions (n, d), got %v and %v", graph.ErrShape, yTrue.Shape(), yPred.Shape())
		return yPred
	}
	gamma, margin := orElse(l.Gamma, 80), orElse(l.Margin, 0.4)
	dist := ops.MaximumScalar(oneMinus(ops.MatMulT(yPred, yPred, false, true)), 0)
	ids := ops.Reshape(ops.Cast(yTrue, yPred.DType()), n, 1)
	same := ops.Equal(ids, ops.Reshape(ids, 1, n))
	other := oneMinus(same)
	if l.RemoveDiagonal == nil || *l.RemoveDiagonal {
		eye := tensor.New(tensor.Float32, n, n)
		for i := range n {
			eye.SetFloat64At(i*n+i, 1)
		}
		same = ops.Mul(same, oneMinus(ops.Const(yPred.Graph(), eye)))
	}
	// total is the log of the sum over the pairs in a mask of exp(scale·weight·(delta-dist)).
	total := func(mask, weight graph.Value, scale, delta float64) graph.Value {
		x := ops.Mul(ops.MulScalar(ops.MaximumScalar(ops.Mul(weight, mask), 0), scale), ops.SubScalarFrom(delta, dist))
		const none = -1e30 // stands for -∞, which has no derivative
		return ops.LogSumExp(ops.Where(mask, x, ops.Scalar(x, none)), []int{1}, false)
	}
	near := total(same, ops.AddScalar(dist, margin), -gamma, margin)
	far := total(other, ops.SubScalarFrom(1+margin, dist), gamma, 1-margin)
	return ops.Softplus(ops.Add(near, far))
}

// Mask leaves out embeddings without loss.
func (l Circle) Mask(yTrue, yPred graph.Value) graph.Value {
	v := l.Call(yTrue, yPred)
	return ops.GreaterScalar(v, 0)
}

var _ Masker = Circle{}

var _ Loss = Circle{}
