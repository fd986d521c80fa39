package layers

import (
	"errors"
	"fmt"
	"slices"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/rng"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo/initializers"
	"github.com/kerasgo/kerasgo/spec"
)

// Normalization computes (x − mean) / max(√variance, 1e-7), or with Invert the
// opposite, mean + x·max(√variance, 1e-7).
//
// Input and output have one shape. There is a mean for every place along the axes in
// Axis; the other axes are those that Adapt takes it over. Mean and Variance are given,
// or learned by Adapt, and are then state weights: mean and variance of the lengths of
// Axis, and count, which is 0.
type Normalization struct {
	Axis     []int `keras:"axis,pos,default=-1"` // axes with means of their own; empty, not nil, for one mean of all, Python's None
	Mean     any   `keras:"mean"`                // a number, or a list with one for each place along Axis
	Variance any   `keras:"variance"`            // the same
	Invert   bool  `keras:"invert"`              // whether to undo the normalization

	learned *moments

	Name       string `keras:"name"`
	Trainable  *bool  `keras:"trainable,default=true"`
	DType      string `keras:"dtype"`
	InputShape []int  `keras:"input_shape,shape,noconfig"`
}

func init() { spec.Register[Normalization](module, spec.Ignored("activity_regularizer")) }

// moments are a mean and a variance of the lengths of the kept axes.
type moments struct {
	shape          tensor.Shape
	mean, variance []float64
}

// Completed checks the arguments.
func (d Normalization) Completed() (any, error) {
	if (d.Mean == nil) != (d.Variance == nil) {
		return nil, errors.New("mean and variance belong together: give both or none")
	}
	if d.Mean == nil {
		return d, nil
	}
	mean, err := nested(d.Mean)
	if err != nil {
		return nil, fmt.Errorf("mean %w", err)
	}
	variance, err := nested(d.Variance)
	if err != nil {
		return nil, fmt.Errorf("variance %w", err)
	}
	if !mean.Shape().Equal(variance.Shape()) {
		return nil, fmt.Errorf("mean has shape %v, variance %v", mean.Shape(), variance.Shape())
	}
	if n := mean.Shape().Rank(); n > len(d.Axis) {
		return nil, fmt.Errorf("mean has %d axes, axis names %d", n, len(d.Axis))
	}
	d.Mean, d.Variance = listOf(mean), listOf(variance)
	return d, nil
}

// kept returns the axes in Axis, counted from the front, ascending.
func (d Normalization) kept(s tensor.Shape) ([]int, error) {
	var list []int
	for _, a := range d.Axis {
		k, ok := s.Axis(a)
		if !ok {
			return nil, fmt.Errorf("axis %d is outside the input %v", a, shown(s))
		}
		list = append(list, k)
	}
	slices.Sort(list)
	if len(slices.Compact(slices.Clone(list))) != len(list) {
		return nil, fmt.Errorf("axis %v names an axis of %v twice", d.Axis, shown(s))
	}
	return list, nil
}

// Build declares mean, variance and count, unless mean and variance are given.
func (d Normalization) Build(b *Builder, in ...tensor.Shape) {
	s, ok := b.input(in, d.DType)
	if !ok {
		return
	}
	axes, err := d.kept(s)
	if err != nil {
		b.misfit("%v", err)
		return
	}
	shape := tensor.Shape{}
	for _, a := range axes {
		shape = append(shape, s[a])
	}
	if d.Mean != nil {
		if _, _, err := d.given(s); err != nil {
			b.misfit("%v", err)
		}
		return
	}
	mean, variance := any(initializers.Zeros{}), any(initializers.Ones{})
	if d.learned != nil {
		if !d.learned.shape.Equal(shape) {
			b.misfit("it was adapted to data with %v along axis %v, the input %v has %v", d.learned.shape, tupleOf(d.Axis), shown(s), shape)
			return
		}
		mean, variance = fixedValues{d.learned.mean}, fixedValues{d.learned.variance}
	}
	b.State("mean", shape, mean)
	b.State("variance", shape, variance)
	b.Counter("count")
}

// given returns the mean and variance that are arguments, shaped to broadcast.
func (d Normalization) given(s tensor.Shape) (mean, variance *tensor.Tensor, err error) {
	axes, err := d.kept(s)
	if err != nil {
		return nil, nil, err
	}
	m, err1 := nested(d.Mean)
	v, err2 := nested(d.Variance)
	if err := errors.Join(err1, err2); err != nil {
		return nil, nil, err
	}
	shape := make([]int, len(s))
	for i := range shape {
		shape[i] = 1
	}
	for i, n := range m.Shape() { // aligned at the end
		a := axes[len(axes)-m.Shape().Rank()+i]
		if n != s[a] && n != 1 {
			return nil, nil, fmt.Errorf("mean has length %d where the input %v has %d", n, shown(s), s[a])
		}
		shape[a] = n
	}
	return m.Reshape(shape...), v.Reshape(shape...), nil
}

