package plan_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/kernel"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/plan"
)

// block is a fused convolution with a loss and its gradients.
func block(b *bench, padding string, shape, kernel []int, relu, pool, inputGrad bool) []value {
	x, w, c := b.variable(shape...), b.variable(kernel...), b.variable(kernel[3])
	y := ops.Add(ops.Conv2D(x, w, ops.ConvOptions{Padding: padding}), c)
	if relu {
		y = ops.Relu(y)
	}
	if pool {
		y = ops.MaxPool2D(y, ops.PoolOptions{Size: [2]int{2, 2}})
	}
	loss := ops.Mean(ops.Mul(y, ops.Sin(y)), nil, false)
	var want []value
	b.g, want = plan.Fuse(b.g, []value{loss, y})
	vars := []value{b.g.Variable(1, w.Spec()), b.g.Variable(2, c.Spec())}
	if inputGrad {
		vars = append(vars, b.g.Variable(0, x.Spec()))
	}
	return append(want, graph.Gradients(want[0], vars)...)
}

// steps tells the names of a program's kernel calls.
func steps(t *testing.T, b *bench, want []value) string {
	t.Helper()
	p, err := plan.Compile(b.g, want)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, phase := range p.Phases {
		for _, s := range phase {
			names = append(names, s.Name)
			for _, part := range s.Parts {
				names = append(names, part.Name)
			}
		}
	}
	return strings.Join(names, ", ")
}

// TestConvolutionsByGeometry compares Winograd's algorithm and the gradients behind
// max-pooling with the ops' own loops, for 1, 2, 3 and 8 threads, on every
// instruction set, and with direct convolutions.
func TestConvolutionsByGeometry(t *testing.T) {
	for _, row := range []struct {
		name          string
		padding       string
		shape, kernel []int
		input         bool
		forward, grad string // what the steps are called
	}{
		{"notebook 1", "valid", []int{9, 12, 12, 1}, []int{5, 5, 1, 32}, false, "ConvBlockOp", "ConvBlockGradOp (sparse)"},
		{"notebook 2", "valid", []int{9, 12, 12, 32}, []int{5, 5, 32, 64}, true, "ConvBlockOp (Winograd)", "ConvBlockGradOp (sparse)"},
		{"same 3x3", "same", []int{33, 9, 11, 16}, []int{3, 3, 16, 16}, true, "ConvBlockOp (Winograd)", "ConvBlockGradOp (sparse)"},
		{"no input gradient", "same", []int{9, 15, 12, 16}, []int{3, 3, 16, 32}, false, "ConvBlockOp (Winograd)", "ConvBlockGradOp (sparse)"},
		{"colours", "same", []int{9, 9, 11, 3}, []int{3, 3, 3, 16}, false, "ConvBlockOp", "ConvBlockGradOp (sparse)"},
		{"colours, input gradient", "same", []int{9, 9, 11, 3}, []int{3, 3, 3, 16}, true, "ConvBlockOp", "ConvBlockGradOp"},
		{"odd channels", "same", []int{9, 9, 11, 12}, []int{3, 3, 12, 20}, true, "ConvBlockOp", "ConvBlockGradOp"},
		{"one image, weights that stay", "same", []int{1, 15, 14, 20}, []int{3, 3, 20, 20}, true, "ConvBlockOp (Winograd)", "ConvBlockGradOp (Winograd)"},
	} {
		isas := kernel.ISAs()
		if testing.Short() { // the one that is in use; .ci/run uses all, one after the other
			isas = []string{kernel.ISA()}
		}
		for _, isa := range isas {
			restore, err := kernel.Use(isa)
			if err != nil {
				t.Fatal(err)
			}
			for _, relu := range []bool{true, false} {
				t.Run(fmt.Sprintf("%s/%s/relu=%v", row.name, isa, relu), func(t *testing.T) {
					b := newBench()
					want := block(b, row.padding, row.shape, row.kernel, relu, true, row.input)
					names := ", " + steps(t, b, want) + ", "
					for _, name := range []string{row.forward, row.grad} {
						if !strings.Contains(names, ", "+name+", ") {
							t.Errorf("no step %s: %s", name, names)
						}
					}
					b.check(t, 2e-5, want...)
					chosen, _ := b.execute(t, want, 1, 1)
					t.Setenv("KERASGO_CONV", "direct")
					if names := steps(t, b, want); strings.Contains(names, "(sparse)") || strings.Contains(names, "(Winograd)") {
						t.Errorf("steps with direct convolutions: %s", names)
					}
					direct, _ := b.execute(t, want, 1, 1)
					for i := range direct {
						compare(t, fmt.Sprintf("value %d", i), chosen[i], direct[i], 2e-5)
					}
				})
			}
			restore()
		}
	}
}

// TestWinogradWithoutPooling: convolutions with bias and relu, with bias, alone.
func TestWinogradWithoutPooling(t *testing.T) {
	for _, relu := range []bool{true, false} {
		b := newBench()
		want := block(b, "same", []int{17, 10, 11, 16}, []int{3, 3, 16, 24}, relu, false, true)
		if names := steps(t, b, want); !strings.Contains(names, "ConvBlockOp (Winograd)") {
			t.Errorf("steps: %s", names)
		}
		b.check(t, 2e-5, want...)
	}
	b := newBench()
	y := ops.Conv2D(b.variable(17, 10, 11, 16), b.variable(5, 5, 16, 24), ops.ConvOptions{})
	if names := steps(t, b, []value{y}); !strings.Contains(names, "Conv2DOp (Winograd)") {
		t.Errorf("steps: %s", names)
	}
	b.check(t, 2e-5, y)
}

// TestSparseGradientNotFinite: a NaN in the gradient reaches the weights and the
// bias of its channel and no other.
func TestSparseGradientNotFinite(t *testing.T) {
	b := newBench()
	x, w, c := b.variable(3, 8, 8, 16), b.variable(3, 3, 16, 16), b.variable(16)
	scale := b.variable(16)
	b.feeds.Variables[3].Float32s()[5] = float32(math.NaN())
	y := ops.MaxPool2D(ops.Add(ops.Conv2D(x, w, ops.ConvOptions{}), c), ops.PoolOptions{Size: [2]int{2, 2}})
	loss := ops.Sum(ops.Mul(y, scale), nil, false)
	var want []value
	b.g, want = plan.Fuse(b.g, []value{loss})
	want = append(want, graph.Gradients(want[0], []value{b.g.Variable(1, w.Spec()), b.g.Variable(2, c.Spec())})...)
	if names := steps(t, b, want); !strings.Contains(names, "ConvBlockGradOp (sparse)") {
		t.Errorf("steps: %s", names)
	}
	out, _ := b.execute(t, want, 2, 1)
	for _, g := range out[1:] {
		for i, v := range g.Float32s() {
			if math.IsNaN(float64(v)) != (i%16 == 5) {
				t.Fatalf("gradient %v[%d] = %v", g.Shape(), i, v)
			}
		}
	}
}

func TestConvEnvironment(t *testing.T) {
	b := newBench()
	y := ops.Relu(b.variable(3))
	t.Setenv("KERASGO_CONV", "fft")
	if _, err := plan.Compile(b.g, []value{y}); err == nil || !strings.Contains(err.Error(), `"fft"`) {
		t.Errorf("Compile: %v", err)
	}
}
