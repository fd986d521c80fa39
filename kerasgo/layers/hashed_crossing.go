package layers

import (
	"fmt"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/hash"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// HashedCrossing puts combinations of two or more features into bins: the hash of a
// sample's words and whole numbers together, as TensorFlow's cross_hashed computes it.
//
// Inputs, each (batch) or (batch, 1), of strings or whole numbers; output of their
// shape, int32, with output_mode int, or (batch, NumBins) float32 with one_hot.
type HashedCrossing struct {
	NumBins    int    `keras:"num_bins,pos,required,min=1,max=2147483647"` // number of bins
	OutputMode string `keras:"output_mode,default=int,enum=int|one_hot"`   // what is made of the bins
	Name       string `keras:"name"`
	Trainable  *bool  `keras:"trainable,default=true,noconfig"`
	DType      string `keras:"dtype"` // int64 or int32 with output_mode int, else a float type
	InputShape []int  `keras:"input_shape,shape,noconfig"`
}

func init() {
	spec.Register[HashedCrossing](module, spec.Ignored("activity_regularizer", "sparse=false"))
}

// Completed checks the dtype.
func (d HashedCrossing) Completed() (_ any, err error) {
	d.DType, err = codeType(d.DType, d.OutputMode)
	return d, err
}

// Build checks the inputs.
func (d HashedCrossing) Build(b *Builder, in ...tensor.Shape) {
	if len(in) < 2 {
		b.misfit("wants at least two inputs, got %d", len(in))
		return
	}
	for _, s := range in {
		switch {
		case len(s) > 2 || len(s) == 2 && s[1] != 1:
			b.misfit("wants inputs of shape (batch,) or (batch, 1), got %v", shown(s))
		case !s.Equal(in[0]):
			b.misfit("inputs have different shapes: %v and %v", shown(in[0]), shown(s))
		}
	}
}

// Call hashes and encodes.
func (d HashedCrossing) Call(c *Context, in ...graph.Value) graph.Value {
	for i, x := range in {
		if x.DType().Float() {
			c.Errorf("wants words or whole numbers, input %d is %v", i, x.DType())
			return in[0]
		}
	}
	bins := ops.Call(&ops.Func{Name: "HashedCrossing", Infer: codes, Eval: d.eval}, in...)
	return encode(bins, d.OutputMode, d.NumBins, tensor.Float32)
}

func (d HashedCrossing) eval(out *tensor.Tensor, in []*tensor.Tensor) error {
	sums := make([]uint64, out.Size())
	for i := range sums {
		sums[i] = hash.CrossKey
	}
	for _, x := range in {
		var err error
		if x.DType() == tensor.String {
			err = each(x, func(i int, s string) error { sums[i] = hash.Combine(sums[i], hash.Fingerprint64(s)); return nil })
		} else {
			err = each(x, func(i int, n int64) error { sums[i] = hash.Combine(sums[i], uint64(n)); return nil })
		}
		if err != nil {
			return fmt.Errorf("an input %w", err)
		}
	}
	for i, s := range sums {
		out.Int32s()[i] = int32(s % uint64(d.NumBins))
	}
	return nil
}

// OnHost says that the layer reads words and numbers of 64 bits.
func (HashedCrossing) OnHost() {}

// Cardinality is the number of codes that the layer can yield with output_mode int.
func (d HashedCrossing) Cardinality() int { return d.NumBins }

var (
	_ Host           = HashedCrossing{}
	_ spec.Completer = HashedCrossing{}
)
