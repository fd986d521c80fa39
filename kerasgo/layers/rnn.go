package layers

import (
	"errors"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// RNN calls a cell for one step after another: (output, state) = cell(x, state),
// where x is the step's input and the state is 0 at first.
//
// Input (batch, steps, …) and, optionally, the first state's arrays. Output (batch,
// size of the cell's output), or (batch, steps, size) with ReturnSequences, in the
// order in which steps are read; with ReturnState also the last state. A masked step
// changes neither state nor output; as in Keras, masks have no effect when a first
// state is given. Weights: those of the cell, under cell/.
type RNN struct {
	ReturnSequences     bool   `keras:"return_sequences"`                  // whether to return the outputs of all steps, not of the last only
	ReturnState         bool   `keras:"return_state"`                      // whether to return the last state too
	GoBackwards         bool   `keras:"go_backwards"`                      // whether to read the steps from the last to the first
	Stateful            bool   `keras:"stateful"`                          // whether a batch starts from the last state of the one before; see keras.Model.ResetStates
	Unroll              bool   `keras:"unroll"`                            // has no effect: it changes no result
	ZeroOutputForMask   bool   `keras:"zero_output_for_mask"`              // whether outputs of masked steps are 0, not the output before
	Cell                any    `keras:"cell,pos,required,kind=layer,many"` // a Cell, or a list of them, of which StackedRNNCells makes one
	ActivityRegularizer any    `keras:"activity_regularizer,kind=regularizer,omitdefault"`
	Name                string `keras:"name"`
	Trainable           *bool  `keras:"trainable,default=true"`
	DType               string `keras:"dtype"`
	InputShape          []int  `keras:"input_shape,shape,noconfig"`
}

func init() { spec.Register[RNN](module, spec.Ignored("time_major=false")) }

// Completed makes one cell of a list.
func (d RNN) Completed() (any, error) {
	switch cells := d.Cell.(type) {
	case []any:
		stacked, err := spec.Complete(StackedRNNCells{Cells: cells})
		if err != nil {
			return d, err
		}
		d.Cell = stacked
	case map[string]any:
		return d, errors.New("cell: a cell or a list of cells is wanted, not a mapping")
	}
	return d, nil
}

func (d RNN) recurrent() recurrent {
	cell, _ := d.Cell.(Cell) // build says when it is none
	return recurrent{cell, d.ReturnSequences, d.ReturnState, d.GoBackwards, d.Stateful, d.ZeroOutputForMask, d.DType}
}

func (d RNN) named() string { return d.Name }

func (d RNN) directed(name string, backwards bool) Layer {
	d.Name, d.GoBackwards, d.ZeroOutputForMask = name, backwards, d.ReturnSequences
	return d
}

// Build declares the cell's weights.
func (d RNN) Build(b *Builder, in ...tensor.Shape) {
	r := d.recurrent()
	if r.cell == nil {
		b.Errorf("cell: a %T is no cell of a recurrent layer", d.Cell)
		return
	}
	r.build(b, in)
}

// Call returns the output.
func (d RNN) Call(c *Context, in ...graph.Value) graph.Value { return d.CallMulti(c, in...)[0] }

// CallMulti returns the output and, with ReturnState, the last state.
func (d RNN) CallMulti(c *Context, in ...graph.Value) []graph.Value { return d.recurrent().call(c, in) }

// Mask keeps the mask of sequences.
func (d RNN) Mask(c *Context, in ...graph.Value) graph.Value { return d.recurrent().mask(c, in[0]) }

// TakesState says that inputs after the first are the first state.
func (RNN) TakesState() {}

var (
	_ StateTaker  = RNN{}
	_ sequencer   = RNN{}
	_ MultiOutput = RNN{}
	_ Masker      = RNN{}
)

// TakesMask lets a call have a mask of its own.
func (RNN) TakesMask() {}
