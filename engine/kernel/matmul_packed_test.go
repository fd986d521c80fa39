package kernel

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestRunPacked: a product of panels that were copied before is the product, and nothing beside it is written.
func TestRunPacked(t *testing.T) {
	onEach(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(21, 22))
		for variant := range 4 {
			for _, size := range [][3]int{{1, 1, 1}, {13, 31, 7}, {24, 100, 128}, {40, 32, 600}, {110, 70, 1030}, {12, 515, 64}} {
				g := Gemm{M: size[0], N: size[1], K: size[2], TransA: variant&1 > 0, TransB: variant&2 > 0}
				g.LdA, g.LdB, g.LdC = g.K, g.N, g.N+3
				if g.TransA {
					g.LdA = 1024 // rows that crowd the cache
				}
				if g.TransB {
					g.LdB = g.K
				}
				if size[0]%2 == 0 {
					g.Bias, _ = guarded(t, r, g.N, 1)
				}
				a, _ := guarded(t, r, max(g.M, g.K)*g.LdA, 1)
				b, _ := guarded(t, r, g.N*g.K, 2)
				want, _ := guarded(t, r, g.M*g.LdC, 0)
				got, checkC := guarded(t, r, g.M*g.LdC, 1)
				copy(got, want)
				panels, checkPanels := guarded(t, r, g.N*g.K, 3)
				scratch, checkScratch := guarded(t, r, g.PackedScratch(), 0)
				ahead, checkAhead := guarded(t, r, 100, 0)
				g.Run(want, a, b, make([]float32, g.ScratchSize()))
				half := g.Panels() / 2
				g.PackPanels(panels, b, 0, half)
				g.PackPanels(panels, b, half, g.Panels())
				g.RunPacked(got, a, panels, scratch, [][]float32{ahead[:70], nil, ahead[90:]})
				for _, check := range []func(){checkC, checkPanels, checkScratch, checkAhead} {
					check()
				}
				for i, v := range got {
					if math.Abs(float64(v-want[i])) > 1e-4 {
						t.Fatalf("%+v: element %d is %v, want %v", g, i, v, want[i])
					}
				}
			}
		}
	})
}
