package layers

import (
	"errors"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// CategoryEncoding turns class numbers into rows of zeros and ones, or of counts.
//
// Input (…) of whole numbers in [0, NumTokens); output (…, NumTokens) for one_hot,
// where an input (…, 1) loses its last axis, and (batch, NumTokens) for multi_hot and
// count. A second input of the same shape, count_weights, is what count adds up instead
// of ones.
type CategoryEncoding struct {
	NumTokens  int    `keras:"num_tokens,pos,required,min=1"`                                     // number of classes
	OutputMode string `keras:"output_mode,default=multi_hot,enum=one_hot|multi_hot|count|binary"` // what is made of the numbers
	Name       string `keras:"name"`
	Trainable  *bool  `keras:"trainable,default=true"`
	DType      string `keras:"dtype"`
	InputShape []int  `keras:"input_shape,shape,noconfig"`
}

func init() {
	spec.Register[CategoryEncoding](module, spec.Ignored("activity_regularizer", "sparse=false"))
}

// Completed resolves older names.
func (d CategoryEncoding) Completed() (any, error) {
	d.OutputMode = modeName(d.OutputMode)
	return d, nil
}

// Arguments are the inputs by name.
func (CategoryEncoding) Arguments() []string { return []string{"inputs", "count_weights"} }

// BuiltByFirst says that count_weights do not count in build_config.
func (CategoryEncoding) BuiltByFirst() {}

// Build checks the inputs.
func (d CategoryEncoding) Build(b *Builder, in ...tensor.Shape) {
	switch {
	case len(in) == 0 || len(in) > 2:
		b.misfit("wants 1 input, and perhaps count_weights, got %d", len(in))
	case len(in) == 2 && d.OutputMode != "count":
		b.Errorf("%w", errors.New("count_weights are for output_mode count, which is "+d.OutputMode))
	case len(in) == 2 && !in[1].Equal(in[0]):
		b.misfit("count_weights have shape %v, the input %v", shown(in[1]), shown(in[0]))
	}
}

// Call encodes.
func (d CategoryEncoding) Call(c *Context, in ...graph.Value) graph.Value {
	if in[0].DType() == tensor.String {
		c.Errorf("wants class numbers, got words; StringLookup makes numbers of them")
		return in[0]
	}
	ids := ops.Cast(in[0], tensor.Int32)
	return encodeWeighted(ids, argument(in, 1), d.OutputMode, d.NumTokens, c.env.DType)
}

var _ spec.Completer = CategoryEncoding{}