// Call normalizes.
func (d Normalization) Call(c *Context, in ...graph.Value) graph.Value {
	x := in[0]
	if x.DType() == tensor.String {
		c.Errorf("wants numbers, got words")
		return x
	}
	if !x.DType().Float() {
		x = ops.Cast(x, c.env.DType)
	}
	var mean, deviation graph.Value
	if d.Mean != nil {
		m, v, err := d.given(x.Shape())
		if err != nil {
			return x // Build has reported it
		}
		mean, deviation = ops.Const(c.Graph(), m.Cast(x.DType())), ops.Const(c.Graph(), v.Cast(x.DType()))
	} else {
		axes, err := d.kept(x.Shape())
		if err != nil {
			return x
		}
		mean, deviation = spreadOver(c.Weight("mean"), x, axes), spreadOver(c.Weight("variance"), x, axes)
	}
	deviation = ops.Sqrt(deviation)
	deviation = ops.Maximum(deviation, ops.Scalar(deviation, 1e-7))
	if d.Invert {
		return ops.Add(mean, ops.Mul(x, deviation))
	}
	return ops.Div(ops.Sub(x, mean), deviation)
}

// spreadOver is spread for any axes, also none.
func spreadOver(w, x graph.Value, axes []int) graph.Value {
	if len(axes) == 0 {
		return ops.Cast(w, x.DType())
	}
	return ops.Cast(spread(w, x, axes...), x.DType())
}

// PassesMask keeps the mask.
func (Normalization) PassesMask() {}

// Adapted takes mean and variance over all but the kept axes.
func (d Normalization) Adapted(batches ...*tensor.Tensor) (Layer, error) {
	if d.Mean != nil {
		return nil, errors.New("it has the mean and variance that it was given; leave them out to adapt it")
	}
	var m *moments
	count := 0
	var sum, squares []float64
	for pass := range 2 { // the mean, then what is around it
		for _, b := range batches {
			if b.DType() == tensor.String {
				return nil, errors.New("wants numbers, got words")
			}
			axes, err := d.kept(b.Shape())
			if err != nil {
				return nil, err
			}
			shape := tensor.Shape{}
			for _, a := range axes {
				shape = append(shape, b.Shape()[a])
			}
			if m == nil {
				m = &moments{shape: shape}
				sum, squares = make([]float64, shape.Size()), make([]float64, shape.Size())
			}
			if !shape.Equal(m.shape) {
				return nil, fmt.Errorf("batches have different lengths along axis %v: %v and %v", tupleOf(d.Axis), m.shape, shape)
			}
			strides := b.Shape().Strides()
			for i := range b.Size() {
				at := 0
				for _, a := range axes {
					at = at*b.Shape()[a] + i/strides[a]%b.Shape()[a]
				}
				x := b.Float64At(i)
				if pass == 0 {
					sum[at] += x
					continue
				}
				squares[at] += (x - m.mean[at]) * (x - m.mean[at])
			}
			if pass == 0 && b.Size() > 0 {
				count += b.Size() / shape.Size()
			}
		}
		if count == 0 {
			return nil, errors.New("there are no numbers to adapt to")
		}
		if pass == 0 {
			m.mean = make([]float64, len(sum))
			for i, s := range sum {
				m.mean[i] = s / float64(count)
			}
		}
	}
	for _, s := range squares {
		m.variance = append(m.variance, s/float64(count))
	}
	d.learned = m
	return d, nil
}

// WithMoments returns the layer as if it had learned them from data.
func (d Normalization) WithMoments(mean, variance *tensor.Tensor) Layer {
	d.learned = &moments{mean.Shape(), mean.Cast(tensor.Float64).Float64s(), variance.Cast(tensor.Float64).Float64s()}
	return d
}

// Given reports whether it is an argument.
func (d Normalization) Given() bool { return d.Mean != nil }

// NeedsAdapt reports whether mean and variance are still 0 and 1.
func (d Normalization) NeedsAdapt() bool { return d.Mean == nil && d.learned == nil }

// fixedValues are a weight's starting value.
type fixedValues struct{ values []float64 }

// Initialize returns the values.
func (v fixedValues) Initialize(shape tensor.Shape, _ *rng.Stream) (*tensor.Tensor, error) {
	return tensor.From(v.values, shape...), nil
}

var (
	_ Adapter                  = Normalization{}
	_ spec.Completer           = Normalization{}
	_ initializers.Initializer = fixedValues{}
)
