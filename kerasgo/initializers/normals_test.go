package initializers_test

import (
	"runtime"
	"testing"

	"github.com/kerasgo/kerasgo/engine/rng"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo/initializers"
)

// TestNormalsAreThoseOfTheStream: whatever the number of processors, an initializer draws
// the numbers that the stream's methods return, and leaves the stream behind them, also
// when it begins within a block of random words.
func TestNormalsAreThoseOfTheStream(t *testing.T) {
	draws := map[bool]func(*rng.Stream) float64{false: (*rng.Stream).Normal, true: (*rng.Stream).TruncatedNormal}
	for _, processors := range []int{1, 3} {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(processors))
		for truncated, draw := range draws {
			for _, before := range []int{0, 1} { // words taken
				for _, n := range []int{0, 5, 1 << 13, 3<<13 + 1, 100_000} {
					var init initializers.Initializer = initializers.RandomNormal{Mean: 1, Stddev: new(2.0)}
					if truncated {
						init = initializers.TruncatedNormal{Mean: 1, Stddev: new(2.0)}
					}
					ours, one := rng.New(3, 4), rng.New(3, 4)
					for range before {
						ours.Uint32()
						one.Uint32()
					}
					w, err := init.Initialize(tensor.Shape{n}, ours)
					if err != nil {
						t.Fatal(err)
					}
					for i, x := range w.Float32s() {
						if want := float32(1 + 2*draw(one)); x != want {
							t.Fatalf("%d processors, truncated %v, %d words before: number %d of %d is %v, want %v", processors, truncated, before, i, n, x, want)
						}
					}
					if a, b := ours.Uint32(), one.Uint32(); a != b {
						t.Errorf("%d processors, truncated %v, %d words before: another word follows %d numbers", processors, truncated, before, n)
					}
				}
			}
		}
	}
}
