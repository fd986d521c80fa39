package layers

import (
	"fmt"
	"slices"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// StackedRNNCells is a cell made of cells: in each step, one reads the output of
// the one before.
//
// Inputs (batch, in) and the states of all cells, one after another. Outputs that of
// the last cell and the new states. Weights: those of the cells, under
// cells/lstm_cell, cells/lstm_cell_1 and so on.
type StackedRNNCells struct {
	Cells               []any  `keras:"cells,pos,required,kind=layer"` // Cells, the first one reads the input
	ActivityRegularizer any    `keras:"activity_regularizer,kind=regularizer,omitdefault"`
	Name                string `keras:"name"`
	Trainable           *bool  `keras:"trainable,default=true"`
	DType               string `keras:"dtype"`
	InputShape          []int  `keras:"input_shape,shape,noconfig"`
}

func init() { spec.Register[StackedRNNCells](module) }

// Completed checks that the cells are cells.
func (d StackedRNNCells) Completed() (any, error) {
	_, err := d.cells()
	return d, err
}

// cells returns the cells; an error names one that is none.
func (d StackedRNNCells) cells() ([]Cell, error) {
	list := make([]Cell, len(d.Cells))
	for i, v := range d.Cells {
		c, ok := v.(Cell)
		if !ok {
			return nil, fmt.Errorf("cells[%d]: a %T is no cell of a recurrent layer", i, v)
		}
		list[i] = c
	}
	return list, nil
}

func (d StackedRNNCells) paths() []string { return childPaths("cells", d.Cells) }

// StateSize returns the lengths of all cells' states.
func (d StackedRNNCells) StateSize() []int {
	var sizes []int
	cells, _ := d.cells() // checked by Completed
	for _, c := range cells {
		sizes = append(sizes, c.StateSize()...)
	}
	return sizes
}

// OutputSize returns the length of the last cell's output.
func (d StackedRNNCells) OutputSize() int {
	cells, err := d.cells()
	if err != nil || len(cells) == 0 {
		return 0
	}
	return outputSize(cells[len(cells)-1])
}

// Build builds the cells.
func (d StackedRNNCells) Build(b *Builder, in ...tensor.Shape) {
	cells, _ := d.cells()
	s, ok := b.cellInput(d, in, d.DType)
	if !ok {
		return
	}
	for i, path := range d.paths() {
		b.child(path, cells[i], s)
		s = tensor.Shape{s[0], outputSize(cells[i])}
	}
}

// Call returns the last cell's output.
func (d StackedRNNCells) Call(c *Context, in ...graph.Value) graph.Value {
	return d.CallMulti(c, in...)[0]
}

// CallMulti returns the last cell's output and the new states.
func (d StackedRNNCells) CallMulti(c *Context, in ...graph.Value) []graph.Value {
	cells, _ := d.cells()
	x, states := in[0], in[1:]
	var next []graph.Value
	for i, path := range d.paths() {
		n := len(cells[i].StateSize())
		out := c.childMulti(path, cells[i], append([]graph.Value{x}, states[:n]...)...)
		x, states = out[0], states[n:]
		next = append(next, out[1:]...)
	}
	return slices.Insert(next, 0, x)
}

var (
	_ Cell           = StackedRNNCells{}
	_ spec.Completer = StackedRNNCells{}
)
