package ops_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/kerasgo/kerasgo/engine/tensor"
)

// TestOtherFloat runs each recorded case, and its gradients, in the float type it
// was not recorded in.
func TestOtherFloat(t *testing.T) {
	for _, c := range goldens() {
		if c.Op == "Cast" {
			continue
		}
		t.Run(c.Op+"/"+c.name(), func(t *testing.T) {
			in := c.inputs(false)
			floats, fits := 0, true
			for i, x := range in {
				if !x.DType().Float() {
					continue
				}
				floats++
				for k := range x.Size() {
					v := math.Abs(x.Float64At(k))
					fits = fits && (v == 0 || v > 1e-30 && v <= 40 || v == 1000 || v != v || math.IsInf(v, 0))
				}
				in[i] = x.Cast(other(x.DType()))
			}
			if floats == 0 || !fits {
				t.Skip("no floats, or out of the range of float32")
			}
			g, out, grads, f := c.build(t, in)
			for i, got := range run(t, g, out, f) {
				want := c.Out[i].tensor()
				if want.DType().Float() && out[i].DType().Float() {
					want = want.Cast(got.DType())
				}
				compare(t, fmt.Sprintf("output %d", i), got, want, 1e-5)
			}
			for i, want := range c.Grad {
				if want != nil && grads[i].OK() {
					compare(t, fmt.Sprintf("gradient %d", i), run(t, g, grads[i:i+1], f)[0], want.tensor().Cast(in[i].DType()), 1e-5)
				}
			}
		})
	}
}

func other(d tensor.DType) tensor.DType {
	if d == tensor.Float32 {
		return tensor.Float64
	}
	return tensor.Float32
}

// TestInt64 runs each case that was recorded in int32 in int64.
func TestInt64(t *testing.T) {
	ran := 0
	for _, c := range goldens() {
		in := c.inputs(false)
		if in[0].DType() != tensor.Int32 || c.Op == "OneHot" || c.Op == "Bincount" {
			continue
		}
		t.Run(c.Op+"/"+c.name(), func(t *testing.T) {
			ran++
			for i, x := range in {
				if ids := i > 0 && (c.Op == "Gather" || c.Op == "TakeAlong" || c.Op == "Crop"); !ids && x.DType() == tensor.Int32 {
					in[i] = x.Cast(tensor.Int64)
				}
			}
			g, out, _, f := c.build(t, in)
			for i, got := range run(t, g, out, f) {
				want := c.Out[i].tensor()
				if want.DType() == tensor.Int32 && out[i].DType() == tensor.Int64 {
					want = want.Cast(tensor.Int64)
				}
				compare(t, fmt.Sprintf("output %d", i), got, want, 0)
			}
		})
	}
	if ran < 20 {
		t.Errorf("only %d cases", ran)
	}
}
