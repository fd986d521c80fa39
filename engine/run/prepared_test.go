package run

import (
	"errors"
	"testing"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// doubler prepares twice its variable and then adds the input; with assigns it
// counts the variable up after that.
func doubler(assigns bool, prepare func()) *Program {
	spec := graph.Spec{Shape: graph.Shape{1}}
	p := &Program{Inputs: []string{"x"}, Outputs: []int{3}, Prepared: 1, Assigns: assigns, ArenaSize: 128, Buffers: []Buffer{
		{Place: Input, Spec: spec}, {Place: Variable, Spec: spec}, {Spec: spec}, {Offset: 64, Spec: spec},
	}}
	p.Phases = [][]Step{
		{{Name: "Prepare", Chunks: 1, Run: func(f *Frame, _ int, _ []float32) {
			prepare()
			f.F32[2][0] = 2 * f.F32[1][0]
		}}},
		{{Name: "Add", Chunks: 1, Run: func(f *Frame, _ int, _ []float32) {
			f.F32[3][0] = f.F32[2][0] + f.F32[0][0]
			if assigns {
				f.F32[1][0]++
			}
		}}},
	}
	p.Finish()
	return p
}

// TestPrepared: the prepared phases run once, and again after a change of variables
// or a failure; not after what the Program itself assigns.
func TestPrepared(t *testing.T) {
	for _, workers := range []int{1, 3} {
		pool := NewPool(workers)
		v := tensor.From([]float32{5}, 1)
		prepared, broken := 0, false
		frame := func(p *Program) *Frame {
			f, err := p.NewFrame([]*tensor.Tensor{v}, workers)
			if err != nil {
				t.Fatal(err)
			}
			if err := f.SetInput(0, tensor.From([]float32{1}, 1)); err != nil {
				t.Fatal(err)
			}
			return f
		}
		f := frame(doubler(false, func() {
			prepared++
			if broken {
				panic(errors.New("broken"))
			}
		}))
		check := func(what string, f *Frame, times int, value float32) {
			t.Helper()
			if err := pool.Run(f); err != nil {
				t.Fatal(err)
			}
			if got := f.Output(0).Float32s()[0]; prepared != times || got != value {
				t.Errorf("%s: prepared %d times, want %d; value %v, want %v", what, prepared, times, got, value)
			}
		}
		check("first run", f, 1, 11)
		check("second run", f, 1, 11)
		v.Float32s()[0] = 7
		VariablesChanged()
		check("after a change", f, 2, 15)
		check("later", f, 2, 15)

		writes := 0
		other := frame(doubler(true, func() { writes++ }))
		for range 3 {
			if err := pool.Run(other); err != nil {
				t.Fatal(err)
			}
		}
		if writes != 1 {
			t.Errorf("a Program that assigns prepares %d times for itself", writes)
		}
		check("after another Program's assign", f, 3, 21)

		VariablesChanged()
		broken = true
		if err := pool.Run(f); err == nil {
			t.Error("no error")
		}
		broken = false
		check("after a failure", f, 5, 21)
		pool.Close()
	}
}
