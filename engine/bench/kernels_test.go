package main

import (
	"encoding/json"
	"math"
	"testing"

	"github.com/kerasgo/kerasgo/engine/kernel"
)

// What is timed as ours and as gonum's is one and the same product.
func TestProducts(t *testing.T) {
	for _, p := range []product{{"n", 5, 7, 3, false, false}, {"ta", 5, 7, 3, true, false}, {"tb", 5, 7, 3, false, true}} {
		a, b := p.shapes()
		if a[0]*a[1] != p.M*p.K || b[0]*b[1] != p.K*p.N {
			t.Errorf("%s: operands %v, %v", p.name, a, b)
		}
		for _, make := range []func() (func(), error){p.ours, p.gonum} {
			do, err := make()
			if err != nil {
				t.Fatal(err)
			}
			do()
		}
	}
	if got := (product{"x", 2, 3, 4, true, false}).title(); got != "x, 2×3×4 TN" {
		t.Errorf("title %q", got)
	}
	if got := (product{M: 2, N: 3, K: 4}).flops(); got != 48 {
		t.Errorf("%v operations", got)
	}
}

func TestConvolutions(t *testing.T) {
	for _, c := range convolutions {
		if _, err := c.ours(); err != nil {
			t.Errorf("%s: %v", c.title(), err)
		}
	}
	// 128 images of 8·8 pixels, each 5·5·32·64 multiply-adds: as the product of the same name.
	if got, want := convolutions[2].flops(), products[0].flops(); got != want {
		t.Errorf("conv2 forward has %v operations, its product %v", got, want)
	}
	matrices, images := peerShapes()
	var list []map[string]any
	for _, text := range []string{matrices, images} {
		if err := json.Unmarshal([]byte(text), &list); err != nil {
			t.Error(err)
		}
	}
	if one := kernel.FMAPeak(); math.IsNaN(one) || one <= 0 {
		t.Errorf("peak %v", one)
	}
}
