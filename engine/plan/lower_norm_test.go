package plan_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/plan"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// TestNormBlock compares a fused normalization, the addition and relu behind it, and all their gradients, with the parts. The statistics are read too, by a
// moving mean and, in one case, by the loss.
func TestNormBlock(t *testing.T) {
	for _, shape := range []tensor.Shape{{6, 5, 7, 3}, {3, 4, 4, 16}, {64, 10}, {33, 9, 9, 40}, {2, 3, 300}} {
		for _, add := range []bool{false, true} {
			for _, limit := range []string{"", "relu", "relu6"} {
				for _, statistics := range []bool{false, true} {
					t.Run(fmt.Sprint(shape, " add ", add, " ", limit, " ", statistics), func(t *testing.T) {
						checkNormBlock(t, shape, add, limit, statistics)
					})
				}
			}
		}
	}
}

func checkNormBlock(t *testing.T, shape tensor.Shape, add bool, limit string, statistics bool) {
	b, c := newBench(), shape.Last()
	x, gamma, beta, r, moving := b.variable(shape...), b.variable(c), b.variable(c), b.variable(shape...), b.variable(c)
	y, mean, variance := ops.BatchNorm(x, gamma, beta, 1e-3)
	b.g.Assign(moving, ops.Add(ops.MulScalar(moving, 0.9), mean))
	if add {
		y = ops.Add(ops.Tanh(r), y)
	}
	if limit != "" {
		y = ops.Relu(y)
	}
	if limit == "relu6" {
		y = ops.Clip(y, 0, 0.75)
	}
	loss := ops.Mean(ops.Mul(y, ops.Sin(y)), nil, false)
	if statistics {
		loss = ops.Add(loss, ops.Sum(ops.Mul(mean, variance), nil, false))
	}
	wrt := []value{x, gamma, beta, r}
	parts := graph.Gradients(loss, wrt)
	want := []value{loss}
	for _, d := range parts {
		want = append(want, nonzero(d)...)
	}
	exact, err := graph.Run(b.g, want, graph.Feeds{Variables: clone(b.feeds.Variables)}, false)
	if err != nil {
		t.Fatal(err)
	}
	fused := newBench()
	fused.feeds = b.feeds
	var values []value
	fused.g, values = plan.Fuse(b.g, []value{loss})
	vars := make([]value, len(wrt))
	for i, v := range wrt {
		vars[i] = fused.g.Variable(i, v.Spec())
	}
	for _, d := range graph.Gradients(values[0], vars) {
		values = append(values, nonzero(d)...)
	}
	blocks := 0
	for _, n := range fused.g.Nodes {
		if _, ok := n.Op.(plan.NormBlockOp); ok {
			blocks++
		}
	}
	if want := map[bool]int{true: 1}[add || limit != ""]; blocks != want {
		t.Errorf("%d blocks, want %d", blocks, want)
	}
	p, err := plan.Compile(fused.g, values)
	if err != nil {
		t.Fatal(err)
	}
	if s := p.String(); strings.Contains(s, "(eval)") {
		t.Errorf("not lowered:\n%s", s)
	}
	fused.check(t, 1e-4, values...)
	got, _ := fused.execute(t, values, 2, 1)
	for i := range got {
		compare(t, fmt.Sprintf("value %d", i), got[i], exact[i], 1e-4)
	}
}

// TestNormBlockCircle adds to each of two normalizations something that depends on the statistics of the other one: fused, they would wait for each other.
func TestNormBlockCircle(t *testing.T) {
	b := newBench()
	x, gamma, beta := b.variable(4, 5), b.variable(5), b.variable(5)
	y, mean, _ := ops.BatchNorm(x, gamma, beta, 1e-3)
	z, _, variance := ops.BatchNorm(ops.Sin(x), gamma, beta, 1e-3)
	y = ops.Relu(ops.Add(y, ops.Mul(x, variance)))
	z = ops.Relu(ops.Add(z, ops.Mul(x, mean)))
	want := []value{ops.Sum(ops.Mul(y, z), nil, false)}
	exact, err := graph.Run(b.g, want, graph.Feeds{Variables: b.feeds.Variables}, false)
	if err != nil {
		t.Fatal(err)
	}
	fused := newBench()
	fused.feeds = b.feeds
	fused.g, want = plan.Fuse(b.g, want)
	got, _ := fused.execute(t, want, 2, 1)
	compare(t, "sum", got[0], exact[0], 1e-4)
}

// TestNormMomentsInConvolution: the convolution before sums up what it makes.
func TestNormMomentsInConvolution(t *testing.T) {
	for _, channels := range []int{5, 16} { // direct, Winograd
		b := newBench()
		x, w, gamma, beta := b.variable(33, 21, 20, channels), b.variable(3, 3, channels, 24), b.variable(24), b.variable(24)
		y, mean, variance := ops.BatchNorm(ops.Conv2D(x, w, ops.ConvOptions{Padding: "same"}), gamma, beta, 1e-3)
		d := graph.Gradients(ops.Mean(ops.Mul(y, ops.Sin(y)), nil, false), []value{x, w, gamma, beta})
		want := append([]value{y, mean, variance}, d...)
		p, err := plan.Compile(b.g, want)
		if err != nil {
			t.Fatal(err)
		}
		if s := p.String(); !strings.Contains(s, " + moments") {
			t.Errorf("%d channels: moments in a step of their own:\n%s", channels, s)
		}
		b.check(t, 1e-4, want...)
	}
}
