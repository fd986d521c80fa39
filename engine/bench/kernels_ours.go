package main

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/kernel"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/plan"
	"github.com/kerasgo/kerasgo/engine/rng"
	"github.com/kerasgo/kerasgo/engine/run"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// A convolution is one of the notebook's, or one of its gradients, on a batch of 128 images.
type convolution struct {
	name             string
	pass             string // "forward", "weight gradient" or "input gradient"
	Size, In, Out, K int    // of the square image, channels, of the square kernel
}

var convolutions = []convolution{
	{"conv1", "forward", 28, 1, 32, 5},
	{"conv1", "weight gradient", 28, 1, 32, 5},
	{"conv2", "forward", 12, 32, 64, 5},
	{"conv2", "weight gradient", 12, 32, 64, 5},
	{"conv2", "input gradient", 12, 32, 64, 5},
}

const convBatch = 128

func (c convolution) title() string {
	return fmt.Sprintf("%s %s, %d×%d×%d→%d, %d×%d", c.name, c.pass, c.Size, c.Size, c.In, c.Out, c.K, c.K)
}

// shapes returns those of images, kernels and outputs.
func (c convolution) shapes() (x, w, y []int) {
	side := c.Size - c.K + 1
	return []int{convBatch, c.Size, c.Size, c.In}, []int{c.K, c.K, c.In, c.Out}, []int{convBatch, side, side, c.Out}
}

// flops counts the direct computation, however a library does it.
func (c convolution) flops() float64 {
	side := c.Size - c.K + 1
	return 2 * convBatch * float64(side*side*c.K*c.K*c.In*c.Out)
}

// ours returns a call of kerasgo's op: the graph of that op alone, compiled.
func (c convolution) ours() (func(), error) {
	g := graph.New()
	x, w, y := c.shapes()
	conv := ops.Conv2DOp{Strides: [2]int{1, 1}, Dilation: [2]int{1, 1}, Groups: 1}
	switch c.pass {
	case "forward":
		return compiled(g, ops.Conv2D(input(g, "a", x...), input(g, "b", w...), ops.ConvOptions{}), x, w)
	case "weight gradient":
		return compiled(g, graph.Apply1(ops.Conv2DFilterGradOp{Conv: conv, Shape: graph.MakeDims(w...)}, input(g, "a", x...), input(g, "b", y...)), x, y)
	}
	return compiled(g, graph.Apply1(ops.Conv2DInputGradOp{Conv: conv, Shape: graph.MakeDims(x...)}, input(g, "a", w...), input(g, "b", y...)), w, y)
}

// ours returns a call of kerasgo's product.
func (p product) ours() (func(), error) {
	g := graph.New()
	a, b := p.shapes()
	return compiled(g, ops.MatMulT(input(g, "a", a[:]...), input(g, "b", b[:]...), p.TransA, p.TransB), a[:], b[:])
}

func input(g *graph.Graph, name string, shape ...int) graph.Value {
	return g.Input(name, graph.Spec{DType: tensor.Float32, Shape: shape})
}

// compiled returns a call of the Program that computes v of the inputs "a" and "b".
func compiled(g *graph.Graph, v graph.Value, a, b []int) (func(), error) {
	if err := g.Err(); err != nil {
		return nil, err
	}
	p, err := plan.Compile(g, []graph.Value{v})
	if err != nil {
		return nil, err
	}
	f, err := p.NewFrame(nil, run.Default().Size())
	if err != nil {
		return nil, err
	}
	for name, shape := range map[string][]int{"a": a, "b": b} {
		t := tensor.New(tensor.Float32, shape...)
		copy(t.Float32s(), noise(t.Size()))
		if err := f.SetInput(p.InputIndex(name), t); err != nil {
			return nil, err
		}
	}
	return func() {
		if err := run.Default().Run(f); err != nil {
			panic(err) // no data can make a product fail
		}
	}, nil
}

// noise returns numbers between -1 and 1, no zeros among them that a kernel could leave out.
func noise(n int) []float32 {
	r := rng.New(1, 1)
	x := make([]float32, n)
	for i := range x {
		x[i] = float32(r.Uniform(-1, 1))
	}
	return x
}

// thisVersion is the version of a library of this program.
func thisVersion(library string) string {
	if library == ours {
		return fmt.Sprintf("kerasgo, %s kernels, %s", kernel.ISA(), runtime.Version())
	}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, m := range info.Deps {
			if m.Path == "gonum.org/v1/gonum" {
				return "gonum " + m.Version
			}
		}
	}
	return library
}
