package layers

import (
	"errors"
	"fmt"
	"slices"
	"sort"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// Discretization turns numbers into those of the ranges that they lie in: bin i holds
// BinBoundaries[i-1] ≤ x < BinBoundaries[i].
//
// Input (…); output (…) int32 with output_mode int, else float32 with one more bin than
// there are boundaries: (…, bins) for one_hot, where an input (…, 1) loses its last
// axis, and (batch, bins) for multi_hot and count.
//
// The boundaries are given, or learned by Adapt, which puts about as many numbers of
// the data into each of NumBins bins: Keras's algorithm, which keeps a summary with an
// error of about Epsilon. A layer that was adapted has both.
type Discretization struct {
	BinBoundaries []float64 `keras:"bin_boundaries,pos"`                                       // ascending
	NumBins       *int      `keras:"num_bins,min=0"`                                           // how many bins Adapt makes
	Epsilon       *float64  `keras:"epsilon,default=0.01,min=0"`                               // error of Adapt's quantiles
	OutputMode    string    `keras:"output_mode,default=int,enum=int|one_hot|multi_hot|count"` // what is made of the bins
	Name          string    `keras:"name"`
	Trainable     *bool     `keras:"trainable,default=true,noconfig"`
	DType         string    `keras:"dtype"`
	InputShape    []int     `keras:"input_shape,shape,noconfig"`
}

func init() { spec.Register[Discretization](module, spec.Ignored("sparse=false")) }

// Completed checks the boundaries.
func (d Discretization) Completed() (any, error) {
	switch {
	case d.BinBoundaries == nil && d.NumBins == nil:
		return nil, errors.New("give num_bins, to be adapted, or bin_boundaries")
	case !slices.IsSorted(d.BinBoundaries):
		return nil, fmt.Errorf("bin_boundaries %v are not ascending", d.BinBoundaries)
	case *d.Epsilon == 0:
		return nil, errors.New("epsilon must be above 0")
	}
	return d, nil
}

// Build checks the input.
func (d Discretization) Build(b *Builder, in ...tensor.Shape) { b.input(in, d.DType) }

// Call finds the bins and encodes them.
func (d Discretization) Call(c *Context, in ...graph.Value) graph.Value {
	if in[0].DType() == tensor.String {
		c.Errorf("wants numbers, got words")
		return in[0]
	}
	bins := ops.Call(&ops.Func{Name: "Discretization", Infer: codes, Eval: d.eval}, in[0])
	return encode(bins, d.OutputMode, d.Cardinality(), c.env.DType)
}

// Cardinality is the number of bins.
func (d Discretization) Cardinality() int {
	if d.BinBoundaries == nil {
		return *d.NumBins
	}
	return len(d.BinBoundaries) + 1
}

func (d Discretization) eval(out *tensor.Tensor, in []*tensor.Tensor) error {
	if d.BinBoundaries == nil {
		return errors.New("it has no boundaries; give it bin_boundaries, or adapt it to data first")
	}
	bounds := make([]float64, len(d.BinBoundaries))
	for i, b := range d.BinBoundaries {
		bounds[i] = float64(float32(b)) // as TensorFlow keeps them
	}
	for i := range in[0].Size() {
		x := in[0].Float64At(i)
		out.Int32s()[i] = int32(sort.Search(len(bounds), func(k int) bool { return x < bounds[k] }))
	}
	return nil
}

// Adapted learns the boundaries.
func (d Discretization) Adapted(batches ...*tensor.Tensor) (Layer, error) {
	if d.NumBins == nil {
		return nil, errors.New("it has the bin_boundaries that it was given; give num_bins instead to adapt it")
	}
	if *d.NumBins == 0 {
		return nil, errors.New("num_bins is 0; there is nothing to learn")
	}
	s := summary{}
	for _, b := range batches {
		if b.DType() == tensor.String {
			return nil, errors.New("wants numbers, got words")
		}
		s = summarize(slices.Clone(b.Cast(tensor.Float32).Float32s()), *d.Epsilon).merge(s, *d.Epsilon)
	}
	if len(s.values) == 0 {
		return nil, errors.New("there are no numbers to adapt to")
	}
	d.BinBoundaries = s.boundaries(*d.NumBins)
	return d, nil
}

// Given reports whether it is an argument.
func (d Discretization) Given() bool { return d.NumBins == nil }

// NeedsAdapt reports whether there are no boundaries.
func (d Discretization) NeedsAdapt() bool { return d.BinBoundaries == nil }

var (
	_ Adapter        = Discretization{}
	_ spec.Completer = Discretization{}
)
